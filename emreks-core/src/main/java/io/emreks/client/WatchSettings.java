package io.emreks.client;

import java.time.Duration;
import org.immutables.value.Value;

/**
 * How closely runs are followed. The pause between two looks at a run is {@link #minPause()} after a change and grows by
 * half with every look that finds nothing new, up to {@link #maxPause()}; where runs of a job's name take much the same time
 * each time, it is shorter again near the expected end. Each is drawn within a fifth of that, so that looks at many runs
 * spread out.
 *
 * <p>Runs of one virtual cluster are followed together: where several of about the same age are due, one page of a list
 * (ListJobRuns) takes the place of looks at each (DescribeJobRun), and only a run that it does not show is looked at by
 * itself. All looks share the account's quota with everything else, let every other call go first, and take three quarters
 * of the account's calls at most, so with thousands of runs they come later than this.
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

    /** Refuses what cannot work, naming every wrong field. */
    @Value.Check
    default void check() {
        StringBuilder wrong = new StringBuilder();
        if (minPause().isNegative() || minPause().isZero()) {
            wrong.append(" minPause is ").append(minPause()).append(", must be positive;");
        }
        if (maxPause().compareTo(minPause()) < 0 || maxPause().compareTo(Duration.ofDays(1)) > 0) {
            wrong.append(" maxPause is ").append(maxPause()).append(", must be at least minPause and at most one day;");
        }
        if (giveUpAfter().isNegative() || giveUpAfter().compareTo(Duration.ofDays(365)) > 0) {
            wrong.append(" giveUpAfter is ").append(giveUpAfter()).append(", must be 0 to 365 days;");
        }
        if (wrong.length() > 0) {
            throw new IllegalArgumentException("WatchSettings:" + wrong);
        }
    }

    /** Starts settings from the defaults. */
    static Builder builder() {
        return ImmutableWatchSettings.builder();
    }

    /** Builds {@link WatchSettings}. Not safe for use by several threads at once. */
    abstract class Builder {
        Builder() {}

        /** Sets the pause after a change; positive. */
        public abstract Builder minPause(Duration minPause);

        /** Sets the longest pause; at least the pause after a change, at most one day. */
        public abstract Builder maxPause(Duration maxPause);

        /** Sets how long looks may fail in a row before a watch is given up; 0 to 365 days. */
        public abstract Builder giveUpAfter(Duration giveUpAfter);

        /** The settings.
         *
         * @throws IllegalArgumentException naming every field that is out of its limits
         */
        public abstract WatchSettings build();
    }
}
