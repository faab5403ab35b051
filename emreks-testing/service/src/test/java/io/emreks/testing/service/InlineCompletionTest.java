package io.emreks.testing.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.emrcontainers.model.EmrContainersException;
import software.amazon.awssdk.services.emrcontainers.model.JobRunState;
import software.amazon.awssdk.services.emrcontainers.model.StartJobRunResponse;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** With the in-memory client and direct completion, a call of the AWS SDK is over when it returns: nothing races. */
class InlineCompletionTest {
    private final FakeEmrEks fake = FakeEmrEks.create();
    private final EmrContainersAsyncClient emr = Clients.async(fake);
    private final S3AsyncClient s3 = Clients.s3Async(fake);
    private final String cluster = fake.createVirtualCluster("spark");

    @AfterEach
    void close() {
        emr.close();
        s3.close();
        fake.close();
    }

    @Test
    void callsOfTheServiceAreOverWhenTheyReturn() {
        Thread[] completedOn = new Thread[1];
        CompletableFuture<StartJobRunResponse> started = start();
        CompletableFuture<Void> told = started.thenRun(() -> completedOn[0] = Thread.currentThread());
        assertThat(started).isCompleted();
        assertThat(told).isCompleted();
        assertThat(completedOn[0]).isEqualTo(Thread.currentThread());
        String id = started.join().id();
        assertThat(emr.describeJobRun(r -> r.id(id).virtualClusterId(cluster)))
                .isCompletedWithValueMatching(found -> found.jobRun().state() == JobRunState.PENDING);
        assertThat(emr.listJobRuns(r -> r.virtualClusterId(cluster)))
                .isCompletedWithValueMatching(page -> page.jobRuns().size() == 1);
        assertThat(emr.cancelJobRun(r -> r.id(id).virtualClusterId(cluster))).isCompleted();
        assertThat(emr.cancelJobRun(r -> r.id(id).virtualClusterId(cluster))).isCompletedExceptionally();
    }

    @Test
    void faultsAreOverWhenTheCallReturns() {
        fake.faults().next("StartJobRun", Fault.throttle());
        fake.faults().next("StartJobRun", Fault.dropAfter());
        assertThat(start())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(EmrContainersException.class);
        assertThat(start())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(SdkClientException.class);
        assertThat(start()).isCompleted();
        assertThat(fake.jobRuns()).hasSize(1);
    }

    @Test
    void aLateAnswerComesInVirtualTime() {
        fake.faults().next("StartJobRun", Fault.delay(Duration.ofSeconds(3), Duration.ofSeconds(4)));
        CompletableFuture<StartJobRunResponse> started = start();
        fake.time().advance(Duration.ofSeconds(2));
        assertThat(fake.jobRuns()).isEmpty();
        fake.time().advance(Duration.ofSeconds(1));
        assertThat(fake.jobRuns()).hasSize(1);
        assertThat(started).isNotDone();
        fake.time().advance(Duration.ofSeconds(4));
        assertThat(started).isCompleted();
    }

    @Test
    void callsOfS3AreOverWhenTheyReturn() {
        byte[] body = new byte[100_000];
        new Random(2).nextBytes(body);
        assertThat(s3.putObject(r -> r.bucket("bucket").key("key"), AsyncRequestBody.fromBytes(body)))
                .isCompleted();
        assertThat(fake.s3().get("bucket", "key"))
                .hasValueSatisfying(found -> assertThat(found).isEqualTo(body));
        CompletableFuture<ResponseBytes<GetObjectResponse>> got =
                s3.getObject(r -> r.bucket("bucket").key("key"), AsyncResponseTransformer.toBytes());
        assertThat(got).isCompletedWithValueMatching(found -> found.asByteArray().length == body.length);
        assertThat(s3.headObject(r -> r.bucket("bucket").key("key"))).isCompleted();
        assertThat(s3.listObjectsV2(r -> r.bucket("bucket")))
                .isCompletedWithValueMatching(page -> page.contents().size() == 1);
        assertThat(s3.deleteObject(r -> r.bucket("bucket").key("key"))).isCompleted();
        CompletableFuture<?> missing = s3.headObject(r -> r.bucket("bucket").key("key"));
        assertThat(missing).isCompletedExceptionally();
        assertThatThrownBy(missing::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(NoSuchKeyException.class);
    }

    private CompletableFuture<StartJobRunResponse> start() {
        return emr.startJobRun(r -> r.virtualClusterId(cluster)
                .clientToken("t-1")
                .executionRoleArn(ServiceBed.ROLE)
                .releaseLabel("emr-7.5.0-latest")
                .jobDriver(d -> d.sparkSubmitJobDriver(s -> s.entryPoint("local:///job.jar"))));
    }
}
