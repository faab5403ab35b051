package io.emreks.internal.aws;

import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsAsyncClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientAsyncConfiguration;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClientBuilder;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClientBuilder;

/**
 * The AWS clients of one emreks client. Those it makes do not retry, complete their futures on the thread the answer came
 * on (the engine only hops to its loop there), and are closed with it; supplied ones are used as they are and left open.
 * The one for S3 is made when it is first needed, as many clients stage nothing.
 */
public final class AwsClients implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AwsClients.class);

    private final EmrContainersAsyncClient emr;
    private final Settings settings;
    private final @Nullable AwsCredentialsProvider credentials;
    private @Nullable S3AsyncClient s3;
    private final List<AutoCloseable> owned = new ArrayList<>();
    private boolean closed;

    /** What the user said about AWS; everything has a default of the SDK's own. */
    public static final class Settings {
        public @Nullable Region region;
        public @Nullable AwsCredentialsProvider credentials;
        public @Nullable SdkAsyncHttpClient httpClient;
        public @Nullable URI emrEndpoint;
        public @Nullable URI s3Endpoint;
        public @Nullable URI sqsEndpoint;
        public @Nullable EmrContainersAsyncClient emr;
        public @Nullable S3AsyncClient s3;
        public boolean fips;
        public boolean events;
    }

    public AwsClients(Settings settings) {
        AwsCredentialsProvider credentials = settings.credentials;
        if (credentials == null && (settings.emr == null || settings.s3 == null || settings.events)) {
            credentials = own(DefaultCredentialsProvider.builder().build());
        }
        if (settings.emr == null) {
            emr = own(emrContainers(settings, credentials));
        } else {
            emr = settings.emr;
            warnIfRetrying(emr);
        }
        s3 = settings.s3;
        this.settings = settings;
        this.credentials = credentials;
    }

    private <C extends AutoCloseable> C own(C client) {
        owned.add(client);
        return client;
    }

    private static EmrContainersAsyncClient emrContainers(
            Settings settings, @Nullable AwsCredentialsProvider credentials) {
        EmrContainersAsyncClientBuilder builder = EmrContainersAsyncClient.builder();
        common(builder, settings, credentials);
        if (settings.emrEndpoint != null) {
            builder.endpointOverride(settings.emrEndpoint);
        }
        return builder.build();
    }

    private static S3AsyncClient s3(Settings settings, @Nullable AwsCredentialsProvider credentials) {
        S3AsyncClientBuilder builder = S3AsyncClient.builder();
        common(builder, settings, credentials);
        if (settings.s3Endpoint != null) {
            builder.endpointOverride(settings.s3Endpoint).forcePathStyle(true);
        }
        return builder.build();
    }

    private static <B extends AwsClientBuilder<B, C> & AwsAsyncClientBuilder<B, C>, C> void common(
            B builder, Settings settings, @Nullable AwsCredentialsProvider credentials) {
        builder.overrideConfiguration(ClientOverrideConfiguration.builder()
                .retryStrategy(AwsRetryStrategy.doNotRetry())
                .build());
        builder.asyncConfiguration(ClientAsyncConfiguration.builder()
                .advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run)
                .build());
        builder.fipsEnabled(settings.fips);
        if (settings.region != null) {
            builder.region(settings.region);
        }
        if (credentials != null) {
            builder.credentialsProvider(new TellingCredentials(credentials));
        }
        if (settings.httpClient != null) {
            builder.httpClient(settings.httpClient);
        }
    }

    private static void warnIfRetrying(EmrContainersAsyncClient client) {
        Optional<Integer> attempts = client.serviceClientConfiguration()
                .overrideConfiguration()
                .retryStrategy()
                .map(strategy -> strategy.maxAttempts());
        if (attempts.isEmpty() || attempts.get() > 1) {
            LOG.warn(
                    "The supplied EmrContainersAsyncClient retries by itself ({} attempts); its retries multiply with those of"
                            + " ApiRetry and are not counted against the quotas. Build it with"
                            + " AwsRetryStrategy.doNotRetry().",
                    attempts.map(String::valueOf).orElse("the SDK's default number of"));
        }
    }

    public EmrApi emr(Clock clock) {
        return new AwsEmrApi(emr, clock);
    }

    public ObjectStore s3() {
        return new AwsObjectStore(this::s3Client);
    }

    private synchronized S3AsyncClient s3Client() {
        if (s3 == null) {
            if (closed) {
                throw new IllegalStateException("The client is closed");
            }
            s3 = own(s3(settings, credentials));
        }
        return s3;
    }

    /**
     * An event queue.
     *
     * @throws NoClassDefFoundError if the SDK's module for SQS is missing
     */
    public EventQueue eventQueue(String url) {
        SqsAsyncClientBuilder builder = SqsAsyncClient.builder().checksumValidationEnabled(true);
        common(builder, settings, credentials);
        if (settings.sqsEndpoint != null) {
            builder.endpointOverride(settings.sqsEndpoint);
        }
        return own(new SqsEventQueue(builder.build(), url));
    }

    /** The region calls go to. */
    public String region() {
        Region region = emr.serviceClientConfiguration().region();
        return region == null ? "" : region.id();
    }

    /** May block for a moment while connections close. */
    @Override
    public synchronized void close() {
        closed = true;
        for (int i = owned.size() - 1; i >= 0; i--) {
            AutoCloseable client = owned.get(i);
            try {
                client.close();
            } catch (Exception e) {
                LOG.warn("An AWS client did not close", e);
            }
        }
    }
}
