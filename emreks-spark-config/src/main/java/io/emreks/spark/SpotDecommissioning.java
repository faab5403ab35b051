package io.emreks.spark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.immutables.value.Value;

/**
 * Executors that hand over their cached and shuffle data when their node is about to be taken away, as spot nodes are
 * two minutes after a notice. From release 6.3.0. Source: Spark documentation, "Configuration" (decommissioning); EMR
 * on EKS best practices, spot.
 *
 * <p>It works only if the executors' pod template gives them the time: its {@code terminationGracePeriodSeconds} must be
 * {@link #gracePeriod()}, as Kubernetes' own 30 seconds are often too short. Best practices also say that the script
 * {@code /usr/bin/decom.sh} of EMR's image may need {@code chown hadoop:hadoop} in a custom image. Immutable.
 */
@Value.Immutable
public abstract class SpotDecommissioning implements SparkPreset {
    private static final String NAME = "spot decommissioning";
    private static final String STORAGE = "storage.decommission.";
    private static final String EXECUTOR = "executor.decommission.";
    private static final Duration NOTICE = Duration.ofMinutes(2);
    private static final Duration GRACE_PERIOD = Duration.ofSeconds(110);
    private static final Pattern SIGNAL = Pattern.compile("[A-Z][A-Z0-9]+");

    SpotDecommissioning() {}

    /** Data goes to other executors. */
    public static SpotDecommissioning toOtherExecutors() {
        return builder().build();
    }

    /**
     * Data goes to other executors, and to S3 if there is none.
     *
     * @param path an S3 folder that ends in {@code /}
     */
    public static SpotDecommissioning withFallback(String path) {
        return builder().fallbackPath(path).build();
    }

    /** Starts a preset in which nothing is set. */
    public static Builder builder() {
        return ImmutableSpotDecommissioning.builder();
    }

    /**
     * How long a pod has from the notice to its end, for the pod template of the executors; less than the two minutes
     * of a spot notice. 110 seconds without it.
     */
    @Value.Default
    public Duration gracePeriod() {
        return GRACE_PERIOD;
    }

    /** Whether cached data is handed over; Spark's default is true from 3.2. */
    @Value.Default
    public boolean rddBlocks() {
        return true;
    }

    /** Whether shuffle data is handed over; Spark's default is true from 3.2. */
    @Value.Default
    public boolean shuffleBlocks() {
        return true;
    }

    /** An S3 folder for shuffle data that no other executor can take; it must end in {@code /}. */
    public abstract Optional<String> fallbackPath();

    /** Whether the fallback's data is deleted when the job ends; Spark's default is false. */
    public abstract Optional<Boolean> fallbackCleanUp();

    /** How often a block may fail to move before it is given up; Spark's default is 3. */
    public abstract OptionalInt maxReplicationFailures();

    /** How long to wait before blocks that failed are tried again; Spark's default is 30 s. */
    public abstract Optional<Duration> replicationReattemptInterval();

    /** How many threads move shuffle data; Spark's default is 8. */
    public abstract OptionalInt shuffleThreads();

    /** How much disk others' shuffle data may take; Spark's default is no bound. */
    public abstract Optional<MemorySize> shuffleMaxDisk();

    /** After which time Spark ends an executor that is still handing over; Spark's default is never. */
    public abstract Optional<Duration> forceKillTimeout();

    /**
     * After which time something outside of Spark, such as the end of a spot notice, ends an executor that is handing
     * over; Spark then starts its tasks elsewhere in time. Spark's default is never.
     */
    public abstract Optional<Duration> killInterval();

    /** The signal that tells an executor to hand over; Spark's default is {@code PWR}. */
    public abstract Optional<String> signal();

    /** {@code spot decommissioning}. */
    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SparkConf conf() {
        return new PresetSettings(NAME, "spark.")
                .put("decommission.enabled", true)
                .put(STORAGE + "enabled", true)
                .put(STORAGE + "rddBlocks.enabled", rddBlocks())
                .put(STORAGE + "shuffleBlocks.enabled", shuffleBlocks())
                .put(STORAGE + "fallbackStorage.path", fallbackPath())
                .put(STORAGE + "fallbackStorage.cleanUp", fallbackCleanUp())
                .put(STORAGE + "maxReplicationFailuresPerBlock", maxReplicationFailures())
                .put(STORAGE + "replicationReattemptInterval", replicationReattemptInterval())
                .put(STORAGE + "shuffleBlocks.maxThreads", shuffleThreads())
                .put(STORAGE + "shuffleBlocks.maxDiskSize", shuffleMaxDisk())
                .put(EXECUTOR + "forceKillTimeout", forceKillTimeout())
                .put(EXECUTOR + "killInterval", killInterval())
                .put(EXECUTOR + "signal", signal())
                .conf();
    }

