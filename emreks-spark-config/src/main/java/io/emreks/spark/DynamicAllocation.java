package io.emreks.spark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.immutables.value.Value;

/**
 * As many executors as there is work for, between a least and a most number. There is no external shuffle service on
 * Kubernetes, so executors that hold shuffle data are kept (shuffle tracking).
 *
 * <p>The most is not optional: Spark's default is no bound. EMR's Spark also asks for many executors at the start
 * ({@code spark.dynamicAllocation.preallocateExecutors}) unless it is told a least or an initial number, so the initial
 * number is always set; it is the least one unless it is given. Source: EMR on EKS Development Guide, best practices;
 * Spark documentation, "Dynamic Allocation". Immutable.
 */
@Value.Immutable
public abstract class DynamicAllocation implements SparkPreset {
    private static final String NAME = "dynamic allocation";
    private static final String PREFIX = "spark.dynamicAllocation.";

    DynamicAllocation() {}

    /** From 0 to that many executors. */
    public static DynamicAllocation upTo(int max) {
        return builder().max(max).build();
    }

    /** Starts a preset; {@link Builder#max(int)} is required. */
    public static Builder builder() {
        return ImmutableDynamicAllocation.builder();
    }

    /** The most executors at any time; at least 1. */
    public abstract int max();

    /** The least executors at any time; 0 without it. */
    public abstract OptionalInt min();

    /** The executors to start with; {@link #min()} without it. */
    public abstract OptionalInt initial();

    /** After which idle time an executor is given back; Spark's default is 60 s. */
    public abstract Optional<Duration> executorIdleTimeout();

    /** After which idle time an executor with cached data is given back; Spark's default is never. */
    public abstract Optional<Duration> cachedExecutorIdleTimeout();

    /** After which idle time an executor with shuffle data is given back; Spark's default is never. */
    public abstract Optional<Duration> shuffleTrackingTimeout();

    /** After which time of waiting tasks more executors are asked for; Spark's default is 1 s. */
    public abstract Optional<Duration> schedulerBacklogTimeout();

    /** {@code dynamic allocation}. */
    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SparkConf conf() {
        int least = min().orElse(0);
        return new PresetSettings(NAME, PREFIX)
                .put("enabled", true)
                .put("shuffleTracking.enabled", true)
                .put("minExecutors", least)
                .put("initialExecutors", initial().orElse(least))
                .put("maxExecutors", max())
                .put("executorIdleTimeout", executorIdleTimeout())
                .put("cachedExecutorIdleTimeout", cachedExecutorIdleTimeout())
                .put("shuffleTracking.timeout", shuffleTrackingTimeout())
                .put("schedulerBacklogTimeout", schedulerBacklogTimeout())
                .conf();
    }

    @Override
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        int least = min().orElse(0);
        int first = initial().orElse(least);
        if (max() < 1) {
            problems.add(new Problem("dynamicAllocation.max", "is " + max(), "make it 1 or more"));
        }
        if (least < 0) {
            problems.add(new Problem("dynamicAllocation.min", "is " + least, "make it 0 or more"));
        }
        if (least > first || first > max()) {
            problems.add(new Problem(
                    "dynamicAllocation",
                    "has min " + least + ", initial " + first + " and max " + max() + ", and Spark fails unless min ≤"
                            + " initial ≤ max",
                    "put them in order"));
        }
        Limits.time(executorIdleTimeout(), "dynamicAllocation.executorIdleTimeout", problems);
        Limits.time(cachedExecutorIdleTimeout(), "dynamicAllocation.cachedExecutorIdleTimeout", problems);
        Limits.time(shuffleTrackingTimeout(), "dynamicAllocation.shuffleTrackingTimeout", problems);
        Limits.time(schedulerBacklogTimeout(), "dynamicAllocation.schedulerBacklogTimeout", problems);
        return List.copyOf(problems);
    }

    /** Builds the preset. Not safe for use by several threads at once. */
    public abstract static class Builder {
        Builder() {}

        /** Sets the most executors at any time. */
        public abstract Builder max(int max);

        /** Sets the least executors at any time. */
        public abstract Builder min(int min);

        /** Sets the executors to start with. */
        public abstract Builder initial(int initial);

        /** Sets after which idle time an executor is given back. */
        public abstract Builder executorIdleTimeout(Duration executorIdleTimeout);

        /** Sets after which idle time an executor with cached data is given back. */
        public abstract Builder cachedExecutorIdleTimeout(Duration cachedExecutorIdleTimeout);

        /** Sets after which idle time an executor with shuffle data is given back. */
        public abstract Builder shuffleTrackingTimeout(Duration shuffleTrackingTimeout);

        /** Sets after which time of waiting tasks more executors are asked for. */
        public abstract Builder schedulerBacklogTimeout(Duration schedulerBacklogTimeout);

        /**
         * The preset. Whether its numbers fit is told by {@link DynamicAllocation#problems()}.
         *
         * @throws IllegalStateException if the most executors are not set
         */
        public abstract DynamicAllocation build();
    }
}
