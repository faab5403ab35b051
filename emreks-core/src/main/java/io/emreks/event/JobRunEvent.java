package io.emreks.event;

import io.emreks.error.EmrEksException;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import io.emreks.model.TimeLimit;
import io.emreks.retry.FailureClass;
import io.emreks.retry.JobChange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Something that happened to a run this client follows. For each run of a handle it tells {@link Accepted} or {@link Joined}
 * once, then {@link StateChanged} forward only; {@link AttemptEnded} stands between two runs. A handle ends with exactly one
 * of {@link Ended} or {@link WatchStopped}, which is the last.
 *
 * <p>States that passed between two looks are not invented. Later versions add kinds of events in minor releases: keep a
 * default branch.
 */
public sealed interface JobRunEvent {
    /** When it was noticed, by the client's clock. */
    Instant at();

    /** The name of the job. */
    String jobName();

    /** The run it is about, empty as long as the service gave it no id. */
    Optional<JobRunRef> ref();

    /** The service accepted the run and gave it an id. */
    record Accepted(Instant at, String jobName, JobRunRef run) implements JobRunEvent {
        @Override
        public Optional<JobRunRef> ref() {
            return Optional.of(run);
        }
    }

    /**
     * The handle follows a run that it did not start: one with the same key was there already. (A run that another process
     * started within the same two seconds cannot be told from an own one, and is told as {@link Accepted}.)
     *
     * @param specificationDiffers whether that run was asked for otherwise than this request would have; empty if the run
     *     does not say
     */
    record Joined(Instant at, String jobName, JobRunRef run, Optional<Boolean> specificationDiffers)
            implements JobRunEvent {
        @Override
        public Optional<JobRunRef> ref() {
            return Optional.of(run);
        }
    }

    /**
     * The run was seen in another state than before. Also the first thing a listener hears that is added late; then {@code
     * previous} is empty.
     */
    record StateChanged(Instant at, String jobName, JobRunSnapshot snapshot, Optional<JobRunState> previous)
            implements JobRunEvent {
        @Override
        public Optional<JobRunRef> ref() {
            return Optional.of(snapshot.ref());
        }

        /** The state it is in now. */
        public JobRunState state() {
            return snapshot.state();
        }
    }

    /**
     * The service started the driver of the run again, as its {@link io.emreks.retry.DriverRetry} says. Known only from the
     * event queue, which may lose it.
     *
     * @param attempt how often a driver was started by now, if the service says
     * @param driverPod the name of the new driver pod, if the service says
     * @param reason how the driver before failed, if the service says
     */
    record DriverRestarted(
            Instant at,
            String jobName,
            JobRunRef run,
            OptionalInt attempt,
            Optional<String> driverPod,
            Optional<String> reason)
            implements JobRunEvent {
        @Override
        public Optional<JobRunRef> ref() {
            return Optional.of(run);
        }
    }

    /**
     * A look at the run failed, which says nothing about the run.
     *
     * @param reason what went wrong
     * @param next when the run is looked at again, at the earliest
     */
    record PollFailed(Instant at, String jobName, JobRunRef run, String reason, Instant next) implements JobRunEvent {
        @Override
        public Optional<JobRunRef> ref() {
            return Optional.of(run);
        }
    }

    /** The service took a cancel of the run. It is not cancelled yet. */
    record CancelRequested(Instant at, String jobName, JobRunRef run) implements JobRunEvent {
        @Override
        public Optional<JobRunRef> ref() {
            return Optional.of(run);
        }
    }

    /**
     * A run ended, and another one follows.
     *
     * @param snapshot how it ended
     * @param failure why
     * @param pause until the next run is submitted
     * @param changes what the next run does otherwise than the request says, all of it
     */
    record AttemptEnded(
            Instant at,
            String jobName,
            JobRunSnapshot snapshot,
            FailureClass failure,
            Duration pause,
            List<JobChange> changes)
            implements JobRunEvent {
        /** Copies the list. */
        public AttemptEnded {
            changes = List.copyOf(changes);
        }

        @Override
        public Optional<JobRunRef> ref() {
            return Optional.of(snapshot.ref());
        }
    }

    /**
     * A limit of the request has passed.
     *
     * @param which START_TIMEOUT or RUN_TIMEOUT
     * @param limit the limit, and what is done now
     * @param reason what the service said of the state it is in, or {@code reason unknown}
     */
    record TimeLimitPassed(
            Instant at, String jobName, JobRunRef run, FailureClass which, TimeLimit limit, String reason)
            implements JobRunEvent {
        @Override
        public Optional<JobRunRef> ref() {
            return Optional.of(run);
        }
    }

    /** A second live run of the same key was found; it is cancelled, and the handle follows the first. */
    record DuplicateCancelled(Instant at, String jobName, JobRunRef kept, JobRunRef cancelled) implements JobRunEvent {
        @Override
        public Optional<JobRunRef> ref() {
            return Optional.of(kept);
        }
    }

    /**
     * The end, for certain: the service reported a terminal state, or no run was ever started. {@code failure} is empty
     * only for a run that COMPLETED; {@code snapshot} is that of the last run, empty only if none was ever started.
     */
    record Ended(Instant at, String jobName, Optional<JobRunSnapshot> snapshot, Optional<EmrEksException> failure)
            implements JobRunEvent {
        @Override
        public Optional<JobRunRef> ref() {
            return snapshot.map(JobRunSnapshot::ref);
        }

        /** Whether the run COMPLETED. */
        public boolean completed() {
            return failure.isEmpty();
        }
    }

    /** This client stopped following; the run may still be live. {@code reason} says why. */
    record WatchStopped(Instant at, String jobName, Optional<JobRunRef> ref, EmrEksException reason)
            implements JobRunEvent {}
}
