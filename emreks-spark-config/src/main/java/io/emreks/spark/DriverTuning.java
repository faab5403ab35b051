package io.emreks.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** Environment variables of the driver, by name ({@code spark.kubernetes.driverEnv.*}). */
    @Override
    public abstract Map<String, String> env();

    /** The settings that say the same, of origin {@link SparkConf.Origin#TUNING}. Nothing is checked. */
    public SparkConf toConf() {
        SparkConf.Builder conf = SparkConf.builder();
        RoleTuning.addTo(conf, this, "driver", "driver", "spark.kubernetes.driverEnv.");
        return conf.build();
    }

    /** Everything that is wrong with the tuning; empty if nothing is. */
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        RoleTuning.check(this, "driver", problems);
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

        /** Sets the pod's CPU request, such as {@code 3900m}. */
        public abstract Builder requestCores(String requestCores);

        /** Sets the pod's CPU limit, such as {@code 4}. */
        public abstract Builder limitCores(String limitCores);

        /** Sets one environment variable. */
        public abstract Builder putEnv(String name, String value);

        /** Replaces all environment variables. */
        public abstract Builder env(Map<String, ? extends String> env);

        /** The tuning. Whether it makes sense is told by {@link DriverTuning#problems()}. */
        public abstract DriverTuning build();
    }
}
