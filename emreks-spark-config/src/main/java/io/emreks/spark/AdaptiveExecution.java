package io.emreks.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.immutables.value.Value;

/**
 * Queries that are planned again while they run: small shuffle partitions are joined and skewed ones split (Spark
 * documentation, "Performance Tuning", adaptive query execution). Spark does so by default from 3.2; the preset says it
 * for older ones too, and sets the sizes. Immutable.
 */
@Value.Immutable
public abstract class AdaptiveExecution implements SparkPreset {
    private static final String NAME = "adaptive execution";

    AdaptiveExecution() {}

    /** Adaptive execution with Spark's sizes. */
    public static AdaptiveExecution on() {
        return builder().build();
    }

    /** Starts a preset with Spark's sizes. */
    public static Builder builder() {
        return ImmutableAdaptiveExecution.builder();
    }

    /** Whether small partitions are joined after a shuffle; true without it. */
    @Value.Default
    public boolean coalescePartitions() {
        return true;
    }

    /** Whether skewed partitions of joins are split; true without it. */
    @Value.Default
    public boolean splitSkewedJoins() {
        return true;
    }

    /** How large partitions are made; Spark's default is 64 MiB. */
    public abstract Optional<MemorySize> partitionSize();

    /** How many partitions a shuffle has before they are joined; without it {@code spark.sql.shuffle.partitions}. */
    public abstract OptionalInt initialPartitions();

    /** {@code adaptive execution}. */
    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SparkConf conf() {
        return new PresetSettings(NAME, "spark.sql.adaptive.")
                .put("enabled", true)
                .put("coalescePartitions.enabled", coalescePartitions())
                .put("skewJoin.enabled", splitSkewedJoins())
                .put("advisoryPartitionSizeInBytes", partitionSize())
                .put("coalescePartitions.initialPartitionNum", initialPartitions())
                .conf();
    }

    @Override
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        Limits.size(partitionSize(), "adaptiveExecution.partitionSize", "give it a size like 128m", problems);
        Limits.atLeastOne(initialPartitions(), "adaptiveExecution.initialPartitions", problems);
        return List.copyOf(problems);
    }

    /** Builds the preset. Not safe for use by several threads at once. */
    public abstract static class Builder {
        Builder() {}

        /** Sets whether small partitions are joined after a shuffle. */
        public abstract Builder coalescePartitions(boolean coalescePartitions);

        /** Sets whether skewed partitions of joins are split. */
        public abstract Builder splitSkewedJoins(boolean splitSkewedJoins);

        /** Sets how large partitions are made. */
        public abstract Builder partitionSize(MemorySize partitionSize);

        /** Sets how many partitions a shuffle has before they are joined. */
        public abstract Builder initialPartitions(int initialPartitions);

        /** The preset. Whether it makes sense is told by {@link AdaptiveExecution#problems()}. */
        public abstract AdaptiveExecution build();
    }
}
