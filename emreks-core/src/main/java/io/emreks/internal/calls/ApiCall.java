package io.emreks.internal.calls;

import io.emreks.internal.loop.Loop;
import io.emreks.metrics.ApiTry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call to AWS with all its tries: each waits its turn, asks the breaker, is begun on the call executor and has a
 * deadline. Belongs to the loop; its result completes on the loop, with an {@link ApiFailure} if it fails.
 */
public final class ApiCall<T> {
    private static final Duration BREAKER_PAUSE = Duration.ofSeconds(1);

    private final Calls calls;
    private final ApiOperation operation;
    private final Supplier<CompletableFuture<T>> request;
    private final RetrySchedule.Tries schedule;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final boolean watching;
    private @Nullable Runnable whenTurn;
    private Loop.@Nullable Timer waiting;
    private @Nullable Try current;
    private int tries;
    private long waitingSince;
    private long begunAt;
    private boolean mayHaveTakenEffect;
    private boolean stopping;
    private boolean permitted;
    private boolean waitsForTurn;

    /**
     * A call.
     *
     * @param whenTurn told when a look of the watcher has its turn, or ends without one; null for other calls
     */
    ApiCall(
            Calls calls,
            ApiOperation operation,
            Supplier<CompletableFuture<T>> request,
            RetrySchedule.Tries schedule,
            @Nullable Runnable whenTurn) {
        this.calls = calls;
        this.operation = operation;
        this.request = request;
        this.schedule = schedule;
        this.watching = whenTurn != null;
        this.whenTurn = whenTurn;
    }

    /** Completes on the loop. */
    public CompletableFuture<T> result() {
        return result;
    }

    /** How often it was tried so far. */
    int tries() {
        return tries;
    }

    /**
     * Makes no further try unless an earlier one may have taken effect: then only a further answer can tell, and the call
     * goes on.
     */
    public void stopUnlessUncertain() {
        stopping = true;
        if (mayHaveTakenEffect || (current != null && !current.withdraw())) {
            return;
        }
        current = null;
        fail(stopped());
    }

    /** Ends the call now; the failure says whether the service may have done what was asked. */
    public void abandon() {
        if (current != null) {
            mayHaveTakenEffect |= current.abandon();
            current = null;
        }
        fail(stopped());
    }

    private static ApiFailure stopped() {
        return new ApiFailure(ApiFailure.Kind.STOPPED, "no further try was wanted", null);
    }

    /** First the breaker, so that nobody takes a turn for a call that is not made; cancels pass it. */
    void awaitTurn() {
        waiting = null;
        waitingSince = calls.loop.nanos();
        permitted = operation.priority() != ApiOperation.Priority.CANCEL
                && calls.breakerOf(operation).permits();
        if (!permitted && operation.priority() != ApiOperation.Priority.CANCEL) {
            waiting = calls.loop.after(BREAKER_PAUSE, this::awaitTurn);
            return;
        }
        waitsForTurn = true;
        calls.waiting.incrementAndGet();
        Loop.Timer turn = calls.quota.acquire(operation, watching, this::haveTurn);
        if (current == null) {
            waiting = turn;
        }
    }

    private void haveTurn() {
        waiting = null;
        waitsNoMore();
        tries++;
        begunAt = calls.loop.nanos();
        current = new Try();
        current.begin();
        turnIsOver();
    }

    private void waitsNoMore() {
        if (waitsForTurn) {
            waitsForTurn = false;
            calls.waiting.decrementAndGet();
        }
    }

    private void turnIsOver() {
        if (whenTurn != null) {
            Runnable told = whenTurn;
            whenTurn = null;
            told.run();
        }
    }

    private void answered(Try from, @Nullable T value, @Nullable ApiFailure failure) {
        if (current != from || result.isDone()) {
            return;
        }
        current = null;
        calls.told.accept(new ApiTry(
                operation.serviceName(),
                outcome(failure),
                Duration.ofNanos(begunAt - waitingSince),
                Duration.ofNanos(calls.loop.nanos() - begunAt)));
        if (failure == null) {
            if (permitted) {
                permitted = false;
                calls.breakerOf(operation).succeeded();
            }
            schedule.succeeded();
            result.complete(value);
            return;
        }
        if (permitted) {
            permitted = false;
            calls.breakerOf(operation).failed(failure);
        }
        mayHaveTakenEffect |= failure.mayHaveTakenEffect();
        if (failure.kind() == ApiFailure.Kind.THROTTLED) {
            calls.quota.throttled(operation);
        }
        Optional<Duration> delay = schedule.delayAfter(failure);
        if (delay.isEmpty()) {
            fail(failure);
        } else if (stopping && !mayHaveTakenEffect) {
            fail(stopped());
        } else {
            waiting = calls.loop.after(delay.get(), this::awaitTurn);
        }
    }

