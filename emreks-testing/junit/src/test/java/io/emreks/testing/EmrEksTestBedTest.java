package io.emreks.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.emreks.client.CancelResult;
import io.emreks.client.EmrEksClient;
import io.emreks.client.JobRunHandle;
import io.emreks.error.ClientClosedException;
import io.emreks.error.JobRunCancelledException;
import io.emreks.error.JobRunFailedException;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunRequest;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeRequest;
import io.emreks.testing.service.Fault;
import io.emreks.testing.service.JobRunScript;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.emrcontainers.model.InternalServerException;

class EmrEksTestBedTest {
    private static final Consumer<JobRunRequest.Builder> JOB =
            job -> job.name("orders").jar("s3://bucket/orders.jar", "com.acme.Orders", "--secret", "hunter2");

    @AutoClose
    private final EmrEksTestBed bed = EmrEksTestBed.create();

    @Test
    void runsAJobInVirtualTime() throws InterruptedException {
        JobRunHandle run = bed.client().submit(JOB);

        JobRunSnapshot end = run.await(Duration.ofHours(1));

        assertThat(end.state()).isEqualTo(JobRunState.COMPLETED);
        assertThat(end.createdAt()).contains(bed.fake().jobRuns().get(0).createdAt());
        assertThat(Duration.between(
                        end.createdAt().orElseThrow(), bed.time().clock().instant()))
                .isBetween(Duration.ofMinutes(1), Duration.ofHours(1));
        assertThat(bed.fake().jobRuns())
                .extracting(FakeJobRun::virtualClusterId, FakeJobRun::releaseLabel, FakeJobRun::executionRoleArn)
                .containsExactly(tuple(
                        bed.virtualClusterId(),
                        "emr-7.5.0-latest",
                        "arn:aws:iam::123456789012:role/emr-job-execution"));
    }

    @Test
    void doesTheSameEveryTime() throws InterruptedException {
        try (EmrEksTestBed other = EmrEksTestBed.create()) {
            for (EmrEksTestBed each : List.of(bed, other)) {
                each.fake().faults().next("DescribeJobRun", 3, Fault.throttle());
                each.client().submit(JOB).await(Duration.ofHours(1));
            }

            assertThat(bed.fake().requests())
                    .hasSizeGreaterThan(5)
                    .isEqualTo(other.fake().requests());
        }
    }

    @Test
    void stagesPodTemplatesInTheFake() throws InterruptedException {
        bed.client()
                .submit(JOB.andThen(job -> job.driver(driver -> driver.pod(pod -> pod.onDemand()))))
                .await(Duration.ofHours(1));

        assertThat(bed.fake().s3().list("emreks-artifacts", "")).hasSize(1);
    }

    @Test
    void followsScriptsAndFaults() {
        bed.fake().script(JobRunScript.fails());
        bed.fake().faults().next("StartJobRun", Fault.dropAfter());

        JobRunHandle run = bed.client().submit(JOB);

        assertThatThrownBy(() -> run.await(Duration.ofHours(1))).isInstanceOf(JobRunFailedException.class);
        assertThat(bed.fake().jobRuns()).hasSize(1);
    }

    @Test
    void cancels() {
        bed.fake().script(JobRunScript.runsForever());
        JobRunHandle run = bed.client().submit(JOB);
        bed.time().await(run.started());

        CancelResult result = bed.time().await(run.cancel());

        assertThat(result).isInstanceOf(CancelResult.Requested.class);
        assertThatThrownBy(() -> run.await(Duration.ofHours(1))).isInstanceOf(JobRunCancelledException.class);
    }

    @Test
    void handsOutClientsOfTheSdk() {
        JobRunRef run = bed.time().await(bed.client().submit(JOB).accepted());

        assertThat(bed.emrContainersAsyncClient()
                        .describeJobRun(call ->
                                call.virtualClusterId(run.virtualClusterId()).id(run.id()))
                        .join()
                        .jobRun()
                        .name())
                .isEqualTo("orders");
        bed.s3AsyncClient()
                .putObject(call -> call.bucket("bucket").key("a b/ü"), AsyncRequestBody.fromString("here"))
                .join();
        assertThat(bed.fake().s3().get("bucket", "a b/ü")).contains("here".getBytes(UTF_8));
        assertThat(bed.emrContainersAsyncClient()).isSameAs(bed.emrContainersAsyncClient());
        assertThat(bed.s3AsyncClient()).isSameAs(bed.s3AsyncClient());
    }

    @Test
    void handsOutClientsThatBlock() {
        JobRunRef run = bed.time().await(bed.client().submit(JOB).accepted());
        bed.fake().faults().next("DescribeJobRun", Fault.delay(Duration.ofSeconds(1), Duration.ofSeconds(2)));
        Instant before = bed.time().clock().instant();

        assertThat(bed.emrContainersClient()
                        .describeJobRun(call ->
                                call.virtualClusterId(run.virtualClusterId()).id(run.id()))
                        .jobRun()
                        .name())
                .isEqualTo("orders");
        assertThat(bed.time().clock().instant()).isEqualTo(before.plusSeconds(3));
        bed.s3Client().putObject(call -> call.bucket("bucket").key("key"), RequestBody.fromString("here"));
        assertThat(bed.fake().s3().get("bucket", "key")).contains("here".getBytes(UTF_8));
        bed.fake().faults().always("ListJobRuns", Fault.internalError());
        assertThatThrownBy(() ->
                        bed.emrContainersClient().listJobRuns(call -> call.virtualClusterId(bed.virtualClusterId())))
                .isInstanceOf(InternalServerException.class);
        assertThat(bed.fake().requests().stream()
                        .filter(call -> call.operation().equals("ListJobRuns")))
                .hasSize(1);
    }

