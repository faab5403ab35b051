package io.emreks.logs;

/** Which output of a run's driver. */
public enum LogStream {
    /** What the application printed. */
    DRIVER_STDOUT("stdout.gz"),
    /** Spark's own log, and the stack trace of a failure. */
    DRIVER_STDERR("stderr.gz");

    private final String fileName;

    LogStream(String fileName) {
        this.fileName = fileName;
    }

    /** The last part of the S3 key the service writes. */
    public String fileName() {
        return fileName;
    }
}
