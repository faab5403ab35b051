package io.emreks.testing.assertj;

import static io.emreks.testing.assertj.EmrEksAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emreks.client.EmrEksClient;
import io.emreks.client.JobRunHandle;
import io.emreks.error.JobRunFailedException;
import io.emreks.event.JobRunEvent;
import io.emreks.model.FailureReason;
import io.emreks.model.JobRunRequest;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import io.emreks.testing.EmrEksTestBed;
import io.emreks.testing.RecordingJobRunListener;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeFailureReason;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeJobRunState;
import io.emreks.testing.service.JobRunScript;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each assertion holds where it should and fails where it should, with a message that helps. */
class EmrEksAssertionsTest {
    private final EmrEksTestBed bed = EmrEksTestBed.create();
    private final FakeEmrEks fake = bed.fake();
    private final EmrEksClient emr = bed.client();
    private final RecordingJobRunListener heard = new RecordingJobRunListener();

    @BeforeEach
    void script() {
        fake.script(JobRunScript.completes().stdout("rows: 7"));
        fake.script(
                run -> run.name().orElse("").equals("failing"),
                JobRunScript.fails(FakeFailureReason.INTERNAL_ERROR, "broken").stderr("boom"));
    }

    @AfterEach
    void close() {
        bed.close();
    }

    private static void orders(JobRunRequest.Builder job) {
        job.name("orders")
                .jar("s3://bucket/orders.jar", "com.acme.Orders", "--password", "hunter2")
                .conf("spark.sql.shuffle.partitions", "400")
                .tag("team", "data")
                .logs(logs -> logs.s3("s3://bucket/logs/"));
    }

    private JobRunHandle completed() {
        JobRunHandle run = emr.submit(EmrEksAssertionsTest::orders);
        run.addListener(heard);
        bed.time().await(run.completion());
        bed.time().runUntilIdle();
        return run;
    }

    private JobRunHandle failed() {
        JobRunHandle run = emr.submit(job -> job.name("failing")
                .jar("s3://bucket/orders.jar", "com.acme.Orders")
                .logs(logs -> logs.s3("s3://bucket/logs/")));
        run.addListener(heard);
        bed.time().advance(Duration.ofHours(1));
        return run;
    }

    private static void fails(ThrowingCallable assertion, String... message) {
        assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessageContainingAll(message);
    }

    @Test
    void whatTheFakeSaw() {
        completed();
        assertThat(fake)
                .hasJobRuns(1)
                .hasNoLiveJobRuns()
                .received("StartJobRun", 1)
                .received("CancelJobRun", 0)
                .receivedNoUnexpectedCalls();
        assertThat(fake).onlyJobRun().isCompleted();
        assertThat(fake).jobRun("orders").isCompleted();
        assertThat(fake).driverStdout("orders").isEqualTo("rows: 7");
        assertThat(fake).driverStderr("orders").contains("Submitted application: orders");

        fails(() -> assertThat(fake).hasJobRuns(2), "Expected 2 job runs, but there are 1", "(orders), COMPLETED");
        fails(() -> assertThat(fake).received("StartJobRun", 2), "Expected 2 calls", "POST /virtualclusters");
        fails(() -> assertThat(fake).jobRun("none"), "Expected one job run named none, but there are 0");
        fails(() -> assertThat(fake).driverStdout("orders").contains("8"), "stdout of the driver of job run orders");
        emr.submit(EmrEksAssertionsTest::orders);
        bed.time().runUntilIdle();
        fails(() -> assertThat(fake).hasNoLiveJobRuns(), "but there are 1", "PENDING");
        fails(() -> assertThat(fake).onlyJobRun(), "Expected 1 job runs");
        fails(() -> assertThat(fake).jobRun("orders"), "there are 2");
    }

    @Test
    void callsThatNobodyKnows() {
        var unused = bed.s3AsyncClient().deleteBucket(bucket -> bucket.bucket("bucket"));
        fails(() -> assertThat(fake).receivedNoUnexpectedCalls(), "Unknown DELETE");
    }

