package io.emreks.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.client.ApiQuotas;
import io.emreks.internal.calls.ApiFailure.Kind;
import io.emreks.internal.loop.Loop;
import io.emreks.metrics.ApiTry;
import io.emreks.retry.ApiRetry;
import io.emreks.testing.service.VirtualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class ApiCallTest {
    private final VirtualTime time = new VirtualTime();
    private final Loop loop = new Loop(time, time.clock(), time::nanoTime);
    private final Deque<CompletableFuture<String>> sent = new ArrayDeque<>();

    private CompletableFuture<String> request() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        sent.add(answer);
        return answer;
    }

    private final List<ApiTry> tried = new ArrayList<>();

    private Calls calls(Executor callExecutor, int attempts) {
        return new Calls(
                loop,
                callExecutor,
                new AccountQuota(loop, ApiQuotas.builder().build()),
                ApiRetry.builder().maxAttempts(attempts).build(),
                new SplittableRandom(7),
                failure ->
                        failure instanceof ApiFailure f ? f : new ApiFailure(Kind.OTHER, failure.toString(), failure),
                tried::add);
    }

    private static ApiFailure failure(Kind kind) {
        return new ApiFailure(kind, "on purpose", null);
    }

    private ApiFailure failed(ApiCall<String> call) {
        assertThat(call.result()).isCompletedExceptionally();
        return (ApiFailure) call.result().handle((v, e) -> e).join();
    }

    @Test
    void aRequestThatThrowsIsAFailureLikeAnyOther() {
        ApiCall<String> call = calls(Runnable::run, 3).call(ApiOperation.START_JOB_RUN, () -> {
            throw new IllegalStateException("thrown");
        });
        time.runUntilIdle();
        assertThat(failed(call).kind()).isEqualTo(Kind.OTHER);
        assertThat(failed(call).mayHaveTakenEffect()).isFalse();
    }

    @Test
    void aRequestThatThrowsOnALaterTryDoesNotHang() {
        int[] tries = {0};
        ApiCall<String> call = calls(Runnable::run, 5).call(ApiOperation.START_JOB_RUN, () -> {
            if (++tries[0] == 1) {
                return CompletableFuture.failedFuture(failure(Kind.NETWORK));
            }
            throw new IllegalStateException("thrown");
        });
        time.advance(Duration.ofMinutes(1));
        assertThat(failed(call).tries()).isEqualTo(2);
        assertThat(failed(call).mayHaveTakenEffect())
                .as("the first try may have")
                .isTrue();
    }

    @Test
    void aTryThatNeverGotItsThreadWasNotSent() {
        Deque<Runnable> queued = new ArrayDeque<>();
        ApiCall<String> call = calls(queued::add, 1).call(ApiOperation.START_JOB_RUN, this::request);
        time.advance(Duration.ofSeconds(31));
        assertThat(failed(call).kind()).isEqualTo(Kind.NOT_SENT);
        assertThat(failed(call).mayHaveTakenEffect()).isFalse();
        queued.remove().run();
        assertThat(sent).as("and never is").isEmpty();
    }

    @Test
    void aTryThatIsNotAnsweredInTimeMayHaveTakenEffectAndIsCancelled() {
        ApiCall<String> call = calls(Runnable::run, 1).call(ApiOperation.START_JOB_RUN, this::request);
        time.advance(Duration.ofSeconds(31));
        assertThat(failed(call).kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(failed(call).mayHaveTakenEffect()).isTrue();
        assertThat(sent.remove()).isCancelled();
    }

    @Test
    void stoppingEndsACallThatOnlyWaits() {
        ApiCall<String> call = calls(Runnable::run, 5).call(ApiOperation.START_JOB_RUN, this::request);
        sent.remove().completeExceptionally(failure(Kind.THROTTLED));
        time.runUntilIdle();
        call.stopUnlessUncertain();
        assertThat(failed(call).kind()).isEqualTo(Kind.STOPPED);
        assertThat(failed(call).mayHaveTakenEffect()).isFalse();
        time.advance(Duration.ofMinutes(5));
        assertThat(sent).isEmpty();
    }

    @Test
    void stoppingWaitsForAnAnswerThatIsUnderWay() {
        ApiCall<String> call = calls(Runnable::run, 5).call(ApiOperation.START_JOB_RUN, this::request);
        call.stopUnlessUncertain();
        assertThat(call.result()).isNotDone();
        sent.remove().complete("id");
        time.runUntilIdle();
        assertThat(call.result()).isCompletedWithValue("id");
    }

    @Test
    void stoppingGoesOnUntilAnUncertainCallIsCertain() {
        ApiCall<String> call = calls(Runnable::run, 5).call(ApiOperation.START_JOB_RUN, this::request);
        sent.remove().completeExceptionally(failure(Kind.NETWORK));
        time.runUntilIdle();
        call.stopUnlessUncertain();
        time.advance(Duration.ofSeconds(5));
        sent.remove().complete("id");
        time.runUntilIdle();
        assertThat(call.result()).isCompletedWithValue("id");
    }

    @Test
    void abandoningSaysWhetherSomethingMayHaveHappened() {
        ApiCall<String> underWay = calls(Runnable::run, 5).call(ApiOperation.START_JOB_RUN, this::request);
        underWay.abandon();
        assertThat(failed(underWay).mayHaveTakenEffect()).isTrue();
        Deque<Runnable> queued = new ArrayDeque<>();
        ApiCall<String> notBegun = calls(queued::add, 5).call(ApiOperation.START_JOB_RUN, this::request);
        notBegun.abandon();
        assertThat(failed(notBegun).mayHaveTakenEffect()).isFalse();
    }

    @Test
    void aServiceThatIsDownIsLeftAloneButCancelsPass() {
        Calls calls = calls(Runnable::run, 1);
        for (int i = 0; i < 20; i++) {
            calls.call(ApiOperation.DESCRIBE_JOB_RUN, this::request);
            sent.remove().completeExceptionally(failure(Kind.UNAVAILABLE));
            time.runUntilIdle();
        }
        ApiCall<String> start = calls.call(ApiOperation.START_JOB_RUN, this::request);
        assertThat(sent).as("the breaker is open").isEmpty();
        calls.call(ApiOperation.CANCEL_JOB_RUN, this::request);
        assertThat(sent).as("a cancel passes").hasSize(1);
        sent.remove().complete("cancelled");
        time.advance(Duration.ofSeconds(11));
        assertThat(sent).as("after ten seconds it is asked again").hasSize(1);
        sent.remove().complete("id");
        time.runUntilIdle();
        assertThat(start.result()).isCompletedWithValue("id");
        assertThat(start.tries()).as("waiting for the breaker is no try").isEqualTo(1);
    }

    @Test
    void aTryThatWaitsForItsThreadIsTakenBackWhenStopped() {
        Deque<Runnable> queued = new ArrayDeque<>();
        ApiCall<String> call = calls(queued::add, 5).call(ApiOperation.START_JOB_RUN, this::request);
        call.stopUnlessUncertain();
        assertThat(failed(call).kind()).isEqualTo(Kind.STOPPED);
        assertThat(failed(call).mayHaveTakenEffect()).isFalse();
        queued.remove().run();
        assertThat(sent).isEmpty();
    }

    private Calls calledWhileDown() {
        Calls calls = calls(Runnable::run, 1);
        for (int i = 0; i < 20; i++) {
            calls.call(ApiOperation.DESCRIBE_JOB_RUN, this::request);
            sent.remove().completeExceptionally(failure(Kind.UNAVAILABLE));
            time.runUntilIdle();
        }
        return calls;
    }

    @Test
    void aCallThatWaitsForTheBreakerCanBeStopped() {
        ApiCall<String> start = calledWhileDown().call(ApiOperation.START_JOB_RUN, this::request);
        time.advance(Duration.ofMillis(1_500));
        start.stopUnlessUncertain();
        assertThat(failed(start).kind()).isEqualTo(Kind.STOPPED);
        time.advance(Duration.ofMinutes(5));
        assertThat(sent).isEmpty();
    }

    @Test
    void abandonedCallsDoNotKeepTheBreakerShut() {
        Calls calls = calledWhileDown();
        time.advance(Duration.ofSeconds(11));
        for (int i = 0; i < 3; i++) {
            ApiCall<String> probe = calls.watch(ApiOperation.DESCRIBE_JOB_RUN, this::request, () -> {});
            probe.abandon();
            assertThat(sent.remove()).isCancelled();
        }
        ApiCall<String> later = calls.call(ApiOperation.START_JOB_RUN, this::request);
        time.runUntilIdle();
        sent.remove().complete("id");
        time.runUntilIdle();
        assertThat(later.result()).isCompletedWithValue("id");
    }

    @Test
    void waitingForTheBreakerTakesNoTurn() {
        Calls calls = calledWhileDown();
        for (int i = 0; i < 25; i++) {
            calls.call(ApiOperation.START_JOB_RUN, () -> CompletableFuture.completedFuture("id"));
        }
        time.advance(Duration.ofSeconds(12));
        int[] started = {0};
        calls.call(ApiOperation.START_JOB_RUN, () -> {
            started[0]++;
            return CompletableFuture.completedFuture("id");
        });
        time.advance(Duration.ofSeconds(14));
        assertThat(started[0])
                .as("the 26th start of a bucket of 25, a turn a second")
                .isEqualTo(1);
    }

    @Test
    void closingAbandonsEveryCallAndEveryLaterOne() {
        Calls calls = calls(Runnable::run, 5);
        ApiCall<String> underWay = calls.call(ApiOperation.START_JOB_RUN, this::request);
        calls.close();
        assertThat(failed(underWay).mayHaveTakenEffect()).isTrue();
        assertThat(sent.remove()).isCancelled();
        ApiCall<String> later = calls.call(ApiOperation.GET_OBJECT, this::request);
        assertThat(failed(later).kind()).isEqualTo(Kind.STOPPED);
        time.advance(Duration.ofMinutes(5));
        assertThat(sent).isEmpty();
    }

    @Test
    void throttlingDoesNotOpenTheBreaker() {
        Calls calls = calls(Runnable::run, 1);
        for (int i = 0; i < 25; i++) {
            calls.call(ApiOperation.DESCRIBE_JOB_RUN, this::request);
            time.advance(Duration.ofMinutes(1));
            sent.remove().completeExceptionally(failure(Kind.THROTTLED));
            time.runUntilIdle();
        }
        calls.call(ApiOperation.START_JOB_RUN, this::request);
        assertThat(sent).hasSize(1);
    }

    @Test
    void aCallThatHasEndedLeavesNoTimer() {
        ApiCall<String> answered = calls(Runnable::run, 5).call(ApiOperation.START_JOB_RUN, this::request);
        sent.remove().complete("id");
        ApiCall<String> abandoned = calls(Runnable::run, 5).call(ApiOperation.START_JOB_RUN, this::request);
        abandoned.abandon();
        Deque<Runnable> queued = new ArrayDeque<>();
        ApiCall<String> withdrawn = calls(queued::add, 5).call(ApiOperation.START_JOB_RUN, this::request);
        withdrawn.stopUnlessUncertain();
        time.runUntilIdle();
        assertThat(answered.result()).isDone();
        assertThat(abandoned.result()).isDone();
        assertThat(withdrawn.result()).isDone();
        assertThat(time.pending()).isEmpty();
    }

    @Test
    void aCallExecutorThatRefusesEndsTheCall() {
        ApiCall<String> call = calls(
                        task -> {
                            throw new RejectedExecutionException("full");
                        },
                        5)
                .call(ApiOperation.START_JOB_RUN, this::request);
        time.runUntilIdle();
        assertThat(failed(call).kind()).isEqualTo(Kind.OTHER);
        assertThat(failed(call).mayHaveTakenEffect()).isFalse();
        assertThat(failed(call)).hasMessageContaining("executor");
    }

    @Test
    void stoppingWhileATryIsUnderWayEndsTheCallWithItsAnswer() {
        ApiCall<String> call = calls(Runnable::run, 5).call(ApiOperation.START_JOB_RUN, this::request);
        call.stopUnlessUncertain();
        sent.remove().completeExceptionally(failure(Kind.THROTTLED));
        time.runUntilIdle();
        assertThat(failed(call).kind()).isEqualTo(Kind.STOPPED);
        assertThat(failed(call).mayHaveTakenEffect()).isFalse();
    }

    @Test
    void aThrottledCallSlowsDownTheNextOne() {
        Calls calls = calls(Runnable::run, 1);
        calls.call(ApiOperation.START_JOB_RUN, this::request);
        sent.remove().completeExceptionally(failure(Kind.THROTTLED));
        time.runUntilIdle();
        calls.call(ApiOperation.START_JOB_RUN, this::request);
        assertThat(sent).isEmpty();
        time.advance(Duration.ofSeconds(2));
        assertThat(sent).hasSize(1);
    }

    @Test
    void anS3ThatIsDownDoesNotStopCallsToEmr() {
        Calls calls = calls(Runnable::run, 1);
        for (int i = 0; i < 20; i++) {
            calls.call(ApiOperation.PUT_OBJECT, this::request);
            sent.remove().completeExceptionally(failure(Kind.UNREACHABLE));
            time.runUntilIdle();
        }
        calls.call(ApiOperation.PUT_OBJECT, this::request);
        assertThat(sent).isEmpty();
        calls.call(ApiOperation.START_JOB_RUN, this::request);
        assertThat(sent).hasSize(1);
    }

    @Test
    void aTimeoutNamesTheOperationAndTheLimit() {
        ApiCall<String> call = calls(Runnable::run, 1).call(ApiOperation.START_JOB_RUN, this::request);
        time.advance(Duration.ofSeconds(31));
        assertThat(failed(call)).hasMessage("no answer to StartJobRun within PT30S");
    }
}
