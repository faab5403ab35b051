package io.emreks.behaviour;

import io.emreks.client.EmrEksClient;
import io.emreks.client.EmrEksClientBuilder;
import io.emreks.client.EmrEksRuntime;
import io.emreks.model.JobRunRequest;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeServer;
import io.emreks.testing.service.JobRunScript;
import io.emreks.testing.service.VirtualTime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.emrcontainers.model.TemplateParameterConfiguration;
import software.amazon.awssdk.services.emrcontainers.model.TemplateParameterDataType;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * A fake service and clients wired to it, all in one virtual time. Over HTTP, time stands still while a call is on the
 * wire, so both faces give the same story.
 */
final class Bed implements AutoCloseable {
    static final String ROLE = "arn:aws:iam::123456789012:role/emr-job-execution";
    static final StaticCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "not-a-secret"));

    final VirtualTime time = new VirtualTime();
    final FakeEmrEks fake;
    private final @Nullable Wire wire;
    private int clusters;
    private int clients;
    private String cluster;

    private Bed(boolean overHttp, Consumer<FakeEmrEks.Builder> settings) {
        FakeEmrEks.Builder builder = FakeEmrEks.builder().virtualTime(time).script(JobRunScript.completes());
        settings.accept(builder);
        this.fake = builder.build();
        this.wire = overHttp ? new Wire(fake, time) : null;
        this.cluster = fake.createVirtualCluster("cluster-0");
    }

    static Bed inMemory() {
        return inMemory(settings -> {});
    }

    static Bed inMemory(Consumer<FakeEmrEks.Builder> settings) {
        return new Bed(false, settings);
    }

    static Bed overHttp() {
        return overHttp(settings -> {});
    }

    static Bed overHttp(Consumer<FakeEmrEks.Builder> settings) {
        return new Bed(true, settings);
    }

    /** A clean slate on the same fake: a virtual cluster of its own, no faults. */
    void next() {
        fake.faults().clear();
        cluster = fake.createVirtualCluster("cluster-" + ++clusters);
    }

    String cluster() {
        return cluster;
    }

    /** How runs of the present virtual cluster unfold. */
    void script(JobRunScript script) {
        String here = cluster;
        fake.script(run -> run.virtualClusterId().equals(here), script);
    }

    /** How some runs of the present virtual cluster unfold. */
    void script(Predicate<FakeJobRun> which, JobRunScript script) {
        String here = cluster;
        fake.script(run -> run.virtualClusterId().equals(here) && which.test(run), script);
    }

    EmrEksClient client() {
        return client(builder -> {});
    }

    EmrEksClient client(Consumer<EmrEksClientBuilder> settings) {
        return client(settings, runtime -> {});
    }

    EmrEksClient client(Consumer<EmrEksClientBuilder> settings, Consumer<EmrEksRuntime.Builder> ofRuntime) {
        EmrEksRuntime.Builder runtime = EmrEksRuntime.builder()
                .clock(time.clock())
                .ticker(time::nanoTime)
                .scheduler(time)
                .callExecutor(Runnable::run)
                .callbackExecutor(time)
                .random(new SplittableRandom(42 + clusters + 1_000L * ++clients));
        ofRuntime.accept(runtime);
        EmrEksClientBuilder builder = EmrEksClient.builder()
                .runtime(runtime.build())
                .region(fake.region())
                .credentials(CREDENTIALS)
                .virtualCluster(cluster)
                .executionRole(ROLE)
                .artifacts("s3://artifacts/emreks/")
                .defaults(job -> job.releaseLabel("emr-7.5.0-latest"));
        if (wire == null) {
            builder.httpClient(fake.asyncHttpClient());
        } else {
            builder.emrContainersClient(wire.emr).s3Client(wire.s3);
        }
        settings.accept(builder);
        return builder.build();
    }

    /** Deletes a virtual cluster and waits until it is gone. */
    void delete(String virtualClusterId) {
        try (EmrContainersAsyncClient emr = EmrContainersAsyncClient.builder()
                .region(Region.of(fake.region()))
                .credentialsProvider(CREDENTIALS)
                .httpClient(fake.asyncHttpClient())
                .build()) {
            emr.deleteVirtualCluster(r -> r.id(virtualClusterId)).join();
        }
        time.advance(Duration.ofHours(1));
    }

    /** A template whose job gets the parameters {@code date} and {@code count}, a number that is 5 by default. */
    String createJobTemplate() {
        try (EmrContainersAsyncClient emr = EmrContainersAsyncClient.builder()
                .region(Region.of(fake.region()))
                .credentialsProvider(CREDENTIALS)
                .httpClient(fake.asyncHttpClient())
                .build()) {
            return emr.createJobTemplate(r -> r.name("template")
                            .jobTemplateData(data -> data.executionRoleArn(ROLE)
                                    .releaseLabel("emr-7.5.0-latest")
                                    .jobDriver(d -> d.sparkSubmitJobDriver(s -> s.entryPoint("s3://jobs/job.jar")
                                            .entryPointArguments("${date}", "${count}")))
                                    .parameterConfiguration(Map.of(
                                            "date",
                                            TemplateParameterConfiguration.builder()
                                                    .type(TemplateParameterDataType.STRING)
                                                    .build(),
                                            "count",
                                            TemplateParameterConfiguration.builder()
                                                    .type(TemplateParameterDataType.NUMBER)
                                                    .defaultValue("5")
                                                    .build()))))
                    .join()
                    .id();
        }
    }

    static Consumer<JobRunRequest.Builder> job(String name) {
        return job -> job.name(name).jar("s3://jobs/job.jar", "com.acme.Job", "--date", "2026-11-22");
    }

    /** The runs of the present virtual cluster. */
    List<FakeJobRun> runs() {
        return fake.jobRuns().stream()
                .filter(run -> run.virtualClusterId().equals(cluster))
                .toList();
    }

    long calls(String operation) {
        return fake.requests().stream()
                .filter(call -> call.operation().equals(operation))
                .filter(call -> call.path().contains(cluster) || !call.path().contains("/virtualclusters/"))
                .count();
    }

    @Override
    public void close() {
        if (wire != null) {
            wire.close();
        }
        fake.close();
    }

    private static final class Wire implements AutoCloseable {
        private final FakeServer server;
        private final SdkAsyncHttpClient http = NettyNioAsyncHttpClient.create();
        private final EmrContainersAsyncClient realEmr;
        private final S3AsyncClient realS3;
        final EmrContainersAsyncClient emr;
        final S3AsyncClient s3;

        Wire(FakeEmrEks fake, VirtualTime time) {
            server = fake.startServer();
            realEmr = EmrContainersAsyncClient.builder()
                    .region(Region.of(fake.region()))
                    .endpointOverride(server.endpoint())
                    .credentialsProvider(CREDENTIALS)
                    .httpClient(http)
                    .overrideConfiguration(c -> c.retryStrategy(AwsRetryStrategy.doNotRetry()))
                    .build();
            realS3 = S3AsyncClient.builder()
                    .region(Region.of(fake.region()))
                    .endpointOverride(server.endpoint())
                    .forcePathStyle(true)
                    .credentialsProvider(CREDENTIALS)
                    .httpClient(http)
                    .overrideConfiguration(c -> c.retryStrategy(AwsRetryStrategy.doNotRetry()))
                    .build();
            emr = holding(EmrContainersAsyncClient.class, realEmr, time);
            s3 = holding(S3AsyncClient.class, realS3, time);
        }

        @Override
        public void close() {
            realEmr.close();
            realS3.close();
            http.close();
            server.close();
        }

        /** Virtual time stands still from the moment of a call until its answer was taken in. */
        private static <C> C holding(Class<C> type, C client, VirtualTime time) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                        if (!CompletableFuture.class.isAssignableFrom(method.getReturnType())) {
                            return invoke(method, client, arguments);
                        }
                        VirtualTime.Hold hold = time.hold();
                        CompletableFuture<?> sent;
                        try {
                            sent = (CompletableFuture<?>) Objects.requireNonNull(invoke(method, client, arguments));
                        } catch (RuntimeException | Error e) {
                            hold.close();
                            throw e;
                        }
                        // A cancelled call is still under way at the server, so its hold ends with its real answer.
                        CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();
                        var unused = sent.whenComplete((value, failure) -> {
                            if (failure == null) {
                                answer.complete(value);
                            } else {
                                answer.completeExceptionally(failure);
                            }
                            hold.close();
                        });
                        return answer;
                    }));
        }

        private static @Nullable Object invoke(
                java.lang.reflect.Method method, Object target, Object @Nullable [] arguments) {
            try {
                return method.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof RuntimeException runtime) {
                    throw runtime;
                }
                throw new AssertionError(e.getCause());
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }
    }
}
