package io.emreks.testing.service;

/** The states of a virtual cluster (service model, {@code VirtualClusterState}). */
public enum FakeVirtualClusterState {
    /** Takes job runs. */
    RUNNING,
    /** A deletion was accepted. */
    TERMINATING,
    /** Deleted; still described and listed. */
    TERMINATED,
    /** The deletion failed for lack of permissions. */
    ARRESTED
}
