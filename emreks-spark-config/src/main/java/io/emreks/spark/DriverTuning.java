package io.emreks.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.immutables.value.Value;

/**
 * The size and environment of the driver pod. What is not set is left to EMR and Spark, whose
 * defaults are 1 core and 1 GiB. Immutable.
 */
@Value.Immutable
public abstract class DriverTuning implements RoleTuning {
    DriverTuning() {}

    /** Starts a tuning in which nothing is set. */
    public static Builder builder() {
        return ImmutableDriverTuning.builder();
    }

    /** Starts a tuning from this one. */
    public Builder toBuilder() {
        return ImmutableDriverTuning.builder().from(this);
    }

    /** The CPU cores of the driver; at least 1 ({@code spark.driver.cores}). */
    @Override
    public abstract OptionalInt cores();

    /** The heap; more than 0 ({@code spark.driver.memory}). */
    @Override
    public abstract Optional<MemorySize> memory();

    /**
     * Memory beside the heap, which with it makes the pod's memory request and limit
     * ({@code spark.driver.memoryOverhead}). Spark's default is 10 % of the heap, or 40 % for Python, and at least
     * 384 MiB.
     */
    @Override
    public abstract Optional<MemorySize> memoryOverhead();

    /**
     * How much of the heap the memory beside it is, such as {@code 0.2}
     * ({@code spark.driver.memoryOverheadFactor}, Spark 3.3 and later); only without {@link #memoryOverhead()}.
     */
    @Override
    public abstract OptionalDouble memoryOverheadFactor();

    /**
     * The pod's CPU request as Kubernetes writes it, such as {@code 3.9} or {@code 3900m}
     * ({@code spark.kubernetes.driver.request.cores}); without it the pod requests {@link #cores()}.
     */
    @Override
    public abstract Optional<String> requestCores();

    /**
     * The pod's CPU limit as Kubernetes writes it ({@code spark.kubernetes.driver.limit.cores}); without it there is
     * no limit.
     */
    @Override
    public abstract Optional<String> limitCores();

    /**
     * Options of the Java process, separated by spaces ({@code spark.driver.extraJavaOptions}); not {@code -Xmx}, which
     * is {@link #memory()}.
     */
    @Override
    public abstract Optional<String> javaOptions();

    /**
     * The custom image of the driver alone ({@code spark.kubernetes.driver.container.image}); without it that of the job.
     */
    @Override
    public abstract Optional<String> image();

    /** Disks for shuffle and spill data; without one Spark uses the node's own. */
    @Override
    public abstract List<LocalDisk> localDisks();

    /** Environment variables of the driver, by name ({@code spark.kubernetes.driverEnv.*}). */
    @Override
    public abstract Map<String, String> env();

    /** The settings that say the same, of origin {@link SparkConf.Origin#TUNING}. Nothing is checked. */
    public SparkConf toConf() {
        SparkConf.Builder conf = SparkConf.builder();
        addTo(conf);
        return conf.build();
    }

    void addTo(SparkConf.Builder conf) {
        RoleTuning.addTo(conf, this, Names.DRIVER);
    }

    /** Everything that is wrong with the tuning; empty if nothing is. */
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        RoleTuning.check(this, Names.DRIVER, problems);
        return List.copyOf(problems);
    }

    /** The settings; the values of secret environment variables are hidden. */
    @Override
    public String toString() {
        return "DriverTuning" + toConf();
    }

    /** Builds a tuning. Not safe for use by several threads at once. */
    public abstract static class Builder {
        Builder() {}

        /** Sets the CPU cores of the driver. */
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

        /** Sets the custom image of the driver alone. */
        public abstract Builder image(String image);

        /** Adds a disk for shuffle and spill data. */
        public abstract Builder addLocalDisk(LocalDisk localDisk);

        /** Replaces all disks. */
        public abstract Builder localDisks(Iterable<? extends LocalDisk> localDisks);

        /** Sets one environment variable. */
        public abstract Builder putEnv(String name, String value);

        /** Replaces all environment variables. */
        public abstract Builder env(Map<String, ? extends String> env);

        /** The tuning. Whether it makes sense is told by {@link DriverTuning#problems()}. */
        public abstract DriverTuning build();
    }
}