    @Override
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        if (gracePeriod().isNegative()
                || gracePeriod().isZero()
                || gracePeriod().compareTo(NOTICE) >= 0) {
            problems.add(new Problem(
                    "spotDecommissioning.gracePeriod",
                    "is " + gracePeriod().toSeconds() + " s, and a spot node is gone after 120 s",
                    "make it less, like 110 s"));
        }
        if (forceKillTimeout().filter(time -> time.compareTo(gracePeriod()) > 0).isPresent()) {
            problems.add(new Problem(
                    "spotDecommissioning.forceKillTimeout",
                    "is longer than the grace period, in which the pod ends anyway",
                    "make it shorter, or leave it out"));
        }
        if (fallbackPath()
                .filter(path -> !path.endsWith("/") || !path.contains("://"))
                .isPresent()) {
            problems.add(new Problem(
                    "spotDecommissioning.fallbackPath",
                    "'" + fallbackPath().get() + "' is no folder that ends in '/'",
                    "write it like s3://bucket/shuffle/"));
        }
        if (signal().filter(name -> !SIGNAL.matcher(name).matches()).isPresent()) {
            problems.add(new Problem(
                    "spotDecommissioning.signal",
                    "'" + signal().get() + "' is not the name of a signal",
                    "write it without SIG, like PWR"));
        }
        Limits.atLeastOne(maxReplicationFailures(), "spotDecommissioning.maxReplicationFailures", problems);
        Limits.atLeastOne(shuffleThreads(), "spotDecommissioning.shuffleThreads", problems);
        Limits.size(shuffleMaxDisk(), "spotDecommissioning.shuffleMaxDisk", "give it a size like 100g", problems);
        Limits.time(replicationReattemptInterval(), "spotDecommissioning.replicationReattemptInterval", problems);
        Limits.time(forceKillTimeout(), "spotDecommissioning.forceKillTimeout", problems);
        Limits.time(killInterval(), "spotDecommissioning.killInterval", problems);
        return List.copyOf(problems);
    }

    /** Builds the preset. Not safe for use by several threads at once. */
    public abstract static class Builder {
        Builder() {}

        /** Sets how long a pod has from the notice to its end. */
        public abstract Builder gracePeriod(Duration gracePeriod);

        /** Sets whether cached data is handed over. */
        public abstract Builder rddBlocks(boolean rddBlocks);

        /** Sets whether shuffle data is handed over. */
        public abstract Builder shuffleBlocks(boolean shuffleBlocks);

        /** Sets the S3 folder for shuffle data that no other executor can take. */
        public abstract Builder fallbackPath(String fallbackPath);

        /** Sets whether the fallback's data is deleted when the job ends. */
        public abstract Builder fallbackCleanUp(boolean fallbackCleanUp);

        /** Sets how often a block may fail to move. */
        public abstract Builder maxReplicationFailures(int maxReplicationFailures);

        /** Sets how long to wait before blocks that failed are tried again. */
        public abstract Builder replicationReattemptInterval(Duration replicationReattemptInterval);

        /** Sets how many threads move shuffle data. */
        public abstract Builder shuffleThreads(int shuffleThreads);

        /** Sets how much disk others' shuffle data may take. */
        public abstract Builder shuffleMaxDisk(MemorySize shuffleMaxDisk);

        /** Sets after which time Spark ends an executor that is still handing over. */
        public abstract Builder forceKillTimeout(Duration forceKillTimeout);

        /** Sets after which time something outside of Spark ends an executor that is handing over. */
        public abstract Builder killInterval(Duration killInterval);

        /** Sets the signal that tells an executor to hand over. */
        public abstract Builder signal(String signal);

        /** The preset. Whether it makes sense is told by {@link SpotDecommissioning#problems()}. */
        public abstract SpotDecommissioning build();
    }
}
