package io.emreks.behaviour;

import static io.emreks.behaviour.Bed.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.emreks.client.CancelResult;
import io.emreks.client.CloseReport;
import io.emreks.client.DryRun;
import io.emreks.client.EmrEksClient;
import io.emreks.client.EmrEksClientBuilder;
import io.emreks.client.JobRunGroup;
import io.emreks.client.JobRunHandle;
import io.emreks.client.Recovery;
import io.emreks.client.RunClaims;
import io.emreks.client.SubmissionSettings;
import io.emreks.error.ClientClosedException;
import io.emreks.error.InvalidJobRunRequestException;
import io.emreks.error.JobRunCancelledException;
import io.emreks.error.JobRunFailedException;
import io.emreks.error.JobRunSubmissionException;
import io.emreks.error.JobRunSubmissionException.Acceptance;
import io.emreks.error.MonitoringException;
import io.emreks.error.RequestProblem;
import io.emreks.event.JobRunEvent;
import io.emreks.model.IfKeyIsOver;
import io.emreks.model.JobRunAttempt;
import io.emreks.model.JobRunRequest;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import io.emreks.model.SeenState;
import io.emreks.model.TimeLimit;
import io.emreks.retry.ApiRetry;
import io.emreks.retry.DriverRetry;
import io.emreks.retry.FailureClass;
import io.emreks.retry.JobChange;
import io.emreks.retry.Resubmission;
import io.emreks.testing.service.ClientTokenReuse;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeFailureReason;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeJobRunState;
import io.emreks.testing.service.Fault;
import io.emreks.testing.service.JobRunScript;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One live run of a key, never two; runs against both faces of the fake. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OneLiveRunSuite {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String UNREACHABLE = "Cluster c1 is currently not reachable.";

    private @Nullable Bed shared;
    private Bed bed = Bed.inMemory();

    abstract Bed newBed(Consumer<FakeEmrEks.Builder> settings);

    /** A virtual cluster of its own on the fake that the tests share. */
    private void bed() {
        if (shared == null) {
            shared = newBed(settings -> {});
        }
        shared.next();
        bed = shared;
    }

    /** A fake of its own. */
    private void bed(Consumer<FakeEmrEks.Builder> settings) {
        bed = newBed(settings);
    }

    @AfterEach
    void closeOwnBed() {
        if (bed != shared) {
            bed.close();
        }
    }

    @AfterAll
    void closeSharedBed() {
        if (shared != null) {
            shared.close();
        }
    }

    private static Consumer<JobRunRequest.Builder> keyed(String key) {
        return job("job").andThen(job -> job.key(key));
    }

    private <E extends Throwable> E failureOf(CompletableFuture<?> future, Class<E> type) {
        assertThatThrownBy(() -> bed.time.await(future))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(type);
        return type.cast(future.handle((v, e) -> e instanceof CompletionException c ? c.getCause() : e)
                .join());
    }

    /** The first attempts of every job fail like this, the later ones go well. */
    private void failFirst(int attempts, JobRunScript failing) {
        bed.script(run -> Integer.parseInt(run.tags().getOrDefault("emreks:attempt", "1")) <= attempts, failing);
    }

    private static JobRunScript unreachable() {
        return JobRunScript.fails(FakeFailureReason.CLUSTER_UNAVAILABLE, UNREACHABLE)
                .failsWhile(FakeJobRunState.SUBMITTED);
    }

    private static Resubmission afterInfrastructure() {
        return Resubmission.upTo(3).onInfrastructureFailure();
    }

    // ---- one key, one run

    @Test
    void twoProcessesThatSubmitOneKeyAtOnceGetTheSameRun() {
        bed();
        try (EmrEksClient one = bed.client();
                EmrEksClient other = bed.client()) {
            JobRunHandle first = one.submit(keyed("orders/1"));
            JobRunHandle second = other.submit(keyed("orders/1"));
            assertThat(bed.time.await(first.accepted())).isEqualTo(bed.time.await(second.accepted()));
            assertThat(bed.time.await(first.completion()).state()).isEqualTo(JobRunState.COMPLETED);
            assertThat(bed.time.await(second.completion()).state()).isEqualTo(JobRunState.COMPLETED);
            assertThat(bed.runs()).hasSize(1);
        }
    }

    @Test
    void aSubmissionJoinsTheLiveRunOfItsKeyAndSaysSo() {
        bed();
        try (EmrEksClient one = bed.client();
                EmrEksClient other = bed.client()) {
            JobRunHandle first = one.submit(keyed("orders/1"));
            bed.time.await(first.started());
            JobRunHandle second = other.submit(keyed("orders/1"));
            Recorder heard = Recorder.on(second);
            bed.time.await(second.completion());
            bed.time.runUntilIdle();
            heard.ranToItsEnd(second);
            assertThat(heard.story()).containsExactly("Joined", "RUNNING", "COMPLETED", "Ended COMPLETED");
            assertThat(second.attempts()).singleElement().satisfies(attempt -> {
                assertThat(attempt.joined()).isTrue();
                assertThat(attempt.ref()).isEqualTo(first.ref().orElseThrow());
            });
            assertThat(((JobRunEvent.Joined) heard.events().get(0)).specificationDiffers())
                    .contains(false);
            assertThat(bed.calls("StartJobRun")).isEqualTo(1);
        }
    }

    @Test
    void aRunThatWasAskedForOtherwiseIsJoinedAndTheDriftTold() {
        bed();
        try (EmrEksClient client = bed.client()) {
            bed.time.await(client.submit(keyed("orders/1")).started());
            JobRunHandle second = client.submit(keyed("orders/1").andThen(job -> job.conf("spark.a", "2")));
            Recorder heard = Recorder.on(second);
            bed.time.await(second.accepted());
            bed.time.runUntil(() -> !heard.events().isEmpty(), HOUR);
            assertThat(((JobRunEvent.Joined) heard.events().get(0)).specificationDiffers())
                    .contains(true);
        }
    }

    @Test
    void withoutAKeyNothingIsListedAndWithOneOnce() {
        bed();
        try (EmrEksClient client = bed.client()) {
            bed.time.await(client.submit(job("plain")).accepted());
            assertThat(bed.calls("ListJobRuns")).isZero();
            assertThat(bed.runs().get(0).tags()).isEmpty();
            bed.time.await(client.submit(keyed("orders/1")).accepted());
            assertThat(bed.calls("ListJobRuns")).isEqualTo(1);
            assertThat(bed.calls("StartJobRun")).isEqualTo(2);
        }
    }

    @Test
    void keysOfDifferentOwnersAreDifferent() {
        bed();
        try (EmrEksClient one = bed.client(builder -> builder.owner("a"));
                EmrEksClient other = bed.client(builder -> builder.owner("b"))) {
            bed.time.await(one.submit(keyed("orders/1")).accepted());
            bed.time.await(other.submit(keyed("orders/1")).accepted());
            assertThat(bed.runs()).hasSize(2);
        }
    }

    @Test
    void aKeyThatIsOverIsRunAgainUnlessItIsSaidOtherwise() {
        bed();
        try (EmrEksClient client = bed.client()) {
            JobRunSnapshot first =
                    bed.time.await(client.submit(keyed("orders/1")).completion());
            JobRunHandle again = client.submit(keyed("orders/1"));
            JobRunSnapshot second = bed.time.await(again.completion());
            assertThat(second.ref()).isNotEqualTo(first.ref());
            assertThat(second.tags())
                    .containsEntry("emreks:follows", first.ref().id());

            JobRunHandle result =
                    client.submit(keyed("orders/1").andThen(job -> job.ifKeyIsOver(IfKeyIsOver.RETURN_RESULT)));
            assertThat(bed.time.await(result.completion()).ref()).isEqualTo(second.ref());

            JobRunHandle refused = client.submit(keyed("orders/1").andThen(job -> job.ifKeyIsOver(IfKeyIsOver.REFUSE)));
            JobRunSubmissionException refusal = failureOf(refused.completion(), JobRunSubmissionException.class);
            assertThat(refusal.acceptance()).isEqualTo(Acceptance.NOT_ACCEPTED);
            assertThat(refusal)
                    .hasMessageContaining("orders/1")
                    .hasMessageContaining(second.ref().id());
            assertThat(bed.runs()).hasSize(2);
        }
    }

    @Test
    void theResultOfAFailedKeyIsItsFailureAndNothingIsSubmitted() {
        bed();
        bed.script(JobRunScript.fails());
        try (EmrEksClient client = bed.client()) {
            failureOf(client.submit(keyed("k")).completion(), JobRunFailedException.class);
            JobRunHandle result = client.submit(keyed("k")
                    .andThen(job -> job.ifKeyIsOver(IfKeyIsOver.RETURN_RESULT)
                            .resubmission(Resubmission.upTo(5).on(FailureClass.APPLICATION))));
            failureOf(result.completion(), JobRunFailedException.class);
            bed.time.advance(DAY);
            assertThat(bed.runs()).hasSize(1);
        }
    }

    @Test
    void anOldRunIsNeverTakenForTheNewOne() {
        bed(settings -> settings.clientTokenRetention(Duration.ofDays(365)));
        bed.script(run -> bed.runs().size() <= 3, JobRunScript.fails());
        try (EmrEksClient client = bed.client()) {
            for (int i = 0; i < 3; i++) {
                failureOf(client.submit(keyed("k")).completion(), JobRunFailedException.class);
            }
            bed.time.advance(Duration.ofDays(30));
            JobRunHandle late = client.submit(keyed("k"));
            Recorder heard = Recorder.on(late);
            JobRunSnapshot end = bed.time.await(late.completion());
            assertThat(end.state()).isEqualTo(JobRunState.COMPLETED);
            assertThat(late.accepted().join()).isEqualTo(end.ref());
            bed.time.runUntilIdle();
            assertThat(heard.story().get(0)).isEqualTo("Accepted");
            assertThat(bed.runs()).hasSize(4);
            assertThat(bed.runs().get(3).tags())
                    .containsEntry("emreks:follows", bed.runs().get(2).id());
        }
    }

    @Test
    void aCancelOfWhatTurnsOutToBeAnOldRunStartsNothing() {
        bed(settings -> settings.clientTokenRetention(Duration.ofDays(365)));
        try (EmrEksClient client = bed.client()) {
            bed.time.await(client.submit(keyed("k")).completion());
            bed.time.advance(Duration.ofDays(30));
            bed.fake.faults().next("DescribeJobRun", Fault.delay(Duration.ofSeconds(5), Duration.ZERO));
            JobRunHandle late = client.submit(keyed("k"));
            bed.time.advance(Duration.ofSeconds(2));
            assertThat(bed.time.await(late.cancel())).isInstanceOf(CancelResult.NeverStarted.class);
            failureOf(late.completion(), JobRunCancelledException.class);
            bed.time.advance(DAY);
            assertThat(bed.runs()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void theLiveRunIsFoundWhateverTheListShows(boolean tags, boolean tokens) {
        bed(settings -> settings.listsShowTags(tags)
                .listsShowClientTokens(tokens)
                .clientTokenRetention(Duration.ZERO)
                .pageSize(2));
        try (EmrEksClient client = bed.client()) {
            for (int i = 0; i < 7; i++) {
                bed.time.await(client.submit(keyed("other/" + i)).accepted());
            }
            JobRunHandle first = client.submit(keyed("orders/1"));
            bed.time.await(first.started());
            JobRunHandle second = client.submit(keyed("orders/1"));
            assertThat(bed.time.await(second.accepted())).isEqualTo(first.ref().orElseThrow());
            bed.time.await(first.completion());
            JobRunHandle third = client.submit(keyed("orders/1"));
            JobRunSnapshot end = bed.time.await(third.completion());
            assertThat(end.tags())
                    .containsEntry("emreks:follows", first.ref().orElseThrow().id());
            assertThat(bed.runs()).hasSize(9);
        }
    }

    @ParameterizedTest
    @CsvSource({"RETURN_FIRST", "REFUSE"})
    void aTokenUsedWithOtherParametersLeadsToTheSameRun(ClientTokenReuse reuse) {
        bed(settings -> settings.clientTokenReuse(reuse));
        try (EmrEksClient one = bed.client();
                EmrEksClient other = bed.client()) {
            JobRunHandle first = one.submit(keyed("k"));
            JobRunHandle second = other.submit(keyed("k").andThen(job -> job.conf("spark.a", "b")));
            assertThat(bed.time.await(first.accepted())).isEqualTo(bed.time.await(second.accepted()));
            assertThat(bed.runs()).hasSize(1);
            bed.time.await(second.completion());
        }
    }

    @Test
    void withoutLeaveToListTheTokenStillKeepsTwoApart() {
        bed();
        bed.fake.faults().always("ListJobRuns", Fault.accessDenied());
        try (EmrEksClient one = bed.client();
                EmrEksClient other = bed.client()) {
            JobRunHandle first = one.submit(keyed("k"));
            bed.time.await(first.started());
            JobRunHandle second = other.submit(keyed("k"));
            assertThat(bed.time.await(second.accepted())).isEqualTo(first.ref().orElseThrow());
            bed.time.await(second.completion());
            JobRunHandle third = other.submit(keyed("k"));
            assertThat(bed.time.await(third.completion()).ref())
                    .isNotEqualTo(first.ref().orElseThrow());
            assertThat(bed.runs()).hasSize(2);
        }
    }

    @Test
    void whenRunsCannotBeListedForAFaultNothingIsStarted() {
        bed();
        bed.fake.faults().always("ListJobRuns", Fault.internalError());
        try (EmrEksClient client = bed.client(
                builder -> builder.apiRetry(ApiRetry.builder().maxAttempts(2).build()))) {
            JobRunSubmissionException failure =
                    failureOf(client.submit(keyed("k")).accepted(), JobRunSubmissionException.class);
            assertThat(failure.acceptance()).isEqualTo(Acceptance.NOT_ACCEPTED);
            assertThat(failure.retryable()).isTrue();
            assertThat(bed.runs()).isEmpty();
        }
    }

    @Test
    void twoLiveRunsOfOneKeyBecomeOne() {
        bed(settings -> settings.clientTokenRetention(Duration.ZERO));
        try (EmrEksClient one = bed.client();
                EmrEksClient other = bed.client();
                EmrEksClient third = bed.client()) {
            JobRunHandle first = one.submit(keyed("k"));
            JobRunHandle second = other.submit(keyed("k"));
            bed.time.await(first.accepted());
            bed.time.await(second.accepted());
            assertThat(bed.runs()).as("a service that forgets tokens at once").hasSize(2);
            JobRunHandle watcher = third.submit(keyed("k"));
            Recorder heard = Recorder.on(watcher);
            bed.time.await(watcher.completion());
            bed.time.runUntilIdle();
            assertThat(heard.story().subList(0, 2)).containsExactly("DuplicateCancelled", "Joined");
            assertThat(bed.runs().stream().filter(run -> run.state() == FakeJobRunState.CANCELLED))
                    .hasSize(1);
            assertThat(watcher.ref().orElseThrow().id())
                    .isEqualTo(bed.runs().stream()
                            .filter(run -> run.state() == FakeJobRunState.COMPLETED)
                            .findFirst()
                            .orElseThrow()
                            .id());
        }
    }

    @Test
    void aRunThatALateListStillShowsAsLiveIsNotJoined() {
        bed(settings -> settings.listLag(Duration.ofMinutes(10)));
        try (EmrEksClient client = bed.client()) {
            JobRunSnapshot first = bed.time.await(client.submit(keyed("k")).completion());
            JobRunHandle again = client.submit(keyed("k"));
            JobRunSnapshot second = bed.time.await(again.completion());
            assertThat(second.ref()).isNotEqualTo(first.ref());
            assertThat(second.tags())
                    .containsEntry("emreks:follows", first.ref().id());
            assertThat(again.attempts()).hasSize(1);
        }
    }

    @Test
    void aRunThatALateListStillShowsAsLiveCostsItsSuccessorNothing() {
        bed(settings -> settings.listLag(Duration.ofMinutes(1)));
        failFirst(1, unreachable());
        try (EmrEksClient client = bed.client();
                EmrEksClient other = bed.client()) {
            JobRunHandle run = client.submit(keyed("k")
                    .andThen(j -> j.resubmission(afterInfrastructure().pausing(Duration.ofSeconds(2), HOUR))));
            bed.time.runUntil(() -> run.attempts().size() == 2, HOUR);
            JobRunHandle joined = other.submit(keyed("k"));
            assertThat(bed.time.await(joined.completion()).ref())
                    .isEqualTo(bed.time.await(run.completion()).ref());
            assertThat(bed.runs()).hasSize(2);
            assertThat(bed.calls("CancelJobRun")).isZero();
        }
    }

    // ---- claims

    private EmrEksClient claiming() {
        return bed.client(builder -> builder.runClaims(RunClaims.inArtifacts()));
    }

    @Test
    void claimsKeepTwoProcessesApartEvenIfTokensAreForgottenAndListsLag() {
        bed(settings -> settings.clientTokenRetention(Duration.ZERO));
        try (EmrEksClient one = claiming();
                EmrEksClient other = claiming()) {
            bed.fake.faults().next("StartJobRun", Fault.delay(Duration.ofSeconds(3), Duration.ofSeconds(3)));
            JobRunHandle first = one.submit(keyed("k"));
            JobRunHandle second = other.submit(keyed("k"));
            assertThat(bed.time.await(first.accepted())).isEqualTo(bed.time.await(second.accepted()));
            bed.time.await(first.completion());
            JobRunHandle third = other.submit(keyed("k"));
            bed.time.await(third.completion());
            assertThat(bed.runs()).hasSize(2);
            assertThat(bed.calls("ListJobRuns"))
                    .as("the claim tells the last run")
                    .isEqualTo(1);
        }
    }

    @Test
    void aClaimWhoseHolderDiedIsTakenOverWithTheSameToken() {
        bed(settings -> {});
        EmrEksClient dead = claiming();
        bed.fake.faults().next("StartJobRun", Fault.delay(Duration.ofDays(1), Duration.ZERO));
        JobRunHandle lost = dead.submit(keyed("k"));
        bed.time.advance(Duration.ofSeconds(5));
        bed.fake.faults().always("PutObject", Fault.accessDenied());
        dead.close(Duration.ofSeconds(1));
        failureOf(lost.completion(), ClientClosedException.class);
        bed.fake.faults().clear();
        try (EmrEksClient next = claiming()) {
            JobRunHandle run = next.submit(keyed("k"));
            bed.time.advance(Duration.ofMinutes(1));
            assertThat(run.accepted()).isNotDone();
            bed.time.advance(Duration.ofMinutes(2));
            assertThat(run.accepted()).isDone();
            bed.time.advance(Duration.ofDays(2));
            assertThat(bed.runs())
                    .as("the call that comes late brings the token of the run that is there")
                    .hasSize(1);
        }
    }

    @Test
    void aClaimThatCannotBeWrittenStartsNothing() {
        bed(settings -> {});
        bed.fake.faults().always("PutObject", Fault.accessDenied());
        try (EmrEksClient client = claiming()) {
            JobRunSubmissionException failure =
                    failureOf(client.submit(keyed("k")).accepted(), JobRunSubmissionException.class);
            assertThat(failure).hasMessageContaining("AccessDenied");
            assertThat(bed.runs()).isEmpty();
        }
    }

    // ---- what the service answers

    @Test
    void aFullQueueIsFinalUnlessItsMessageIsKnown() {
        bed();
        Fault full = Fault.error(400, "ValidationException", "The queue of virtual cluster x is full");
        try (EmrEksClient strict = bed.client();
                EmrEksClient patient = bed.client(builder -> builder.submission(SubmissionSettings.builder()
                        .queueFullMessage("queue .* is full")
                        .build()))) {
            bed.fake.faults().next("StartJobRun", full);
            JobRunSubmissionException refused =
                    failureOf(strict.submit(job("refused")).accepted(), JobRunSubmissionException.class);
            assertThat(refused).hasMessageContaining("queue");
            assertThat(refused.attempts()).isEqualTo(1);
            bed.fake.faults().next("StartJobRun", 3, full);
            bed.time.await(patient.submit(job("patient")).accepted());
            assertThat(bed.calls("StartJobRun")).isEqualTo(5);
        }
    }

    @Test
    void aConnectionThatIsBeingUpdatedIsTriedAgain() {
        bed();
        bed.fake
                .faults()
                .next(
                        "StartJobRun",
                        2,
                        Fault.error(400, "ValidationException", "EKS cluster connection is currently being updated"));
        try (EmrEksClient client = bed.client()) {
            bed.time.await(client.submit(job("patient")).accepted());
            assertThat(bed.calls("StartJobRun")).isEqualTo(3);
        }
    }

    @Test
    void aRefusedTagIsWarnedOfAndTheRunGoesOnUntagged() {
        bed(settings -> settings.tagging(false));
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(keyed("k").andThen(job -> job.tag("team", "data")));
            bed.time.await(run.completion());
            assertThat(bed.runs())
                    .singleElement()
                    .satisfies(r -> assertThat(r.tags()).isEmpty());
            assertThat(bed.calls("StartJobRun")).isEqualTo(2);
            bed.time.await(client.submit(keyed("other")).accepted());
            assertThat(bed.calls("StartJobRun")).as("tags are not tried again").isEqualTo(3);
        }
    }

    @Test
    void anUntaggedRunIsFoundByItsToken() {
        bed(settings -> settings.tagging(false).clientTokenRetention(Duration.ZERO));
        try (EmrEksClient client = bed.client()) {
            JobRunHandle first = client.submit(keyed("k"));
            bed.time.await(first.started());
            JobRunHandle second = client.submit(keyed("k"));
            assertThat(bed.time.await(second.accepted())).isEqualTo(first.ref().orElseThrow());
            assertThat(bed.runs()).hasSize(1);
        }
    }

    // ---- cancel

    @Test
    void aConfirmedCancelWaitsForCancelled() {
        bed();
        bed.script(JobRunScript.completes().cancelTakes(Duration.ofMinutes(3)));
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("stop"));
            bed.time.await(run.started());
            CompletableFuture<CancelResult> confirmed = run.cancelAndConfirm();
            bed.time.advance(Duration.ofMinutes(2));
            assertThat(confirmed).isNotDone();
            assertThat(bed.time.await(confirmed))
                    .isInstanceOfSatisfying(
                            CancelResult.Confirmed.class,
                            done -> assertThat(done.snapshot().state()).isEqualTo(JobRunState.CANCELLED));
            assertThat(bed.calls("CancelJobRun")).isEqualTo(1);
            assertThat(bed.time.await(run.cancelAndConfirm())).isInstanceOf(CancelResult.AlreadyOver.class);
        }
    }

    @Test
    void closeAndCancelLeavesNothingRunning() {
        bed();
        EmrEksClient client = bed.client();
        JobRunHandle running = client.submit(job("running"));
        bed.time.await(running.started());
        JobRunHandle starting = client.submit(job("starting"));
        bed.fake.faults().next("StartJobRun", Fault.delay(Duration.ZERO, Duration.ofSeconds(5)));
        CloseReport report = client.closeAndCancel(Duration.ofMinutes(5));
        assertThat(report.leftRunning()).isEmpty();
        assertThat(report.unknown()).isEmpty();
        failureOf(running.completion(), JobRunCancelledException.class);
        failureOf(starting.completion(), JobRunCancelledException.class);
        bed.time.advance(DAY);
        assertThat(bed.runs()).allMatch(run -> run.state() == FakeJobRunState.CANCELLED);
    }

    @Test
    void closeAndCancelTellsWhatDidNotEndInTime() {
        bed();
        bed.script(JobRunScript.completes().cancelTakes(HOUR));
        EmrEksClient client = bed.client();
        JobRunHandle running = client.submit(job("slow"));
        bed.time.await(running.started());
        CloseReport report = client.closeAndCancel(Duration.ofSeconds(30));
        assertThat(report.leftRunning()).containsExactly(running.ref().orElseThrow());
    }

    // ---- limits of time

    @Test
    void aRunThatDoesNotStartIsToldCancelledOrSubmittedAgain() {
        bed();
        bed.script(JobRunScript.neverStarts());
        try (EmrEksClient client = bed.client()) {
            JobRunHandle told =
                    client.submit(job("told").andThen(j -> j.startTimeout(Duration.ofMinutes(5), TimeLimit.Then.TELL)));
            Recorder heard = Recorder.on(told);
            JobRunHandle cancelled = client.submit(
                    job("cancelled").andThen(j -> j.startTimeout(Duration.ofMinutes(5), TimeLimit.Then.CANCEL)));
            bed.time.advance(Duration.ofMinutes(10));
            assertThat(heard.story()).endsWith("TimeLimitPassed");
            assertThat(heard.events().get(heard.events().size() - 1))
                    .isInstanceOfSatisfying(JobRunEvent.TimeLimitPassed.class, passed -> {
                        assertThat(passed.which()).isEqualTo(FailureClass.START_TIMEOUT);
                        assertThat(passed.reason()).isEqualTo("reason unknown");
                    });
            assertThat(told.completion()).isNotDone();
            assertThat(failureOf(cancelled.completion(), JobRunCancelledException.class))
                    .hasMessageContaining("START_TIMEOUT PT5M");
        }
    }

    @Test
    void aRunThatDoesNotStartIsSubmittedAgainInAnotherVirtualCluster() {
        bed();
        String free = bed.fake.createVirtualCluster("free");
        bed.script(JobRunScript.neverStarts());
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(keyed("k")
                    .andThen(j -> j.startTimeout(Duration.ofMinutes(5), TimeLimit.Then.CANCEL_AND_RESUBMIT)
                            .resubmission(Resubmission.upTo(2)
                                    .on(FailureClass.START_TIMEOUT, JobChange.virtualCluster("free")))));
            Recorder heard = Recorder.on(run);
            JobRunSnapshot end = bed.time.await(run.completion());
            assertThat(end.ref().virtualClusterId()).isEqualTo(free);
            assertThat(run.attempts())
                    .extracting(JobRunAttempt::failure)
                    .containsExactly(Optional.of(FailureClass.START_TIMEOUT), Optional.empty());
            bed.time.runUntilIdle();
            assertThat(heard.story())
                    .containsSubsequence("TimeLimitPassed", "CANCELLED", "AttemptEnded", "Accepted", "Ended COMPLETED");
            JobRunHandle joined = client.submit(keyed("k")
                    .andThen(j -> j.ifKeyIsOver(IfKeyIsOver.RETURN_RESULT)
                            .resubmission(Resubmission.upTo(2)
                                    .on(FailureClass.START_TIMEOUT, JobChange.virtualCluster("free")))));
            assertThat(bed.time.await(joined.completion()).ref()).isEqualTo(end.ref());
        }
    }

    @Test
    void aRunThatTakesTooLongIsCancelled() {
        bed();
        bed.script(JobRunScript.runsForever());
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("long").andThen(j -> j.runTimeout(HOUR, TimeLimit.Then.CANCEL)));
            bed.fake.faults().next("CancelJobRun", Fault.accessDenied());
            JobRunCancelledException end = failureOf(run.completion(), JobRunCancelledException.class);
            assertThat(end).hasMessageContaining("RUN_TIMEOUT PT1H");
            assertThat(bed.calls("CancelJobRun"))
                    .as("a refused cancel is tried again")
                    .isEqualTo(2);
        }
    }

    @Test
    void aRunThatStartsInTimeHasNoStartTimeout() {
        bed();
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(
                    job("fine").andThen(j -> j.startTimeout(Duration.ofMinutes(5), TimeLimit.Then.CANCEL)));
            assertThat(bed.time.await(run.completion()).state()).isEqualTo(JobRunState.COMPLETED);
        }
    }

    // ---- resubmission

    @Test
    void aRunThatFailedForTheClusterIsSubmittedAgain() {
        bed();
        failFirst(2, unreachable());
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(keyed("k").andThen(j -> j.resubmission(afterInfrastructure())));
            Recorder heard = Recorder.on(run);
            JobRunSnapshot end = bed.time.await(run.completion());
            bed.time.runUntilIdle();
            heard.ranToItsEnd(run);
            assertThat(run.attempts()).hasSize(3);
            assertThat(run.attempts().get(0).states())
                    .extracting(SeenState::state)
                    .endsWith(JobRunState.FAILED);
            assertThat(end.tags())
                    .containsEntry("emreks:attempt", "3")
                    .containsEntry("emreks:follows", bed.runs().get(1).id());
            assertThat(heard.story().stream().filter("AttemptEnded"::equals)).hasSize(2);
            List<FakeJobRun> runs = bed.runs();
            for (int i = 1; i < runs.size(); i++) {
                assertThat(runs.get(i).createdAt())
                        .isAfterOrEqualTo(runs.get(i - 1).finishedAt().orElseThrow());
            }
            assertThat(runs.stream().map(FakeJobRun::clientToken).distinct()).hasSize(3);
        }
    }

    @Test
    void withoutAKeyAJobIsSubmittedAgainToo() {
        bed();
        bed.script(run -> bed.runs().size() == 1, unreachable());
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("plain").andThen(j -> j.resubmission(afterInfrastructure())));
            assertThat(bed.time.await(run.completion()).state()).isEqualTo(JobRunState.COMPLETED);
            assertThat(bed.runs()).hasSize(2);
        }
    }

    @Test
    void attemptsComeToAnEnd() {
        bed();
        bed.script(unreachable());
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(keyed("k").andThen(j -> j.resubmission(afterInfrastructure())));
            JobRunFailedException failure = failureOf(run.completion(), JobRunFailedException.class);
            assertThat(failure.failureClass()).isEqualTo(FailureClass.CLUSTER_UNAVAILABLE);
            bed.time.advance(DAY);
            assertThat(bed.runs()).hasSize(3);
        }
    }

    @Test
    void whatNoRuleIsForIsNotSubmittedAgain() {
        bed();
        bed.script(JobRunScript.fails(
                FakeFailureReason.VALIDATION_ERROR, "JobRun submission failed. Classification x not supported."));
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(keyed("k")
                    .andThen(j -> j.idempotent()
                            .resubmission(afterInfrastructure()
                                    .on(FailureClass.APPLICATION)
                                    .on(FailureClass.MONITORING_LOST))));
            assertThat(failureOf(run.completion(), JobRunFailedException.class).failureClass())
                    .isEqualTo(FailureClass.VALIDATION);
            assertThat(bed.runs()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"true,2", "false,1"})
    void aJobTheServiceLostSightOfIsOnlyRunAgainIfThatDoesNoHarm(boolean idempotent, int runs) {
        bed();
        bed.script(
                run -> bed.runs().size() == 1,
                JobRunScript.fails(
                        FakeFailureReason.INTERNAL_ERROR, "Trouble monitoring your JobRun due to an internal error"));
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(keyed("k").andThen(j -> {
                j.resubmission(Resubmission.upTo(3).on(FailureClass.MONITORING_LOST));
                if (idempotent) {
                    j.idempotent();
                }
            }));
            bed.time.advance(DAY);
            assertThat(run.completion()).isDone();
            assertThat(bed.runs()).hasSize(runs);
        }
    }

    @Test
    void aResubmissionMayChangeTheJob() {
        bed();
        failFirst(2, JobRunScript.fails(FakeFailureReason.USER_ERROR, "JobRun failed. OOMKilled"));
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(keyed("k")
                    .andThen(j -> j.executors(e -> e.memory("8g").pod(p -> p.spot()))
                            .resubmission(Resubmission.upTo(4)
                                    .on(
                                            FailureClass.OUT_OF_MEMORY,
                                            JobChange.moreExecutorMemory(1.5, "14g"),
                                            JobChange.onDemandExecutors()))));
            bed.time.await(run.completion());
            assertThat(bed.runs())
                    .extracting(r -> r.sparkSubmitParameters().replaceAll(".*spark.executor.memory=(\\S+).*", "$1"))
                    .containsExactly("8g", "12g", "14g");
            assertThat(bed.runs().get(0).tags().get("emreks:spec"))
                    .as("what was asked for")
                    .isEqualTo(bed.runs().get(2).tags().get("emreks:spec"));
            assertThat(run.attempts().get(2).changes())
                    .containsExactly(
                            JobChange.moreExecutorMemory(1.5, "14g"),
                            JobChange.onDemandExecutors(),
                            JobChange.moreExecutorMemory(1.5, "14g"));
            assertThat(bed.fake.s3().get("artifacts", template(bed.runs().get(1))))
                    .hasValueSatisfying(yaml -> assertThat(new String(yaml, java.nio.charset.StandardCharsets.UTF_8))
                            .contains("on-demand")
                            .doesNotContain("spot"));
        }
    }

    private static String template(FakeJobRun run) {
        return run.sparkSubmitParameters().replaceAll(".*executor.podTemplateFile=s3://artifacts/(\\S+).*", "$1");
    }

    @Test
    void theCauseIsAskedOfTheClassifierWithinItsLimit() {
        bed();
        bed.script(JobRunScript.fails());
        CompletableFuture<FailureClass> never = new CompletableFuture<>();
        try (EmrEksClient knowing = bed.client(builder -> builder.failureClassifier(
                        failed -> CompletableFuture.completedFuture(FailureClass.SPOT_LOSS)));
                EmrEksClient thinking = bed.client(builder -> builder.failureClassifier(failed -> never));
                EmrEksClient broken = bed.client(builder -> builder.failureClassifier(failed -> {
                    throw new IllegalStateException("on purpose");
                }))) {
            Consumer<JobRunRequest.Builder> job =
                    job("j").andThen(j -> j.resubmission(Resubmission.upTo(2).on(FailureClass.SPOT_LOSS)));
            assertThat(failureOf(knowing.submit(job).completion(), JobRunFailedException.class)
                            .failureClass())
                    .isEqualTo(FailureClass.SPOT_LOSS);
            assertThat(bed.runs()).hasSize(2);
            for (EmrEksClient client : List.of(thinking, broken)) {
                assertThat(failureOf(client.submit(job).completion(), JobRunFailedException.class)
                                .failureClass())
                        .isEqualTo(FailureClass.UNKNOWN);
            }
            assertThat(bed.runs()).hasSize(4);
        }
    }

    @Test
    void aCancelBetweenTwoAttemptsEndsTheJob() {
        bed();
        bed.script(unreachable());
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(keyed("k").andThen(j -> j.resubmission(afterInfrastructure())));
            Recorder heard = Recorder.on(run);
            bed.time.runUntil(() -> heard.story().contains("AttemptEnded"), HOUR);
            assertThat(bed.time.await(run.cancel()))
                    .isInstanceOfSatisfying(
                            CancelResult.AlreadyOver.class,
                            over -> assertThat(over.snapshot().state()).isEqualTo(JobRunState.FAILED));
            failureOf(run.completion(), JobRunFailedException.class);
            bed.time.advance(DAY);
            heard.ranToItsEnd(run);
            assertThat(bed.runs()).hasSize(1);
            assertThat(bed.calls("CancelJobRun")).isZero();
        }
    }

    @Test
    void aCloseBetweenTwoAttemptsIsReportedAndRecoveryGoesOn() {
        bed();
        failFirst(1, unreachable());
        Consumer<JobRunRequest.Builder> job = keyed("k").andThen(j -> j.resubmission(afterInfrastructure()));
        EmrEksClient first = bed.client();
        JobRunHandle run = first.submit(job);
        Recorder heard = Recorder.on(run);
        bed.time.runUntil(() -> heard.story().contains("AttemptEnded"), HOUR);
        CloseReport report = first.close(Duration.ofSeconds(10));
        assertThat(report.awaitingResubmission()).containsExactly(run.ref().orElseThrow());
        assertThat(failureOf(run.completion(), ClientClosedException.class).fate())
                .isEqualTo(ClientClosedException.Fate.AWAITING_RESUBMISSION);
        bed.time.advance(HOUR);
        assertThat(bed.runs()).hasSize(1);
        try (EmrEksClient next = bed.client()) {
            Recovery recovery = bed.time.await(next.recover(key -> Optional.of(next.request(job))));
            JobRunHandle recovered = recovery.handles().get(0);
            assertThat(bed.time.await(recovered.completion()).state()).isEqualTo(JobRunState.COMPLETED);
            assertThat(recovered.attempts()).extracting(JobRunAttempt::number).containsExactly(1, 2);
            assertThat(bed.runs()).hasSize(2);
        }
    }

    @Test
    void aRerunFollowsTheRunThatIsOver() {
        bed();
        bed.script(run -> bed.runs().size() == 1, JobRunScript.fails());
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(keyed("k").andThen(j -> j.ifKeyIsOver(IfKeyIsOver.REFUSE)));
            failureOf(run.completion(), JobRunFailedException.class);
            JobRunHandle again = run.rerun();
            assertThat(bed.time.await(again.completion()).state()).isEqualTo(JobRunState.COMPLETED);
            JobRunHandle plain = client.submit(job("plain"));
            assertThatThrownBy(plain::rerun).isInstanceOf(IllegalStateException.class);
        }
    }

    // ---- groups

    @Test
    void onlyTheFailedMembersOfAGroupAreRunAgain() {
        bed();
        bed.script(run -> run.name().orElse("").equals("bad") && bed.runs().size() <= 3, JobRunScript.fails());
        try (EmrEksClient client = bed.client()) {
            JobRunGroup group = client.submitAll(
                    List.of(client.request(job("good")), client.request(job("bad")), client.request(job("fine"))));
            JobRunGroup.Progress end = bed.time.await(group.completion());
            assertThat(end).isEqualTo(new JobRunGroup.Progress(3, 0, 2, 1));
            JobRunGroup again = group.rerunFailed();
            assertThat(again.handles())
                    .singleElement()
                    .satisfies(handle -> assertThat(handle.name()).isEqualTo("bad"));
            assertThat(bed.time.await(again.completion())).isEqualTo(new JobRunGroup.Progress(1, 0, 1, 0));
        }
    }

    @Test
    void aGroupWithBadRequestsIsRefusedAsAWhole() {
        bed();
        try (EmrEksClient client = bed.client()) {
            assertThatThrownBy(() -> client.submitAll(List.of(
                            client.request(job("good")),
                            client.request(job("b@d")),
                            client.request(job -> job.name("ugly")))))
                    .isInstanceOfSatisfying(
                            InvalidJobRunRequestException.class,
                            invalid -> assertThat(invalid.problems())
                                    .extracting(RequestProblem::field)
                                    .containsExactly("requests[1].name", "requests[2].entryPoint"));
            bed.time.advance(HOUR);
            assertThat(bed.runs()).isEmpty();
        }
    }

    @Test
    void aGroupIsCancelledAsAWhole() {
        bed();
        try (EmrEksClient client = bed.client()) {
            JobRunGroup group = client.submitAll(List.of(client.request(job("one")), client.request(job("two"))));
            bed.time.await(group.handles().get(1).started());
            assertThat(bed.time.await(group.cancelAll())).allMatch(result -> result instanceof CancelResult.Requested);
            assertThat(bed.time.await(group.completion()).failed()).isEqualTo(2);
        }
    }

    // ---- replace

    @Test
    void aLiveRunIsReplacedOnlyOnceItHasEnded() {
        bed();
        bed.script(JobRunScript.runsForever().cancelTakes(Duration.ofMinutes(2)));
        try (EmrEksClient client = bed.client()) {
            JobRunHandle old = client.submit(keyed("stream").andThen(j -> j.longRunning()));
            bed.time.await(old.started());
            JobRunHandle fresh = client.replace(
                    client.request(keyed("stream").andThen(j -> j.longRunning().conf("spark.a", "2"))));
            bed.time.await(fresh.started());
            failureOf(old.completion(), JobRunCancelledException.class);
            assertThat(bed.runs()).hasSize(2);
            assertThat(bed.runs().get(1).createdAt())
                    .isAfterOrEqualTo(bed.runs().get(0).finishedAt().orElseThrow());
            assertThatThrownBy(() -> client.replace(client.request(job("plain"))))
                    .isInstanceOf(InvalidJobRunRequestException.class)
                    .hasMessageContaining("key");
        }
    }

    @Test
    void aReplacementThatMayNotCancelStartsNothing() {
        bed();
        bed.fake.faults().always("CancelJobRun", Fault.accessDenied());
        try (EmrEksClient client = bed.client()) {
            bed.time.await(client.submit(keyed("stream")).started());
            JobRunHandle fresh = client.replace(client.request(keyed("stream")));
            failureOf(fresh.completion(), JobRunSubmissionException.class);
            assertThat(bed.runs()).hasSize(1);
        }
    }

    // ---- recovery

    @Test
    void aRestartedProcessGoesOnWithItsRuns() {
        bed(settings -> settings.listsShowTags(false).pageSize(3));
        Consumer<EmrEksClientBuilder> owner = builder -> builder.owner("orders-service");
        EmrEksClient crashed = bed.client(owner);
        for (int i = 0; i < 5; i++) {
            bed.time.await(crashed.submit(keyed("k/" + i)).started());
        }
        bed.time.await(crashed.submit(keyed("forgotten")).started());
        EmrEksClient stranger = bed.client(builder -> builder.owner("somebody"));
        bed.time.await(stranger.submit(keyed("theirs")).started());
        crashed.close(Duration.ZERO);
        try (EmrEksClient one = bed.client(owner);
                EmrEksClient two = bed.client(owner)) {
            for (EmrEksClient client : List.of(one, two)) {
                Recovery recovery = bed.time.await(client.recover(
                        key -> key.startsWith("k/") ? Optional.of(client.request(keyed(key))) : Optional.empty()));
                assertThat(recovery.handles())
                        .extracting(handle -> handle.key().orElseThrow())
                        .containsExactlyInAnyOrder("k/0", "k/1", "k/2", "k/3", "k/4");
                assertThat(recovery.orphans()).extracting(Recovery.Orphan::key).containsExactly("forgotten");
                recovery.handles()
                        .forEach(handle -> assertThat(
                                        bed.time.await(handle.completion()).state())
                                .isEqualTo(JobRunState.COMPLETED));
            }
            assertThat(bed.runs()).hasSize(7);
        }
        stranger.close();
    }

    @Test
    void aJobThatWentToAnotherVirtualClusterIsRecoveredThere() {
        bed();
        String elsewhere = bed.fake.createVirtualCluster("elsewhere");
        bed.script(JobRunScript.neverStarts());
        Consumer<JobRunRequest.Builder> job = keyed("k")
                .andThen(j -> j.startTimeout(Duration.ofMinutes(5), TimeLimit.Then.CANCEL_AND_RESUBMIT)
                        .resubmission(Resubmission.upTo(2)
                                .on(FailureClass.START_TIMEOUT, JobChange.virtualCluster(elsewhere))));
        EmrEksClient crashed = bed.client();
        JobRunHandle run = crashed.submit(job);
        bed.time.runUntil(() -> run.attempts().size() == 2, HOUR);
        crashed.close(Duration.ZERO);
        try (EmrEksClient next = bed.client()) {
            Recovery recovery = bed.time.await(next.recover(key -> Optional.of(next.request(job))));
            JobRunHandle recovered = recovery.handles().get(0);
            assertThat(recovered.ref()).isEqualTo(run.ref());
            assertThat(bed.time.await(recovered.completion()).ref().virtualClusterId())
                    .isEqualTo(elsewhere);
        }
    }

    @Test
    void orphansAreListedAndLeftAlone() {
        bed();
        try (EmrEksClient client = bed.client()) {
            bed.time.await(client.submit(keyed("known")).started());
            bed.time.await(client.submit(keyed("unknown")).started());
            List<Recovery.Orphan> orphans = bed.time.await(client.orphans("known"::equals));
            assertThat(orphans).extracting(Recovery.Orphan::key).containsExactly("unknown");
            assertThat(bed.calls("CancelJobRun")).isZero();
        }
    }

    @Test
    void aRequestWithAnotherKeyIsNotTakenForARecoveredRun() {
        bed();
        try (EmrEksClient client = bed.client()) {
            bed.time.await(client.submit(keyed("k")).started());
            assertThat(failureOf(
                            client.recover(key -> Optional.of(client.request(keyed("other")))),
                            IllegalArgumentException.class))
                    .hasMessageContaining("'k'")
                    .hasMessageContaining("'other'");
        }
    }

    @Test
    void recoveryThatMayNotListSaysSo() {
        bed();
        bed.fake.faults().always("ListJobRuns", Fault.accessDenied());
        try (EmrEksClient client = bed.client()) {
            assertThat(failureOf(client.recover(key -> Optional.empty()), MonitoringException.class))
                    .hasMessageContaining("AccessDenied");
        }
    }

    @Test
    void aRunIsAttachedToAndFoundByItsKey() {
        bed();
        try (EmrEksClient starter = bed.client();
                EmrEksClient other = bed.client()) {
            JobRunHandle run = starter.submit(keyed("k"));
            bed.time.await(run.started());
            JobRunHandle attached = other.attach(run.ref().orElseThrow());
            Recorder heard = Recorder.on(attached);
            JobRunHandle found = bed.time.await(other.findByKey("k")).orElseThrow();
            assertThat(found.ref()).isEqualTo(run.ref());
            assertThat(found.key()).contains("k");
            assertThat(found.request()).isEmpty();
            assertThat(bed.time.await(other.findByKey("nobody"))).isEmpty();
            bed.time.await(attached.completion());
            bed.time.await(found.completion());
            bed.time.runUntilIdle();
            heard.ranToItsEnd(attached);
            assertThat(attached.name()).isEqualTo("job");
            assertThatThrownBy(attached::rerun).isInstanceOf(IllegalStateException.class);
            JobRunHandle ended = bed.time.await(other.findByKey("k")).orElseThrow();
            assertThat(bed.time.await(ended.completion()).state()).isEqualTo(JobRunState.COMPLETED);
        }
    }

    // ---- templates, driver retry, dry run

    @Test
    void aJobTemplateIsStartedWithItsParameters() {
        bed();
        String template = bed.createJobTemplate();
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(
                    job -> job.name("from-template").jobTemplate(template).templateParameter("date", "2026-11-22"));
            bed.time.await(run.completion());
            assertThat(bed.runs().get(0).entryPointArguments()).containsExactly("2026-11-22", "5");
            JobRunHandle wrong = client.submit(job -> job.name("from-template")
                    .jobTemplate(template)
                    .templateParameter("count", "many")
                    .templateParameter("colour", "red"));
            InvalidJobRunRequestException invalid = failureOf(wrong.completion(), InvalidJobRunRequestException.class);
            assertThat(invalid.problems())
                    .extracting(RequestProblem::field)
                    .containsExactly(
                            "templateParameter[count]", "templateParameter[date]", "templateParameter[colour]");
            assertThat(bed.calls("DescribeJobTemplate")).as("looked up once").isEqualTo(1);
            assertThat(bed.runs()).hasSize(1);
        }
    }

    @Test
    void aDriverRetryIsSentAndItsWorstCaseIsSaid() {
        bed();
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("retried")
                    .andThen(j -> j.driverRetry(DriverRetry.upTo(5)).resubmission(afterInfrastructure())));
            assertThat(run.warnings())
                    .singleElement()
                    .satisfies(warning -> assertThat(warning.toString()).contains("15 executions"));
            bed.time.await(run.accepted());
            assertThat(bed.runs().get(0).requestJson()).contains("\"retryPolicyConfiguration\":{\"maxAttempts\":5}");
            assertThatThrownBy(() -> client.submit(job("costly")
                            .andThen(j -> j.driverRetry(DriverRetry.upTo(50)).resubmission(afterInfrastructure()))))
                    .isInstanceOf(InvalidJobRunRequestException.class)
                    .hasMessageContaining("150 executions");
        }
    }

    @Test
    void aDryRunIsWhatWouldBeSent() throws Exception {
        bed();
        try (EmrEksClient client = bed.client()) {
            JobRunRequest request = client.request(keyed("k")
                    .andThen(j -> j.driverRetry(DriverRetry.upTo(2))
                            .logs(l -> l.s3("s3://logs/").logFileSize("2MB").maxLogFiles(3))
                            .conf("spark.a", "quote \" and \\ and \n newline and \uD83D\uDE00")
                            .tag("team", "data")));
            DryRun dry = bed.time.await(client.dryRun(request));
            assertThat(bed.runs()).isEmpty();
            bed.time.await(client.submit(request).accepted());
            JsonNode sent = new ObjectMapper().readTree(bed.runs().get(0).requestJson());
            ObjectNode shown = (ObjectNode) new ObjectMapper().readTree(dry.startJobRunJson());
            assertThat(shown.remove("virtualClusterId").asText()).isEqualTo(bed.cluster());
            assertThat(shown).isEqualTo(sent);
            assertThat(dry.toString()).doesNotContain("spark.a");
        }
    }

    @Test
    void aLongRunningJobRotatesItsLogs() {
        bed();
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run =
                    client.submit(keyed("stream").andThen(j -> j.longRunning().logs(l -> l.s3("s3://logs/"))));
            bed.time.await(run.accepted());
            assertThat(bed.runs().get(0).requestJson())
                    .contains(
                            "\"containerLogRotationConfiguration\":{\"rotationSize\":\"500MB\",\"maxFilesToKeep\":10}");
            assertThat(run.warnings()).extracting(RequestProblem::field).containsExactly("longRunning");
        }
    }

    @Test
    void aRequestThatWasMadeIntoABuilderAndBackIsTheSame() {
        bed();
        try (EmrEksClient client = bed.client()) {
            JobRunRequest request = client.request(keyed("k")
                    .andThen(j -> j.driverRetry(DriverRetry.upTo(2))
                            .logs(l -> l.s3("s3://logs/").logFileSize("2MB").maxLogFiles(3))
                            .jars("s3://libs/a.jar")
                            .files("s3://conf/a")
                            .image("repo/image:1")
                            .hudi()
                            .sensitiveArgument("secret")
                            .conf("spark.a", "b")
                            .driver(d -> d.cores(2)
                                    .memory("4g")
                                    .env("A", "B")
                                    .pod(p -> p.arm64().onDemand()))
                            .executors(e -> e.instances(3).memory("8g").pod(p -> p.spot()))
                            .startTimeout(HOUR, TimeLimit.Then.TELL)
                            .runTimeout(HOUR, TimeLimit.Then.CANCEL)
                            .ifKeyIsOver(IfKeyIsOver.REFUSE)
                            .resubmission(afterInfrastructure())
                            .idempotent()
                            .tag("team", "data")));
            assertThat(request.toBuilder().build()).isEqualTo(request);
        }
    }
}
