package io.emreks.retry;

/** Why a run failed, as far as that decides whether another run could end better. */
public enum FailureClass {
    /** The EKS cluster was gone, unreachable or closed to EMR before the job started. */
    CLUSTER_UNAVAILABLE,
    /** A fault on the service's side before the job started. */
    INTERNAL_ERROR,
    /** The job did not start in time: no room in the cluster, or the {@code startTimeout} of the request passed. */
    START_TIMEOUT,
    /** The {@code runTimeout} of the request passed. */
    RUN_TIMEOUT,
    /** Executors or the driver were lost with their spot nodes. */
    SPOT_LOSS,
    /** Driver or executors ran out of memory. */
    OUT_OF_MEMORY,
    /** The application failed. */
    APPLICATION,
    /** The request was wrong in a way that the service found out after it had accepted it. Another run fails the same way. */
    VALIDATION,
    /**
     * The service lost sight of the job and reported it as failed. Spark may still run: a further run can work on the same
     * data beside it.
     */
    MONITORING_LOST,
    /** Not known. */
    UNKNOWN
}
