package io.emreks.client;

import java.time.Duration;
import org.immutables.value.Value;

/**
 * How closely runs are followed. The pause between two looks at a run is {@link #minPause()} after a change and grows by
 * half with every look that finds nothing new, up to {@link #maxPause()}; each is drawn within a fifth of that, so that
 * looks at many runs spread out. All looks share the account's quota, so with many runs they come later than this.
 */
@Value.Immutable
public interface WatchSettings {
    /** The pause after a change. Default 2 s. */
    @Value.Default
    default Duration minPause() {
        return Duration.ofSeconds(2);
    }

    /** The longest pause. Default 30 s. */
    @Value.Default
    default Duration maxPause() {
        return Duration.ofSeconds(30);
    }

    /** How long looks may fail in a row before a run's watch is given up. Default 1 h. */
    @Value.Default
    default Duration giveUpAfter() {
        return Duration.ofHours(1);
    }

    /** Refuses what cannot work. */
    @Value.Check
    default void check() {
        if (minPause().isNegative() || minPause().isZero() || maxPause().compareTo(minPause()) < 0) {
            throw new IllegalArgumentException("WatchSettings: minPause is " + minPause() + " and maxPause is "
                    + maxPause() + "; the first must be positive and the second not smaller");
        }
        if (giveUpAfter().isNegative()) {
            throw new IllegalArgumentException(
                    "WatchSettings: giveUpAfter is " + giveUpAfter() + ", must not be negative");
        }
    }

    /** Starts settings from the defaults. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link WatchSettings}. */
    final class Builder extends ImmutableWatchSettings.Builder {
        Builder() {}
    }
}
