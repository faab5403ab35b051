package io.emreks.testing.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.emrcontainers.model.JobRun;
import software.amazon.awssdk.services.emrcontainers.model.JobRunState;
import software.amazon.awssdk.services.emrcontainers.model.StartJobRunRequest;
import software.amazon.awssdk.services.emrcontainers.model.ValidationException;

/** What a client sees of the queue of a virtual cluster and of EMR's own driver retries. */
abstract class SchedulingContract extends ServiceBed {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void runsWaitPendingUntilASlotIsFree() {
        fake.script(JobRunScript.completes()
                .pendingFor(Duration.ofSeconds(2))
                .submittedFor(Duration.ofSeconds(8))
                .runningFor(Duration.ofSeconds(50)));
        fake.limitJobRuns(cluster, 2, 5);
        String first = start("first", "t-1");
        fake.time().advance(Duration.ofSeconds(10));
        String second = start("second", "t-2");
        String third = start("third", "t-3");
        String fourth = start("fourth", "t-4");
        fake.time().advance(Duration.ofSeconds(49));
        assertThat(describe(third).state()).isEqualTo(JobRunState.PENDING);

        fake.time().advance(Duration.ofSeconds(1 + 2));
        assertThat(describe(first).state()).isEqualTo(JobRunState.COMPLETED);
        assertThat(describe(second).state()).isEqualTo(JobRunState.RUNNING);
        assertThat(describe(third).state()).isEqualTo(JobRunState.SUBMITTED);
        assertThat(describe(fourth).state()).isEqualTo(JobRunState.PENDING);

        fake.time().advance(Duration.ofHours(1));
        assertThat(finished(first)).isEqualTo(60);
        assertThat(finished(second)).isEqualTo(70);
        assertThat(finished(third)).as("got the slot of the first").isEqualTo(120);
        assertThat(finished(fourth)).as("got the slot of the second").isEqualTo(130);
    }

    @Test
    void aRunWithoutASlotFailsAfterHalfAnHour() {
        fake.script(JobRunScript.runsForever());
        fake.limitJobRuns(cluster, 1, 5);
        start("first", "t-1");
        fake.time().advance(Duration.ofMinutes(1));
        String second = start("second", "t-2");
        fake.time().advance(Duration.ofMinutes(30).minusMillis(1));
        assertThat(describe(second).state()).isEqualTo(JobRunState.PENDING);
        fake.time().advance(Duration.ofMillis(1));
        JobRun failed = describe(second);
        assertThat(failed.state()).isEqualTo(JobRunState.FAILED);
        assertThat(failed.failureReasonAsString()).isEqualTo("USER_ERROR");
        assertThat(failed.stateDetails()).contains("queue of the virtual cluster");
        assertThat(failed.finishedAt()).isEqualTo(START.plusSeconds(31 * 60));
    }

    @Test
    void aFullQueueRefusesAndItsPlacesComeBack() {
        fake.script(JobRunScript.runsForever());
        fake.limitJobRuns(cluster, 1, 2);
        String running = start("running", "t-1");
        String waiting = start("waiting", "t-2");
        String last = start("last", "t-3");
        refused("The queue of the virtual cluster is full.");
        assertThat(start("last", "t-3")).as("the token is known").isEqualTo(last);

        cancel(waiting);
        assertThat(describe(waiting).state()).isEqualTo(JobRunState.CANCEL_PENDING);
        String late = start("late", "t-4");
        fake.time().advance(Duration.ofMinutes(1));
        assertThat(describe(waiting).state()).isEqualTo(JobRunState.CANCELLED);
        assertThat(describe(last).state()).isEqualTo(JobRunState.PENDING);

        cancel(running);
        assertThat(describe(last).state())
                .as("a run that is being cancelled keeps its slot")
                .isEqualTo(JobRunState.PENDING);
        fake.time().advance(Duration.ofSeconds(5 + 2));
        assertThat(describe(last).state()).isEqualTo(JobRunState.SUBMITTED);
        fake.unlimitJobRuns(cluster);
        fake.time().advance(Duration.ofSeconds(2));
        assertThat(describe(late).state()).isEqualTo(JobRunState.SUBMITTED);
    }

