package io.emreks.internal.calls;

/**
 * A bucket that holds {@code capacity} tokens and refills continuously. After a throttled call it is empty and refills at
 * half its rate, down to a sixteenth, and finds back to its full rate within twenty seconds without another one: the
 * account's real bucket is shared with callers this process cannot see.
 */
final class TokenBucket {
    private static final double NANOS = 1e9;
    private static final double SLOWEST = 1.0 / 16;
    private static final double RECOVERY_PER_SECOND = 1.0 / 20;

    private final double capacity;
    private final double perSecond;
    private double tokens;
    private double pace = 1;
    private long refilledAt;

    TokenBucket(double capacity, double perSecond, long now) {
        this.capacity = capacity;
        this.perSecond = perSecond;
        this.tokens = capacity;
        this.refilledAt = now;
    }

    /** How long until a token is there; 0 if one is. */
    long nanosUntilReady(long now) {
        refill(now);
        return tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) / (perSecond * pace) * NANOS);
    }

    /** Takes a token that {@link #nanosUntilReady} said is there. */
    void take() {
        tokens -= 1;
    }

    void throttled(long now) {
        refill(now);
        tokens = 0;
        pace = Math.max(SLOWEST, pace / 2);
    }

    private void refill(long now) {
        double seconds = Math.max(0, now - refilledAt) / NANOS;
        tokens = Math.min(capacity, tokens + seconds * perSecond * pace);
        pace = Math.min(1, pace + seconds * RECOVERY_PER_SECOND);
        refilledAt = Math.max(refilledAt, now);
    }
}
