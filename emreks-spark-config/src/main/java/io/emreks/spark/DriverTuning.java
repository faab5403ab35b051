package io.emreks.spark;

import org.immutables.value.Value;

/**
 * The size and environment of the driver pod. What is not set is left to EMR and Spark, whose
 * defaults are 1 core and 1 GiB. Immutable.
 */
@Value.Immutable
public abstract class DriverTuning extends RoleTuning {
    DriverTuning() {}

    /** Starts a tuning in which nothing is set. */
    public static Builder builder() {
        return ImmutableDriverTuning.builder();
    }

    /** Starts a tuning from this one. */
    public Builder toBuilder() {
        return ImmutableDriverTuning.builder().from(this);
    }

    @Override
    Names names() {
        return Names.DRIVER;
    }

    /** The settings; the values of secret environment variables are hidden. */
    @Override
    public String toString() {
        return "DriverTuning" + toConf();
    }

    /** Builds a tuning. Not safe for use by several threads at once. */
    public abstract static class Builder extends RoleTuning.Builder<Builder> {
        Builder() {}

        /** The tuning. Whether it makes sense is told by {@link DriverTuning#problems()}. */
        public abstract DriverTuning build();
    }
}