    @Test
    void theRefusalOfAFullQueueCanBeSet() {
        replace(FakeEmrEks.builder().queueFullMessage("No more."));
        fake.limitJobRuns(cluster, 1, 0);
        start("first", "t-1");
        refused("No more.");
        String elsewhere = fake.createVirtualCluster("other");
        assertThat(client.startJobRun(request("second", "t-2").toBuilder()
                                .virtualClusterId(elsewhere)
                                .build())
                        .id())
                .isNotEmpty();
        assertThatThrownBy(() -> fake.limitJobRuns(cluster, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> fake.limitJobRuns("none", 1, 1)).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void anEngineHearsOfARunOnlyWhenItHasASlot() {
        RecordingEngine engine = new RecordingEngine();
        replace(FakeEmrEks.builder().engine(engine));
        fake.limitJobRuns(cluster, 1, 5);
        String first = start("first", "t-1");
        String cancelled = start("cancelled", "t-2");
        String third = start("third", "t-3");
        assertThat(engine.started).extracting(FakeJobRun::id).containsExactly(first);
        cancel(cancelled);
        fake.time().advance(Duration.ofSeconds(5));
        assertThat(describe(cancelled).state()).isEqualTo(JobRunState.CANCELLED);
        assertThat(engine.cancelled).isEmpty();

        engine.controls.get(0).failed(FakeFailureReason.USER_ERROR, "exit code 1");
        assertThat(engine.started).extracting(FakeJobRun::id).containsExactly(first, third);
        cancel(third);
        assertThat(engine.cancelled).extracting(FakeJobRun::id).containsExactly(third);
    }

    @Test
    void emrStartsAFailedDriverAgain() {
        fake.script(at(JobRunScript.completes().driverFails(2, Duration.ofSeconds(30))));
        String id = start(4);
        assertThat(attempt(id)).isEqualTo(1);
        fake.time().advance(Duration.ofSeconds(30));
        assertThat(describe(id).state()).isEqualTo(JobRunState.RUNNING);
        fake.time().advance(Duration.ofSeconds(9));
        assertThat(attempt(id)).isEqualTo(1);
        fake.time().advance(Duration.ofSeconds(1));
        assertThat(attempt(id)).isEqualTo(2);
        assertThat(client.listJobRuns(r -> r.virtualClusterId(cluster)).jobRuns())
                .singleElement()
                .satisfies(run -> {
                    assertThat(run.retryPolicyExecution().currentAttemptCount()).isEqualTo(2);
                    assertThat(run.retryPolicyConfiguration()).isNull();
                });
        fake.time().advance(Duration.ofSeconds(30 + 20));
        assertThat(attempt(id)).isEqualTo(3);
        assertThat(describe(id).retryPolicyConfiguration().maxAttempts()).isEqualTo(4);
        assertThat(fake.jobRun(id).currentAttemptCount()).isEqualTo(3);
        fake.time().advance(Duration.ofSeconds(100));
        assertThat(describe(id).state()).isEqualTo(JobRunState.COMPLETED);
        assertThat(finished(id)).isEqualTo(30 + 10 + 30 + 20 + 100);
        assertThat(attempt(id)).isEqualTo(3);
        assertThat(fake.jobRun(id).history())
                .extracting(FakeJobRun.Change::state)
                .containsExactly(
                        FakeJobRunState.PENDING,
                        FakeJobRunState.SUBMITTED,
                        FakeJobRunState.RUNNING,
                        FakeJobRunState.COMPLETED);
    }

    @Test
    void aRunFailsWhenItsAttemptsAreUsedUp() {
        fake.script(at(JobRunScript.completes().driverFails(9, Duration.ofSeconds(1))));
        String some = start(3);
        String one = start(1);
        fake.script(at(
                JobRunScript.fails(FakeFailureReason.USER_ERROR, "exit code 3").driverFails(9, Duration.ofSeconds(1))));
        String none = start("no policy", 0);
        String many = start(10);
        fake.time().advance(Duration.ofHours(2));

        assertThat(describe(some).stateDetails()).startsWith("JobRun failed. Please refer logs");
        assertThat(describe(some).failureReasonAsString()).isEqualTo("USER_ERROR");
        assertThat(attempt(some)).isEqualTo(3);
        assertThat(finished(some)).isEqualTo(1 + 10 + 1 + 20 + 1);
        assertThat(describe(none).stateDetails()).isEqualTo("exit code 3");
        assertThat(finished(none)).isEqualTo(1);
        assertThat(finished(one)).isEqualTo(1);
        assertThat(describe(none).retryPolicyExecution()).isNull();
        assertThat(describe(one).retryPolicyExecution()).isNull();
        assertThat(describe(one).retryPolicyConfiguration()).isNull();
        assertThat(describe(many).stateDetails()).isEqualTo("exit code 3");
        assertThat(attempt(many)).isEqualTo(10);
        assertThat(finished(many))
                .as("waits no longer than six minutes")
                .isEqualTo(9 + (10 + 20 + 40 + 80 + 160 + 320 + 360 + 360 + 360) + 100);
    }

    @Test
    void aCancelEndsDriverRetries() {
        fake.script(at(JobRunScript.completes().driverFails(1, Duration.ofSeconds(1))));
        String id = start(2);
        fake.time().advance(Duration.ofSeconds(5));
        cancel(id);
        fake.time().advance(Duration.ofHours(1));
        assertThat(describe(id).state()).isEqualTo(JobRunState.CANCELLED);
        assertThat(finished(id)).isEqualTo(10);
        assertThat(attempt(id)).isEqualTo(1);
    }

    private static JobRunScript at(JobRunScript script) {
        return script.pendingFor(Duration.ZERO).submittedFor(Duration.ZERO).runningFor(Duration.ofSeconds(100));
    }

    private String start(int maxAttempts) {
        return start("policy-" + maxAttempts, maxAttempts);
    }

    private String start(String token, int maxAttempts) {
        StartJobRunRequest.Builder request = request("orders", token).toBuilder();
        if (maxAttempts > 0) {
            request.retryPolicyConfiguration(p -> p.maxAttempts(maxAttempts));
        }
        return client.startJobRun(request.build()).id();
    }

    private int attempt(String id) {
        return describe(id).retryPolicyExecution().currentAttemptCount();
    }

    private long finished(String id) {
        return Duration.between(START, describe(id).finishedAt()).toSeconds();
    }

    private void refused(String message) {
        int runs = fake.jobRuns().size();
        assertThatThrownBy(() -> start("refused", "t-refused"))
                .isInstanceOfSatisfying(
                        ValidationException.class,
                        e -> assertThat(e.awsErrorDetails().errorMessage()).isEqualTo(message));
        assertThat(fake.jobRuns()).hasSize(runs);
    }
}
