package io.emreks.testing.service;

/** The state of a job run (service model, {@code JobRunState}). */
public enum FakeJobRunState {
    /** Accepted, not yet handed to the cluster. */
    PENDING,
    /** Handed to the cluster, which tries to run it. */
    SUBMITTED,
    /** The Spark driver runs. */
    RUNNING,
    /** Could not be submitted, or ended with an error. */
    FAILED,
    /** Cancelled. */
    CANCELLED,
    /** A cancel was accepted; the run is being stopped. */
    CANCEL_PENDING,
    /** Ended with exit code 0. */
    COMPLETED;

    /** Whether a run in this state never changes again. */
    public boolean terminal() {
        return this == FAILED || this == CANCELLED || this == COMPLETED;
    }

    /** Whether CancelJobRun is accepted in this state. */
    boolean cancellable() {
        return this == PENDING || this == SUBMITTED || this == RUNNING;
    }

    /** EMR on EKS Development Guide, job run states; forward only, no state is entered twice. */
    boolean canBecome(FakeJobRunState next) {
        return switch (next) {
            case PENDING -> false;
            case SUBMITTED -> this == PENDING;
            case RUNNING -> this == PENDING || this == SUBMITTED;
            case COMPLETED -> this == RUNNING;
            case FAILED, CANCEL_PENDING -> cancellable();
            case CANCELLED -> this == CANCEL_PENDING;
        };
    }
}
