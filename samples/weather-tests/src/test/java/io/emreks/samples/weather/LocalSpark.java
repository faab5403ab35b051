package io.emreks.samples.weather;

import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeFailureReason;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeS3;
import io.emreks.testing.service.JobRunControl;
import io.emreks.testing.service.JobRunEngine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.emrcontainers.EmrContainersClient;
import software.amazon.awssdk.services.emrcontainers.model.JobDriver;

/** A fake with a local Spark behind it, reached through the AWS SDK. */
final class LocalSpark implements AutoCloseable {
    final FakeS3 s3;
    final FakeEmrEks fake;
    final EmrContainersClient client;
    final String virtualCluster;
    private final Ends ends;

    LocalSpark(FakeS3 s3, JobRunEngine engine) {
        this.s3 = s3;
        ends = new Ends(engine);
        fake = FakeEmrEks.builder().realTime().s3(s3).engine(ends).build();
        virtualCluster = fake.createVirtualCluster("weather");
        client = EmrContainersClient.builder()
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .httpClient(fake.httpClient())
                .build();
    }

    static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name), name);
    }

    /** Starts a run and returns its id. */
    String start(String name, Consumer<JobDriver.Builder> driver) {
        return client.startJobRun(request -> request.name(name)
                        .virtualClusterId(virtualCluster)
                        .executionRoleArn("arn:aws:iam::123456789012:role/job")
                        .releaseLabel("emr-7.5.0-latest")
                        .jobDriver(driver)
                        .configurationOverrides(overrides -> overrides.monitoringConfiguration(
                                monitoring -> monitoring.s3MonitoringConfiguration(logs -> logs.logUri("s3://logs/")))))
                .id();
    }

    /** Done when the run is RUNNING. */
    CompletableFuture<Void> running(String id) {
        return ends.running(id);
    }

    /** Done when the address of the run's Spark UI was told. */
    CompletableFuture<Void> shown(String id) {
        return ends.shown(id);
    }

    /** Waits for the end of a run. */
    FakeJobRun end(String id) throws Exception {
        ends.of(id).get(120, TimeUnit.SECONDS);
        return fake.jobRun(id);
    }

    String driverLog(FakeJobRun run, String file) {
        return log(run, "spark-.*/spark-" + run.id() + "-driver/" + file);
    }

    String submitterLog(FakeJobRun run) {
        return log(run, run.id() + "-.*/stderr");
    }

    private String log(FakeJobRun run, String file) {
        String containers = virtualCluster + "/jobs/" + run.id() + "/containers/";
        String key = s3.list("logs", containers).stream()
                .filter(each -> each.matches(containers + file + ".gz"))
                .findFirst()
                .orElseThrow();
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(s3.get("logs", key).orElseThrow()))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        fake.close();
    }

    /** Tells when the runs of an engine are up, show their UI, and have ended. */
    private static final class Ends implements JobRunEngine {
        private final JobRunEngine engine;
        private final Map<String, CompletableFuture<Void>> running = new ConcurrentHashMap<>();
        private final Map<String, CompletableFuture<Void>> shown = new ConcurrentHashMap<>();
        private final Map<String, CompletableFuture<Void>> ended = new ConcurrentHashMap<>();

        Ends(JobRunEngine engine) {
            this.engine = engine;
        }

        CompletableFuture<Void> running(String id) {
            return running.computeIfAbsent(id, any -> new CompletableFuture<>());
        }

        CompletableFuture<Void> shown(String id) {
            return shown.computeIfAbsent(id, any -> new CompletableFuture<>());
        }

        CompletableFuture<Void> of(String id) {
            return ended.computeIfAbsent(id, any -> new CompletableFuture<>());
        }

        @Override
        public void start(FakeJobRun run, JobRunControl control) {
            engine.start(run, new Telling(run.id(), control));
        }

        @Override
        public void cancel(FakeJobRun run, JobRunControl control) {
            engine.cancel(run, new Telling(run.id(), control));
        }

        @Override
        public void close() {
            engine.close();
        }

        private final class Telling implements JobRunControl {
            private final String id;
            private final JobRunControl control;

            Telling(String id, JobRunControl control) {
                this.id = id;
                this.control = control;
            }

            @Override
            public void submitted() {
                control.submitted();
            }

            @Override
            public void running() {
                control.running();
                Ends.this.running(id).complete(null);
            }

            @Override
            public void sparkUi(Optional<URI> address) {
                control.sparkUi(address);
                address.ifPresent(there -> Ends.this.shown(id).complete(null));
            }

            @Override
            public void completed() {
                control.completed();
                of(id).complete(null);
            }

            @Override
            public void failed(FakeFailureReason reason, String stateDetails) {
                control.failed(reason, stateDetails);
                of(id).complete(null);
            }

            @Override
            public void cancelled() {
                control.cancelled();
                of(id).complete(null);
            }
        }
    }
}