    @Test
    void sdkClientsDoNotRetry() {
        bed.fake().faults().always("ListJobRuns", Fault.internalError());

        assertThat(bed.emrContainersAsyncClient().listJobRuns(call -> call.virtualClusterId(bed.virtualClusterId())))
                .isCompletedExceptionally();
        assertThat(bed.fake().requests()).hasSize(1);
    }

    @Test
    void isSettable() throws InterruptedException {
        EmrEksTestBed.Builder builder = EmrEksTestBed.builder()
                .fake(fake -> fake.region("eu-west-1"))
                .fake(fake -> fake.accountId("111122223333"))
                .client(client -> client.executionRole("arn:aws:iam::111122223333:role/mine"))
                .client(client -> client.defaults(job -> job.releaseLabel("emr-6.15.0-latest")));
        try (EmrEksTestBed other = builder.build();
                EmrEksTestBed another = builder.build()) {
            other.client().submit(JOB).await(Duration.ofHours(1));

            FakeJobRun run = other.fake().jobRuns().get(0);
            assertThat(run.arn()).startsWith("arn:aws:emr-containers:eu-west-1:111122223333:");
            assertThat(run.executionRoleArn()).isEqualTo("arn:aws:iam::111122223333:role/mine");
            assertThat(run.releaseLabel()).isEqualTo("emr-6.15.0-latest");
            assertThat(another.fake().jobRuns()).isEmpty();
        }
    }

    @Test
    void refusesRealTime() {
        EmrEksTestBed.Builder builder = EmrEksTestBed.builder().fake(fake -> fake.realTime());

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("realTime()");
    }

    @Test
    void givesEveryRunItsOwnTokenEvenFromManyThreads() throws Exception {
        int runs = 200;
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<JobRunHandle>> submitted = IntStream.range(0, runs)
                    .mapToObj(i -> threads.submit(() -> bed.client().submit(JOB)))
                    .toList();
            for (Future<JobRunHandle> each : submitted) {
                bed.time().await(each.get().accepted());
            }
        } finally {
            threads.shutdown();
        }

        assertThat(bed.fake().jobRuns()).hasSize(runs);
    }

    @Test
    void knowsUnexpectedCalls() {
        bed.fake().faults().next("ListVirtualClusters", Fault.error(501, "NotImplemented", "planted"));
        assertThat(bed.emrContainersAsyncClient().listVirtualClusters(call -> {}))
                .isCompletedExceptionally();
        assertThat(bed.unexpectedCalls()).isEmpty();

        assertThat(bed.s3AsyncClient().listBuckets()).isCompletedExceptionally();
        assertThat(bed.emrContainersAsyncClient()
                        .describeJobRun(call -> call.virtualClusterId("nowhere").id("none")))
                .isCompletedExceptionally();

        assertThat(bed.unexpectedCalls()).extracting(FakeRequest::operation).containsExactly("Unknown");
    }

    @Test
    void tellsItsTimelineWithoutSecrets() throws InterruptedException {
        assertThat(bed.timeline())
                .isEqualTo("The fake service at 2026-01-01T00:00:00Z\n  Job runs: 0\n  Requests: 0\n"
                        + "  Events of the client: 0\n");
        bed.fake().script(JobRunScript.fails());
        JobRunHandle run = bed.client().submit(JOB);
        assertThatThrownBy(() -> run.await(Duration.ofHours(1))).isInstanceOf(JobRunFailedException.class);

        assertThat(bed.timeline())
                .contains("  Job runs: 1\n    " + run.ref().orElseThrow().id() + " orders, accepted 2026-01-01T00:00:")
                .contains("      +PT0S PENDING\n      +PT2S SUBMITTED\n      +PT1M2S RUNNING\n      +PT12M2S FAILED\n")
                .contains("      USER_ERROR\n      JobRun failed.")
                .contains(" StartJobRun POST /virtualclusters/" + bed.virtualClusterId() + "/jobruns -> 200\n")
                .containsPattern("DescribeJobRun GET \\S+ -> 200, \\d\\d more until 2026-01-01T00:12:\\S+Z\n")
                .containsPattern("Events of the client: \\d\n    2026-01-01T00:00:\\S+Z orders \\w{19} Accepted\n")
                .containsPattern("orders \\w{19} StateChanged RUNNING\n")
                .doesNotContain("hunter2");
        bed.time().runUntilIdle();
        assertThat(bed.timeline())
                .containsPattern(
                        "orders \\w{19} StateChanged FAILED\n    \\S+ orders \\w{19} Ended: Job run .*FAILED.*\n$")
                .doesNotContain("hunter2");
    }

    @Test
    void cutsALongTimeline() {
        for (int i = 0; i < 25; i++) {
            bed.time().await(bed.client().submit(JOB).accepted());
            assertThat(bed.emrContainersAsyncClient().listVirtualClusters(call -> {}))
                    .isCompleted();
        }

        assertThat(bed.timeline())
                .contains("Job runs: 25\n    (earlier ones left out)\n")
                .containsPattern("Requests: 51\n    \\(earlier ones left out\\)\n")
                .containsPattern("Events of the client: \\d\\d\n    \\(earlier ones left out\\)\n")
                .contains(bed.fake().jobRuns().get(24).id())
                .doesNotContain(bed.fake().jobRuns().get(4).id());
    }

    @Test
    void closesTheClientAndKeepsTheRecord() {
        JobRunHandle run = bed.client().submit(JOB);
        bed.time().await(run.accepted());
        EmrEksClient client = bed.client();

        bed.close();
        bed.close();

        assertThatThrownBy(() -> client.submit(JOB)).isInstanceOf(ClientClosedException.class);
        assertThat(run.completion()).isCompletedExceptionally();
        assertThat(bed.fake().jobRuns()).hasSize(1);
    }
}
