package io.emreks.testing.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.emrcontainers.model.Configuration;
import software.amazon.awssdk.services.emrcontainers.model.EmrContainersException;
import software.amazon.awssdk.services.emrcontainers.model.StartJobRunRequest;
import software.amazon.awssdk.services.emrcontainers.model.ValidationException;

/** What a test can make the fake do, beyond what a client of the service can. */
class DrivingTest extends ServiceBed {
    @Override
    boolean overHttp() {
        return false;
    }

    private FakeJobRunState state(String id) {
        return fake.jobRun(id).state();
    }

    @Test
    void aRunIsHeldInAStateUntilItIsReleased() {
        String id = start();
        fake.holds().jobRun(id, FakeJobRunState.RUNNING);
        assertThat(fake.jobRun(id).history())
                .extracting(FakeJobRun.Change::state)
                .containsExactly(FakeJobRunState.PENDING, FakeJobRunState.SUBMITTED, FakeJobRunState.RUNNING);
        fake.time().advance(Duration.ofDays(2));
        assertThat(state(id)).isEqualTo(FakeJobRunState.RUNNING);
        fake.holds().release(id);
        assertThat(state(id)).isEqualTo(FakeJobRunState.COMPLETED);
        assertThat(fake.jobRun(id).finishedAt()).contains(fake.clock().instant());
        assertThatThrownBy(() -> fake.holds().jobRun(id, FakeJobRunState.RUNNING))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is COMPLETED and cannot become RUNNING");
        assertThatThrownBy(() -> fake.holds().jobRun("none", FakeJobRunState.RUNNING))
                .isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> fake.holds().release("none")).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void aHoldEndsBeforeItsTimeOrIsCancelled() {
        String early = start();
        fake.holds().jobRun(early, FakeJobRunState.PENDING);
        fake.time().advance(Duration.ofSeconds(1));
        fake.holds().release(early);
        assertThat(state(early)).isEqualTo(FakeJobRunState.PENDING);
        fake.time().advance(Duration.ofSeconds(1));
        assertThat(state(early)).isEqualTo(FakeJobRunState.SUBMITTED);

        String stuck = start("stuck", "t-2");
        fake.holds().jobRun(stuck, FakeJobRunState.SUBMITTED);
        fake.time().advance(Duration.ofHours(1));
        assertThat(state(stuck)).as("no start time-out").isEqualTo(FakeJobRunState.SUBMITTED);
        cancel(stuck);
        fake.holds().jobRun(stuck, FakeJobRunState.CANCEL_PENDING);
        fake.time().advance(Duration.ofHours(1));
        assertThat(state(stuck)).isEqualTo(FakeJobRunState.CANCEL_PENDING);
        assertThatThrownBy(() -> fake.holds().jobRun(stuck, FakeJobRunState.FAILED))
                .isInstanceOf(IllegalStateException.class);
        fake.holds().releaseAll();
        assertThat(state(stuck)).isEqualTo(FakeJobRunState.CANCELLED);
    }

    @Test
    void whatIsMadeNextCanBeHeld() {
        fake.holds().newJobRuns(FakeJobRunState.FAILED);
        fake.limitJobRuns(cluster, 1, 10);
        String failed = start();
        assertThat(fake.jobRun(failed).failureReason()).contains(FakeFailureReason.USER_ERROR);
        fake.holds().newJobRuns(FakeJobRunState.RUNNING);
        List<String> two = List.of(start("a", "t-2"), start("b", "t-3"));
        assertThat(two).allSatisfy(id -> assertThat(state(id)).isEqualTo(FakeJobRunState.RUNNING));

        fake.holds().newVirtualClusters(FakeVirtualClusterState.ARRESTED);
        String arrested = fake.createVirtualCluster("second");
        assertThat(clusterState(arrested)).isEqualTo("ARRESTED");
        assertThatThrownBy(() -> client.startJobRun(request("o", "t-9").toBuilder()
                        .virtualClusterId(arrested)
                        .build()))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("Virtual cluster state ARRESTED is not valid to create resource JobRun.");
        fake.holds().releaseAll();
        assertThat(state(start("c", "t-4"))).isEqualTo(FakeJobRunState.PENDING);
        assertThat(clusterState(fake.createVirtualCluster("third"))).isEqualTo("RUNNING");
    }

