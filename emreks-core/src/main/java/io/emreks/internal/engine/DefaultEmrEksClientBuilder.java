package io.emreks.internal.engine;

import io.emreks.client.AwsService;
import io.emreks.client.EmrEksClient;
import io.emreks.client.EmrEksClientBuilder;
import io.emreks.client.EmrEksRuntime;
import io.emreks.client.EventSettings;
import io.emreks.client.FailureClassifier;
import io.emreks.client.RunClaims;
import io.emreks.client.SubmissionSettings;
import io.emreks.client.WatchSettings;
import io.emreks.event.JobRunListener;
import io.emreks.internal.aws.AwsClients;
import io.emreks.internal.aws.AwsErrors;
import io.emreks.internal.aws.EmrApi;
import io.emreks.internal.aws.S3Location;
import io.emreks.internal.calls.Calls;
import io.emreks.internal.events.EventReader;
import io.emreks.internal.loop.Loop;
import io.emreks.internal.validation.ClientDefaults;
import io.emreks.metrics.ClientTelemetry;
import io.emreks.model.JobRunRequest;
import io.emreks.retry.ApiRetry;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** Puts a client together. */
public final class DefaultEmrEksClientBuilder implements EmrEksClientBuilder {
    private static final int OWNER_MAX = 128;

    private final AwsClients.Settings aws = new AwsClients.Settings();
    private Consumer<JobRunRequest.Builder> defaults = job -> {};
    private ApiRetry retry = ApiRetry.builder().build();
    private WatchSettings watch = WatchSettings.builder().build();
    private SubmissionSettings submission = SubmissionSettings.builder().build();
    private String owner = "default";
    private final List<JobRunListener> listeners = new ArrayList<>();
    private final List<ClientTelemetry> telemetry = new ArrayList<>();
    private @Nullable EventSettings events;
    private @Nullable RunClaims claims;
    private @Nullable FailureClassifier classifier;
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
            case SQS -> aws.sqsEndpoint = endpoint;
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
    public EmrEksClientBuilder owner(String owner) {
        this.owner = owner;
        return this;
    }

    @Override
    public EmrEksClientBuilder submission(SubmissionSettings settings) {
        this.submission = settings;
        return this;
    }

    @Override
    public EmrEksClientBuilder runClaims(RunClaims claims) {
        this.claims = claims;
        return this;
    }

    @Override
    public EmrEksClientBuilder failureClassifier(FailureClassifier classifier) {
        this.classifier = classifier;
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
    public EmrEksClientBuilder events(EventSettings settings) {
        this.events = settings;
        aws.events = true;
        return this;
    }

    @Override
    public EmrEksClientBuilder listener(JobRunListener listener) {
        this.listeners.add(listener);
        return this;
    }

    @Override
    public EmrEksClientBuilder telemetry(ClientTelemetry telemetry) {
        this.telemetry.add(telemetry);
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
        if (owner.isBlank() || owner.length() > OWNER_MAX) {
            throw new IllegalArgumentException("owner: must have 1 to 128 characters and not be blank");
        }
        if (claims != null && staging.isEmpty()) {
            throw new IllegalArgumentException("runClaims: need a place in S3; set artifacts(\"s3://bucket/prefix/\")");
        }
        if (runtime != null && !(runtime instanceof DefaultEmrEksRuntime)) {
            throw new IllegalArgumentException("runtime: is not one that EmrEksRuntime.builder() made");
        }
        AwsClients clients = new AwsClients(aws);
        boolean ownsRuntime = runtime == null;
        DefaultEmrEksRuntime shared = (DefaultEmrEksRuntime)
                (runtime == null ? EmrEksRuntime.builder().build() : runtime);
        Loop loop = shared.loop();
        EmrApi emr = clients.emr(shared.clock());
        Telemetries told = new Telemetries(telemetry);
        Calls calls = new Calls(
                loop,
                shared.callExecutor(),
                shared.quota(accountOf(executionRole) + "/" + clients.region()),
                retry,
                shared.random(),
                new AwsErrors(submission.queueFullMessage().map(Pattern::compile))::map,
                told::called);
        ClientDefaults fillIns = new ClientDefaults(
                Optional.ofNullable(virtualCluster), Optional.ofNullable(executionRole), staging, submission);
        ClientEngine engine = new ClientEngine(
                loop,
                shared.callbacks(),
                shared.random(),
                shared.callExecutor(),
                calls,
                told,
                emr,
                clients.s3(),
                new ClientEngine.Settings(
                        owner,
                        fillIns,
                        watch,
                        Optional.ofNullable(claims),
                        Optional.ofNullable(classifier),
                        listeners,
                        new Whereabouts(clients.region())));
        if (events != null) {
            readEvents(events, clients, loop, calls, engine, told);
        }
        DefaultEmrEksClient client = new DefaultEmrEksClient(shared, ownsRuntime, engine, clients, fillIns, defaults);
        shared.remember(client);
        told.opened(engine.counts);
        return client;
    }

    private static void readEvents(
            EventSettings events, AwsClients aws, Loop loop, Calls calls, ClientEngine engine, Telemetries told) {
        String url = events.queueUrl().toString();
        try {
            engine.read(new EventReader(
                    loop, calls, aws.eventQueue(url), url, events.reconcileEvery(), engine.watcher, told));
        } catch (NoClassDefFoundError e) {
            aws.close();
            throw new IllegalStateException(
                    "events: need software.amazon.awssdk:sqs and com.fasterxml.jackson.core:jackson-core on the class path;"
                            + " there is no " + e.getMessage(),
                    e);
        }
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
