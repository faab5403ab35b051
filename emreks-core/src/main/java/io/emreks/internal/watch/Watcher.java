package io.emreks.internal.watch;

import io.emreks.client.WatchSettings;
import io.emreks.error.MonitoringException;
import io.emreks.internal.aws.EmrApi;
import io.emreks.internal.calls.ApiCall;
import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.calls.ApiOperation;
import io.emreks.internal.calls.Calls;
import io.emreks.internal.loop.Loop;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Looks at the runs of one client until they end. Belongs to the loop. */
public final class Watcher {
    private static final double GROWTH = 1.5;
    private static final double SPREAD = 0.2;
    /** A run that was just started may not be visible at once. */
    private static final int NOT_FOUND_LOOKS = 3;

    private final Loop loop;
    private final Calls calls;
    private final EmrApi emr;
    private final WatchSettings settings;
    private final RandomGenerator random;

    public Watcher(Loop loop, Calls calls, EmrApi emr, WatchSettings settings, RandomGenerator random) {
        this.loop = loop;
        this.calls = calls;
        this.emr = emr;
        this.settings = settings;
        this.random = random;
    }

    /** Who wants to know about one run; told on the loop, forward only, until one of the ends. */
    public interface Observer {
        /** The run as it was just seen; the last time if its state is terminal. */
        void seen(JobRunSnapshot snapshot);

        /** The watch was given up. */
        void lost(MonitoringException reason);
    }

    /** Starts looking at a run. */
    public Watch watch(JobRunRef ref, Observer observer) {
        Watch watch = new Watch(ref, observer);
        watch.lookAfter(settings.minPause());
        return watch;
    }

    /** Starts looking at a run, the first time at once. */
    public Watch watchNow(JobRunRef ref, Observer observer) {
        Watch watch = new Watch(ref, observer);
        watch.lookAfter(Duration.ZERO);
        return watch;
    }

    /** The watch of one run. */
    public final class Watch {
        private final JobRunRef ref;
        private final Observer observer;
        private @Nullable JobRunSnapshot last;
        private JobRunState furthest = JobRunState.PENDING;
        private Duration pause = settings.minPause();
        private Loop.@Nullable Timer next;
        private @Nullable ApiCall<JobRunSnapshot> look;
        private boolean over;
        private int notFound;
        private long failingSince;
        private boolean failing;

        Watch(JobRunRef ref, Observer observer) {
            this.ref = ref;
            this.observer = observer;
        }

        /** Looks again soon, because something is about to change. */
        public void lookSoon() {
            pause = settings.minPause();
            if (!over && look == null) {
                lookAfter(pause);
            }
        }

        /** Takes in an answer somebody else got. */
        public void seen(JobRunSnapshot snapshot) {
            if (over || !Transitions.forward(furthest, snapshot.state())) {
                return;
            }
            if (snapshot.state() != JobRunState.UNKNOWN) {
                furthest = snapshot.state();
            }
            boolean changed = last == null || !last.serviceState().equals(snapshot.serviceState());
            pause = changed ? settings.minPause() : grown();
            last = snapshot;
            if (snapshot.state().terminal()) {
                stop();
            }
            observer.seen(snapshot);
        }

        /** Stops looking; the observer is told nothing any more. */
        public void stop() {
            over = true;
            if (next != null) {
                next.cancel();
                next = null;
            }
            if (look != null) {
                ApiCall<JobRunSnapshot> underWay = look;
                look = null;
                underWay.abandon();
            }
        }

        private void lookAfter(Duration delay) {
            if (next != null) {
                next.cancel();
            }
            double factor = 1 - SPREAD + 2 * SPREAD * random.nextDouble();
            next = loop.after(Duration.ofNanos((long) (delay.toNanos() * factor)), this::look);
        }

        private void look() {
            next = null;
            ApiCall<JobRunSnapshot> call = calls.callOnce(ApiOperation.DESCRIBE_JOB_RUN, () -> emr.describeJobRun(ref));
            look = call;
            var unused = call.result().whenComplete((snapshot, failure) -> {
                if (look != call) {
                    return;
                }
                look = null;
                if (failure == null) {
                    failing = false;
                    notFound = 0;
                    seen(snapshot);
                } else {
                    failed(ApiFailure.in(failure));
                }
                if (!over) {
                    lookAfter(pause);
                }
            });
        }

        private void failed(ApiFailure failure) {
            if (!failing) {
                failing = true;
                failingSince = loop.nanos();
            }
            pause = grown();
            notFound = failure.kind() == ApiFailure.Kind.NOT_FOUND ? notFound + 1 : 0;
            if (notFound >= NOT_FOUND_LOOKS || failure.kind() == ApiFailure.Kind.INVALID) {
                giveUp("the service does not know it: " + failure.getMessage(), false, failure);
            } else if (loop.nanos() - failingSince >= settings.giveUpAfter().toNanos()) {
                giveUp(
                        "no look succeeded for " + settings.giveUpAfter() + ", last " + failure.getMessage(),
                        true,
                        failure);
            }
        }

        private void giveUp(String why, boolean retryable, ApiFailure cause) {
            stop();
            observer.lost(new MonitoringException(
                    "Job run " + ref + " is no longer watched: " + why, ref, last, retryable, cause));
        }

        private Duration grown() {
            Duration longer = Duration.ofNanos((long) (pause.toNanos() * GROWTH));
            return longer.compareTo(settings.maxPause()) < 0 ? longer : settings.maxPause();
        }
    }
}
