package io.emreks.behaviour;

import static io.emreks.behaviour.Bed.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emreks.client.CancelResult;
import io.emreks.client.CloseReport;
import io.emreks.client.EmrEksClient;
import io.emreks.client.JobRunHandle;
import io.emreks.client.WatchSettings;
import io.emreks.error.ClientClosedException;
import io.emreks.error.EmrEksException;
import io.emreks.error.InvalidJobRunRequestException;
import io.emreks.error.JobRunCancelledException;
import io.emreks.error.JobRunFailedException;
import io.emreks.error.JobRunSubmissionException;
import io.emreks.error.JobRunSubmissionException.Acceptance;
import io.emreks.error.MonitoringException;
import io.emreks.error.RequestProblem;
import io.emreks.error.StagingException;
import io.emreks.error.WaitTimeoutException;
import io.emreks.event.JobRunEvent;
import io.emreks.model.FailureReason;
import io.emreks.model.JobRunRequest;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import io.emreks.retry.ApiRetry;
import io.emreks.testing.service.FakeFailureReason;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeJobRunState;
import io.emreks.testing.service.Fault;
import io.emreks.testing.service.JobRunScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user may rely on; runs against both faces of the fake. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BehaviourSuite {
    private static final Duration DAY = Duration.ofDays(1);

    abstract Bed newBed();

    /** A fake that has seen many cases answers more slowly, as it still knows all their runs. */
    abstract int casesPerBed();

    private Bed bed;
    private int cases;

    @BeforeAll
    void openBed() {
        bed = newBed();
    }

    @AfterAll
    void closeBed() {
        bed.close();
    }

    @BeforeEach
    void cleanSlate() {
        if (++cases % casesPerBed() == 0) {
            bed.close();
            bed = newBed();
        }
        bed.next();
    }

    private <E extends EmrEksException> E failureOf(CompletableFuture<?> future, Class<E> type) {
        assertThatThrownBy(() -> bed.time.await(future))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(type);
        return type.cast(future.handle((v, e) -> e instanceof CompletionException c ? c.getCause() : e)
                .join());
    }

    // ---- the straight path

    @Test
    void aRunIsSubmittedFollowedAndEnds() throws Exception {
        bed.script(JobRunScript.completes().pendingFor(Duration.ofSeconds(1)));
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("orders"));
            Recorder heard = Recorder.on(run);
            assertThat(run.ref()).as("nothing was waited for").isEmpty();

            JobRunSnapshot end = run.await(Duration.ofHours(1));

            assertThat(end.state()).isEqualTo(JobRunState.COMPLETED);
            assertThat(end.finishedAt()).isPresent();
            assertThat(run.accepted().join()).isEqualTo(end.ref());
            assertThat(run.started().join().state()).isEqualTo(JobRunState.RUNNING);
            bed.time.runUntilIdle();
            assertThat(heard.story())
                    .containsExactly("Accepted", "SUBMITTED", "RUNNING", "COMPLETED", "Ended COMPLETED");
            heard.ranToItsEnd(run);
            assertThat(bed.runs()).hasSize(1);
        }
    }

    @Test
    void everyFieldOfTheRequestArrives() {
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job -> job.name("orders-migration")
                    .jar("s3://jobs/orders.jar", "com.acme.Orders", "--date", "2026-11-22")
                    .sensitiveArgument("s3cr3t")
                    .jars("s3://libs/udf.jar")
                    .files("s3://conf/a.json")
                    .image("123456789012.dkr.ecr.us-east-1.amazonaws.com/spark-hudi:7.5.0")
                    .hudi()
                    .conf("spark.sql.shuffle.partitions", "64")
                    .driver(d -> d.cores(2)
                            .memory("4g")
                            .memoryOverhead("1g")
                            .requestCores("1900m")
                            .env("A", "1"))
                    .executors(e -> e.instances(10).cores(4).memory("14g").env("B", "2"))
                    .logs(l -> l.s3("s3://logs/runs/")
                            .cloudWatchLogGroup("/emr/jobs")
                            .cloudWatchStreamPrefix("orders")
                            .persistentAppUi(false))
                    .tag("team", "data"));
            bed.time.await(run.accepted());

            FakeJobRun asked = bed.runs().get(0);
            assertThat(asked.name()).contains("orders-migration");
            assertThat(asked.executionRoleArn()).isEqualTo(Bed.ROLE);
            assertThat(asked.releaseLabel()).isEqualTo("emr-7.5.0-latest");
            assertThat(asked.entryPoint()).isEqualTo("s3://jobs/orders.jar");
            assertThat(asked.entryPointArguments()).containsExactly("--date", "2026-11-22", "s3cr3t");
            assertThat(asked.tags()).containsEntry("team", "data").hasSize(1);
            assertThat(asked.logUri()).contains("s3://logs/runs/");
            assertThat(asked.sparkSubmitParameters())
                    .contains("--class com.acme.Orders")
                    .contains("s3://libs/udf.jar")
                    .contains("local:///usr/lib/hudi/hudi-spark-bundle.jar")
                    .contains("--files s3://conf/a.json")
                    .contains(
                            "spark.kubernetes.container.image=123456789012.dkr.ecr.us-east-1.amazonaws.com/spark-hudi:7.5.0")
                    .contains("spark.sql.shuffle.partitions=64")
                    .contains("spark.driver.cores=2")
                    .contains("spark.driver.memory=4g")
                    .contains("spark.driver.memoryOverhead=1g")
                    .contains("spark.kubernetes.driver.request.cores=1900m")
                    .contains("spark.kubernetes.driverEnv.A=1")
                    .contains("spark.executor.instances=10")
                    .contains("spark.executor.cores=4")
                    .contains("spark.executor.memory=14g")
                    .contains("spark.executorEnv.B=2")
                    .contains("spark.sql.extensions=org.apache.spark.sql.hudi.HoodieSparkSessionExtension")
                    .contains("spark.kryo.registrator=org.apache.spark.HoodieSparkKryoRegistrar");
            assertThat(asked.requestJson())
                    .contains("\"logGroupName\":\"/emr/jobs\"")
                    .contains("\"logStreamNamePrefix\":\"orders\"")
                    .contains("\"persistentAppUI\":\"DISABLED\"");
            assertThat(run.toString() + run.request()).doesNotContain("s3cr3t");
        }
    }

    @Test
    void podTemplatesAreStagedByContentAndOnlyOnce() {
        try (EmrEksClient client = bed.client()) {
            Consumer<JobRunRequest.Builder> job = job("staged")
                    .andThen(j -> j.driver(d -> d.pod(p -> p.arm64().onDemand().doNotDisrupt()))
                            .executors(e -> e.pod(p -> p.arm64().spot())));
            JobRunHandle first = client.submit(job);
            JobRunHandle second = client.submit(job);
            bed.time.await(first.accepted());
            bed.time.await(second.accepted());

            JobRunRequest request = first.request().orElseThrow();
            String driver = request.driverPodTemplate().orElseThrow().contentHash();
            String executor = request.executorPodTemplate().orElseThrow().contentHash();
            assertThat(bed.fake.s3().get("artifacts", "emreks/pod-templates/" + driver + ".yaml"))
                    .hasValueSatisfying(yaml -> assertThat(new String(yaml, java.nio.charset.StandardCharsets.UTF_8))
                            .isEqualTo(request.driverPodTemplate().get().toYaml()));
            assertThat(bed.runs().get(0).sparkSubmitParameters())
                    .contains("spark.kubernetes.driver.podTemplateFile=s3://artifacts/emreks/pod-templates/" + driver)
                    .contains("spark.kubernetes.executor.podTemplateFile=s3://artifacts/emreks/pod-templates/"
                            + executor);
            assertThat(puts(driver)).isEqualTo(1);
            assertThat(puts(executor)).isEqualTo(1);
        }
    }

    private long puts(String hash) {
        return bed.fake.requests().stream()
                .filter(call ->
                        call.operation().equals("PutObject") && call.path().contains(hash))
                .count();
    }

    @Test
    void aFailedRunFailsTheFutureWithItsReason() {
        bed.script(JobRunScript.fails(FakeFailureReason.USER_ERROR, "JobRun failed. Out of luck."));
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("unlucky"));
            Recorder heard = Recorder.on(run);
            JobRunFailedException failure = failureOf(run.completion(), JobRunFailedException.class);
            assertThat(failure.snapshot().failureReason()).contains(FailureReason.USER_ERROR);
            assertThat(failure).hasMessageContaining("unlucky").hasMessageContaining("Out of luck");
            assertThat(failure.jobRun()).isEqualTo(run.ref());
            bed.time.runUntilIdle();
            assertThat(heard.story()).endsWith("FAILED", "Ended FAILED");
            heard.ranToItsEnd(run);
        }
    }

    @Test
    void statesThatPassedBetweenTwoLooksAreNotInvented() {
        bed.script(JobRunScript.completes()
                .pendingFor(Duration.ZERO)
                .submittedFor(Duration.ZERO)
                .runningFor(Duration.ofMillis(1)));
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("quick"));
            Recorder heard = Recorder.on(run);
            assertThat(bed.time.await(run.completion()).state()).isEqualTo(JobRunState.COMPLETED);
            assertThat(bed.time.await(run.started()).state()).isEqualTo(JobRunState.COMPLETED);
            bed.time.runUntilIdle();
            assertThat(heard.story()).containsExactly("Accepted", "COMPLETED", "Ended COMPLETED");
        }
    }

    // ---- what is refused

    @Test
    void aBadRequestIsRefusedBeforeAnyCall() {
        try (Bed untouched = newBed();
                EmrEksClient client = untouched.client()) {
            int before = untouched.fake.requests().size();
            assertThatThrownBy(() -> client.submit(job -> job.name("")
                            .executionRole("role/me")
                            .jar("jobs/" + "x".repeat(300), "A")
                            .driver(d -> d.pod(p -> p.arm64()))))
                    .isInstanceOfSatisfying(
                            InvalidJobRunRequestException.class,
                            invalid -> assertThat(invalid.problems())
                                    .extracting(RequestProblem::field)
                                    .containsExactlyInAnyOrder("name", "executionRoleArn", "entryPoint", "entryPoint"));
            untouched.time.advance(DAY);
            assertThat(untouched.fake.requests()).hasSize(before);
        }
    }

    @Test
    void anUnknownVirtualClusterNameFailsAfterOneLookUpWithTheNamesThatExist() {
        try (Bed small = newBed();
                EmrEksClient client = small.client(builder -> builder.virtualCluster("no-such"))) {
            JobRunHandle run = client.submit(job("lost"));
            Recorder heard = Recorder.on(run);
            assertThatThrownBy(() -> small.time.await(run.accepted()))
                    .cause()
                    .isInstanceOfSatisfying(JobRunSubmissionException.class, failure -> {
                        assertThat(failure).hasMessageContaining("no-such").hasMessageContaining("cluster-0");
                        assertThat(failure.acceptance()).isEqualTo(Acceptance.NOT_ACCEPTED);
                        assertThat(failure.attempts()).isZero();
                    });
            assertThat(small.calls("ListVirtualClusters")).isEqualTo(1);
            assertThat(small.calls("StartJobRun")).isZero();
            small.time.runUntilIdle();
            assertThat(heard.story()).containsExactly("Ended without a run");
        }
    }

    @Test
    void anUnknownVirtualClusterIdFailsAfterOneLookUpWithTheNamesThatExist() {
        try (Bed small = newBed();
                EmrEksClient client = small.client(builder -> builder.virtualCluster("0123456789abcdefghijklmno"))) {
            JobRunHandle run = client.submit(job("lost"));
            assertThatThrownBy(() -> small.time.await(run.accepted()))
                    .cause()
                    .isInstanceOfSatisfying(JobRunSubmissionException.class, failure -> {
                        assertThat(failure)
                                .hasMessageContaining("doesn't exist")
                                .hasMessageContaining("cluster-0");
                        assertThat(failure.acceptance()).isEqualTo(Acceptance.NOT_ACCEPTED);
                    });
            assertThat(small.calls("ListVirtualClusters")).isEqualTo(1);
        }
    }

    @Test
    void aCloseDoesNotWaitForEverForTheNamesThatExist() {
        try (Bed small = newBed()) {
            EmrEksClient client = small.client(builder -> builder.virtualCluster("0123456789abcdefghijklmno"));
            small.fake.faults().next("ListVirtualClusters", Fault.delay(Duration.ofSeconds(25), Duration.ZERO));
            JobRunHandle run = client.submit(job("lost"));
            Recorder heard = Recorder.on(run);
            small.time.advance(Duration.ofSeconds(1));
            client.close(Duration.ofSeconds(10));
            small.time.runUntilIdle();
            heard.ranToItsEnd(run);
            assertThatThrownBy(() -> run.accepted().join())
                    .hasCauseInstanceOf(JobRunSubmissionException.class)
                    .hasMessageContaining("doesn't exist");
            small.time.advance(DAY);
        }
    }

    @Test
    void aVirtualClusterNameIsLookedUpOnce() {
        try (Bed small = newBed();
                EmrEksClient client = small.client(builder -> builder.virtualCluster("cluster-0"))) {
            JobRunHandle first = client.submit(job("a"));
            JobRunHandle second = client.submit(job("b"));
            small.time.await(first.accepted());
            small.time.await(second.accepted());
            small.time.await(client.submit(job("c")).accepted());
            assertThat(small.calls("ListVirtualClusters")).isEqualTo(1);
            assertThat(small.runs()).hasSize(3);
        }
    }

    @Test
    void aVirtualClusterMadeAnewUnderItsNameIsFound() {
        try (Bed small = newBed();
                EmrEksClient client = small.client(builder -> builder.virtualCluster("again"))) {
            String first = small.fake.createVirtualCluster("again");
            small.time.await(client.submit(job("a")).accepted());
            small.delete(first);
            String second = small.fake.createVirtualCluster("again");
            assertThatThrownBy(() -> small.time.await(client.submit(job("b")).accepted()))
                    .hasMessageContaining("TERMINATED");
            assertThat(small.time.await(client.submit(job("c")).accepted()).virtualClusterId())
                    .isEqualTo(second);
        }
    }

    @Test
    void aCancelWhileTheServiceIsLeftAloneStartsNothing() {
        try (Bed own = newBed();
                EmrEksClient client = own.client(builder ->
                        builder.apiRetry(ApiRetry.builder().maxAttempts(1).build()))) {
            own.fake.faults().next("StartJobRun", 20, Fault.internalError());
            own.fake.faults().always("ListJobRuns", Fault.internalError());
            for (int i = 0; i < 20; i++) {
                CompletableFuture<?> failed = client.submit(job("down")).accepted();
                assertThatThrownBy(() -> own.time.await(failed)).hasCauseInstanceOf(JobRunSubmissionException.class);
            }
            JobRunHandle run = client.submit(job("waiting"));
            own.time.advance(Duration.ofMillis(1_500));
            assertThat(own.time.await(run.cancel())).isInstanceOf(CancelResult.NeverStarted.class);
            own.time.advance(DAY);
            assertThat(own.runs()).isEmpty();
        }
    }

    @Test
    void aRefusalOfTheServiceIsFinalAndSaysSo() {
        bed.fake.faults().next("StartJobRun", Fault.error(400, "ValidationException", "the queue is a mystery"));
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("refused"));
            JobRunSubmissionException failure = failureOf(run.completion(), JobRunSubmissionException.class);
            assertThat(failure).hasMessageContaining("the queue is a mystery");
            assertThat(failure.acceptance()).isEqualTo(Acceptance.NOT_ACCEPTED);
            assertThat(failure.attempts()).isEqualTo(1);
            assertThat(failure.retryable()).isFalse();
            assertThat(bed.runs()).isEmpty();
        }
    }

    @Test
    void accessDeniedIsNotTriedAgain() {
        bed.fake.faults().next("StartJobRun", Fault.accessDenied());
        try (EmrEksClient client = bed.client()) {
            JobRunSubmissionException failure =
                    failureOf(client.submit(job("denied")).accepted(), JobRunSubmissionException.class);
            assertThat(failure).hasMessageContaining("AccessDenied");
            assertThat(failure.attempts()).isEqualTo(1);
        }
    }

    @Test
    void aTemplateThatCannotBeStagedStartsNothing() {
        bed.fake.faults().next("PutObject", Fault.accessDenied());
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("unstaged").andThen(j -> j.driver(d -> d.pod(p -> p.arm64()))));
            StagingException failure = failureOf(run.accepted(), StagingException.class);
            assertThat(failure).hasMessageContaining("s3://artifacts/emreks/pod-templates/");
            assertThat(bed.runs()).isEmpty();
            JobRunHandle again = client.submit(job("unstaged").andThen(j -> j.driver(d -> d.pod(p -> p.arm64()))));
            bed.time.await(again.accepted());
        }
    }

    // ---- answers that do not come

    @Test
    void aThrottledStartIsTriedAgainWithTheSameToken() {
        bed.fake.faults().next("StartJobRun", 3, Fault.throttle());
        try (EmrEksClient client = bed.client()) {
            bed.time.await(client.submit(job("throttled")).accepted());
            assertThat(bed.runs()).hasSize(1);
            assertThat(tokensSent()).hasSize(4).containsOnly(bed.runs().get(0).clientToken());
        }
    }

    @Test
    void anAnswerThatWasLostLeadsToTheSameRun() {
        bed.fake.faults().next("StartJobRun", Fault.dropAfter());
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("lost-answer"));
            bed.time.await(run.accepted());
            assertThat(bed.runs()).hasSize(1);
            assertThat(run.ref().orElseThrow().id()).isEqualTo(bed.runs().get(0).id());
            assertThat(tokensSent()).hasSize(2).containsOnly(bed.runs().get(0).clientToken());
        }
    }

    @Test
    void anAnswerThatComesTooLateLeadsToTheSameRun() {
        bed.fake.faults().next("StartJobRun", Fault.delay(Duration.ZERO, Duration.ofMinutes(5)));
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("late-answer"));
            bed.time.await(run.accepted());
            assertThat(bed.runs()).hasSize(1);
            bed.time.advance(Duration.ofMinutes(6));
            assertThat(bed.runs()).hasSize(1);
        }
    }

    @Test
    void whenNoTryIsAnsweredTheRunIsFoundByItsToken() {
        bed.fake.faults().next("StartJobRun", 3, Fault.dropAfter());
        try (EmrEksClient client = bed.client(
                builder -> builder.apiRetry(ApiRetry.builder().maxAttempts(3).build()))) {
            JobRunHandle run = client.submit(job("unanswered"));
            assertThat(bed.time.await(run.accepted()).id())
                    .isEqualTo(bed.runs().get(0).id());
            assertThat(bed.runs()).hasSize(1);
            assertThat(bed.time.await(run.completion()).state()).isEqualTo(JobRunState.COMPLETED);
        }
    }

    @Test
    void whenNoTryIsAnsweredAndNothingIsListedItIsSaidThatNobodyKnows() {
        bed.fake.faults().next("StartJobRun", 20, Fault.dropAfter());
        bed.fake.faults().always("ListJobRuns", Fault.accessDenied());
        try (EmrEksClient client = bed.client(
                builder -> builder.apiRetry(ApiRetry.builder().maxAttempts(3).build()))) {
            JobRunHandle run = client.submit(job("who-knows"));
            Recorder heard = Recorder.on(run);
            JobRunSubmissionException failure = failureOf(run.completion(), JobRunSubmissionException.class);
            assertThat(failure.acceptance()).isEqualTo(Acceptance.UNKNOWN);
            assertThat(failure.attempts()).isEqualTo(3);
            assertThat(bed.runs()).hasSize(1);
            assertThat(failure.clientToken()).isEqualTo(bed.runs().get(0).clientToken());
            assertThat(failure).hasMessageContaining(failure.clientToken());
            assertThat(failure.trace()).hasValueSatisfying(trace -> {
                assertThat(trace.virtualClusterId()).isEqualTo(bed.cluster());
                assertThat(trace.jobName()).isEqualTo("who-knows");
                assertThat(trace.since()).isBeforeOrEqualTo(bed.runs().get(0).createdAt());
            });
            bed.time.runUntilIdle();
            assertThat(heard.story()).containsExactly("WatchStopped");
            assertThat(bed.time.await(run.cancel())).isInstanceOf(CancelResult.Unknown.class);
        }
        bed.fake.faults().clear();
    }

    private List<String> tokensSent() {
        return bed.fake.requests().stream()
                .filter(call ->
                        call.operation().equals("StartJobRun") && call.path().contains(bed.cluster()))
                .map(call -> call.body().replaceAll(".*\"clientToken\":\"([^\"]+)\".*", "$1"))
                .toList();
    }

    // ---- watching

    @Test
    void looksThatFailAreFollowedByLooksThatDoNot() {
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("foggy"));
            bed.time.await(run.accepted());
            bed.fake.faults().next("DescribeJobRun", 3, Fault.internalError());
            bed.fake.faults().next("DescribeJobRun", 3, Fault.throttle());
            bed.fake.faults().next("DescribeJobRun", 2, Fault.dropBefore());
            bed.fake.faults().next("DescribeJobRun", 2, Fault.malformedBody());
            bed.fake.faults().next("DescribeJobRun", 2, Fault.expiredToken());
            assertThat(bed.time.await(run.completion()).state()).isEqualTo(JobRunState.COMPLETED);
        }
    }

    @Test
    void aWatchIsGivenUpAfterItsTimeAndTheRunIsLeftAlone() {
        bed.fake.faults().always("DescribeJobRun", Fault.accessDenied());
        try (EmrEksClient client = bed.client(builder -> builder.watch(
                WatchSettings.builder().giveUpAfter(Duration.ofMinutes(10)).build()))) {
            JobRunHandle run = client.submit(job("blind"));
            Recorder heard = Recorder.on(run);
            MonitoringException failure = failureOf(run.completion(), MonitoringException.class);
            assertThat(failure).hasMessageContaining("AccessDenied").hasMessageContaining("PT10M");
            assertThat(failure.jobRun()).isEqualTo(run.ref());
            bed.time.runUntilIdle();
            assertThat(heard.story()).containsExactly("Accepted", "WatchStopped");
            assertThat(bed.runs().get(0).state().terminal()).isFalse();
            bed.fake.faults().clear();
        }
    }

    @Test
    void aRunTheServiceDoesNotKnowIsNotWatchedForEver() {
        bed.fake
                .faults()
                .always("DescribeJobRun", Fault.error(400, "ResourceNotFoundException", "Job run x doesn't exist."));
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("ghost"));
            assertThat(failureOf(run.completion(), MonitoringException.class)).hasMessageContaining("doesn't exist");
            bed.fake.faults().clear();
        }
    }

    @Test
    void aWaitThatRunsOutTouchesNothing() throws Exception {
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("long"));
            assertThatThrownBy(() -> run.await(Duration.ofMinutes(3)))
                    .isInstanceOfSatisfying(WaitTimeoutException.class, timeout -> {
                        assertThat(timeout.jobRun()).isEqualTo(run.ref());
                        assertThat(timeout.lastSnapshot()).isPresent();
                        assertThat(timeout).hasMessageContaining("RUNNING");
                    });
            assertThat(run.await(Duration.ofHours(1)).state()).isEqualTo(JobRunState.COMPLETED);
        }
    }

    @Test
    void stopWatchingLetsGoAndCancelStillWorks() {
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("let-go"));
            Recorder heard = Recorder.on(run);
            bed.time.await(run.started());
            run.stopWatching();
            failureOf(run.completion(), MonitoringException.class);
            bed.time.runUntilIdle();
            heard.ranToItsEnd(run);
            long looks = bed.calls("DescribeJobRun");
            bed.time.advance(Duration.ofMinutes(2));
            assertThat(bed.calls("DescribeJobRun")).isEqualTo(looks);
            assertThat(bed.time.await(run.cancel())).isInstanceOf(CancelResult.Requested.class);
            bed.time.advance(Duration.ofMinutes(1));
            assertThat(bed.runs().get(0).state()).isEqualTo(FakeJobRunState.CANCELLED);
            assertThat(bed.time.await(run.cancel())).isInstanceOf(CancelResult.Requested.class);
        }
    }

    @Test
    void stopWatchingBeforeTheRunIsAcceptedStillSubmitsIt() {
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("let-go-early"));
            run.stopWatching();
            bed.time.await(run.accepted());
            failureOf(run.completion(), MonitoringException.class);
            assertThat(bed.runs()).hasSize(1);
        }
    }

    // ---- futures and listeners

    @Test
    void nobodyOutsideCanCompleteAFuture() {
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("mine"));
            run.completion().complete(null);
            run.completion().completeExceptionally(new IllegalStateException());
            run.completion().cancel(true);
            run.accepted().cancel(true);
            assertThat(bed.time.await(run.completion()).state()).isEqualTo(JobRunState.COMPLETED);
            assertThat(bed.calls("CancelJobRun")).isZero();
        }
    }

    @Test
    void aListenerThatThrowsHarmsNobodyAndGoesOnHearing() {
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("loud"));
            List<JobRunEvent> heardByThrower = new ArrayList<>();
            run.addListener(event -> {
                heardByThrower.add(event);
                throw new IllegalStateException("on purpose");
            });
            Recorder other = Recorder.on(run);
            bed.time.await(run.completion());
            bed.time.runUntilIdle();
            other.ranToItsEnd(run);
            assertThat(heardByThrower).hasSameSizeAs(other.events());
        }
    }

    @Test
    void aListenerThatComesLateHearsThePresentStateFirst() {
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("late"));
            bed.time.await(run.started());
            Recorder late = Recorder.on(run);
            bed.time.runUntilIdle();
            assertThat(late.story()).containsExactly("RUNNING");
            bed.time.await(run.completion());
            bed.time.runUntilIdle();
            late.ranToItsEnd(run);
            Recorder tooLate = Recorder.on(run);
            bed.time.runUntilIdle();
            assertThat(tooLate.story()).containsExactly("Ended COMPLETED");
        }
    }

    @Test
    void aListenerMayCloseTheClient() {
        EmrEksClient client = bed.client();
        JobRunHandle closer = client.submit(job("closer"));
        JobRunHandle other = client.submit(job("other"));
        Recorder heard = Recorder.on(closer);
        Recorder heardOther = Recorder.on(other);
        closer.addListener(event -> {
            if (event instanceof JobRunEvent.StateChanged) {
                client.close();
            }
        });
        failureOf(closer.completion(), ClientClosedException.class);
        failureOf(other.completion(), ClientClosedException.class);
        bed.time.runUntilIdle();
        heard.ranToItsEnd(closer);
        heardOther.ranToItsEnd(other);
        assertThat(bed.runs()).hasSize(2).noneMatch(run -> run.state() == FakeJobRunState.CANCELLED);
    }

    // ---- cancel and close at every moment

    /** What may happen to StartJobRun and CancelJobRun, and when the user acts. */
    record Moment(List<Fault> starts, List<Fault> cancels, Duration at) {
        @Override
        public String toString() {
            return "starts " + starts + ", cancels " + cancels + ", at " + at;
        }
    }

    static List<Moment> moments() {
        List<List<Fault>> starts = List.of(
                List.of(),
                List.of(Fault.delay(Duration.ZERO, Duration.ofSeconds(5))),
                List.of(Fault.delay(Duration.ofSeconds(5), Duration.ZERO)),
                List.of(Fault.delay(Duration.ofSeconds(3), Duration.ofSeconds(3))),
                List.of(Fault.delay(Duration.ZERO, Duration.ofSeconds(40))),
                List.of(Fault.delay(Duration.ofSeconds(40), Duration.ZERO)),
                List.of(Fault.throttle(), Fault.delay(Duration.ofSeconds(2), Duration.ofSeconds(2))),
                List.of(Fault.dropAfter(), Fault.delay(Duration.ofSeconds(2), Duration.ZERO)),
                List.of(Fault.dropBefore(), Fault.throttle()),
                List.of(Fault.internalError(), Fault.dropAfter()),
                List.of(Fault.malformedBody()),
                List.of(Fault.error(400, "ValidationException", "no")));
        List<List<Fault>> cancels = List.of(
                List.of(),
                List.of(Fault.dropAfter()),
                List.of(Fault.throttle()),
                List.of(Fault.delay(Duration.ofSeconds(2), Duration.ofSeconds(2))));
        List<Moment> moments = new ArrayList<>();
        for (List<Fault> start : starts) {
            for (List<Fault> cancel : cancels) {
                for (long millis :
                        new long[] {0, 1, 2_500, 5_000, 7_000, 20_000, 90_000, 700_000, 720_000, 1_200_000}) {
                    moments.add(new Moment(start, cancel, Duration.ofMillis(millis)));
                }
            }
        }
        return moments;
    }

    /** Many looks at a run that is not the point of a case only take time over HTTP. */
    private EmrEksClient seldomLooking() {
        return bed.client(builder -> builder.watch(
                WatchSettings.builder().maxPause(Duration.ofMinutes(3)).build()));
    }

    private void arrange(Moment moment) {
        moment.starts().forEach(fault -> bed.fake.faults().next("StartJobRun", fault));
        moment.cancels().forEach(fault -> bed.fake.faults().next("CancelJobRun", fault));
    }

    @ParameterizedTest
    @MethodSource("moments")
    void aCancelAtAnyMomentGivesTheRightResultAndNeverAnOrphan(Moment moment) {
        arrange(moment);
        try (EmrEksClient client = seldomLooking()) {
            JobRunHandle run = client.submit(job("cancelled"));
            Recorder heard = Recorder.on(run);
            bed.time.advance(moment.at());
            CancelResult result = bed.time.await(run.cancel());
            bed.time.advance(DAY);

            assertThat(bed.runs()).hasSizeLessThanOrEqualTo(1);
            heard.ranToItsEnd(run);
            if (result instanceof CancelResult.NeverStarted) {
                assertThat(bed.runs()).isEmpty();
                assertThat(run.ref()).isEmpty();
            } else if (result instanceof CancelResult.Requested) {
                assertThat(bed.runs().get(0).state()).isEqualTo(FakeJobRunState.CANCELLED);
                failureOf(run.completion(), JobRunCancelledException.class);
            } else if (result instanceof CancelResult.AlreadyOver over) {
                assertThat(bed.runs().get(0).state().name())
                        .isEqualTo(over.snapshot().state().name());
            } else {
                assertThat(result).as("a result that tells").isNull();
            }
            assertThat(bed.runs()).as("no orphan").allMatch(r -> r.state().terminal());
            assertThat(bed.calls("CancelJobRun"))
                    .as("no needless cancel")
                    .isLessThanOrEqualTo(1 + moment.cancels().size());
        }
    }

    static List<Moment> momentsWithoutCancel() {
        return moments().stream().filter(moment -> moment.cancels().isEmpty()).toList();
    }

    @ParameterizedTest
    @MethodSource("momentsWithoutCancel")
    void aCloseAtAnyMomentLosesNothing(Moment moment) {
        arrange(moment);
        EmrEksClient client = seldomLooking();
        JobRunHandle run = client.submit(job("closed"));
        Recorder heard = Recorder.on(run);
        bed.time.advance(moment.at());
        boolean over = run.completion().isDone();
        CloseReport report = client.close(Duration.ofSeconds(10));
        bed.time.runUntilIdle();

        heard.ranToItsEnd(run);
        int reported = report.neverStarted().size()
                + report.leftRunning().size()
                + report.unknown().size();
        boolean refused = run.completion()
                .handle((end, failure) -> failure != null && failure.getCause() instanceof JobRunSubmissionException)
                .join();
        assertThat(reported).isEqualTo(over || refused ? 0 : 1);
        report.neverStarted().forEach(request -> assertThat(run.request()).contains(request));
        report.leftRunning().forEach(ref -> assertThat(run.ref()).contains(ref));
        long calls = bed.fake.requests().size();
        bed.time.advance(DAY);
        assertThat(bed.fake.requests()).as("a closed client makes no call").hasSize((int) calls);
        if (!report.neverStarted().isEmpty()) {
            assertThat(bed.runs()).isEmpty();
        }
        if (!report.leftRunning().isEmpty()) {
            assertThat(bed.runs()).singleElement().satisfies(left -> {
                assertThat(left.id()).isEqualTo(report.leftRunning().get(0).id());
                assertThat(left.state()).as("closing cancels nothing").isNotEqualTo(FakeJobRunState.CANCELLED);
            });
        }
        if (!report.unknown().isEmpty()) {
            assertThat(moment.starts())
                    .as("only what was not answered in ten seconds")
                    .isNotEmpty();
            assertThat(bed.runs())
                    .allMatch(left ->
                            left.clientToken().equals(report.unknown().get(0).clientToken()));
        }
        assertThatThrownBy(() -> client.submit(job("after"))).isInstanceOf(ClientClosedException.class);
        assertThat(run.cancel()).isCompletedExceptionally();
        assertThat(client.close(Duration.ofSeconds(1))).isEqualTo(report);
    }

    @ParameterizedTest
    @MethodSource("moments")
    void aCancelFollowedByACloseIsStillCarriedOut(Moment moment) {
        arrange(moment);
        EmrEksClient client = seldomLooking();
        JobRunHandle run = client.submit(job("cancelled-and-closed"));
        Recorder heard = Recorder.on(run);
        bed.time.advance(moment.at());
        CompletableFuture<CancelResult> cancel = run.cancel();
        client.close(Duration.ofMinutes(5));
        bed.time.runUntilIdle();
        assertThat(cancel).isDone();
        heard.ranToItsEnd(run);
        bed.time.advance(DAY);
        CancelResult result = cancel.join();
        if (result instanceof CancelResult.NeverStarted) {
            assertThat(bed.runs()).isEmpty();
        } else if (result instanceof CancelResult.Requested) {
            assertThat(bed.runs()).singleElement().matches(r -> r.state() == FakeJobRunState.CANCELLED);
        } else {
            assertThat(result)
                    .asInstanceOf(InstanceOfAssertFactories.type(CancelResult.AlreadyOver.class))
                    .satisfies(o -> assertThat(o.snapshot().state().terminal()).isTrue());
        }
    }

    @Test
    void askingTwiceAsksTheServiceOnce() {
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("twice"));
            bed.time.await(run.started());
            CompletableFuture<CancelResult> first = run.cancel();
            CompletableFuture<CancelResult> second = run.cancel();
            assertThat(bed.time.await(first)).isEqualTo(bed.time.await(second));
            assertThat(bed.time.await(run.cancel())).isInstanceOf(CancelResult.Requested.class);
            failureOf(run.completion(), JobRunCancelledException.class);
            assertThat(bed.time.await(run.cancel())).isInstanceOf(CancelResult.AlreadyOver.class);
            assertThat(bed.calls("CancelJobRun")).isEqualTo(1);
        }
    }

    @Test
    void aRefusedCancelSaysSoAndTheRunGoesOn() {
        bed.fake.faults().always("CancelJobRun", Fault.accessDenied());
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("protected"));
            bed.time.await(run.started());
            assertThat(bed.time.await(run.cancel()))
                    .isInstanceOfSatisfying(
                            CancelResult.Refused.class,
                            refused -> assertThat(refused.reason()).hasMessageContaining("AccessDenied"));
            bed.fake.faults().clear();
            assertThat(bed.time.await(run.cancel())).isInstanceOf(CancelResult.Requested.class);
        }
    }
}
