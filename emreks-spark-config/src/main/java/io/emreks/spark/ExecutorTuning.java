package io.emreks.spark;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.immutables.value.Value;

/**
 * The size and environment of the executor pods, and their number. What is not set is left to EMR and Spark, whose
 * defaults are 1 core and 1 GiB. Immutable.
 */
@Value.Immutable
public abstract class ExecutorTuning extends RoleTuning {
    static final String INSTANCES = "spark.executor.instances";
    static final String OFF_HEAP_ENABLED = "spark.memory.offHeap.enabled";
    static final String OFF_HEAP_SIZE = "spark.memory.offHeap.size";
    static final String PYSPARK_MEMORY = "spark.executor.pyspark.memory";

    ExecutorTuning() {}

    /** Starts a tuning in which nothing is set. */
    public static Builder builder() {
        return ImmutableExecutorTuning.builder();
    }

    /** Starts a tuning from this one. */
    public Builder toBuilder() {
        return ImmutableExecutorTuning.builder().from(this);
    }

    /**
     * How many executors the job has; at least 1 ({@code spark.executor.instances}). Spark's default is 2. With dynamic
     * allocation it is only where the job starts.
     */
    public abstract OptionalInt instances();

    /**
     * Memory outside of the heap that Spark manages itself ({@code spark.memory.offHeap.enabled} and {@code .size});
     * it is added to the pods of the executors.
     */
    public abstract Optional<MemorySize> offHeap();

    /**
     * Memory for the Python processes of each executor ({@code spark.executor.pyspark.memory}), which they may not
     * exceed; it is added to the pods, and only if the job is a Python one.
     */
    public abstract Optional<MemorySize> pysparkMemory();

    @Override
    Names names() {
        return Names.EXECUTOR;
    }

    @Override
    void addTo(SparkConf.Builder conf) {
        String source = names().source();
        instances().ifPresent(n -> conf.tuning(source, INSTANCES, Integer.toString(n)));
        super.addTo(conf);
        offHeap()
                .ifPresent(size ->
                        conf.tuning(source, OFF_HEAP_ENABLED, "true").tuning(source, OFF_HEAP_SIZE, size.sparkValue()));
        pysparkMemory().ifPresent(size -> conf.tuning(source, PYSPARK_MEMORY, size.sparkValue()));
    }

    @Override
    void check(List<Problem> problems) {
        Limits.atLeastOne(instances(), "executors.instances", problems);
        super.check(problems);
        Limits.size(offHeap(), "executors.offHeap", "give it a size like 4g, or leave it out", problems);
        Limits.size(pysparkMemory(), "executors.pysparkMemory", "give it a size, or leave it out", problems);
    }

    /** The settings; the values of secret environment variables are hidden. */
    @Override
    public String toString() {
        return "ExecutorTuning" + toConf();
    }

    /** Builds a tuning. Not safe for use by several threads at once. */
    public abstract static class Builder extends RoleTuning.Builder<Builder> {
        Builder() {}

        /** Sets how many executors the job has. */
        public abstract Builder instances(int instances);

        /** Sets the memory outside of the heap that Spark manages itself. */
        public abstract Builder offHeap(MemorySize offHeap);

        /**
         * Sets the memory outside of the heap that Spark manages itself, such as {@code 4g}.
         *
         * @throws IllegalArgumentException if {@link MemorySize#parse(String)} cannot read it
         */
        public Builder offHeap(String offHeap) {
            return offHeap(MemorySize.parse(offHeap));
        }

        /** Sets the memory for the Python processes. */
        public abstract Builder pysparkMemory(MemorySize pysparkMemory);

        /**
         * Sets the memory for the Python processes, such as {@code 2g}.
         *
         * @throws IllegalArgumentException if {@link MemorySize#parse(String)} cannot read it
         */
        public Builder pysparkMemory(String pysparkMemory) {
            return pysparkMemory(MemorySize.parse(pysparkMemory));
        }

        /** The tuning. Whether it makes sense is told by {@link ExecutorTuning#problems()}. */
        public abstract ExecutorTuning build();
    }
}
