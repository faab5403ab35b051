package io.emreks.internal.outcome;

import io.emreks.error.EmrEksException;
import io.emreks.error.JobRunCancelledException;
import io.emreks.error.JobRunFailedException;
import io.emreks.model.JobRunSnapshot;
import java.util.Optional;

/** What a terminal state means for a handle. */
public final class Outcomes {
    private Outcomes() {}

    /** How the handle's completion fails; empty if the run COMPLETED. */
    public static Optional<EmrEksException> failureOf(JobRunSnapshot end) {
        return switch (end.state()) {
            case COMPLETED -> Optional.empty();
            case FAILED -> Optional.of(new JobRunFailedException(end));
            case CANCELLED -> Optional.of(JobRunCancelledException.of(end));
            case PENDING, SUBMITTED, RUNNING, CANCEL_PENDING, UNKNOWN ->
                throw new IllegalArgumentException(end.state() + " is no end");
        };
    }
}
