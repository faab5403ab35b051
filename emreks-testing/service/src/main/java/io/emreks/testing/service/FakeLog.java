package io.emreks.testing.service;

/**
 * What one container of a job run wrote; {@link FakeEmrEks#logs} gives it.
 *
 * @param location where it is stored: {@code s3://bucket/key}, or {@code group:stream} of CloudWatch Logs
 * @param pod the name of the pod, such as {@code spark-{job run}-driver}
 * @param file {@code stdout} or {@code stderr}
 * @param text the text, unpacked
 */
public record FakeLog(String location, String pod, String file, String text) {
    /** Whether a driver wrote it; with a retry policy there may be several. */
    public boolean ofDriver() {
        return pod.contains("-driver");
    }

    /** Without the text, which is the application's own. */
    @Override
    public String toString() {
        return location + ", " + text.length() + " characters";
    }
}
