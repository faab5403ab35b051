package io.emreks.podtemplate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The pods of one job, where they have to agree: the templates of driver and executors, and the settings of the submitter's
 * pod, which takes no template. Immutable.
 */
public final class JobPods {
    private static final String SELECTOR = "jobsubmitter.node.selector.";
    static final String ZONE = "topology.kubernetes.io/zone";

    private final PodTemplate driver;
    private final PodTemplate executor;
    private final Map<String, String> submitter;
    private final Map<String, String> sparkSettings;

    private JobPods(
            PodTemplate driver,
            PodTemplate executor,
            Map<String, String> submitter,
            Map<String, String> sparkSettings) {
        this.driver = driver;
        this.executor = executor;
        this.submitter = Collections.unmodifiableMap(new TreeMap<>(submitter));
        this.sparkSettings = Collections.unmodifiableMap(new TreeMap<>(sparkSettings));
    }

    /**
     * Starts with pods that have nothing set.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder(PodTemplate.driver(), PodTemplate.executor());
    }

    /**
     * Starts with templates of your own. Presets and calls are applied over them: what they set replaces what the templates
     * have.
     *
     * @param driver the driver's template
     * @param executor the executors' template
     * @return a new builder
     * @throws InvalidPodTemplateException if one is for the other role
     */
    public static Builder builder(PodTemplate driver, PodTemplate executor) {
        if (driver.role() != PodRole.DRIVER || executor.role() != PodRole.EXECUTOR) {
            throw InvalidPodTemplateException.of(
                    "a job needs a template for the driver and one for the executors, in this"
                            + " order; these are for " + driver.role().word() + " and "
                            + executor.role().word());
        }
        return new Builder(driver.toBuilder(), executor.toBuilder());
    }

    /**
     * The driver's template.
     *
     * @return the template
     */
    public PodTemplate driver() {
        return driver;
    }

    /**
     * The executors' template.
     *
     * @return the template
     */
    public PodTemplate executor() {
        return executor;
    }

    /**
     * The properties of the classification {@code emr-job-submitter}, which place and label the submitter's pod (EMR on EKS
     * Development Guide, "Using job submitter classification").
     *
     * @return names and values such as {@code jobsubmitter.node.selector.topology.kubernetes.io/zone}; sorted, immutable
     */
    public Map<String, String> submitter() {
        return submitter;
    }

    /**
     * Spark settings for what a template cannot say: disks that are used again, and the executors' grace period, which
     * Spark 4.1 and later take from a setting alone (earlier versions take no notice of that setting).
     *
     * @return names and values; sorted, immutable
     */
    public Map<String, String> sparkSettings() {
        return sparkSettings;
    }

    /**
     * Looks for what {@link PodTemplate#check(JobContext)} finds in both templates, and for pods that do not go together:
     * different zones, a submitter on spot capacity.
     *
     * @param job what is known of the job; the settings of {@link #sparkSettings} are added
     * @return the findings, whose paths begin with {@code driver}, {@code executor} or {@code submitter}; immutable
     */
    public List<Finding> check(JobContext job) {
        JobContext all = job.with(sparkSettings);
        List<Finding> findings = new ArrayList<>();
        for (PodTemplate template : List.of(driver, executor)) {
            for (Finding finding : template.check(all)) {
                String path = template.role().word() + (finding.path().isEmpty() ? "" : "." + finding.path());
                findings.add(new Finding(finding.rule(), path, finding.severity(), finding.reason(), finding.fix()));
            }
        }
        zones(all, findings);
        for (CapacityDialect dialect : CapacityDialect.known()) {
            if (dialect.spot().equals(submitter.get(SELECTOR + dialect.capacityLabel()))) {
                findings.add(new Finding(
                        Rule.SUBMITTER_ON_SPOT,
                        "submitter[\"" + SELECTOR + dialect.capacityLabel() + "\"]",
                        Severity.WARNING,
                        "the submitter is on spot capacity: an interruption can fail the job",
                        "place it on demand"));
            }
        }
        return List.copyOf(findings);
    }

