package io.emreks.model;

/**
 * Why the service says a run failed. Source: Amazon EMR on EKS Development Guide, "Errors", and the service model.
 */
public enum FailureReason {
    /** A fault on the service's side. */
    INTERNAL_ERROR,
    /** The application failed, its pods could not be scheduled in time, or a pod template was refused. */
    USER_ERROR,
    /** The request was wrong in a way found only after it was accepted. */
    VALIDATION_ERROR,
    /** The EKS cluster is gone, unreachable, or does not admit the service. */
    CLUSTER_UNAVAILABLE,
    /** A reason this version does not know. */
    UNKNOWN;

    /** The reason with the service's name, or {@link #UNKNOWN}. */
    public static FailureReason ofServiceName(String name) {
        for (FailureReason reason : values()) {
            if (reason != UNKNOWN && reason.name().equals(name)) {
                return reason;
            }
        }
        return UNKNOWN;
    }
}
