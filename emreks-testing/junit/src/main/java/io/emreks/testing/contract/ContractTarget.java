package io.emreks.testing.contract;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.Fault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.emrcontainers.EmrContainersClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** A service that a contract is run against, and the clients to call it with. Closing it closes what was given to it. */
public final class ContractTarget implements AutoCloseable {
    private static final AwsCredentialsIdentity ANY = AwsBasicCredentials.create("AKIDEXAMPLE", "secret");

    private final AtomicLong numbers = new AtomicLong();
    private final Calls raw;
    private final SdkHttpClient http;
    private final Optional<FakeEmrEks> fake;
    private final String virtualClusterId;
    private final String executionRoleArn;
    private final String releaseLabel;
    private final String occasion;
    private Calls calls;
    private @Nullable SdkAutoCloseable client;

    private ContractTarget(
            RawCalls raw,
            SdkHttpClient http,
            Optional<FakeEmrEks> fake,
            String virtualClusterId,
            String executionRoleArn,
            String releaseLabel,
            String occasion) {
        this.raw = raw;
        this.calls = raw;
        this.http = http;
        this.fake = fake;
        this.virtualClusterId = virtualClusterId;
        this.executionRoleArn = executionRoleArn;
        this.releaseLabel = releaseLabel;
        this.occasion = occasion;
    }

    /**
     * A fake in virtual time, called by signed HTTP, unless {@link #through} says otherwise. All cases run.
     *
     * @param http carries the calls
     * @param endpoint where the fake listens; any address if {@code http} is its own
     */
    public static ContractTarget fake(FakeEmrEks fake, SdkHttpClient http, URI endpoint) {
        return new ContractTarget(
                new RawCalls(http, endpoint, fake.region(), ANY),
                http,
                Optional.of(fake),
                fake.createVirtualCluster("contract"),
                "arn:aws:iam::" + fake.accountId() + ":role/job",
                "emr-7.5.0-latest",
                "");
    }

    /**
     * A real account. Only cases run that change nothing when the service does what the contract says (looking, and requests
     * that must be refused), and one that starts a job run with the tag {@code emreks-contract}, follows it and cancels it.
     *
     * @param endpoint {@code https://emr-containers.{region}.amazonaws.com}
     * @param virtualClusterId one that is RUNNING
     * @param executionRoleArn a role that its jobs can have
     * @param occasion part of every name and client token, at most 20 lower-case letters, digits and hyphens: another one each
     *     time, as an account remembers tokens
     */
    public static ContractTarget account(
            SdkHttpClient http,
            URI endpoint,
            String region,
            AwsCredentialsIdentity credentials,
            String virtualClusterId,
            String executionRoleArn,
            String releaseLabel,
            String occasion) {
        return new ContractTarget(
                new RawCalls(http, endpoint, region, credentials),
                http,
                Optional.empty(),
                virtualClusterId,
                executionRoleArn,
                releaseLabel,
                "-" + occasion);
    }

    /** Calls through a client of the AWS SDK wherever it can send what a case wants to be sent; it must not retry. */
    public ContractTarget through(EmrContainersClient sdk) {
        calls = new SdkCalls(sdk, raw);
        client = sdk;
        return this;
    }

    /** As the other: through an asynchronous client. */
    public ContractTarget through(EmrContainersAsyncClient sdk) {
        calls = new SdkCalls(sdk, raw);
        client = sdk;
        return this;
    }

    boolean isFake() {
        return fake.isPresent();
    }

    String virtualClusterId() {
        return virtualClusterId;
    }

    String executionRoleArn() {
        return executionRoleArn;
    }

    String releaseLabel() {
        return releaseLabel;
    }

    Answer call(String operation, ObjectNode input) {
        return calls.call(operation, input);
    }

    /** A text that no other call of this target had; at most 64 lower-case letters, digits and hyphens. */
    String fresh(String prefix) {
        return prefix + "-" + numbers.incrementAndGet() + occasion;
    }

    void advance(Duration duration) {
        fake.orElseThrow().time().advance(duration);
    }

    void plant(String operation, int status, String code, String message) {
        fake.orElseThrow().faults().next(operation, Fault.error(status, code, message));
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
        http.close();
        fake.ifPresent(FakeEmrEks::close);
    }
}
