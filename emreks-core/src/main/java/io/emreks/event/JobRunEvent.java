package io.emreks.event;

import io.emreks.error.EmrEksException;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened to a run this client follows. A handle tells {@link Accepted} at most once, then {@link
 * StateChanged} forward only, and ends with exactly one of {@link Ended} or {@link WatchStopped}, which is the last.
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

    /** The service took a cancel of the run. It is not cancelled yet. */
    record CancelRequested(Instant at, String jobName, JobRunRef run) implements JobRunEvent {
        @Override
        public Optional<JobRunRef> ref() {
            return Optional.of(run);
        }
    }

    /**
     * The end, for certain: the service reported a terminal state, or no run was ever started. {@code failure} is empty
     * only for a run that COMPLETED; {@code snapshot} is empty only for a run that was never started.
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
