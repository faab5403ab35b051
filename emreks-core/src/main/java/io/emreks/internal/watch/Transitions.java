package io.emreks.internal.watch;

import io.emreks.model.JobRunState;

/** Which observation may follow which. Looks can be answered out of order; a run only goes forward. */
final class Transitions {
    private Transitions() {}

    /**
     * Whether {@code next} can be believed of a run that had come to {@code furthest}, the last state that was understood.
     * An unknown state can be anywhere but after the end.
     */
    static boolean forward(JobRunState furthest, JobRunState next) {
        return !furthest.terminal() && (next == JobRunState.UNKNOWN || rank(next) >= rank(furthest));
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