    @Test
    void aRunOfTheService() {
        completed();
        FakeJobRun run = fake.jobRuns().get(0);
        assertThat(run)
                .hasState(FakeJobRunState.COMPLETED)
                .wentThrough(
                        FakeJobRunState.PENDING,
                        FakeJobRunState.SUBMITTED,
                        FakeJobRunState.RUNNING,
                        FakeJobRunState.COMPLETED)
                .hasReleaseLabel("emr-7.5.0-latest")
                .hasExecutionRole("arn:aws:iam::123456789012:role/emr-job-execution")
                .hasEntryPoint("s3://bucket/orders.jar")
                .hasEntryPointArguments("--password", "hunter2")
                .hasTag("team", "data")
                .hasSparkSetting("spark.sql.shuffle.partitions", "400")
                .hasDriverAttempts(1);
        fails(() -> assertThat(run).isCancelled(), "(orders), COMPLETED", "to be CANCELLED");
        fails(() -> assertThat(run).isLive(), "to be live");
        fails(() -> assertThat(run).isFailed(FakeFailureReason.USER_ERROR), "to be FAILED with USER_ERROR");
        fails(() -> assertThat(run).wentThrough(FakeJobRunState.PENDING), "to have gone through [PENDING]");
        fails(() -> assertThat(run).hasReleaseLabel("emr-6.9.0-latest"), "emr-6.9.0-latest", "emr-7.5.0-latest");
        fails(() -> assertThat(run).hasExecutionRole("arn"), "the execution role arn");
        fails(() -> assertThat(run).hasEntryPoint("s3://bucket/x.jar"), "the entry point s3://bucket/x.jar");
        fails(() -> assertThat(run).hasTag("team", "ops"), "the tag team ops, not data");
        fails(() -> assertThat(run).hasSparkSetting("spark.x", "1"), "the Spark setting spark.x 1, not null");
        fails(() -> assertThat(run).hasDriverAttempts(2), "driver attempt 2");
        assertThatThrownBy(() -> assertThat(run).hasEntryPointArguments("--date"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("[--date]")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void aRunThatFailed() {
        JobRunHandle handle = failed();
        assertThat(fake).jobRun("failing").isFailed(FakeFailureReason.INTERNAL_ERROR);
        assertThat(fake).driverStderr("failing").isEqualTo("boom");
        fails(() -> assertThat(fake).driverStdout("failing"), "Expected a driver's stdout", "stderr.gz");
        assertThat(handle)
                .isSeenIn(JobRunState.FAILED)
                .hasAttempts(1)
                .failure()
                .isInstanceOf(JobRunFailedException.class);
        JobRunSnapshot last = handle.latest().orElseThrow();
        assertThat(last).hasState(JobRunState.FAILED).isFailed(FailureReason.INTERNAL_ERROR);
        fails(() -> assertThat(last).isFailed(FailureReason.USER_ERROR), "to be FAILED with USER_ERROR");
        fails(() -> assertThat(last).isCompleted(), "to be COMPLETED");
        fails(() -> assertThat(last).isCancelled(), "to be CANCELLED");
        fails(() -> assertThat(last).wasSeenIn(JobRunState.FAILED), "to have been seen in [FAILED]");
        fails(() -> assertThat(handle).isCompleted(), "Expected job failing to be completed, but it failed");
        fails(() -> assertThat(handle).isSeenIn(JobRunState.RUNNING), "to be seen in RUNNING", "was seen in FAILED");
        assertThat(heard).heardFailure();
        fails(() -> assertThat(heard).heardCompletion(), "that the run completed");
    }

    @Test
    void aHandle() {
        JobRunHandle live = emr.submit(EmrEksAssertionsTest::orders);
        assertThat(live).isLive();
        fails(() -> assertThat(live).isCompleted(), "it is live, was seen in no state yet");
        fails(() -> assertThat(live).failure(), "to be over without having completed");
        bed.time().await(live.completion());
        assertThat(live).isCompleted();
        fails(() -> assertThat(live).isLive(), "it completed");
        fails(() -> assertThat(live).hasAttempts(2), "to have 2 attempts");
    }

    @Test
    void aListener() {
        completed();
        JobRunState[] states = heard.states().toArray(JobRunState[]::new);
        assertThat(heard)
                .heardStates(states)
                .heard(JobRunEvent.Accepted.class, 1)
                .heardCompletion();
        fails(() -> assertThat(heard).heardStates(JobRunState.PENDING), "the states [PENDING]", "Accepted");
        fails(() -> assertThat(heard).heard(JobRunEvent.PollFailed.class, 1), "1 times PollFailed");
        fails(() -> assertThat(heard).heardFailure(), "without completing");
    }
}
