package io.emreks.spark;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * The {@code emr-containers-defaults} classification: how long EMR waits for a job to start, and the logging container
 * beside driver and executors. Source: EMR on EKS Development Guide, "Job submitter container defaults". Immutable.
 */
@Value.Immutable
public abstract class EmrContainersDefaults {
    static final String NAME = "emr-containers-defaults";
    static final String EVENT_LOG_DIR = "logging.eventLog.dir";

    EmrContainersDefaults() {}

    /** Starts a classification in which nothing is set. */
    public static Builder builder() {
        return ImmutableEmrContainersDefaults.builder();
    }

    /**
     * How long a job may wait until its submitter runs before EMR fails it ({@code job-start-timeout}); in whole
     * seconds, EMR's default is 15 minutes.
     */
    public abstract Optional<Duration> jobStartTimeout();

    /** Whether executors have a logging container ({@code executor.logging}); they have without saying so. */
    public abstract Optional<Boolean> executorLogging();

    /** The image of the logging container ({@code logging.image}). */
    public abstract Optional<String> loggingImage();

    /** The CPU request of the logging container ({@code logging.request.cores}). */
    public abstract Optional<CpuQuantity> loggingCores();

    /** The memory request of the logging container ({@code logging.request.memory}); EMR's default is 512 MiB. */
    public abstract Optional<MemorySize> loggingMemory();

    /**
     * The S3 folder for Spark's event log ({@code logging.eventLog.dir}). It needs a persistent application UI, and
     * {@code spark.eventLog.dir} must not be set beside it.
     */
    public abstract Optional<String> eventLogDir();

    /**
     * The classification that says the same.
     *
     * @throws IllegalArgumentException if the time to start is not 1 or more whole seconds, the event log is not in S3,
     *     or the logging container requests nothing; the message has all that is wrong
     */
    public Classification toClassification() {
        check();
        Map<String, String> properties = new LinkedHashMap<>();
        jobStartTimeout().ifPresent(time -> properties.put("job-start-timeout", Long.toString(time.toSeconds())));
        executorLogging()
                .filter(on -> !on)
                .ifPresent(off -> properties.put("executor.logging", EmrJobSubmitter.DISABLED));
        loggingImage().ifPresent(image -> properties.put("logging.image", image));
        loggingCores().ifPresent(cpu -> properties.put("logging.request.cores", cpu.toString()));
        loggingMemory().ifPresent(size -> properties.put("logging.request.memory", size.mebibytes() + "Mi"));
        eventLogDir().ifPresent(dir -> properties.put(EVENT_LOG_DIR, dir));
        return Classification.of(NAME, properties);
    }

    private void check() {
        List<Problem> problems = new ArrayList<>();
        jobStartTimeout()
                .filter(time -> time.toSeconds() < 1 || !SparkDurations.isWhole(time, ChronoUnit.SECONDS))
                .ifPresent(time ->
                        problems.add(new Problem("jobStartTimeout", "is " + time, "give 1 or more whole seconds")));
        eventLogDir()
                .filter(dir -> !dir.startsWith("s3://"))
                .ifPresent(dir -> problems.add(new Problem(
                        "eventLogDir",
                        "'" + DependencyUris.shown(dir) + "' is not in S3",
                        "write it like s3://bucket/events/")));
        Limits.logging(loggingCores(), loggingMemory(), problems);
        Problem.refuse(NAME + " has problems:", problems);
    }

    /** Builds the classification. Not safe for use by several threads at once. */
    public abstract static class Builder {
        Builder() {}

        /** Sets how long a job may wait until its submitter runs. */
        public abstract Builder jobStartTimeout(Duration jobStartTimeout);

        /** Sets whether executors have a logging container. */
        public abstract Builder executorLogging(boolean executorLogging);

        /** Sets the image of the logging container. */
        public abstract Builder loggingImage(String loggingImage);

        /** Sets the CPU request of the logging container. */
        public abstract Builder loggingCores(CpuQuantity loggingCores);

        /** Sets the memory request of the logging container. */
        public abstract Builder loggingMemory(MemorySize loggingMemory);

        /** Sets the S3 folder for Spark's event log. */
        public abstract Builder eventLogDir(String eventLogDir);

        /** The classification's values. */
        public abstract EmrContainersDefaults build();
    }
}
