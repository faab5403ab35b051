package io.emreks.behaviour;

import static io.emreks.behaviour.Bed.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emreks.client.CancelResult;
import io.emreks.client.EmrEksClient;
import io.emreks.client.EmrEksClientBuilder;
import io.emreks.client.JobRunGroup;
import io.emreks.client.JobRunHandle;
import io.emreks.client.RunClaims;
import io.emreks.client.WatchSettings;
import io.emreks.error.JobRunSubmissionException;
import io.emreks.error.JobRunSubmissionException.Acceptance;
import io.emreks.error.MonitoringException;
import io.emreks.event.JobRunEvent;
import io.emreks.internal.launch.Lineage;
import io.emreks.model.JobRunRequest;
import io.emreks.model.JobRunState;
import io.emreks.retry.ApiRetry;
import io.emreks.retry.FailureClass;
import io.emreks.retry.Resubmission;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeJobRunState;
import io.emreks.testing.service.Fault;
import io.emreks.testing.service.JobRunScript;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Stories in which a second live run, or a wait without an end, was near. */
class OneLiveRunTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Consumer<EmrEksClientBuilder> ONE_TRY =
            builder -> builder.apiRetry(ApiRetry.builder().maxAttempts(1).build());
    private static final Consumer<EmrEksClientBuilder> CLAIMING =
            ONE_TRY.andThen(builder -> builder.runClaims(new RunClaims(Duration.ofSeconds(30))));

    private final Bed bed = Bed.inMemory();

    @AfterEach
    void closeBed() {
        bed.close();
    }

    private static Consumer<JobRunRequest.Builder> keyed() {
        return job("orders").andThen(job -> job.key("orders/1"));
    }

    private List<FakeJobRun> live() {
        return bed.runs().stream().filter(run -> !run.state().terminal()).toList();
    }

    // ---- replace

    @Test
    void aReplacementIsGivenUpWhenTheServiceRefusesToEndTheLiveRun() {
        bed.script(JobRunScript.runsForever());
        try (EmrEksClient client = bed.client()) {
            JobRunHandle first = client.submit(keyed());
            bed.time.await(first.started());
            bed.fake.faults().always("CancelJobRun", Fault.error(400, "ValidationException", "not today"));
            JobRunHandle second = client.replace(client.request(keyed()));
            assertThatThrownBy(() -> bed.time.await(second.accepted()))
                    .cause()
                    .isInstanceOfSatisfying(JobRunSubmissionException.class, refused -> {
                        assertThat(refused).hasMessageContaining("not today");
                        assertThat(refused.acceptance()).isEqualTo(Acceptance.NOT_ACCEPTED);
                    });
            assertThat(live()).hasSize(1);
            assertThat(first.completion()).isNotDone();
        }
    }

    @Test
    void aCancelThatGotLostOnTheWayToAReplacementIsSentAgain() {
        bed.script(JobRunScript.runsForever());
        try (EmrEksClient client = bed.client(ONE_TRY)) {
            JobRunHandle first = client.submit(keyed());
            bed.time.await(first.started());
            bed.fake.faults().next("CancelJobRun", 2, Fault.dropBefore());
            JobRunHandle second = client.replace(client.request(keyed()));
            bed.time.await(second.accepted());
            assertThat(bed.runs())
                    .extracting(FakeJobRun::state)
                    .containsExactly(FakeJobRunState.CANCELLED, FakeJobRunState.PENDING);
            assertThat(bed.calls("CancelJobRun")).isEqualTo(3);
        }
    }

    @Test
    void aReplacementWaitsForARunThatIsBeingCancelledAlready() {
        bed.script(JobRunScript.runsForever().cancelTakes(Duration.ofMinutes(10)));
        try (EmrEksClient client = bed.client(ONE_TRY)) {
            JobRunHandle first = client.submit(keyed());
            bed.time.await(first.started());
            bed.time.await(first.cancel());
            bed.fake.faults().next("DescribeJobRun", 3, Fault.internalError());
            JobRunHandle second = client.replace(client.request(keyed()));
            bed.time.advance(Duration.ofMinutes(5));
            assertThat(second.accepted()).isNotDone();
            bed.time.await(second.accepted());
            assertThat(live()).hasSize(1);
            bed.time.advance(Duration.ofHours(1));
            assertThat(bed.calls("CancelJobRun"))
                    .as("none after the run has ended")
                    .isBetween(2L, 4L);
        }
    }

    @Test
    void aReplacementThatIsClosedStopsCancelling() {
        bed.script(JobRunScript.runsForever());
        EmrEksClient client = bed.client(ONE_TRY);
        JobRunHandle first = client.submit(keyed());
        bed.time.await(first.started());
        bed.fake.faults().always("CancelJobRun", Fault.dropBefore());
        JobRunHandle second = client.replace(client.request(keyed()));
        bed.time.advance(Duration.ofSeconds(90));
        assertThat(bed.calls("CancelJobRun")).isEqualTo(2);
        assertThat(client.close(Duration.ofSeconds(10)).neverStarted()).hasSize(1);
        assertThat(second.completion()).isCompletedExceptionally();
        bed.time.advance(DAY);
        assertThat(bed.calls("CancelJobRun")).isEqualTo(2);
    }

    // ---- cancel

    @Test
    void aRunThatWasLostBeforeItsFirstLookIsNotSaidToHaveNeverStarted() {
        bed.script(JobRunScript.fails());
        try (EmrEksClient client = bed.client(builder -> builder.watch(
                WatchSettings.builder().giveUpAfter(Duration.ofMinutes(10)).build()))) {
            bed.fake.faults().always("DescribeJobRun", Fault.internalError());
            JobRunHandle run = client.submit(keyed());
            assertThatThrownBy(() -> bed.time.await(run.completion())).hasCauseInstanceOf(MonitoringException.class);
            bed.fake.faults().clear();
            bed.time.advance(DAY);
            assertThat(bed.time.await(run.cancel()))
                    .isInstanceOfSatisfying(
                            CancelResult.AlreadyOver.class,
                            over -> assertThat(over.snapshot().state()).isEqualTo(JobRunState.FAILED));
        }
    }

    // ---- again

    @Test
    void whatMayBeLiveIsNotRunAgainWithoutAKey() {
        bed.script(JobRunScript.runsForever());
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("orders"));
            bed.time.await(run.started());
            run.stopWatching();
            bed.time.runUntilIdle();
            assertThat(run.completion()).isCompletedExceptionally();
            assertThatThrownBy(run::rerun)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("not known to have ended");
            bed.time.advance(DAY);
            assertThat(bed.runs()).hasSize(1);
        }
    }

    @Test
    void aGroupSubmitsNothingAgainIfOneOfItMayBeLive() {
        try (EmrEksClient client = bed.client()) {
            bed.fake.faults().next("StartJobRun", Fault.accessDenied());
            JobRunGroup group = client.submitAll(List.of(client.request(job("denied")), client.request(job("let-go"))));
            bed.time.advance(Duration.ofSeconds(5));
            group.handles().get(1).stopWatching();
            bed.time.runUntilIdle();
            assertThat(group.failed()).hasSize(2);
            assertThatThrownBy(group::rerunFailed).isInstanceOf(IllegalStateException.class);
            bed.time.advance(DAY);
            assertThat(bed.runs()).hasSize(1);

            JobRunHandle again = group.handles().get(0).rerun();
            bed.time.await(again.completion());
            assertThat(bed.runs()).hasSize(2);
        }
    }

    @Test
    void aJobIsRunAsOftenAsItsPolicySaysAlsoWhenItsHistoryOutgrowsATag() {
        bed.script(JobRunScript.fails()
                .pendingFor(Duration.ZERO)
                .submittedFor(Duration.ZERO)
                .runningFor(Duration.ofSeconds(1)));
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(keyed().andThen(job -> job.resubmission(Resubmission.upTo(25)
                    .on(FailureClass.APPLICATION)
                    .pausing(Duration.ofSeconds(1), Duration.ofSeconds(1)))));
            bed.time.advance(DAY);
            assertThat(run.completion()).isCompletedExceptionally();
            assertThat(bed.runs()).hasSize(25);
            assertThat(run.attempts()).hasSize(25);
        }
    }

    @Test
    void whoListensBetweenTwoRunsHearsThatTheFirstHasEnded() {
        bed.script(JobRunScript.fails().runningFor(Duration.ofSeconds(1)));
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(keyed().andThen(job -> job.resubmission(Resubmission.upTo(2)
                    .on(FailureClass.APPLICATION)
                    .pausing(Duration.ofHours(1), Duration.ofHours(1)))));
            bed.time.advance(Duration.ofMinutes(20));
            Recorder late = Recorder.on(run);
            bed.time.runUntilIdle();
            assertThat(late.events()).singleElement().isInstanceOf(JobRunEvent.AttemptEnded.class);
            bed.time.advance(DAY);
            late.ranToItsEnd(run);
        }
    }

    // ---- claims

    /** A first run that completed, and its end. */
    private void firstRunEnds() {
        bed.script(JobRunScript.completes());
        try (EmrEksClient client = bed.client(CLAIMING)) {
            bed.time.await(client.submit(keyed()).completion());
        }
        bed.script(JobRunScript.runsForever());
    }

    /** The service has forgotten every token, and the next submission finds the live run all the same. */
    private void nextSubmissionJoinsTheLiveRun() {
        assertThat(live()).hasSize(1);
        bed.fake.faults().clear();
        bed.time.advance(DAY.multipliedBy(2));
        try (EmrEksClient client = bed.client(CLAIMING)) {
            JobRunHandle run = client.submit(keyed());
            bed.time.await(run.accepted());
            assertThat(live()).hasSize(1);
            assertThat(run.ref().orElseThrow().id()).isEqualTo(live().get(0).id());
            assertThat(run.latest().orElseThrow().state()).isEqualTo(JobRunState.RUNNING);
        }
    }

    @Test
    void aClaimDoesNotNameTheRunBeforeAnUnansweredStart() {
        firstRunEnds();
        try (EmrEksClient client = bed.client(CLAIMING)) {
            bed.fake.faults().next("StartJobRun", Fault.dropAfter());
            bed.fake.faults().always("ListJobRuns", Fault.internalError());
            JobRunHandle unknown = client.submit(keyed());
            assertThatThrownBy(() -> bed.time.await(unknown.accepted()))
                    .cause()
                    .isInstanceOfSatisfying(
                            JobRunSubmissionException.class,
                            failure -> assertThat(failure.acceptance()).isEqualTo(Acceptance.UNKNOWN));
        }
        nextSubmissionJoinsTheLiveRun();
    }

    @Test
    void aClaimOfACrashedHolderStaysUncertainUntilSomebodyHasLooked() {
        firstRunEnds();
        FakeJobRun ended = bed.runs().get(0);
        try (EmrEksClient client = bed.client(CLAIMING)) {
            bed.time.await(client.submit(keyed()).started());
        }
        // as a holder leaves it that crashed before it could write down the second run
        bed.fake
                .s3()
                .put(
                        "artifacts",
                        "emreks/claims/" + claim(new Lineage("default", "orders/1", true)),
                        ("version=1\nholder=crashed\nvirtualCluster=" + bed.cluster() + "\nrun=" + ended.id()
                                        + "\ntouches=0\n")
                                .getBytes(StandardCharsets.UTF_8));
        try (EmrEksClient client = bed.client(CLAIMING)) {
            bed.fake.faults().always("ListJobRuns", Fault.internalError());
            JobRunHandle blind = client.submit(keyed());
            assertThatThrownBy(() -> bed.time.await(blind.accepted()))
                    .cause()
                    .isInstanceOfSatisfying(
                            JobRunSubmissionException.class,
                            failure -> assertThat(failure.acceptance()).isEqualTo(Acceptance.NOT_ACCEPTED));
        }
        nextSubmissionJoinsTheLiveRun();
    }

    @Test
    void aClaimWhoseAnswerWasMangledIsStillHeld() {
        bed.script(JobRunScript.completes());
        try (EmrEksClient client = bed.client(builder -> builder.runClaims(new RunClaims(Duration.ofSeconds(30))))) {
            bed.fake.faults().next("PutObject", Fault.delay(Duration.ZERO, Duration.ofSeconds(40)));
            bed.fake.faults().next("PutObject", 3, Fault.malformedBody());
            JobRunHandle run = client.submit(keyed());
            assertThat(bed.time.await(run.completion()).state()).isEqualTo(JobRunState.COMPLETED);
            assertThat(bed.runs()).hasSize(1);
        }
    }

    /** Where claims are is a contract between versions, too. */
    private static String claim(Lineage lineage) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of()
                    .formatHex(
                            digest.digest((lineage.owner() + "\0" + lineage.key()).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
