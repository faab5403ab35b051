package io.emreks.retry;

/**
 * EMR starts the driver of a run again when it fails: the run stays one run, with its id. Needs release 6.9.0. Each
 * further execution of the driver is billed like a run of its own. Source: Amazon EMR on EKS Development Guide, "Using job
 * retry policies".
 *
 * @param maxAttempts how often the driver is started in all, the first time included; at least 1, which means no retry
 */
public record DriverRetry(int maxAttempts) {
    /**
     * A policy.
     *
     * @throws IllegalArgumentException if {@code maxAttempts} is below 1
     */
    public DriverRetry {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("DriverRetry: maxAttempts is " + maxAttempts + ", must be at least 1");
        }
    }

    /** The driver is started at most that often in all. */
    public static DriverRetry upTo(int maxAttempts) {
        return new DriverRetry(maxAttempts);
    }
}
