package io.emreks.spark;

/**
 * What EMR on EKS can do only from some release on. Ask with {@link ReleaseLabel#supports(ReleaseFeature)}.
 *
 * <p>Source of the releases: EMR on EKS Development Guide, document history and the page of each feature.
 */
public enum ReleaseFeature {
    /** Pod templates for driver and executors; from 6.3.0, and in the 5.x line from 5.33.0. */
    POD_TEMPLATES("6.3.0"),
    /** Executors that hand over their data before they are taken away; from 6.3.0. */
    DECOMMISSIONING("6.3.0"),
    /** Job runs whose driver is a Spark SQL script; from 6.7.0. */
    SPARK_SQL("6.7.0"),
    /** A retry policy, with which EMR starts the driver again; from 6.9.0. */
    DRIVER_RETRY("6.9.0"),
    /** Rotation of container logs; from 6.11.0. */
    LOG_ROTATION("6.11.0"),
    /** Reuse of persistent volume claims by replaced executors; from 6.12.0 (EMR on EKS best practices, storage). */
    PVC_REUSE("6.12.0"),
    /** Credentials by EKS Pod Identity; from 7.3.0. */
    POD_IDENTITY("7.3.0"),
    /** S3A as the default S3 file system instead of EMRFS; from 7.10.0 (EMR Release Guide, "EMR File System"). */
    S3A("7.10.0"),
    /** Clusters with IPv6; from 7.14.0. */
    IPV6("7.14.0"),
    /** Spark Connect; from 7.14.0. */
    SPARK_CONNECT("7.14.0");

    private final String since;

    ReleaseFeature(String since) {
        this.since = since;
    }

    /** The first release that has it, three numbers joined by dots. */
    public String since() {
        return since;
    }
}
