package io.emreks.internal.calls;

import io.emreks.internal.loop.Loop;
import io.emreks.metrics.ApiTry;
import io.emreks.retry.ApiRetry;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Makes calls to AWS for one client. Belongs to the loop. */
public final class Calls {
    final Loop loop;
    final Executor callExecutor;
    final AccountQuota quota;
    final ApiRetry settings;
    final Function<Throwable, ApiFailure> mapper;
    final Consumer<ApiTry> told;
    private final RetrySchedule schedule;
    private final ApiBreaker emrBreaker;
    private final ApiBreaker s3Breaker;
    private final ApiBreaker sqsBreaker;
    private final Set<ApiCall<?>> open = new LinkedHashSet<>();
    final AtomicInteger waiting = new AtomicInteger();
    private boolean closed;

    /**
     * @param callExecutor where calls are begun, because the SDK asks for credentials on the calling thread
     * @param mapper the one that knows what AWS errors mean
     * @param told of every try that is over, on the loop
     */
    public Calls(
            Loop loop,
            Executor callExecutor,
            AccountQuota quota,
            ApiRetry settings,
            RandomGenerator random,
            Function<Throwable, ApiFailure> mapper,
            Consumer<ApiTry> told) {
        this.loop = loop;
        this.callExecutor = callExecutor;
        this.quota = quota;
        this.settings = settings;
        this.mapper = mapper;
        this.told = told;
        this.schedule = new RetrySchedule("emreks", settings, random);
        this.emrBreaker = new ApiBreaker("emr-containers", loop::nanos);
        this.s3Breaker = new ApiBreaker("s3", loop::nanos);
        this.sqsBreaker = new ApiBreaker("sqs", loop::nanos);
    }

    /** Makes a call, tried again by the client's schedule. */
    public <T> ApiCall<T> call(ApiOperation operation, Supplier<CompletableFuture<T>> request) {
        return begin(new ApiCall<>(this, operation, request, schedule.begin(), null));
    }

    /**
     * Makes a call for the watcher: it is tried once, and lets all others go first.
     *
     * @param whenTurn told on the loop once it has its turn, or ends without one
     */
    public <T> ApiCall<T> watch(ApiOperation operation, Supplier<CompletableFuture<T>> request, Runnable whenTurn) {
        return begin(new ApiCall<>(this, operation, request, RetrySchedule.ONCE, whenTurn));
    }

    private <T> ApiCall<T> begin(ApiCall<T> call) {
        if (closed) {
            call.abandon();
            return call;
        }
        open.add(call);
        var unused = call.result().whenComplete((value, failure) -> open.remove(call));
        call.awaitTurn();
        return call;
    }

    /** How many calls wait for their turn; read from anywhere. */
    public int waiting() {
        return waiting.get();
    }

    /** Abandons every call that is under way, and every later one. */
    public void close() {
        closed = true;
        List.copyOf(open).forEach(ApiCall::abandon);
    }

    ApiBreaker breakerOf(ApiOperation operation) {
        return switch (operation.service()) {
            case EMR_CONTAINERS -> emrBreaker;
            case S3 -> s3Breaker;
            case SQS -> sqsBreaker;
        };
    }
}
