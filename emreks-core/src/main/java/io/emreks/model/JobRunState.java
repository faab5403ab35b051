package io.emreks.model;

import java.util.Locale;

/**
 * The state of a job run as the service reports it.
 *
 * <p>The usual path is {@code PENDING → SUBMITTED → RUNNING → COMPLETED | FAILED}; a cancel leads over {@code
 * CANCEL_PENDING} to {@code CANCELLED}. States can be skipped between two looks, and {@code FAILED} can follow any state
 * that is not terminal. Source: Amazon EMR on EKS Development Guide, "Job run states".
 */
public enum JobRunState {
    /** Accepted; not handed to the cluster yet. The first state. */
    PENDING,
    /** Handed to the virtual cluster, whose scheduler tries to start it. */
    SUBMITTED,
    /** The Spark driver process runs. */
    RUNNING,
    /** A cancel was asked for and the service is stopping the run; it can still end in any terminal state. */
    CANCEL_PENDING,
    /** Ended with exit code 0. Terminal. */
    COMPLETED,
    /** Could not be started, or ended with another exit code. Terminal. */
    FAILED,
    /** Cancelled. Terminal. */
    CANCELLED,
    /** A state this version does not know. Neither terminal nor an error: the run is watched on. */
    UNKNOWN;

    /** Whether the service reports no further change after this state. */
    public boolean terminal() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }

    /** The state with the service's name, or {@link #UNKNOWN}. */
    public static JobRunState ofServiceName(String name) {
        for (JobRunState state : values()) {
            if (state != UNKNOWN && state.name().equals(name.toUpperCase(Locale.ROOT))) {
                return state;
            }
        }
        return UNKNOWN;
    }
}