    @Test
    void aHeldVirtualClusterIsDeletedAfterwards() {
        fake.holds().virtualCluster(cluster, FakeVirtualClusterState.RUNNING);
        client.deleteVirtualCluster(r -> r.id(cluster));
        fake.time().advance(Duration.ofDays(1));
        assertThat(clusterState(cluster)).isEqualTo("RUNNING");
        fake.holds().release(cluster);
        assertThat(clusterState(cluster)).isEqualTo("TERMINATING");
        fake.time().advance(Duration.ofSeconds(30));
        assertThat(clusterState(cluster)).isEqualTo("TERMINATED");
        assertThatThrownBy(() -> fake.holds().virtualCluster("none", FakeVirtualClusterState.RUNNING))
                .isInstanceOf(NoSuchElementException.class);
    }

    private String clusterState(String id) {
        return client.describeVirtualCluster(r -> r.id(id)).virtualCluster().stateAsString();
    }

    @Test
    void anEngineKeepsItsRuns() {
        RecordingEngine engine = new RecordingEngine();
        replace(FakeEmrEks.builder().engine(engine));
        String id = start();
        assertThatThrownBy(() -> fake.holds().jobRun(id, FakeJobRunState.RUNNING))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("An engine runs job run");
        fake.holds().newJobRuns(FakeJobRunState.RUNNING);
        assertThat(state(start("held", "t-2"))).isEqualTo(FakeJobRunState.RUNNING);
        assertThat(engine.started).hasSize(1);
    }

    @Test
    void anEngineTellsWhereTheSparkUiIsWhileItsRunRuns() {
        RecordingEngine engine = new RecordingEngine();
        replace(FakeEmrEks.builder().engine(engine));
        String id = start();
        JobRunControl control = engine.controls.get(0);
        URI address = URI.create("http://127.0.0.1:40123");
        control.sparkUi(Optional.of(address));
        assertThat(fake.jobRun(id).sparkUi()).isEmpty();
        control.submitted();
        control.running();
        assertThat(fake.jobRun(id).sparkUi()).isEmpty();
        control.sparkUi(Optional.of(address));
        assertThat(fake.jobRun(id).sparkUi()).contains(address);
        assertThat(jobRunsOverHttp()).contains("\"sparkUi\":\"http://127.0.0.1:40123\"");
        control.sparkUi(Optional.empty());
        assertThat(fake.jobRun(id).sparkUi()).isEmpty();
        control.sparkUi(Optional.of(address));
        control.completed();
        control.sparkUi(Optional.of(address));
        assertThat(fake.jobRun(id).sparkUi()).isEmpty();
        assertThat(jobRunsOverHttp()).contains(id).doesNotContain("sparkUi");
    }

    private String jobRunsOverHttp() {
        ApiRequest request = new ApiRequest("GET", "localhost", "/_emreks/jobruns", "", Map.of(), new byte[0]);
        return new String(new ControlApi(fake).handle(request).body(), StandardCharsets.UTF_8);
    }

    @Test
    void aRunTellsWhichDriverItHas() {
        String submitted = start();
        String sql = client.startJobRun(request("sql", "t-2").toBuilder()
                        .jobDriver(driver -> driver.sparkSqlJobDriver(
                                script -> script.entryPoint("s3://bucket/q.sql").sparkSqlParameters("-d x=1")))
                        .build())
                .id();
        assertThat(fake.jobRun(submitted).driver()).isEqualTo(FakeJobDriver.SPARK_SUBMIT);
        assertThat(fake.jobRun(sql).driver()).isEqualTo(FakeJobDriver.SPARK_SQL);
        assertThat(fake.jobRun(sql).entryPoint()).isEqualTo("s3://bucket/q.sql");
        assertThat(fake.jobRun(sql).sparkSubmitParameters()).isEqualTo("-d x=1");
    }

