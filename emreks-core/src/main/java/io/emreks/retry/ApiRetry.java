package io.emreks.retry;

import java.time.Duration;
import org.immutables.value.Value;

/**
 * How one call to AWS is tried again: throttled, server-side and network errors only, after a delay that grows
 * exponentially and is drawn at random between nothing and its full length.
 *
 * <p>This is about calls. EMR restarting a driver and the submission of a new job run after a failure are other things.
 * Looks at a run's state do not use this schedule: a look that fails is followed by the next look.
 */
@Value.Immutable
public interface ApiRetry {
    /** How often one call is tried in all, the first time included. Default 8. */
    @Value.Default
    default int maxAttempts() {
        return 8;
    }

    /** The longest first delay. Default 500 ms. */
    @Value.Default
    default Duration initialDelay() {
        return Duration.ofMillis(500);
    }

    /** The longest first delay after a throttled try; the published buckets refill at one call a second. Default 2 s. */
    @Value.Default
    default Duration throttledDelay() {
        return Duration.ofSeconds(2);
    }

    /** What no delay exceeds. Default 30 s. */
    @Value.Default
    default Duration maxDelay() {
        return Duration.ofSeconds(30);
    }

    /** How long one try may take, signing and credentials included, before it counts as lost. Default 30 s. */
    @Value.Default
    default Duration tryTimeout() {
        return Duration.ofSeconds(30);
    }

    /** Refuses what cannot work, naming every wrong field. */
    @Value.Check
    default void check() {
        StringBuilder wrong = new StringBuilder();
        if (maxAttempts() < 1) {
            wrong.append(" maxAttempts is ").append(maxAttempts()).append(", must be at least 1;");
        }
        bounded("initialDelay", initialDelay(), wrong);
        bounded("throttledDelay", throttledDelay(), wrong);
        bounded("maxDelay", maxDelay(), wrong);
        bounded("tryTimeout", tryTimeout(), wrong);
        if (wrong.length() > 0) {
            throw new IllegalArgumentException("ApiRetry:" + wrong);
        }
    }

    private static void bounded(String field, Duration value, StringBuilder wrong) {
        if (value.isZero() || value.isNegative() || value.compareTo(Duration.ofDays(1)) > 0) {
            wrong.append(' ')
                    .append(field)
                    .append(" is ")
                    .append(value)
                    .append(", must be positive and at most one day;");
        }
    }

    /** Starts a schedule from the defaults. */
    static Builder builder() {
        return ImmutableApiRetry.builder();
    }

    /** Builds {@link ApiRetry}. Not safe for use by several threads at once. */
    abstract class Builder {
        Builder() {}

        /** Sets how often one call is tried in all; at least 1. */
        public abstract Builder maxAttempts(int maxAttempts);

        /** Sets the longest first delay; positive, at most one day. */
        public abstract Builder initialDelay(Duration initialDelay);

        /** Sets the longest first delay after a throttled try; positive, at most one day. */
        public abstract Builder throttledDelay(Duration throttledDelay);

        /** Sets what no delay exceeds; positive, at most one day. */
        public abstract Builder maxDelay(Duration maxDelay);

        /** Sets how long one try may take; positive, at most one day. */
        public abstract Builder tryTimeout(Duration tryTimeout);

        /** The schedule.
         *
         * @throws IllegalArgumentException naming every field that is out of its limits
         */
        public abstract ApiRetry build();
    }
}
