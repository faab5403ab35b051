package io.emreks.internal.watch;

import io.emreks.client.WatchSettings;
import io.emreks.internal.aws.EmrApi;
import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.calls.Calls;
import io.emreks.internal.loop.Loop;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Looks at the runs of one client until they end. Belongs to the loop. */
public final class Watcher {
    private final WatchSettings settings;
    private final Pace pace;
    private Runnable whenWatching = () -> {};
    private final Function<String, ClusterWatcher> clusters;
    private final Map<String, ClusterWatcher> byId = new ConcurrentHashMap<>();

    /** @param looked told how late each look at a run was */
    public Watcher(
            Loop loop,
            Calls calls,
            EmrApi emr,
            WatchSettings settings,
            Consumer<Duration> looked,
            RandomGenerator random) {
        Durations durations = new Durations();
        this.settings = settings;
        this.pace = new Pace(settings);
        this.clusters = id -> new ClusterWatcher(id, loop, calls, emr, settings, pace, looked, random, durations);
    }

    /** Who wants to know about one run; told on the loop, forward only, until one of the ends. */
    public interface Observer {
        /**
         * The run as it was just seen; the last time if its state is terminal.
         *
         * @param since when the state began, if an event told
         */
        void seen(JobRunSnapshot snapshot, Optional<Instant> since);

        /** The service started the driver again. */
        default void driverRestarted(DriverRestart restart) {}

        /** A look at the run failed; the next one comes then. */
        default void failed(ApiFailure failure, Instant next) {}

        /** The watch was given up. */
        void lost(String why, boolean retryable, ApiFailure cause);
    }

    /**
     * What is known of a run beforehand.
     *
     * @param notOlderThan when it can have been created at the earliest, by the service's clock
     * @param expected how long it is likely to take
     */
    public record Hint(Instant notOlderThan, Optional<Duration> expected) {
        /** Nothing. */
        public static final Hint NONE = new Hint(Instant.EPOCH, Optional.empty());
    }

    /** Starts looking at a run. */
    public Watch watch(JobRunRef ref, Hint hint, Observer observer) {
        return watch(ref, hint, observer, settings.minPause());
    }

    /** Starts looking at a run, the first time at once. */
    public Watch watchNow(JobRunRef ref, Hint hint, Observer observer) {
        return watch(ref, hint, observer, Duration.ZERO);
    }

    private Watch watch(JobRunRef ref, Hint hint, Observer observer, Duration delay) {
        ClusterWatcher cluster = byId.computeIfAbsent(ref.virtualClusterId(), clusters);
        Watch watch = new Watch(cluster, ref, observer);
        cluster.add(watch, hint, delay);
        whenWatching.run();
        return watch;
    }

    /** Says what to run whenever there is something to watch. */
    public void whenWatching(Runnable task) {
        whenWatching = task;
    }

    /** Whether there is anything to watch. */
    public boolean watching() {
        return byId.values().stream().anyMatch(ClusterWatcher::hasRuns);
    }

    /** Events come: looks only find what they have missed. */
    public void eventsCome(Duration reconcileEvery) {
        pace.events(Optional.of(reconcileEvery));
    }

    /** Events do not come: everything is looked at. */
    public void eventsEnded() {
        pace.events(Optional.empty());
        byId.values().forEach(ClusterWatcher::eventsEnded);
    }

    /**
     * An event told of a run that may be watched.
     *
     * @param since when it came into that state, by the service's clock
     */
    public void told(JobRunRef run, JobRunState state, String serviceState, Instant since) {
        ClusterWatcher cluster = byId.get(run.virtualClusterId());
        if (cluster != null) {
            cluster.told(run.id(), state, serviceState, since);
        }
    }

    /** An event told of a new driver of a run that may be watched. */
    public void told(JobRunRef run, DriverRestart restart) {
        ClusterWatcher cluster = byId.get(run.virtualClusterId());
        if (cluster != null) {
            cluster.told(run.id(), restart);
        }
    }

    /** What the watcher may not do at the moment; read from anywhere. */
    public List<Missing> missing() {
        return byId.values().stream()
                .flatMap(cluster -> cluster.missing().stream())
                .toList();
    }

    /** One wish to know about a run. */
    public static final class Watch {
        private final ClusterWatcher cluster;
        private final JobRunRef ref;
        private final Observer observer;
        private @Nullable RunWatch run;
        private boolean over;

        Watch(ClusterWatcher cluster, JobRunRef ref, Observer observer) {
            this.cluster = cluster;
            this.ref = ref;
            this.observer = observer;
        }

        JobRunRef ref() {
            return ref;
        }

        void of(RunWatch known) {
            run = known;
        }

        /** Looks again soon, because something is about to change. */
        public void lookSoon() {
            if (!over && run != null) {
                cluster.lookSoon(run);
            }
        }

        /** Takes in an answer somebody else got. */
        public void seen(JobRunSnapshot snapshot) {
            if (!over && run != null) {
                cluster.seen(run, snapshot);
            }
        }

        /** Stops looking; the observer is told nothing any more. */
        public void stop() {
            if (!over && run != null) {
                over = true;
                cluster.remove(this, run);
            }
        }

        void tell(JobRunSnapshot snapshot, Optional<Instant> since) {
            if (!over) {
                over = snapshot.state().terminal();
                observer.seen(snapshot, since);
            }
        }

        void failed(ApiFailure failure, Instant next) {
            if (!over) {
                observer.failed(failure, next);
            }
        }

        void driverRestarted(DriverRestart restart) {
            if (!over) {
                observer.driverRestarted(restart);
            }
        }

        void lost(String why, boolean retryable, ApiFailure cause) {
            if (!over) {
                over = true;
                observer.lost(why, retryable, cause);
            }
        }
    }
}
