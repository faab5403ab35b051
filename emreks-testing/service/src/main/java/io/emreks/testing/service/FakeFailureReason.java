package io.emreks.testing.service;

/** Why a job run failed (service model, {@code FailureReason}). */
public enum FakeFailureReason {
    /** A fault of the service. */
    INTERNAL_ERROR,
    /** The application failed, or the cluster had no room for it. */
    USER_ERROR,
    /** The request was wrong in a way found only after it was accepted. */
    VALIDATION_ERROR,
    /** The EKS cluster is gone, out of reach, or does not let EMR in. */
    CLUSTER_UNAVAILABLE
}
