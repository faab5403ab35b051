package io.emreks.internal.engine;

import io.emreks.client.AwsService;
import io.emreks.client.EmrEksClient;
import io.emreks.client.EmrEksClientBuilder;
import io.emreks.client.EmrEksRuntime;
import io.emreks.client.WatchSettings;
import io.emreks.internal.aws.AwsClients;
import io.emreks.internal.aws.AwsErrors;
import io.emreks.internal.aws.EmrApi;
import io.emreks.internal.aws.S3Location;
import io.emreks.internal.calls.Calls;
import io.emreks.internal.launch.VirtualClusters;
import io.emreks.internal.logs.LogReader;
import io.emreks.internal.loop.Loop;
import io.emreks.internal.staging.Stager;
import io.emreks.internal.validation.ClientDefaults;
import io.emreks.internal.watch.Watcher;
import io.emreks.model.JobRunRequest;
import io.emreks.retry.ApiRetry;
import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** Puts a client together. */
public final class DefaultEmrEksClientBuilder implements EmrEksClientBuilder {
    private final AwsClients.Settings aws = new AwsClients.Settings();
    private Consumer<JobRunRequest.Builder> defaults = job -> {};
    private ApiRetry retry = ApiRetry.builder().build();
    private WatchSettings watch = WatchSettings.builder().build();
    private @Nullable String virtualCluster;
    private @Nullable String executionRole;
    private @Nullable String artifacts;
    private @Nullable EmrEksRuntime runtime;

    @Override
    public EmrEksClientBuilder region(String region) {
        aws.region = Region.of(region);
        return this;
    }

    @Override
    public EmrEksClientBuilder credentials(AwsCredentialsProvider credentials) {
        aws.credentials = credentials;
        return this;
    }

    @Override
    public EmrEksClientBuilder endpoint(AwsService service, URI endpoint) {
        switch (service) {
            case EMR_CONTAINERS -> aws.emrEndpoint = endpoint;
            case S3 -> aws.s3Endpoint = endpoint;
        }
        return this;
    }

    @Override
    public EmrEksClientBuilder fips(boolean fips) {
        aws.fips = fips;
        return this;
    }

    @Override
    public EmrEksClientBuilder httpClient(SdkAsyncHttpClient httpClient) {
        aws.httpClient = httpClient;
        return this;
    }

    @Override
    public EmrEksClientBuilder emrContainersClient(EmrContainersAsyncClient client) {
        aws.emr = client;
        return this;
    }

    @Override
    public EmrEksClientBuilder s3Client(S3AsyncClient client) {
        aws.s3 = client;
        return this;
    }

    @Override
    public EmrEksClientBuilder virtualCluster(String idOrName) {
        this.virtualCluster = idOrName;
        return this;
    }

    @Override
    public EmrEksClientBuilder executionRole(String arn) {
        this.executionRole = arn;
        return this;
    }

    @Override
    public EmrEksClientBuilder artifacts(String s3Prefix) {
        this.artifacts = s3Prefix;
        return this;
    }

    @Override
    public EmrEksClientBuilder defaults(Consumer<JobRunRequest.Builder> defaults) {
        this.defaults = defaults;
        return this;
    }

    @Override
    public EmrEksClientBuilder apiRetry(ApiRetry retry) {
        this.retry = retry;
        return this;
    }

    @Override
    public EmrEksClientBuilder watch(WatchSettings settings) {
        this.watch = settings;
        return this;
    }

    @Override
    public EmrEksClientBuilder runtime(EmrEksRuntime runtime) {
        this.runtime = runtime;
        return this;
    }

    @Override
    public EmrEksClient build() {
        Optional<S3Location> staging = Optional.ofNullable(artifacts).map(DefaultEmrEksClientBuilder::location);
        if (runtime != null && !(runtime instanceof DefaultEmrEksRuntime)) {
            throw new IllegalArgumentException("runtime: is not one that EmrEksRuntime.builder() made");
        }
        AwsClients clients = new AwsClients(aws);
        boolean ownsRuntime = runtime == null;
        DefaultEmrEksRuntime shared = (DefaultEmrEksRuntime)
                (runtime == null ? EmrEksRuntime.builder().build() : runtime);
        Loop loop = shared.loop();
        EmrApi emr = clients.emr(shared.clock());
        Calls calls = new Calls(
                loop,
                shared.callExecutor(),
                shared.quota(accountOf(executionRole) + "/" + clients.region()),
                retry,
                shared.random(),
                AwsErrors::map);
        ClientEngine engine = new ClientEngine(
                loop,
                shared.callbacks(),
                calls,
                emr,
                new VirtualClusters(calls, emr),
                new Stager(loop, calls, clients.s3()),
                new Watcher(loop, calls, emr, watch, shared.random()),
                new LogReader(calls, clients.s3(), shared.callExecutor()),
                shared.random());
        DefaultEmrEksClient client = new DefaultEmrEksClient(
                shared,
                ownsRuntime,
                engine,
                clients,
                new ClientDefaults(Optional.ofNullable(virtualCluster), Optional.ofNullable(executionRole), staging),
                defaults);
        shared.remember(client);
        return client;
    }

    private static S3Location location(String uri) {
        return S3Location.parse(uri)
                .orElseThrow(() -> new IllegalArgumentException(
                        "artifacts: '" + uri + "' is no S3 prefix; write it like s3://bucket/emreks/"));
    }

    /** Caller and execution role are in the same account, so the role's ARN tells whose quota it is. */
    private static String accountOf(@Nullable String roleArn) {
        String[] parts = roleArn == null ? new String[0] : roleArn.split(":", -1);
        return parts.length > 4 ? parts[4] : "";
    }
}
