package io.emreks.testing.spark;

import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeS3;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;

/**
 * Puts the logs of one run where the service does, below the run's {@code logUri} (EMR on EKS Development Guide, "Job runs
 * S3 logs"). Without a {@code logUri} nothing is stored.
 */
final class RunLogs {
    private final FakeS3 s3;
    private final FakeJobRun run;

    RunLogs(FakeS3 s3, FakeJobRun run) {
        this.s3 = s3;
        this.run = run;
    }

    void putDriver(Path stdout, Path stderr) throws IOException {
        String container = "spark-" + hex() + "/spark-" + run.id() + "-driver";
        try (InputStream out = Files.newInputStream(stdout);
                InputStream err = Files.newInputStream(stderr)) {
            put(container, "stdout.gz", out);
            put(container, "stderr.gz", err);
        }
    }

    /** The log of the pod that submits the driver. */
    void putSubmitter(String stderr) throws IOException {
        put(
                run.id() + "-" + hex().substring(0, 5),
                "stderr.gz",
                new ByteArrayInputStream(stderr.getBytes(StandardCharsets.UTF_8)));
    }

    private void put(String container, String file, InputStream content) throws IOException {
        Optional<S3Uri> logs = run.logUri().flatMap(S3Uri::parse);
        if (logs.isEmpty()) {
            return;
        }
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
            content.transferTo(zip);
        }
        String folder = logs.get().key().isEmpty() || logs.get().key().endsWith("/")
                ? logs.get().key()
                : logs.get().key() + "/";
        String key = folder + run.virtualClusterId() + "/jobs/" + run.id() + "/containers/" + container + "/" + file;
        s3.put(logs.get().bucket(), key, zipped.toByteArray());
    }

    /** 32 hexadecimal digits, the same for the same run. */
    private String hex() {
        return UUID.nameUUIDFromBytes(run.id().getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
    }
}
