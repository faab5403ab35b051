package io.emreks.podtemplate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is known of the job around a template, as plain values: {@link PodTemplate#check(JobContext)} looks for
 * contradictions, and {@link PodTemplate#preview(PodSizing, JobContext)} shows what comes of both. Whatever is not known is
 * left out. Immutable.
 */
public final class JobContext {
    /** Nothing is known. */
    static final JobContext UNKNOWN = builder().build();

    private final SparkVersion sparkVersion;
    private final Map<String, String> sparkSettings;
    private final Map<String, Set<String>> imageArchitectures;
    private final Map<String, String> volumeZones;
    private final Optional<Boolean> executorLogs;

    private JobContext(Builder builder) {
        this.sparkVersion = builder.sparkVersion;
        this.sparkSettings = Map.copyOf(builder.sparkSettings);
        this.imageArchitectures = Map.copyOf(builder.imageArchitectures);
        this.volumeZones = Map.copyOf(builder.volumeZones);
        this.executorLogs = builder.executorLogs;
    }

    /**
     * Starts with nothing known.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The line of Spark.
     *
     * @return 3.5 if nothing else was said
     */
    public SparkVersion sparkVersion() {
        return sparkVersion;
    }

    /** The same with settings that are not set yet. */
    JobContext with(Map<String, String> more) {
        Builder all = new Builder();
        all.sparkSettings(more).sparkSettings(sparkSettings).sparkVersion(sparkVersion);
        all.imageArchitectures.putAll(imageArchitectures);
        all.volumeZones.putAll(volumeZones);
        all.executorLogs = executorLogs;
        return all.build();
    }

    Optional<String> setting(String key) {
        return Optional.ofNullable(sparkSettings.get(key));
    }

    boolean enabled(String key) {
        return setting(key)
                .filter(value -> value.trim().equalsIgnoreCase("true"))
                .isPresent();
    }

    /** What settings of this prefix have behind it, with their values. */
    Map<String, String> settingsUnder(String prefix) {
        Map<String, String> found = new TreeMap<>();
        sparkSettings.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                found.put(key.substring(prefix.length()), value);
            }
        });
        return found;
    }

    Optional<Set<String>> architectures(String image) {
        return Optional.ofNullable(imageArchitectures.get(image));
    }

    Optional<Boolean> executorLogs() {
        return executorLogs;
    }

    Optional<String> volumeZone(String claim) {
        return Optional.ofNullable(volumeZones.get(claim));
    }

    /** The keys alone: values of settings may be secret. */
    @Override
    public String toString() {
        return "JobContext[" + sparkVersion + ", settings " + sparkSettings.keySet() + "]";
    }

    /** Collects what is known. Every method returns this builder. Not safe for use by many threads. */
    public static final class Builder {
        private final Map<String, String> sparkSettings = new LinkedHashMap<>();
        private final Map<String, Set<String>> imageArchitectures = new LinkedHashMap<>();
        private final Map<String, String> volumeZones = new LinkedHashMap<>();
        private SparkVersion sparkVersion = SparkVersion.V3_5;
        private Optional<Boolean> executorLogs = Optional.empty();

        private Builder() {}

        /**
         * Sets the line of Spark; 3.5 if this is never called.
         *
         * @param version the line
         * @return this
         */
        public Builder sparkVersion(SparkVersion version) {
            this.sparkVersion = version;
            return this;
        }

        /**
         * Adds Spark settings of the job.
         *
         * @param settings such as {@code spark.decommission.enabled: true}
         * @return this
         */
        public Builder sparkSettings(Map<String, String> settings) {
            sparkSettings.putAll(settings);
            return this;
        }

        /**
         * Adds for which architectures an image was built.
         *
         * @param image as it is written in the template or in the Spark settings
         * @param architectures such as {@code arm64} and {@code amd64}
         * @return this
         */
        public Builder imageArchitectures(String image, Set<String> architectures) {
            imageArchitectures.put(image, Set.copyOf(architectures));
            return this;
        }

        /**
         * Adds in which zone the volume of a PersistentVolumeClaim is.
         *
         * @param claim the claim's name
         * @param zone such as {@code us-east-1a}
         * @return this
         */
        public Builder volumeZone(String claim, String zone) {
            volumeZones.put(claim, zone);
            return this;
        }

        /**
         * Says whether the executors' logs are collected: S3 or CloudWatch monitoring is configured, and
         * {@code executor.logging} of the classification {@code emr-containers-defaults} is not {@code DISABLED}. EMR then
         * adds a logging container to each executor.
         *
         * @param collected whether they are; not known if this is never called
         * @return this
         */
        public Builder executorLogs(boolean collected) {
            executorLogs = Optional.of(collected);
            return this;
        }

        /**
         * Makes the value. The builder can be used further.
         *
         * @return the context
         */
        public JobContext build() {
            return new JobContext(this);
        }
    }
}