    private static ApiTry.Outcome outcome(@Nullable ApiFailure failure) {
        if (failure == null) {
            return ApiTry.Outcome.SUCCEEDED;
        }
        return switch (failure.kind()) {
            case THROTTLED -> ApiTry.Outcome.THROTTLED;
            case UNAVAILABLE, NETWORK, UNREACHABLE, NO_CONNECTION, TIMEOUT, NOT_SENT, UNEXPECTED, STOPPED ->
                ApiTry.Outcome.UNANSWERED;
            case BUSY, QUEUE_FULL, CREDENTIALS, DENIED, TAGGING_DENIED, PRECONDITION, NOT_FOUND, INVALID, OTHER ->
                ApiTry.Outcome.REFUSED;
        };
    }

    private void fail(ApiFailure failure) {
        if (waiting != null) {
            waiting.cancel();
            waiting = null;
        }
        waitsNoMore();
        if (permitted) {
            permitted = false;
            calls.breakerOf(operation).notCalled();
        }
        result.completeExceptionally(failure.afterTries(tries, mayHaveTakenEffect));
        turnIsOver();
    }

    private enum Progress {
        QUEUED,
        BEGUN,
        GIVEN_UP
    }

    /** One try: queued for the call executor, begun there, answered or given up by the loop. */
    private final class Try {
        private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.QUEUED);
        private volatile @Nullable CompletableFuture<T> answer;
        private Loop.@Nullable Timer deadline;

        void begin() {
            deadline = calls.loop.after(limit(), this::expired);
            try {
                calls.callExecutor.execute(this::send);
            } catch (RejectedExecutionException e) {
                ApiFailure refused = new ApiFailure(ApiFailure.Kind.OTHER, "the call executor refused the call", e);
                calls.loop.execute(() -> end(null, refused));
            }
        }

        private void send() {
            if (!progress.compareAndSet(Progress.QUEUED, Progress.BEGUN)) {
                return;
            }
            CompletableFuture<T> sent;
            try {
                sent = request.get();
            } catch (RuntimeException | Error e) {
                ApiFailure failure = calls.mapper.apply(e).beforeSending();
                calls.loop.execute(() -> end(null, failure));
                return;
            }
            answer = sent;
            if (progress.get() == Progress.GIVEN_UP) {
                sent.cancel(true);
            }
            var unused = sent.whenComplete((value, failure) -> {
                ApiFailure mapped = failure == null ? null : calls.mapper.apply(failure);
                calls.loop.execute(() -> end(value, mapped));
            });
        }

        private void end(@Nullable T value, @Nullable ApiFailure failure) {
            if (deadline != null) {
                deadline.cancel();
            }
            answered(this, value, failure);
        }

        private Duration limit() {
            return calls.settings.tryTimeout().plus(operation.waits());
        }

        private void expired() {
            String after = "no answer to " + operation.serviceName() + " within " + limit();
            boolean mayHaveBeenSent = abandon();
            end(
                    null,
                    new ApiFailure(mayHaveBeenSent ? ApiFailure.Kind.TIMEOUT : ApiFailure.Kind.NOT_SENT, after, null));
        }

        /** Takes the try back if it was not begun. */
        boolean withdraw() {
            if (!progress.compareAndSet(Progress.QUEUED, Progress.GIVEN_UP)) {
                return false;
            }
            if (deadline != null) {
                deadline.cancel();
            }
            return true;
        }

        /** Lets go of the try; whether it may have been sent. */
        boolean abandon() {
            if (deadline != null) {
                deadline.cancel();
            }
            boolean begun = progress.getAndSet(Progress.GIVEN_UP) != Progress.QUEUED;
            CompletableFuture<T> sent = answer;
            if (sent != null) {
                sent.cancel(true);
            }
            return begun;
        }
    }
}
