package io.emreks.testing.service;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;

/** Stores what scripts let drivers write (EMR on EKS Development Guide, "Job runs" logs in S3 and CloudWatch). */
final class ScriptedLogs {
    private static final String S3 = "s3://";

    private final FakeS3 s3;
    private final FakeCloudWatchLogs cloudWatch;

    ScriptedLogs(FakeS3 s3, FakeCloudWatchLogs cloudWatch) {
        this.s3 = s3;
        this.cloudWatch = cloudWatch;
    }

    void put(FakeJobRun run, JobRunScript script) {
        put(run, "stdout", script.stdout());
        put(run, "stderr", script.stderr());
    }

    private void put(FakeJobRun run, String file, String text) {
        if (text.isEmpty()) {
            return;
        }
        String path = run.virtualClusterId() + "/jobs/" + run.id() + "/containers/spark-" + hex(run.id(), 1) + "/"
                + driverPod(run) + "/" + file;
        run.logUri().filter(uri -> uri.startsWith(S3)).ifPresent(uri -> putObject(uri, path + ".gz", text));
        run.logGroupName()
                .ifPresent(group -> cloudWatch.put(
                        group,
                        run.logStreamNamePrefix().map(prefix -> prefix + "/").orElse("") + path,
                        text));
    }

    private void putObject(String logUri, String path, String text) {
        int slash = logUri.indexOf('/', S3.length());
        String bucket = slash < 0 ? logUri.substring(S3.length()) : logUri.substring(S3.length(), slash);
        String folder = slash < 0 ? "" : logUri.substring(slash + 1);
        try {
            s3.put(bucket, folder + (folder.isEmpty() || folder.endsWith("/") ? "" : "/") + path, zipped(text));
        } catch (IllegalArgumentException e) {
            // no bucket can have that name, or no object that key: then there is no log, as at EMR, and the run goes on
            return;
        }
    }

    /** With a retry policy, drivers have names of their own (EMR on EKS Development Guide, retry policies). */
    private static String driverPod(FakeJobRun run) {
        String pod = "spark-" + run.id() + "-driver";
        return run.maxAttempts() > 1
                ? pod + "-" + hex(run.id(), run.currentAttemptCount()).substring(0, 8)
                : pod;
    }

    /** 32 hexadecimal digits, the same for the same run and number. */
    private static String hex(String id, int number) {
        return UUID.nameUUIDFromBytes((id + number).getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
    }

    private static byte[] zipped(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
