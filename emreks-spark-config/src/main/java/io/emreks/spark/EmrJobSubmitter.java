package io.emreks.spark;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.immutables.value.Value;

/**
 * The {@code emr-job-submitter} classification: where the pod that submits the job runs, and its logging container. Put
 * it on nodes that are not spot: a job whose submitter is lost can fail. Source: EMR on EKS Development Guide, "Job
 * submitter classification". Immutable.
 */
@Value.Immutable
public abstract class EmrJobSubmitter {
    static final String NAME = "emr-job-submitter";
    static final String DISABLED = "DISABLED";

    EmrJobSubmitter() {}

    /** Starts a classification in which nothing is set. */
    public static Builder builder() {
        return ImmutableEmrJobSubmitter.builder();
    }

    /**
     * What the submitter tolerates. EMR takes one toleration of each key.
     *
     * @param key the taint's key; not blank
     * @param value the taint's value, or empty for any value. Any value is written as an empty text, as EMR's guide
     *     says; the service model asks for a character in every property, so if EMR refuses it, give the value
     * @param effect the taint's effect
     * @param seconds how long a taint {@code NoExecute} is tolerated, in whole seconds; empty for ever, and for the
     *     other effects
     */
    public record Toleration(String key, Optional<String> value, Effect effect, Optional<Duration> seconds) {
        private void check(List<Problem> problems) {
            String field = "tolerations[" + key + "]";
            Limits.notBlank(key, field + ".key", problems);
            if (value.filter(String::isBlank).isPresent()) {
                problems.add(new Problem(
                        field + ".value",
                        "is blank, and EMR reads an empty text as any value",
                        "leave it out for any value, or give the taint's value"));
            }
            if (seconds.isPresent() && effect != Effect.NO_EXECUTE) {
                problems.add(new Problem(
                        field + ".seconds",
                        "are given for " + effect.text + ", and Kubernetes takes them only for NoExecute",
                        "leave them out"));
            }
            if (seconds.filter(time -> time.isNegative() || !SparkDurations.isWhole(time, ChronoUnit.SECONDS))
                    .isPresent()) {
                problems.add(new Problem(
                        field + ".seconds", "are " + seconds.orElseThrow(), "give whole seconds, 0 or more"));
            }
        }
    }

    /** The effect of a taint, as Kubernetes names it. */
    public enum Effect {
        /** Pods that do not tolerate it are not placed, and running ones are evicted. */
        NO_EXECUTE("NoExecute"),
        /** Pods that do not tolerate it are not placed. */
        NO_SCHEDULE("NoSchedule"),
        /** Pods that do not tolerate it are placed only if there is nowhere else. */
        PREFER_NO_SCHEDULE("PreferNoSchedule");

        static final List<String> TEXTS =
                Stream.of(values()).map(effect -> effect.text).toList();

        private final String text;

        Effect(String text) {
            this.text = text;
        }
    }

    /** Labels that the submitter's node must have, by name. */
    public abstract Map<String, String> nodeSelector();

    /** Taints that the submitter tolerates. */
    public abstract List<Toleration> tolerations();

    /** Labels of the submitter's pod, by name. */
    public abstract Map<String, String> labels();

    /** Annotations of the submitter's pod, by name. */
    public abstract Map<String, String> annotations();

    /** The scheduler that places the submitter; without it the cluster's default. */
    public abstract Optional<String> schedulerName();

    /** Whether the submitter has a logging container; it has without saying so. */
    public abstract Optional<Boolean> logging();

    /** The image of the logging container. */
    public abstract Optional<String> loggingImage();

    /** The CPU request of the logging container; EMR's default is 100m. */
    public abstract Optional<CpuQuantity> loggingCores();

    /** The memory request of the logging container; EMR's default is 200 MiB. */
    public abstract Optional<MemorySize> loggingMemory();

    /** The image of the submitter. */
    public abstract Optional<String> image();

    /**
     * Whether the submitter ends as soon as the driver is started; EMR's default is true from 7.14.0 and
     * emr-spark-8.1.0, and false before.
     */
    public abstract Optional<Boolean> gracefulTermination();