    private void zones(JobContext job, List<Finding> findings) {
        Map<String, Optional<String>> zones = new LinkedHashMap<>();
        zones.put("driver", driver.zone(job));
        zones.put("executor", executor.zone(job));
        zones.put("submitter", Optional.ofNullable(submitter.get(SELECTOR + ZONE)));
        if (zones.values().stream().distinct().count() > 1) {
            List<String> each = new ArrayList<>();
            zones.forEach((pod, zone) -> each.add(pod + " " + zone.orElse("anywhere")));
            findings.add(new Finding(
                    Rule.ZONES_DIFFER,
                    "",
                    Severity.WARNING,
                    "the pods of the job are not in one zone (" + String.join(", ", each)
                            + "): traffic between zones is slower and charged",
                    "pin all three, for example with the preset singleZone"));
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JobPods pods
                && pods.driver.equals(driver)
                && pods.executor.equals(executor)
                && pods.submitter.equals(submitter)
                && pods.sparkSettings.equals(sparkSettings);
    }

    @Override
    public int hashCode() {
        return Objects.hash(driver, executor, submitter, sparkSettings);
    }

    @Override
    public String toString() {
        return "JobPods[" + driver + ", " + executor + ", submitter " + submitter.keySet() + "]";
    }

    /**
     * Collects what the pods of a job shall be. Every method returns this builder. Problems are kept until {@link #build()},
     * which reports them all at once. Not safe for use by many threads.
     */
    public static final class Builder {
        private final PodTemplate.Builder driver;
        private final PodTemplate.Builder executor;
        private final Map<String, String> submitter = new LinkedHashMap<>();
        /** Who wanted a node label of the submitter; for messages. */
        private final Map<String, String> submitterCalls = new LinkedHashMap<>();

        private final Map<String, String> sparkSettings = new LinkedHashMap<>();
        private final List<String> problems = new ArrayList<>();
        private CapacityDialect dialect = CapacityDialect.KARPENTER;
        /** Who wanted the submitter on demand. */
        private String submitterOnDemand = "";

        private int disks;

        private Builder(PodTemplate.Builder driver, PodTemplate.Builder executor) {
            this.driver = driver;
            this.executor = executor;
        }

        /**
         * Applies a preset to all pods of the job.
         *
         * @param preset the preset
         * @return this
         */
        public Builder preset(Preset preset) {
            driver.preset(preset);
            executor.preset(preset);
            preset.submitter(this);
            return this;
        }

        /**
         * Says what makes the cluster's nodes, for all pods of the job.
         *
         * @param dialect the dialect; Karpenter's if this is never called
         * @return this
         */
        public Builder dialect(CapacityDialect dialect) {
            this.dialect = dialect;
            driver.dialect(dialect);
            executor.dialect(dialect);
            return this;
        }

        /**
         * Sets the job's cost tags as labels of driver, executors and submitter, because tags of a job run do not reach its
         * pods. What Kubernetes refuses in a label is an error of {@link #build()} that names each.
         *
         * @param tags the tags, such as {@code team: data}
         * @return this
         */
        public Builder costLabels(Map<String, String> tags) {
            List<String> bad = KubernetesNames.labelProblems("cost label", tags);
            problems.addAll(bad);
            if (bad.isEmpty()) {
                driver.costLabels(tags);
                executor.costLabels(tags);
                tags.forEach((key, value) -> submitter.put("jobsubmitter.label." + key, value));
            }
            return this;
        }

        /**
         * Adds to the driver's template.
         *
         * @param pod sets what it wants
         * @return this
         */
        public Builder driver(Consumer<PodTemplate.Builder> pod) {
            pod.accept(driver);
            return this;
        }

        /**
         * Adds to the executors' template.
         *
         * @param pod sets what it wants
         * @return this
         */
        public Builder executor(Consumer<PodTemplate.Builder> pod) {
            pod.accept(executor);
            return this;
        }

        /**
         * Places the submitter's pod only on nodes with this label.
         *
         * @param key the label's key
         * @param value the label's value
         * @return this
         */
        public Builder submitterNodeSelector(String key, String value) {
            return submitterNodeSelector(key, value, "submitterNodeSelector");
        }

        Builder submitterNodeSelector(String key, String value, String call) {
            String first = submitter.putIfAbsent(SELECTOR + key, value);
            if (first == null) {
                submitterCalls.put(key, call);
            } else if (!first.equals(value)) {
                problems.add(contradiction(key, first, value, call));
            }
            return this;
        }

        private String contradiction(String key, String first, String value, String call) {
            return submitterCalls.get(key) + " and " + call
                    + " contradict each other: the submitter is to be on nodes with " + key + " = " + first + " and "
                    + value + "; keep one";
        }

        /**
         * Allows the submitter's pod on nodes with this taint.
         *
         * @param key the taint's key
         * @param value the taint's value; empty for any
         * @param effect the taint's effect
         * @return this
         */
        public Builder submitterToleration(String key, String value, TaintEffect effect) {
            submitter.put("jobsubmitter.node.toleration." + key, value);
            submitter.put("jobsubmitter.node.toleration." + key + ".effect", effect.value());
            return this;
        }

        /**
         * Gives each executor a disk of its own, made on demand from a StorageClass, for shuffle and spill files. The driver
         * owns the disks and gives those of lost executors to new ones, with the data on them. Spark before 3.4 (EMR before
         * 6.12.0) cannot do that. Called again, it adds a disk.
         *
         * @param storageClass the StorageClass in the cluster
         * @param size such as {@code 100Gi}
         * @return this
         */
        public Builder reusableDisk(String storageClass, String size) {
            disks++;
            String volume = "spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-" + disks + ".";
            sparkSettings.put(volume + "options.claimName", "OnDemand");
            sparkSettings.put(volume + "options.storageClass", storageClass);
            sparkSettings.put(volume + "options.sizeLimit", size);
            sparkSettings.put(volume + "mount.path", "/data" + disks);
            sparkSettings.put(volume + "mount.readOnly", "false");
            sparkSettings.put("spark.kubernetes.driver.ownPersistentVolumeClaim", "true");
            sparkSettings.put("spark.kubernetes.driver.reusePersistentVolumeClaim", "true");
            return this;
        }

        void submitterOnDemand(String call) {
            submitterOnDemand = call;
        }

        /**
         * Makes the value. The builder can be used further.
         *
         * @return the pods
         * @throws InvalidPodTemplateException if calls or presets contradict each other; it lists all, and names the presets
         */
        public JobPods build() {
            List<String> found = new ArrayList<>(problems);
            Map<String, String> placed = new LinkedHashMap<>(submitter);
            if (!submitterOnDemand.isEmpty()) {
                String label = dialect.capacityLabel();
                String first = placed.put(SELECTOR + label, dialect.onDemand());
                if (first != null && !first.equals(dialect.onDemand())) {
                    found.add(contradiction(label, first, dialect.onDemand(), submitterOnDemand));
                }
                placed.put("jobsubmitter.annotation." + dialect.keepAnnotation(), dialect.keepValue());
            }
            PodTemplate driverTemplate = build(driver, "driver", found);
            PodTemplate executorTemplate = build(executor, "executor", found);
            if (disks > 0 && executorTemplate != null && executorTemplate.hasVolumeOf("spark-local-dir-")) {
                found.add(
                        "reusableDisk and the executors' own volumes for shuffle files (localDisks, preset nvmeShuffle or"
                                + " another volume named spark-local-dir-…) contradict each other; keep one");
            }
            if (driverTemplate == null || executorTemplate == null || !found.isEmpty()) {
                throw InvalidPodTemplateException.of(found);
            }
            Map<String, String> settings = new LinkedHashMap<>(sparkSettings);
            OptionalLong seconds = executorTemplate.gracePeriod();
            if (seconds.isPresent()) {
                settings.put(PodRules.GRACE_PERIOD_SETTING, seconds.getAsLong() + "s");
            }
            return new JobPods(driverTemplate, executorTemplate, placed, settings);
        }

        private static @Nullable PodTemplate build(PodTemplate.Builder pod, String name, List<String> problems) {
            try {
                return pod.build();
            } catch (InvalidPodTemplateException e) {
                e.problems().forEach(problem -> problems.add(name + ": " + problem));
                return null;
            }
        }
    }
}
