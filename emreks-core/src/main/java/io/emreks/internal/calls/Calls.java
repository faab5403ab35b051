package io.emreks.internal.calls;

import io.emreks.internal.loop.Loop;
import io.emreks.retry.ApiRetry;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
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
    private final RetrySchedule schedule;
    private final ApiBreaker emrBreaker;
    private final ApiBreaker s3Breaker;

    /**
     * @param callExecutor where calls are begun, because the SDK asks for credentials on the calling thread
     * @param mapper the one that knows what AWS errors mean
     */
    public Calls(
            Loop loop,
            Clock clock,
            Executor callExecutor,
            AccountQuota quota,
            ApiRetry settings,
            RandomGenerator random,
            Function<Throwable, ApiFailure> mapper) {
        this.loop = loop;
        this.callExecutor = callExecutor;
        this.quota = quota;
        this.settings = settings;
        this.mapper = mapper;
        this.schedule = new RetrySchedule("emreks", settings, random);
        this.emrBreaker = new ApiBreaker("emr-containers", clock);
        this.s3Breaker = new ApiBreaker("s3", clock);
    }

    /** Makes a call, tried again by the client's schedule. */
    public <T> ApiCall<T> call(ApiOperation operation, Supplier<CompletableFuture<T>> request) {
        ApiCall<T> call = new ApiCall<>(this, operation, request, schedule.begin());
        call.awaitTurn();
        return call;
    }

    /** Makes a call that is tried once. */
    public <T> ApiCall<T> callOnce(ApiOperation operation, Supplier<CompletableFuture<T>> request) {
        ApiCall<T> call = new ApiCall<>(this, operation, request, RetrySchedule.ONCE);
        call.awaitTurn();
        return call;
    }

    ApiBreaker breakerOf(ApiOperation operation) {
        return operation.s3() ? s3Breaker : emrBreaker;
    }
}
