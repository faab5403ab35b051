package io.emreks.spark.size;

import java.util.Objects;

/**
 * What a job's pods hold beside Spark, which its Spark configuration does not tell.
 *
 * @param logging whether EMR adds its logging container to the pods, which it does when the job run has a monitoring
 *     configuration for S3 or CloudWatch
 * @param submitter what the submitter's own container requests; AWS documents no number, so it is nothing unless a
 *     cluster was looked at
 */
public record SizingOptions(boolean logging, PodSize submitter) {
    /** Makes the options. */
    public SizingOptions {
        Objects.requireNonNull(submitter, "submitter");
    }

    /** Spark's containers alone. */
    public static SizingOptions sparkOnly() {
        return new SizingOptions(false, PodSize.ZERO);
    }

    /** With EMR's logging containers. */
    public static SizingOptions withLogging() {
        return new SizingOptions(true, PodSize.ZERO);
    }

    /** The same with a size of the submitter's own container. */
    public SizingOptions submitter(PodSize size) {
        return new SizingOptions(logging, size);
    }
}
