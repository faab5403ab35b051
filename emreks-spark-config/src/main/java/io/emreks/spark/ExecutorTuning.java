package io.emreks.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.immutables.value.Value;

/**
 * The size and environment of the executor pods, and their number. What is not set is left to EMR and Spark, whose
 * defaults are 1 core and 1 GiB. Immutable.
 */
@Value.Immutable
public abstract class ExecutorTuning implements RoleTuning {
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

    /** How many tasks run at once in each executor; at least 1 ({@code spark.executor.cores}). */
    @Override
    public abstract OptionalInt cores();

    /** The heap; more than 0 ({@code spark.executor.memory}). */
    @Override
    public abstract Optional<MemorySize> memory();

    /**
     * Memory beside the heap, which with it makes the pod's memory request and limit
     * ({@code spark.executor.memoryOverhead}). Spark's default is 10 % of the heap, or 40 % for Python, and at least
     * 384 MiB.
     */
    @Override
    public abstract Optional<MemorySize> memoryOverhead();

    /**
     * How much of the heap the memory beside it is, such as {@code 0.2}
     * ({@code spark.executor.memoryOverheadFactor}, Spark 3.3 and later); only without {@link #memoryOverhead()}.
     */
    @Override
    public abstract OptionalDouble memoryOverheadFactor();

    /**
     * The pod's CPU request as Kubernetes writes it, such as {@code 3.9} or {@code 3900m}
     * ({@code spark.kubernetes.executor.request.cores}); without it the pod requests {@link #cores()}.
     */
    @Override
    public abstract Optional<String> requestCores();

    /**
     * The pod's CPU limit as Kubernetes writes it ({@code spark.kubernetes.executor.limit.cores}); without it there is
     * no limit.
     */
    @Override
    public abstract Optional<String> limitCores();

    /**
     * Options of the Java process, separated by spaces ({@code spark.executor.extraJavaOptions}); not {@code -Xmx}, which
     * is {@link #memory()}.
     */
    @Override
    public abstract Optional<String> javaOptions();

    /**
     * The custom image of the executors alone ({@code spark.kubernetes.executor.container.image}); without it that of the job.
     */
    @Override
    public abstract Optional<String> image();

    /** Disks for shuffle and spill data; without one Spark uses the node's own. */
    @Override
    public abstract List<LocalDisk> localDisks();

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

    /** Environment variables of each executor, by name ({@code spark.executorEnv.*}). */
    @Override
    public abstract Map<String, String> env();

    /** The settings that say the same, of origin {@link SparkConf.Origin#TUNING}. Nothing is checked. */
    public SparkConf toConf() {
        SparkConf.Builder conf = SparkConf.builder();
        addTo(conf);
        return conf.build();
    }

    void addTo(SparkConf.Builder conf) {
        instances().ifPresent(n -> conf.tuning("executors", "spark.executor.instances", Integer.toString(n)));
        RoleTuning.addTo(conf, this, Names.EXECUTOR);
        offHeap()
                .ifPresent(size -> conf.tuning("executors", "spark.memory.offHeap.enabled", "true")
                        .tuning("executors", "spark.memory.offHeap.size", size.sparkValue()));
        pysparkMemory().ifPresent(size -> conf.tuning("executors", "spark.executor.pyspark.memory", size.sparkValue()));
    }

    /** Everything that is wrong with the tuning; empty if nothing is. */
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        RoleTuning.checkAtLeastOne(instances(), "executors.instances", problems);
        RoleTuning.check(this, Names.EXECUTOR, problems);
        RoleTuning.checkSize(offHeap(), "executors.offHeap", "give it a size like 4g, or leave it out", problems);
        RoleTuning.checkSize(pysparkMemory(), "executors.pysparkMemory", "give it a size, or leave it out", problems);
        return List.copyOf(problems);
    }

    /** The settings; the values of secret environment variables are hidden. */
    @Override
    public String toString() {
        return "ExecutorTuning" + toConf();
    }

    /** Builds a tuning. Not safe for use by several threads at once. */
    public abstract static class Builder {
        Builder() {}

        /** Sets how many executors the job has. */
        public abstract Builder instances(int instances);

        /** Sets how many tasks run at once in each executor. */
        public abstract Builder cores(int cores);

        /** Sets the heap. */
        public abstract Builder memory(MemorySize memory);

        /**
         * Sets the heap, such as {@code 14g}.
         *
         * @throws IllegalArgumentException if {@link MemorySize#parse(String)} cannot read it
         */
        public Builder memory(String memory) {
            return memory(MemorySize.parse(memory));
        }

        /** Sets the memory beside the heap. */
        public abstract Builder memoryOverhead(MemorySize memoryOverhead);

        /**
         * Sets the memory beside the heap, such as {@code 2g}.
         *
         * @throws IllegalArgumentException if {@link MemorySize#parse(String)} cannot read it
         */
        public Builder memoryOverhead(String memoryOverhead) {
            return memoryOverhead(MemorySize.parse(memoryOverhead));
        }

        /** Sets how much of the heap the memory beside it is, such as {@code 0.2}. */
        public abstract Builder memoryOverheadFactor(double memoryOverheadFactor);

        /** Sets the pod's CPU request, such as {@code 3900m}. */
        public abstract Builder requestCores(String requestCores);

        /** Sets the pod's CPU limit, such as {@code 4}. */
        public abstract Builder limitCores(String limitCores);

        /** Sets the options of the Java process, such as {@code -XX:+UseG1GC -Dkey=value}. */
        public abstract Builder javaOptions(String javaOptions);

        /** Sets the custom image of the executors alone. */
        public abstract Builder image(String image);

        /** Adds a disk for shuffle and spill data. */
        public abstract Builder addLocalDisk(LocalDisk localDisk);

        /** Replaces all disks. */
        public abstract Builder localDisks(Iterable<? extends LocalDisk> localDisks);

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

        /** Sets one environment variable. */
        public abstract Builder putEnv(String name, String value);

        /** Replaces all environment variables. */
        public abstract Builder env(Map<String, ? extends String> env);

        /** The tuning. Whether it makes sense is told by {@link ExecutorTuning#problems()}. */
        public abstract ExecutorTuning build();
    }
}
