package io.emreks.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * Spark's event log, which a history server shows after the job, and the live Spark UI. Source: Spark documentation,
 * "Monitoring and Instrumentation". Immutable.
 *
 * <p>EMR writes an event log of its own for its persistent application UI. Setting a folder here replaces it; to keep
 * both, use {@link EmrContainersDefaults#eventLogDir()} instead.
 */
@Value.Immutable
public abstract class EventLog implements SparkPreset {
    private static final String NAME = "event log";

    EventLog() {}

    /** An event log in that folder, such as {@code s3://bucket/spark-events/}. */
    public static EventLog to(String dir) {
        return builder().dir(dir).build();
    }

    /** Starts a preset; {@link Builder#dir(String)} is required. */
    public static Builder builder() {
        return ImmutableEventLog.builder();
    }

    /** The folder of the log; it must exist. */
    public abstract String dir();

    /**
     * The size at which a new file is begun, so that the history server can show a long job while it runs; without it
     * there is one file. At least 10 MiB.
     */
    public abstract Optional<MemorySize> rolling();

    /** Whether the log is compressed; Spark's default is true from 4.0 and false before. */
    public abstract Optional<Boolean> compress();

    /** Whether the live UI of the driver runs; Spark's default is true. */
    public abstract Optional<Boolean> liveUi();

    /** {@code event log}. */
    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SparkConf conf() {
        return new PresetSettings(NAME, "spark.")
                .put("eventLog.enabled", true)
                .put("eventLog.dir", dir())
                .put("eventLog.rolling.enabled", rolling().map(size -> true))
                .put("eventLog.rolling.maxFileSize", rolling())
                .put("eventLog.compress", compress())
                .put("ui.enabled", liveUi())
                .conf();
    }

    @Override
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        DependencyUris.check("eventLog.dir", dir(), problems);
        if (rolling().filter(size -> size.mebibytes() < 10).isPresent()) {
            problems.add(new Problem(
                    "eventLog.rolling", "is " + rolling().get() + ", and Spark takes 10m or more", "make it larger"));
        }
        return List.copyOf(problems);
    }

    /** Builds the preset. Not safe for use by several threads at once. */
    public abstract static class Builder {
        Builder() {}

        /** Sets the folder of the log. */
        public abstract Builder dir(String dir);

        /** Sets the size at which a new file is begun. */
        public abstract Builder rolling(MemorySize rolling);

        /** Sets whether the log is compressed. */
        public abstract Builder compress(boolean compress);

        /** Sets whether the live UI of the driver runs. */
        public abstract Builder liveUi(boolean liveUi);

        /**
         * The preset. Whether it makes sense is told by {@link EventLog#problems()}.
         *
         * @throws IllegalStateException if the folder is not set
         */
        public abstract EventLog build();
    }
}
