package io.emreks.testing;

import io.emreks.client.EmrEksClient;
import io.emreks.client.EmrEksClientBuilder;
import io.emreks.client.EmrEksRuntime;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeRequest;
import io.emreks.testing.service.VirtualTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsAsyncClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.emrcontainers.EmrContainersClient;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * A {@link FakeEmrEks} in virtual time and an {@link EmrEksClient} that talks to it in memory: no AWS, no network, no
 * thread, no waiting. Everything happens on the thread that moves the {@linkplain #time time}, in the same order every
 * time; {@code handle.await(...)} moves it too.
 *
 * <p>The client has dummy credentials, region and account of the fake, a virtual cluster named {@code test}, an execution
 * role, {@code s3://emreks-artifacts/} for what it stages, and as default of its requests the release
 * {@value #RELEASE_LABEL}. All of that can be replaced through {@link Builder#client}.
 *
 * <p>Any thread may use what is in here. With JUnit 5, {@link EmrEksTest} makes one per test.
 */
public final class EmrEksTestBed implements AutoCloseable {
    /** The release of requests that name none. */
    public static final String RELEASE_LABEL = "emr-7.5.0-latest";

    private static final String VIRTUAL_CLUSTER = "test";

    private final AwsCredentialsProvider credentials =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));
    private final FakeEmrEks fake;
    private final String virtualClusterId;
    private final EmrEksRuntime runtime;
    private final EmrEksClient client;
    private final Timeline timeline;

    /** Those that were asked for, which are to be closed. */
    private final Map<Class<?>, SdkAutoCloseable> awsClients = new LinkedHashMap<>();

    private EmrEksTestBed(FakeEmrEks fake, Consumer<EmrEksClientBuilder> settings) {
        this.fake = fake;
        timeline = new Timeline(fake);
        VirtualTime time = fake.time();
        virtualClusterId = fake.createVirtualCluster(VIRTUAL_CLUSTER);
        runtime = EmrEksRuntime.builder()
                .clock(time.clock())
                .ticker(time::nanoTime)
                .scheduler(time)
                .callExecutor(Runnable::run)
                .callbackExecutor(time)
                .random(new Random(0))
                .build();
        EmrEksClientBuilder builder = EmrEksClient.builder()
                .runtime(runtime)
                .httpClient(fake.asyncHttpClient())
                .credentials(credentials)
                .region(fake.region())
                .virtualCluster(VIRTUAL_CLUSTER)
                .executionRole("arn:aws:iam::" + fake.accountId() + ":role/emr-job-execution")
                .artifacts("s3://emreks-artifacts/")
                .defaults(job -> job.releaseLabel(RELEASE_LABEL));
        settings.accept(builder);
        client = builder.build();
        client.addListener(timeline);
    }

    /** A bed with everything at its default. */
    public static EmrEksTestBed create() {
        return builder().build();
    }

    /** A bed with settings. */
    public static Builder builder() {
        return new Builder();
    }

    /** The service, to script runs and faults and to see what arrived. */
    public FakeEmrEks fake() {
        return fake;
    }

    /** The time of service and client. */
    public VirtualTime time() {
        return fake.time();
    }

    /** The client under test; closed with the bed. */
    public EmrEksClient client() {
        return client;
    }

    /** The id of the virtual cluster {@code test}. */
    public String virtualClusterId() {
        return virtualClusterId;
    }

    /**
     * The AWS SDK's own client of the fake, for code that uses the SDK beside this library. It does not retry. A call whose
     * answer a fault delays moves the {@linkplain #time time}. Always the same one; closed with the bed.
     */
    public EmrContainersClient emrContainersClient() {
        return client(EmrContainersClient.class, () -> sync(EmrContainersClient.builder()));
    }

    /**
     * The asynchronous one, otherwise like {@link #emrContainersClient}: its futures are complete when a call returns, unless
     * a fault delays the answer.
     */
    public EmrContainersAsyncClient emrContainersAsyncClient() {
        return client(EmrContainersAsyncClient.class, () -> async(EmrContainersAsyncClient.builder()));
    }

    /** The AWS SDK's own client of the S3 beside the fake, otherwise like {@link #emrContainersClient}. */
    public S3Client s3Client() {
        return client(S3Client.class, () -> sync(S3Client.builder()));
    }

    /** The asynchronous one of the S3 beside the fake, otherwise like {@link #emrContainersAsyncClient}. */
    public S3AsyncClient s3AsyncClient() {
        return client(S3AsyncClient.class, () -> async(S3AsyncClient.builder()));
    }

    private <C extends SdkAutoCloseable> C client(Class<C> type, Supplier<C> made) {
        synchronized (awsClients) {
            return type.cast(awsClients.computeIfAbsent(type, key -> made.get()));
        }
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C sync(B builder) {
        return wired(builder.httpClient(fake.httpClient())).build();
    }

    private <B extends AwsClientBuilder<B, C> & AwsAsyncClientBuilder<B, C>, C> C async(B builder) {
        return wired(builder.httpClient(fake.asyncHttpClient()))
                .asyncConfiguration(async ->
                        async.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
                .build();
    }

    private <B extends AwsClientBuilder<B, C>, C> B wired(B builder) {
        return builder.region(Region.of(fake.region()))
                .credentialsProvider(credentials)
                .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()));
    }

    /**
     * The calls that the fake does not know or does not implement, oldest first ({@link FakeRequest#notImplemented}). Empty
     * in a sound test.
     */
    public List<FakeRequest> unexpectedCalls() {
        return fake.requests().stream().filter(FakeRequest::notImplemented).toList();
    }

    /**
     * What the fake and the client saw, as text for people: job runs with their states and times, the last requests, and the
     * last events that the client told. Without settings, arguments and bodies, so it is safe to print.
     */
    public String timeline() {
        return timeline.text();
    }

    /**
     * Closes the client, runs what that leaves to do, so that listeners and futures hear of it, and closes the AWS clients
     * and the fake. What the fake recorded can still be read.
     */
    @Override
    public void close() {
        try (fake;
                runtime) {
            client.close();
            time().runUntilIdle();
        } finally {
            synchronized (awsClients) {
                awsClients.values().forEach(SdkAutoCloseable::close);
                awsClients.clear();
            }
        }
    }

    /** Settings of an {@link EmrEksTestBed}; can build any number of them. Not thread-safe. */
    public static final class Builder {
        private Consumer<FakeEmrEks.Builder> fakeSettings = fake -> {};
        private Consumer<EmrEksClientBuilder> clientSettings = client -> {};

        private Builder() {}

        /** Settings of the fake; it must run in virtual time, which is its default. Called again, both apply in order. */
        public Builder fake(Consumer<FakeEmrEks.Builder> settings) {
            fakeSettings = fakeSettings.andThen(settings);
            return this;
        }

        /**
         * Settings of the client, applied after those of the bed, which they replace: a {@code defaults} of yours has to
         * name a release too. Called again, both apply in order.
         */
        public Builder client(Consumer<EmrEksClientBuilder> settings) {
            clientSettings = clientSettings.andThen(settings);
            return this;
        }

        /**
         * A new bed.
         *
         * @throws IllegalStateException if the fake was told to run in real time
         * @throws IllegalArgumentException if a setting of the client cannot be right
         */
        public EmrEksTestBed build() {
            FakeEmrEks.Builder builder = FakeEmrEks.builder();
            fakeSettings.accept(builder);
            FakeEmrEks fake = builder.build();
            try {
                return new EmrEksTestBed(fake, clientSettings);
            } catch (RuntimeException | Error e) {
                fake.close();
                throw e;
            }
        }
    }
}
