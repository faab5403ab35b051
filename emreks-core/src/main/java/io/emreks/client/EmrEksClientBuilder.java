package io.emreks.client;

import io.emreks.event.JobRunListener;
import io.emreks.metrics.ClientTelemetry;
import io.emreks.model.JobRunRequest;
import io.emreks.retry.ApiRetry;
import java.net.URI;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** Builds an {@link EmrEksClient}. Nothing is required: what is not said here the AWS SDK finds, or a request says. */
public interface EmrEksClientBuilder {
    /** The AWS region; the SDK's default chain when not set. */
    EmrEksClientBuilder region(String region);

    /** The caller's credentials; the SDK's default chain when not set. May block: it is asked on its own threads. */
    EmrEksClientBuilder credentials(AwsCredentialsProvider credentials);

    /** Another endpoint for a service: a VPC endpoint, or a fake. S3 is then called with path-style addresses. */
    EmrEksClientBuilder endpoint(AwsService service, URI endpoint);

    /** Uses the FIPS endpoints. Default off. */
    EmrEksClientBuilder fips(boolean fips);

    /** The HTTP client of the AWS clients made here; not closed with the client. The SDK's default when not set. */
    EmrEksClientBuilder httpClient(SdkAsyncHttpClient httpClient);

    /** Your own EMR client, used as it is and not closed. It should not retry by itself: {@link ApiRetry} does. */
    EmrEksClientBuilder emrContainersClient(EmrContainersAsyncClient client);

    /** Your own S3 client, used as it is and not closed. */
    EmrEksClientBuilder s3Client(S3AsyncClient client);

    /** The virtual cluster of requests that name none: an id (25 lower-case letters and digits) or a name. */
    EmrEksClientBuilder virtualCluster(String idOrName);

    /** The execution role of requests that name none. */
    EmrEksClientBuilder executionRole(String arn);

    /**
     * The S3 prefix below which pod templates are staged, such as {@code s3://bucket/emreks/}; execution roles need
     * s3:GetObject on it. Only needed by requests that have something to stage.
     */
    EmrEksClientBuilder artifacts(String s3Prefix);

    /**
     * Whose runs these are: keys of different owners are different keys, and {@link EmrEksClient#recover} finds this owner's
     * runs. 1 to 128 characters; the same in every process that does the same work. Default {@code default}.
     */
    EmrEksClientBuilder owner(String owner);

    /** How runs with a key are found again, and what is refused for its cost. */
    EmrEksClientBuilder submission(SubmissionSettings settings);

    /**
     * Makes the start of keyed runs exclusive over all processes by conditional writes to S3, below {@code artifacts}.
     * Without it two processes that submit the same key at once are kept apart by EMR's client token alone.
     */
    EmrEksClientBuilder runClaims(RunClaims claims);

    /** Tells why runs failed. By the service's reason and remark when not set. */
    EmrEksClientBuilder failureClassifier(FailureClassifier classifier);

    /** What every request built by this client starts from. */
    EmrEksClientBuilder defaults(Consumer<JobRunRequest.Builder> defaults);

    /** How calls are tried again. */
    EmrEksClientBuilder apiRetry(ApiRetry retry);

    /** How closely runs are followed. */
    EmrEksClientBuilder watch(WatchSettings settings);

    /** Where events of the service come from; without them runs are looked at now and then, as {@link #watch} says. */
    EmrEksClientBuilder events(EventSettings settings);

    /** Adds a listener that hears of every run of this client, from the beginning. */
    EmrEksClientBuilder listener(JobRunListener listener);

    /** Adds something that hears of the client as a whole, for meters and traces. */
    EmrEksClientBuilder telemetry(ClientTelemetry telemetry);

    /** Shares threads and quotas with other clients; not closed with this one. */
    EmrEksClientBuilder runtime(EmrEksRuntime runtime);

    /**
     * The client. Makes no call.
     *
     * @throws IllegalArgumentException if {@code artifacts} is no S3 prefix, {@code owner} is out of its limits, or there are
     *     {@code runClaims} without {@code artifacts}
     * @throws IllegalStateException if there are {@code events} and a library that they need is missing
     * @throws software.amazon.awssdk.core.exception.SdkClientException if no region is set and none is found
     */
    EmrEksClient build();
}