    @Test
    void aDriverThatDoesNotStartInTimeFailsTheRun() {
        fake.script(JobRunScript.neverStarts());
        String id = start();
        String patient = client.startJobRun(request("patient", "t-2").toBuilder()
                        .configurationOverrides(c -> c.applicationConfiguration(Configuration.builder()
                                .classification("emr-containers-defaults")
                                .properties(Map.of("job-start-timeout", "1800"))
                                .build()))
                        .build())
                .id();
        fake.time().advance(Duration.ofMinutes(15).plusSeconds(1));
        assertThat(state(id)).isEqualTo(FakeJobRunState.SUBMITTED);
        fake.time().advance(Duration.ofSeconds(1));
        assertThat(fake.jobRun(id)).satisfies(run -> {
            assertThat(run.state()).isEqualTo(FakeJobRunState.FAILED);
            assertThat(run.failureReason()).contains(FakeFailureReason.USER_ERROR);
            assertThat(run.stateDetails().orElseThrow())
                    .startsWith("JobRun timed out before job controller pod started running due to lack of cluster");
        });
        fake.time().advance(Duration.ofMinutes(15).minusSeconds(1));
        assertThat(state(patient)).isEqualTo(FakeJobRunState.SUBMITTED);
        fake.time().advance(Duration.ofSeconds(1));
        assertThat(state(patient)).isEqualTo(FakeJobRunState.FAILED);
    }

    @Test
    void lifelikeRunsStartInOneToTwoMinutesAndRunForLognormalTimes() {
        replace(FakeEmrEks.builder().seed(7));
        fake.script(JobRunScript.lifelike().runningFor(Duration.ofMinutes(10)));
        for (int i = 0; i < 500; i++) {
            start("orders", "t-" + i);
        }
        fake.time().advance(Duration.ofDays(30));
        List<Long> running = new ArrayList<>();
        for (FakeJobRun run : fake.jobRuns()) {
            Instant started = run.history().get(2).at();
            assertThat(Duration.between(run.createdAt(), started))
                    .isBetween(Duration.ofMinutes(1), Duration.ofMinutes(2));
            running.add(
                    Duration.between(started, run.finishedAt().orElseThrow()).toSeconds());
        }
        running.sort(null);
        assertThat(running.get(250)).isBetween(480L, 720L); // the median
        assertThat(running.get(420)).isBetween(850L, 1150L); // the square root of e times the median, one sigma above
        assertThat(JobRunScript.lifelike())
                .hasToString(
                        "lifelike, about PENDING PT2S, SUBMITTED PT1M, RUNNING PT11M, cancel takes PT5S, ends COMPLETED");
    }

