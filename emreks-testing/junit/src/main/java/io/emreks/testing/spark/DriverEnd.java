package io.emreks.testing.spark;

/**
 * How a driver ended.
 *
 * @param exitCode of its process; after a signal, 128 and the signal's number
 * @param outOfMemory whether Java said that it had no memory left
 * @param heapMebibytes the heap that it had
 */
record DriverEnd(int exitCode, boolean outOfMemory, int heapMebibytes) {
    private static final String LOGS =
            "Please refer logs uploaded to S3/CloudWatch based on your monitoring configuration.";
    private static final int SIGNAL = 128;

    boolean well() {
        return exitCode == 0;
    }

    /** What {@code stateDetails} says of a run that failed: the service's words, but for memory, where they are not known. */
    String stateDetails() {
        return outOfMemory ? "JobRun failed. " + memory() + " " + LOGS : "JobRun failed. " + LOGS;
    }

    /** For the submitter's log. */
    String told() {
        return "The driver ended with exit code " + exitCode + ": " + meaning() + "\n";
    }

    private String meaning() {
        if (outOfMemory) {
            return memory();
        }
        return switch (exitCode) {
            case 0 -> "the job ended well.";
            case 1 ->
                "the job threw an exception, ended itself with this code, or Spark refused its parameters; see the"
                        + " driver's stderr, of Python its stdout.";
            case 101 -> "Spark did not find the main class or the jar that holds it; see the driver's stderr.";
            case 137 -> "it was killed (SIGKILL), not by cancel; the machine may have had no memory left.";
            case 143 -> "it was told to end (SIGTERM), as cancel does.";
            default ->
                exitCode > SIGNAL && exitCode < SIGNAL + 65
                        ? "a signal ended it, number " + (exitCode - SIGNAL) + "."
                        : "the job's own code, as System.exit and sys.exit give it.";
        };
    }

    private String memory() {
        return "The driver ran out of memory (OutOfMemoryError; its heap was " + heapMebibytes
                + " MiB, see spark.driver.memory).";
    }
}
