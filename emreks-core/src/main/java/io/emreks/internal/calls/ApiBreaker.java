package io.emreks.internal.calls;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Stops calling a service that answers half of twenty calls with faults of its own or not at all, and lets three calls
 * through every ten seconds to see whether it is back. Refusals, throttling included, are answers and do not count.
 */
final class ApiBreaker {
    static final Duration OPEN = Duration.ofSeconds(10);
    private static final int WINDOW = 20;

    private final CircuitBreaker breaker;

    ApiBreaker(String name, Clock clock) {
        this.breaker = CircuitBreaker.of(
                name,
                CircuitBreakerConfig.custom()
                        .clock(clock)
                        .slidingWindow(WINDOW, WINDOW, CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                        .failureRateThreshold(50)
                        .waitDurationInOpenState(OPEN)
                        .permittedNumberOfCallsInHalfOpenState(3)
                        .recordException(failure -> failure instanceof ApiFailure f
                                && switch (f.kind()) {
                                    case UNAVAILABLE, NETWORK, UNREACHABLE, TIMEOUT -> true;
                                    default -> false;
                                })
                        .ignoreException(failure -> failure instanceof ApiFailure f
                                && switch (f.kind()) {
                                    case UNAVAILABLE, NETWORK, UNREACHABLE, TIMEOUT -> false;
                                    default -> true;
                                })
                        .build());
    }

    boolean permits() {
        return breaker.tryAcquirePermission();
    }

    void succeeded() {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    }

    void failed(ApiFailure failure) {
        breaker.onError(0, TimeUnit.NANOSECONDS, failure);
    }
}
