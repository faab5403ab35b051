package io.emreks.internal.calls;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Stops calling a service that answers half of twenty calls with faults of its own or not at all, and lets three calls
 * through every ten seconds to see whether it is back. Refusals, throttling included, are answers and do not count.
 */
final class ApiBreaker {
    static final Duration OPEN = Duration.ofSeconds(10);
    private static final int WINDOW = 20;

    private final CircuitBreaker breaker;

    ApiBreaker(String name, LongSupplier ticker) {
        this.breaker = CircuitBreaker.of(
                name,
                CircuitBreakerConfig.custom()
                        .clock(new Ticking(ticker))
                        .slidingWindow(WINDOW, WINDOW, CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                        .failureRateThreshold(50)
                        .waitDurationInOpenState(OPEN)
                        .permittedNumberOfCallsInHalfOpenState(3)
                        .recordException(failure ->
                                failure instanceof ApiFailure f && f.kind().down())
                        .ignoreException(failure ->
                                !(failure instanceof ApiFailure f && f.kind().down()))
                        .build());
    }

    /** Whether a call may be made; if so, one of the three below must follow. */
    boolean permits() {
        return breaker.tryAcquirePermission();
    }

    void succeeded() {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    }

    void failed(ApiFailure failure) {
        breaker.onError(0, TimeUnit.NANOSECONDS, failure);
    }

    void notCalled() {
        breaker.releasePermission();
    }

    /** The breaker asks a clock how long it was open; the wall clock may be set back. */
    private static final class Ticking extends Clock {
        private final LongSupplier ticker;

        Ticking(LongSupplier ticker) {
            this.ticker = ticker;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochSecond(0, ticker.getAsLong());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
