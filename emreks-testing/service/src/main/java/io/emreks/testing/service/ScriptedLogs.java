package io.emreks.testing.service;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Stores what scripts let pods write, and reads what is stored (EMR on EKS Development Guide, "Job runs", logs). */
final class ScriptedLogs {
    private static final String PACKED = ".gz";
    private static final DateTimeFormatter LOG4J =
            DateTimeFormatter.ofPattern("yy/MM/dd HH:mm:ss ", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final FakeS3 s3;
    private final FakeCloudWatchLogs cloudWatch;

    ScriptedLogs(FakeS3 s3, FakeCloudWatchLogs cloudWatch) {
        this.s3 = s3;
        this.cloudWatch = cloudWatch;
    }

    /** What a driver and its executors wrote, once it has ended. */
    void putDriver(FakeJobRun run, JobRunScript script) {
        String application = "spark-" + hex(run.id(), 1) + "/";
        put(run, application + pod(run, "driver"), "stdout", script.stdout());
        put(run, application + pod(run, "driver"), "stderr", script.stderr().orElseGet(() -> usualDriver(run)));
        JobRunScript.ExecutorLogs executors = script.executorLogs();
        for (int i = 1; i <= executors.executors(); i++) {
            String executor = application + pod(run, "exec") + "-" + i;
            put(run, executor, "stdout", executors.stdout());
            put(run, executor, "stderr", executors.stderr().orElseGet(() -> usualExecutor(run)));
        }
    }

    /** What the pod that submits the driver wrote, once the run has ended. */
    void putSubmitter(FakeJobRun run, JobRunScript script) {
        put(
                run,
                run.id() + "-" + hex(run.id(), 0).substring(0, 5),
                "stderr",
                script.submitterStderr().orElseGet(() -> usualSubmitter(run)));
    }

    /** With a retry policy, drivers have names of their own, and their executors too (EMR on EKS Development Guide). */
    private static String pod(FakeJobRun run, String role) {
        String pod = "spark-" + run.id() + "-" + role;
        return run.maxAttempts() > 1
                ? pod + "-" + hex(run.id(), run.currentAttemptCount()).substring(0, 8)
                : pod;
    }

    private static String usualDriver(FakeJobRun run) {
        String begin = line(
                entered(run, FakeJobRunState.RUNNING),
                "INFO SparkContext: Submitted application: " + run.name().orElse(run.id()));
        Optional<Instant> end = run.finishedAt();
        return switch (run.state()) {
            case COMPLETED -> begin + line(end, "INFO SparkContext: Successfully stopped SparkContext");
            case CANCELLED -> begin + line(end, "INFO ShutdownHookManager: Shutdown hook called");
            default ->
                begin + "Exception in thread \"main\" java.lang.RuntimeException: The script lets this driver fail\n";
        };
    }

    private static String usualExecutor(FakeJobRun run) {
        return line(
                entered(run, FakeJobRunState.RUNNING),
                "INFO CoarseGrainedExecutorBackend: Successfully registered with driver");
    }

    private static String usualSubmitter(FakeJobRun run) {
        Optional<Instant> started = entered(run, FakeJobRunState.RUNNING);
        return started.isPresent()
                ? line(started, "INFO Client: The driver pod " + pod(run, "driver") + " runs")
                : line(run.finishedAt(), "ERROR Client: " + run.stateDetails().orElse("No driver was started"));
    }

    private static Optional<Instant> entered(FakeJobRun run, FakeJobRunState state) {
        return run.history().stream()
                .filter(change -> change.state() == state)
                .map(FakeJobRun.Change::at)
                .findFirst();
    }

    private static String line(Optional<Instant> at, String text) {
        return at.map(LOG4J::format).orElse("") + text + "\n";
    }

    private void put(FakeJobRun run, String container, String file, String text) {
        if (text.isEmpty()) {
            return;
        }
        String path = folder(run) + "containers/" + container + "/" + file;
        place(run).ifPresent(place -> putObject(place.bucket, place.folder + path + PACKED, text));
        run.logGroupName().ifPresent(group -> cloudWatch.put(group, streams(run) + path, text));
    }

    private void putObject(String bucket, String key, String text) {
        try {
            s3.put(bucket, key, zipped(text));
        } catch (IllegalArgumentException e) {
            // no bucket can have that name, or no object that key: then there is no log, as at EMR, and the run goes on
            return;
        }
    }

    /** All that is stored of a run, whoever stored it. */
    List<FakeLog> of(FakeJobRun run) {
        List<FakeLog> found = new ArrayList<>();
        place(run).ifPresent(place -> {
            for (String key : s3.list(place.bucket, place.folder + folder(run))) {
                s3.get(place.bucket, key)
                        .ifPresent(
                                object -> found.add(log("s3://" + place.bucket + "/" + key, key, text(key, object))));
            }
        });
        run.logGroupName().ifPresent(group -> {
            for (String stream : cloudWatch.streams(group)) {
                if (stream.startsWith(streams(run) + folder(run))) {
                    found.add(log(
                            group + ":" + stream,
                            stream,
                            cloudWatch.text(group, stream).orElseThrow()));
                }
            }
        });
        return found;
    }

    private static FakeLog log(String location, String path, String text) {
        String[] segments = path.split("/", -1);
        String file = segments[segments.length - 1];
        return new FakeLog(
                location,
                segments[segments.length - 2],
                file.endsWith(PACKED) ? file.substring(0, file.length() - PACKED.length()) : file,
                text);
    }

    private static String folder(FakeJobRun run) {
        return run.virtualClusterId() + "/jobs/" + run.id() + "/";
    }

    private static String streams(FakeJobRun run) {
        return run.logStreamNamePrefix().map(prefix -> prefix + "/").orElse("");
    }

    private static Optional<Place> place(FakeJobRun run) {
        return run.logUri().flatMap(Place::of);
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

    private static String text(String key, byte[] object) {
        if (!key.endsWith(PACKED)) {
            return new String(object, StandardCharsets.UTF_8);
        }
        try (GZIPInputStream zip = new GZIPInputStream(new ByteArrayInputStream(object))) {
            return new String(zip.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("The log " + key + " is no gzip file", e);
        }
    }

    /** A {@code logUri}; its folder is empty or ends with a slash. */
    private record Place(String bucket, String folder) {
        private static final String SCHEME = "s3://";

        static Optional<Place> of(String uri) {
            if (!uri.startsWith(SCHEME)) {
                return Optional.empty();
            }
            int slash = uri.indexOf('/', SCHEME.length());
            String bucket = slash < 0 ? uri.substring(SCHEME.length()) : uri.substring(SCHEME.length(), slash);
            String folder = slash < 0 ? "" : uri.substring(slash + 1);
            return Optional.of(new Place(bucket, folder.isEmpty() || folder.endsWith("/") ? folder : folder + "/"));
        }
    }
}