    /**
     * The classification that says the same.
     *
     * @throws IllegalArgumentException if a toleration makes no sense or two have one key, or the logging container
     *     requests nothing; the message has all that is wrong
     */
    public Classification toClassification() {
        check();
        Map<String, String> properties = new LinkedHashMap<>();
        new TreeMap<>(nodeSelector()).forEach((key, value) -> properties.put(name("node.selector." + key), value));
        new TreeMap<>(labels()).forEach((key, value) -> properties.put(name("label." + key), value));
        new TreeMap<>(annotations()).forEach((key, value) -> properties.put(name("annotation." + key), value));
        for (Toleration toleration : tolerations()) {
            String key = name("node.toleration." + toleration.key());
            properties.put(key, toleration.value().orElse(""));
            properties.put(key + ".effect", toleration.effect().text);
            toleration
                    .seconds()
                    .ifPresent(time -> properties.put(key + ".tolerationSeconds", Long.toString(time.toSeconds())));
        }
        schedulerName().ifPresent(scheduler -> properties.put(name("scheduler.name"), scheduler));
        logging().filter(on -> !on).ifPresent(off -> properties.put(name("logging"), DISABLED));
        loggingImage().ifPresent(image -> properties.put(name("logging.image"), image));
        loggingCores().ifPresent(cpu -> properties.put(name("logging.request.cores"), cpu.toString()));
        loggingMemory().ifPresent(size -> properties.put(name("logging.request.memory"), size.mebibytes() + "Mi"));
        image().ifPresent(image -> properties.put(name("container.image"), image));
        gracefulTermination().ifPresent(on -> properties.put(name("gracefulTermination"), Boolean.toString(on)));
        return Classification.of(NAME, properties);
    }

    private void check() {
        List<Problem> problems = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (Toleration toleration : tolerations()) {
            toleration.check(problems);
            if (!keys.add(toleration.key())) {
                problems.add(new Problem(
                        "tolerations[" + toleration.key() + "]",
                        "is given twice, and EMR takes one toleration of each key",
                        "keep one of them"));
            }
        }
        Limits.logging(loggingCores(), loggingMemory(), problems);
        Problem.refuse(NAME + " has problems:", problems);
    }

    private static String name(String rest) {
        return "jobsubmitter." + rest;
    }

    /** Builds the classification. Not safe for use by several threads at once. */
    public abstract static class Builder {
        Builder() {}

        /** Adds a label that the submitter's node must have. */
        public abstract Builder putNodeSelector(String key, String value);

        /** Adds a taint that the submitter tolerates. */
        public abstract Builder addToleration(Toleration toleration);

        /** Adds a taint that the submitter tolerates, whatever its value is. */
        public Builder tolerate(String key, Effect effect) {
            return addToleration(new Toleration(key, Optional.empty(), effect, Optional.empty()));
        }

        /** Adds a taint with that value which the submitter tolerates. */
        public Builder tolerate(String key, String value, Effect effect) {
            return addToleration(new Toleration(key, Optional.of(value), effect, Optional.empty()));
        }

        /** Adds a label of the submitter's pod. */
        public abstract Builder putLabel(String key, String value);

        /** Adds an annotation of the submitter's pod. */
        public abstract Builder putAnnotation(String key, String value);

        /** Sets the scheduler that places the submitter. */
        public abstract Builder schedulerName(String schedulerName);

        /** Sets whether the submitter has a logging container. */
        public abstract Builder logging(boolean logging);

        /** Sets the image of the logging container. */
        public abstract Builder loggingImage(String loggingImage);

        /** Sets the CPU request of the logging container. */
        public abstract Builder loggingCores(CpuQuantity loggingCores);

        /** Sets the memory request of the logging container. */
        public abstract Builder loggingMemory(MemorySize loggingMemory);

        /** Sets the image of the submitter. */
        public abstract Builder image(String image);

        /** Sets whether the submitter ends as soon as the driver is started. */
        public abstract Builder gracefulTermination(boolean gracefulTermination);

        /** The classification's values. */
        public abstract EmrJobSubmitter build();
    }
}