    @Test
    void whatRunsWriteIsKeptWhereTheServiceKeepsIt() {
        fake.script(JobRunScript.fails()
                .driverFails(2, Duration.ofMinutes(1))
                .stdout("out")
                .stderr("boom")
                .executorLogs(1, "", "lost")
                .submitterStderr("submitted"));
        StartJobRunRequest request = request("orders", "t-1").toBuilder()
                .configurationOverrides(c ->
                        c.monitoringConfiguration(m -> m.s3MonitoringConfiguration(s -> s.logUri("s3://bucket/logs"))
                                .cloudWatchMonitoringConfiguration(
                                        w -> w.logGroupName("/emr/orders").logStreamNamePrefix("nightly"))))
                .build();
        String id = client.startJobRun(request).id();
        String twice = client.startJobRun(request.toBuilder()
                        .clientToken("t-2")
                        .retryPolicyConfiguration(p -> p.maxAttempts(2))
                        .build())
                .id();
        fake.time().advance(Duration.ofSeconds(62));
        assertThat(fake.s3().list("bucket", "")).isEmpty();
        fake.time().advance(Duration.ofDays(1));

        String folder = cluster + "/jobs/" + id + "/containers/";
        String application = folder + "spark-[0-9a-f]{32}/spark-" + id;
        assertThat(fake.logs(id)).extracting(FakeLog::text).contains("boom", "out", "lost", "submitted");
        assertThat(fake.logs(id))
                .extracting(FakeLog::location)
                .satisfiesExactly(
                        submitter -> assertThat(submitter)
                                .matches("s3://bucket/logs/" + folder + id + "-[0-9a-f]{5}/stderr\\.gz"),
                        driver -> assertThat(driver).matches("s3://bucket/logs/" + application + "-driver/stderr\\.gz"),
                        driver -> assertThat(driver).matches("s3://bucket/logs/" + application + "-driver/stdout\\.gz"),
                        executor ->
                                assertThat(executor).matches("s3://bucket/logs/" + application + "-exec-1/stderr\\.gz"),
                        submitter -> assertThat(submitter)
                                .matches("/emr/orders:nightly/" + folder + id + "-[0-9a-f]{5}/stderr"),
                        driver -> assertThat(driver).matches("/emr/orders:nightly/" + application + "-driver/stderr"),
                        driver -> assertThat(driver).matches("/emr/orders:nightly/" + application + "-driver/stdout"),
                        executor ->
                                assertThat(executor).matches("/emr/orders:nightly/" + application + "-exec-1/stderr"));
        assertThat(fake.logs(twice).stream().filter(FakeLog::ofDriver))
                .as("two drivers, in S3 and in CloudWatch")
                .hasSize(8)
                .allSatisfy(log -> assertThat(log.pod()).matches("spark-" + twice + "-driver-[0-9a-f]{8}"))
                .allSatisfy(log -> assertThat(log.toString()).doesNotContain("boom"));
        assertThat(fake.logs(twice))
                .filteredOn(log -> log.text().equals("lost"))
                .allSatisfy(log -> assertThat(log.pod()).matches("spark-" + twice + "-exec-[0-9a-f]{8}-1"));

        assertThat(fake.cloudWatchLogs().groups()).containsExactly("/emr/orders");
        assertThat(fake.cloudWatchLogs().text("/emr/orders", "none")).isEmpty();
        assertThat(fake.cloudWatchLogs().streams("none")).isEmpty();
        assertThatThrownBy(() -> fake.logs("none")).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> JobRunScript.completes().executorLogs(1_001, "", ""))
                .hasMessageContaining("give 0 to 1,000");
    }

    @Test
    void whatRunsWriteIsSaidOverHttpToo() {
        control("{\"stdout\":\"out\",\"submitterStderr\":\"sent\",\"executorStderr\":\"lost\"}");
        String two = start();
        control("{\"stderr\":\"boom\",\"executors\":1,\"executorStdout\":\"rows\"}");
        String one = start("others", "t-2");
        fake.time().advance(Duration.ofDays(1));
        assertThat(fake.logs(two))
                .extracting(FakeLog::text)
                .contains("out", "sent")
                .filteredOn("lost"::equals)
                .hasSize(2);
        assertThat(fake.logs(one))
                .extracting(FakeLog::text)
                .contains("boom")
                .filteredOn("rows"::equals)
                .hasSize(1);
        assertThat(fake.logs(one)).as("submitter, driver, executor").hasSize(3);
    }

    private void control(String script) {
        ApiRequest request = new ApiRequest(
                "PUT", "localhost", "/_emreks/script", "", Map.of(), script.getBytes(StandardCharsets.UTF_8));
        assertThat(new ControlApi(fake).handle(request).status()).isEqualTo(200);
    }

    @Test
    void runsWriteTheUsualWhereNobodySaysWhat() {
        fake.script(FakeJobRun.named("failing"), JobRunScript.fails());
        fake.script(FakeJobRun.named("starved"), JobRunScript.neverStarts());
        String completed = start();
        String failed = start("failing", "t-2");
        String starved = start("starved", "t-3");
        String cancelled = start("cancelled", "t-4");
        String unsubmitted = start("unsubmitted", "t-5");
        fake.holds().jobRun(unsubmitted, FakeJobRunState.PENDING);
        fake.holds().jobRun(cancelled, FakeJobRunState.RUNNING);
        fake.time().advance(Duration.ofMinutes(1));
        cancel(cancelled);
        cancel(unsubmitted);
        fake.time().advance(Duration.ofDays(1));

        assertThat(fake.logs(completed))
                .as("submitter, driver and two executors")
                .hasSize(4)
                .allSatisfy(log -> assertThat(log.file()).isEqualTo("stderr"));
        assertThat(driverLog(completed))
                .contains("INFO SparkContext: Submitted application: orders", "Successfully stopped SparkContext");
        assertThat(driverLog(failed)).contains("Exception in thread \"main\"").doesNotContain("Successfully");
        assertThat(driverLog(cancelled)).contains("Shutdown hook called");
        assertThat(fake.logs(starved))
                .singleElement()
                .satisfies(log -> assertThat(log.text()).contains("FailedScheduling"));
        assertThat(fake.logs(unsubmitted)).isEmpty();
        String elsewhere = client.startJobRun(request("orders", "t-6").toBuilder()
                        .configurationOverrides(c -> c.monitoringConfiguration(m -> {}))
                        .build())
                .id();
        fake.time().advance(Duration.ofDays(1));
        assertThat(fake.logs(elsewhere)).isEmpty();
    }

    private String driverLog(String id) {
        return fake.logs(id).stream()
                .filter(FakeLog::ofDriver)
                .map(FakeLog::text)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void scriptsAreForRunsOfANameATagOrAnEntryPoint() {
        fake.script(FakeJobRun.named("orders"), JobRunScript.fails());
        String named = start();
        String other = start("others", "t-2");
        fake.script(FakeJobRun.tagged("team", "ops"), JobRunScript.fails());
        fake.script(FakeJobRun.tagged("team", "data"), JobRunScript.runsForever());
        String tagged = start("others", "t-3");
        fake.script(FakeJobRun.ofEntryPoint("s3://bucket/jobs/orders"), JobRunScript.fails());
        fake.script(FakeJobRun.ofEntryPoint("s3://bucket/jobs/orders.jar"), JobRunScript.neverStarts());
        String ofEntryPoint = start("others", "t-4");
        fake.time().advance(Duration.ofMinutes(14));
        assertThat(state(named)).isEqualTo(FakeJobRunState.FAILED);
        assertThat(state(other)).isEqualTo(FakeJobRunState.COMPLETED);
        assertThat(state(tagged)).isEqualTo(FakeJobRunState.RUNNING);
        assertThat(state(ofEntryPoint)).isEqualTo(FakeJobRunState.SUBMITTED);
    }

    @Test
    void requestsAreDecoded() {
        String id = start();
        describe(id);
        client.listJobRuns(r -> r.virtualClusterId(cluster)
                .statesWithStrings("RUNNING", "PENDING")
                .maxResults(5));
        assertThat(fake.requests())
                .extracting(FakeRequest::input)
                .satisfiesExactly(
                        started -> assertThat(started.orElseThrow())
                                .containsEntry("virtualClusterId", cluster)
                                .containsEntry("name", "orders")
                                .containsEntry("tags", Map.of("team", "data"))
                                .extractingByKey("jobDriver")
                                .hasToString("{sparkSubmitJobDriver={entryPoint=s3://bucket/jobs/orders.jar,"
                                        + " entryPointArguments=[--date, x y],"
                                        + " sparkSubmitParameters=--class com.acme.Orders}}"),
                        described -> assertThat(described).contains(Map.of("virtualClusterId", cluster, "id", id)),
                        listed -> assertThat(listed.orElseThrow())
                                .containsEntry("states", List.of("RUNNING", "PENDING"))
                                .containsEntry("maxResults", 5));
        Instant now = fake.clock().instant();
        assertThat(new FakeRequest("PutObject", "PUT", "/bucket/key", "", "{}", now, 200, false).input())
                .isEmpty();
        assertThat(new FakeRequest("StartJobRun", "POST", "/virtualclusters/a/jobruns", "", "{\"cut", now, 200, false)
                        .input())
                .isEmpty();
    }

    @Test
    void logsThatNoBucketCanHoldAreLost() {
        fake.script(JobRunScript.completes().stdout("out"));
        String id = client.startJobRun(request("orders", "t-1").toBuilder()
                        .configurationOverrides(c -> c.monitoringConfiguration(
                                m -> m.s3MonitoringConfiguration(s -> s.logUri("s3://../../etc"))))
                        .build())
                .id();
        fake.time().advance(Duration.ofDays(1));
        assertThat(state(id)).isEqualTo(FakeJobRunState.COMPLETED);
    }

    @Test
    void callsAreThrottledBySecondsAndUntilToldOtherwise() {
        fake.throttleByQuotas(1, QuotaRefill.EVERY_SECOND);
        for (int i = 0; i < 25; i++) {
            start("orders", "t-" + i);
        }
        assertThatThrownBy(this::start).hasMessageContaining("Rate exceeded");
        fake.time().advance(Duration.ofMillis(999));
        assertThatThrownBy(this::start).hasMessageContaining("Rate exceeded");
        fake.time().advance(Duration.ofMillis(1));
        start("orders", "t-25");
        assertThatThrownBy(this::start).hasMessageContaining("Rate exceeded");
        client.untagResource(r -> r.resourceArn(fake.jobRuns().get(0).arn()).tagKeys("a"));
        fake.stopThrottling();
        start("orders", "t-26");
    }

    @Test
    void certainRequestsGoWrong() {
        fake.faults().when(call -> call.body().contains("\"name\":\"bad\""), Fault.internalError());
        start("good", "t-1");
        assertThatThrownBy(() -> start("bad", "t-2")).isInstanceOf(EmrContainersException.class);
        assertThat(fake.jobRuns()).hasSize(1);
        fake.faults().clear();
        start("bad", "t-2");
    }

    @Test
    void aLargerPageCanBeAskedFor() {
        replace(FakeEmrEks.builder().pageSize(2).largestPage(3));
        for (int i = 0; i < 5; i++) {
            start("orders", "t-" + i);
        }
        assertThat(client.listJobRuns(r -> r.virtualClusterId(cluster)).jobRuns())
                .hasSize(2);
        assertThat(client.listJobRuns(r -> r.virtualClusterId(cluster).maxResults(4))
                        .jobRuns())
                .hasSize(3);
        String token = client.listJobRuns(r -> r.virtualClusterId(cluster)).nextToken();
        assertThatThrownBy(() -> client.listVirtualClusters(r -> r.nextToken(token)))
                .as("a token of another operation")
                .isInstanceOf(ValidationException.class);
    }

    @Test
    void realTimeCanRunFaster() {
        Clock real = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), java.time.ZoneOffset.UTC);
        class Hand extends Clock {
            private Instant now = real.instant();

            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public java.time.ZoneId getZone() {
                return real.getZone();
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        }
        Hand hand = new Hand();
        ScaledClock clock = new ScaledClock(hand, 60);
        hand.now = real.instant().plusMillis(1_500);
        assertThat(clock.instant()).isEqualTo(real.instant().plusSeconds(90));
        assertThatThrownBy(() -> FakeEmrEks.builder().realTime(0)).isInstanceOf(IllegalArgumentException.class);

        replace(FakeEmrEks.builder().realTime(1_000_000));
        fake.script(JobRunScript.completes().runningFor(Duration.ZERO));
        String id = start();
        while (state(id) != FakeJobRunState.COMPLETED) { // 62 s are 62 µs
            Thread.onSpinWait();
        }
    }
}
