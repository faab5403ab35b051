package io.emreks.internal.watch;

import io.emreks.model.JobRunState;

/** Which observation may follow which. Looks can be answered out of order; a run only goes forward. */
final class Transitions {
    private Transitions() {}

    /** Whether {@code next} can be believed after {@code previous}. An unknown state can be anywhere but after the end. */
    static boolean forward(JobRunState previous, JobRunState next) {
        if (previous.terminal()) {
            return false;
        }
        if (previous == JobRunState.UNKNOWN || next == JobRunState.UNKNOWN) {
            return true;
        }
        return rank(next) >= rank(previous);
    }

    private static int rank(JobRunState state) {
        return switch (state) {
            case PENDING -> 0;
            case SUBMITTED -> 1;
            case RUNNING -> 2;
            case CANCEL_PENDING -> 3;
            case COMPLETED, FAILED, CANCELLED -> 4;
            case UNKNOWN -> throw new IllegalArgumentException("UNKNOWN has no rank");
        };
    }
}
