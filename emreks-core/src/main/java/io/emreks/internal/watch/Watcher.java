package io.emreks.internal.watch;

import io.emreks.client.WatchSettings;
import io.emreks.error.MonitoringException;
import io.emreks.internal.aws.EmrApi;
import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.calls.Calls;
import io.emreks.internal.loop.Loop;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Looks at the runs of one client until they end. Belongs to the loop. */
public final class Watcher {
    private final WatchSettings settings;
    private final Function<String, ClusterWatcher> clusters;
    private final Map<String, ClusterWatcher> byId = new ConcurrentHashMap<>();

    public Watcher(Loop loop, Calls calls, EmrApi emr, WatchSettings settings, RandomGenerator random) {
        Durations durations = new Durations();
        this.settings = settings;
        this.clusters = id -> new ClusterWatcher(id, loop, calls, emr, settings, random, durations);
    }

    /** Who wants to know about one run; told on the loop, forward only, until one of the ends. */
    public interface Observer {
        /** The run as it was just seen; the last time if its state is terminal. */
        void seen(JobRunSnapshot snapshot);

        /** A look at the run failed; the next one comes then. */
        default void failed(ApiFailure failure, Instant next) {}

        /** The watch was given up. */
        void lost(MonitoringException reason);
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
        return watch;
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

        void tell(JobRunSnapshot snapshot) {
            if (!over) {
                over = snapshot.state().terminal();
                observer.seen(snapshot);
            }
        }

        void failed(ApiFailure failure, Instant next) {
            if (!over) {
                observer.failed(failure, next);
            }
        }

        void lost(MonitoringException reason) {
            if (!over) {
                over = true;
                observer.lost(reason);
            }
        }
    }
}
