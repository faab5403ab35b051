package io.emreks.internal.calls;

import io.emreks.retry.ApiRetry;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Whether and when to try again: Resilience4j's retry policy, asked step by step. Its own asynchronous driver is not used:
 * it never ends when a try throws, and goes on after a cancel.
 */
final class RetrySchedule {
    /** The tries of a call that is tried once. */
    static final Tries ONCE = new Tries() {
        @Override
        public Optional<Duration> delayAfter(ApiFailure failure) {
            return Optional.empty();
        }

        @Override
        public void succeeded() {}
    };

    private final Retry retry;

    RetrySchedule(String name, ApiRetry settings, RandomGenerator random) {
        this.retry = Retry.of(
                name,
                RetryConfig.custom()
                        .maxAttempts(settings.maxAttempts())
                        .retryOnException(failure ->
                                failure instanceof ApiFailure f && f.kind().retryable())
                        .intervalBiFunction((tries, outcome) -> random.nextLong(
                                longest(settings, tries, outcome.getLeft()).toMillis() + 1))
                        .build());
    }

    private static Duration longest(ApiRetry settings, int tries, Throwable failure) {
        boolean crowded = failure instanceof ApiFailure f && f.kind().crowded();
        Duration first = crowded ? settings.throttledDelay() : settings.initialDelay();
        double grown = first.toMillis() * Math.pow(2, Math.min(tries - 1, 40));
        return grown >= settings.maxDelay().toMillis() ? settings.maxDelay() : Duration.ofMillis((long) grown);
    }

    /** Starts the tries of one call. */
    Tries begin() {
        Retry.AsyncContext<Object> context = retry.asyncContext();
        return new Tries() {
            @Override
            public Optional<Duration> delayAfter(ApiFailure failure) {
                long millis = context.onError(failure);
                return millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
            }

            @Override
            public void succeeded() {
                context.onComplete();
            }
        };
    }

    /** The tries of one call. */
    interface Tries {
        /** How long to wait before the next try; empty if there is none. */
        Optional<Duration> delayAfter(ApiFailure failure);

        void succeeded();
    }
}
