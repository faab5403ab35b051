package io.emreks.podtemplate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * The pod template of a Spark job's driver or executors: an immutable value that is written with {@link #driver()} or
 * {@link #executor()} or read with {@link #fromYaml}, examined with {@link #check()} and rendered with {@link #toYaml()}.
 *
 * <p>EMR on EKS takes a template as one YAML file on S3, named by {@code spark.kubernetes.driver.podTemplateFile} or
 * {@code spark.kubernetes.executor.podTemplateFile}, from the releases 5.33.0 and 6.3.0 on, and reads it with the job
 * execution role (EMR on EKS Development Guide, "Using pod templates").
 *
 * <p>Two templates are equal if they have the same role and the same fields; the order of keys and the way values were
 * written do not count. Equal templates have equal YAML and equal hashes. Safe for use by many threads.
 */
public final class PodTemplate {
    private final PodRole role;
    private final PodTree tree;
    /** The paths of fields that were let through unknown. */
    private final Set<FieldPath> unknown;

    private final String yaml;

    private PodTemplate(PodRole role, PodTree tree, Set<FieldPath> unknown) {
        this.role = role;
        this.tree = tree;
        this.unknown = unknown;
        this.yaml = YamlWriter.write(tree);
    }

    /**
     * Starts a template for the driver: a pod with nothing set but the name of Spark's container.
     *
     * @return a new builder
     */
    public static Builder driver() {
        return Builder.fresh(PodRole.DRIVER);
    }

    /**
     * Starts a template for the executors: a pod with nothing set but the name of Spark's container.
     *
     * @return a new builder
     */
    public static Builder executor() {
        return Builder.fresh(PodRole.EXECUTOR);
    }

    /**
     * Reads a template from YAML or JSON. The text may come from an untrusted source: nothing is created or called from
     * it, and time and memory are bounded by these limits: 1,048,576 characters, 40 levels, 50,000 fields and entries
     * (aliases counted with what they stand for), 50 aliases.
     *
     * <p>Comments are not kept. A field without a value counts as absent; a label, an annotation or an entry of the node
     * selector must have one. What YAML 1.1 and 1.2 read as different numbers
     * ({@code 0644}), duplicate keys, tags and merge keys are refused, and so is a field that a Kubernetes pod does not have,
     * with the nearest one that it has, or a value of another type. Whether EMR would accept the fields is not looked at
     * here, but by {@link #check()}.
     *
     * @param role the pods the template is for
     * @param yaml one document with {@code apiVersion: v1} and {@code kind: Pod}
     * @param allowUnknown paths of fields to take although this version does not know them, as they may be newer; see
     *     {@link Builder#allowUnknown}
     * @return the template
     * @throws InvalidPodTemplateException if the text is not such a document; it lists every field that does not fit, with
     *     line and column
     */
    public static PodTemplate fromYaml(PodRole role, String yaml, String... allowUnknown) {
        Set<FieldPath> allowed = new LinkedHashSet<>();
        for (String path : allowUnknown) {
            allowed.add(FieldPath.parse(path));
        }
        Map<?, ?> document = YamlReader.read(yaml);
        PodTree tree;
        try {
            tree = PodTree.copyOf(document);
        } catch (InvalidPodTemplateException e) {
            throw located(
                    yaml,
                    List.of(new Problem(
                            e.where().orElse(FieldPath.ROOT), e.problems().get(0))));
        }
        Contents contents = Contents.of(tree, allowed);
        if (!contents.problems().isEmpty()) {
            throw located(yaml, contents.problems());
        }
        return new PodTemplate(role, tree, contents.unknown());
    }

    /**
     * Reads a template from the bytes of a file, such as one that already lies on S3. As {@link #fromYaml}, and besides: the
     * bytes have to be UTF-8, and every problem begins with the file's name.
     *
     * @param role the pods the template is for
     * @param name the file's name or URI, for messages
     * @param content the file
     * @param allowUnknown as in {@link #fromYaml}
     * @return the template
     * @throws InvalidPodTemplateException as {@link #fromYaml}, or if the bytes are not UTF-8
     */
    public static PodTemplate fromFile(PodRole role, String name, byte[] content, String... allowUnknown) {
        try {
            return fromYaml(role, YamlReader.decoded(content), allowUnknown);
        } catch (InvalidPodTemplateException e) {
            throw e.in(name);
        }
    }

    private static PodTemplate of(PodRole role, PodTree tree, Set<FieldPath> allowed) {
        Contents contents = Contents.of(tree, allowed);
        if (!contents.problems().isEmpty()) {
            throw InvalidPodTemplateException.of(
                    contents.problems().stream().map(Problem::text).toList());
        }
        return new PodTemplate(role, tree, contents.unknown());
    }

    private record Problem(FieldPath path, String text) {}

    /** What a tree has that a pod does not: let through, or wrong. */
    private record Contents(Set<FieldPath> unknown, List<Problem> problems) {
        static Contents of(PodTree tree, Set<FieldPath> allowed) {
            List<Problem> problems = new ArrayList<>();
            requirePodHeader(tree, "apiVersion", "v1", problems);
            requirePodHeader(tree, "kind", "Pod", problems);
            Set<FieldPath> unknown = new LinkedHashSet<>();
            if (problems.isEmpty()) {
                for (PodSchema.Mismatch mismatch : PodSchema.POD.mismatches(tree.root())) {
                    if (mismatch.unknown() && allowed.contains(mismatch.path())) {
                        unknown.add(mismatch.path());
                    } else {
                        problems.add(new Problem(mismatch.path(), mismatch.path() + " " + mismatch.problem()));
                    }
                }
            }
            return new Contents(Collections.unmodifiableSet(unknown), problems);
        }
    }

    private static void requirePodHeader(PodTree tree, String field, String value, List<Problem> problems) {
        if (!value.equals(tree.root().get(field))) {
            problems.add(
                    new Problem(FieldPath.of(field), "not a Pod: the field " + field + " must be '" + value + "'"));
        }
    }

    /** The same problems with the places in the text that are nearest to their paths. */
    private static InvalidPodTemplateException located(String yaml, List<Problem> problems) {
        Map<FieldPath, Mark> places = YamlReader.places(yaml);
        List<Mark> marks = new ArrayList<>();
        for (Problem problem : problems) {
            FieldPath path = problem.path();
            while (!places.containsKey(path) && !path.segments().isEmpty()) {
                path = path.parent();
            }
            marks.add(Objects.requireNonNull(places.get(path)));
        }
        return InvalidPodTemplateException.at(
                marks, problems.stream().map(Problem::text).toList());
    }

    /**
     * Starts a template from this one. What the builder is told replaces what this template has; placements of this
     * template do not contradict those of the builder.
     *
     * @return a new builder with the fields of this template
     */
    public Builder toBuilder() {
        return new Builder(role, tree.mutableCopy(), unknown);
    }

    /**
     * The pods this template is for.
     *
     * @return driver or executor
     */
    public PodRole role() {
        return role;
    }

    /**
     * The template as a YAML file: UTF-8 text, one document, keys in a fixed order. Equal templates give equal text, and
     * {@link #fromYaml} of the text gives an equal template, if it is within that method's limits. It may hold secrets that
     * were put into environment variables.
     *
     * @return the text, ending with a line break
     */
    public String toYaml() {
        return yaml;
    }

    /**
     * A name for the content of the template: the SHA-256 of the UTF-8 bytes of {@link #toYaml()}.
     *
     * @return 64 hexadecimal digits in lower case
     */
    public String contentHash() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Looks for everything that EMR on EKS, Spark or Kubernetes would refuse, overwrite or punish later: fields off EMR's
     * list, container names, reserved volumes, mount paths and environment variables, mounts without a volume, keys and
     * values of labels, labels that Spark sets, the size, capacity labels of two dialects, a driver on spot capacity, fields
     * and values that Kubernetes refuses a pod for (sources: EMR on EKS Development Guide, "Using pod templates"; Spark, "Running on Kubernetes"). It looks at the
     * template alone: whether the image has the right architecture or the execution role can read the file, it cannot know.
     *
     * @return the findings, in a fixed order; empty if there are none. Immutable
     */
    public List<Finding> check() {
        return PodRules.check(role, tree, unknown, size(), Optional.empty());
    }

    /**
     * Looks for the same as {@link #check()}, and for what does not go together with the rest of the job: Spark settings
     * that win over the template or add the same volumes, images without the architecture that is selected, a grace period that is too short for
     * decommissioning, volumes in another zone.
     *
     * @param job what is known of the job
     * @return the findings, in a fixed order; empty if there are none. Immutable
     */
    public List<Finding> check(JobContext job) {
        return PodRules.check(role, tree, unknown, size(), Optional.of(job));
    }

    /**
     * Says in words what each field of the template does and what {@link #check()} finds, one on each line, for people who
     * meet a template they did not write. Values of environment variables are not shown; others are.
     *
     * @return the text, ending with a line break
     */
    public String explain() {
        return PodExplanation.of(role, tree, check());
    }

    OptionalLong gracePeriod() {
        return tree.at(PodEditor.SPEC.child("terminationGracePeriodSeconds")) instanceof Long seconds
                ? OptionalLong.of(seconds)
                : OptionalLong.empty();
    }

    boolean hasVolumeOf(String start) {
        if (tree.at(PodEditor.VOLUMES) instanceof List<?> volumes) {
            for (Object volume : volumes) {
                if (volume instanceof Map<?, ?> map
                        && map.get("name") instanceof String name
                        && name.startsWith(start)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The zone the pod is pinned to. */
    Optional<String> zone(JobContext job) {
        return PodRules.zone(tree, PodRules.selectors(role, job));
    }

    /**
     * The pod as it will run, as far as the template and the sizing tell; see {@link PodPreview}.
     *
     * @param sizing what Spark asks for
     * @return the preview
     */
    public PodPreview preview(PodSizing sizing) {
        return preview(sizing, JobContext.UNKNOWN);
    }

    /**
     * The pod as it will run, as far as the template, the sizing and the job's settings tell; see {@link PodPreview}.
     *
     * @param sizing what Spark asks for
     * @param job what is known of the job
     * @return the preview
     */
    public PodPreview preview(PodSizing sizing, JobContext job) {
        return PodPreview.of(role, tree, sizing, job);
    }

    /** The number of bytes in UTF-8. */
    private int size() {
        int size = yaml.length();
        for (int i = 0; i < yaml.length(); i++) {
            char c = yaml.charAt(i);
            if (c > 0x7F) {
                // two halves of a pair are two bytes each
                size += c <= 0x7FF || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return size;
    }

    private byte[] bytes() {
        return yaml.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PodTemplate template && template.role == role && template.tree.equals(tree);
    }

    @Override
    public int hashCode() {
        return Objects.hash(role, tree);
    }

    /** The role, the size and the start of the hash; no content, which may be secret. */
    @Override
    public String toString() {
        return "PodTemplate[" + role + ", " + size() + " bytes, sha256 "
                + contentHash().substring(0, 12) + "]";
    }

    /**
     * Collects the fields of a template. Every method returns this builder. Problems are kept until {@link #build()}, which
     * reports them all at once.
     *
     * <p>Placement by node label ({@link #arm64}, {@link #onDemand}, {@link #spot}, {@link #zone}, {@link #nodePool},
     * {@link #nodeSelector}, {@link #requireNodes} and their like) is never overridden silently: two calls that want
     * different values of the same node label are an error, and so are two presets. Any other method called again for the
     * same thing replaces it. Not safe for use by many threads.
     */
    public static final class Builder {
        private final PodRole role;
        private final PodEditor pod;
        private final Set<FieldPath> unknown;
        private final List<String> problems = new ArrayList<>();
        private final Map<String, Claim> claims = new LinkedHashMap<>();
        private final Map<Capacity, Claim> capacities = new EnumMap<>(Capacity.class);
        private final Map<String, Claim> presetClaims = new LinkedHashMap<>();
        private CapacityDialect dialect = CapacityDialect.KARPENTER;
        private @Nullable Claim pool;
        private @Nullable Keep keep;
        private String preset = "";

        /** A wish for nodes; the call is for messages. */
        private record Claim(String operator, List<String> values, boolean preferred, String call) {
            boolean contradicts(Claim other) {
                return !operator.equals(other.operator) || !values.equals(other.values) || preferred != other.preferred;
            }
        }

        private record Keep(Optional<Duration> duration) {}

        private enum Capacity {
            ON_DEMAND,
            SPOT,
            SPOT_PREFERRED
        }

        private Builder(PodRole role, Map<String, Object> fields, Set<FieldPath> unknown) {
            this.role = role;
            this.pod = new PodEditor(role, fields);
            this.unknown = new LinkedHashSet<>(unknown);
        }

        private static Builder fresh(PodRole role) {
            Builder builder = new Builder(role, new LinkedHashMap<>(), Set.of());
            builder.pod.fields().put("apiVersion", "v1");
            builder.pod.fields().put("kind", "Pod");
            builder.pod.mainContainer();
            return builder;
        }

        /**
         * Applies a preset, as far as it has something for this role. It may contradict other presets and placements of this
         * builder; {@link #build()} says which.
         *
         * @param preset the preset
         * @return this
         */
        public Builder preset(Preset preset) {
            String outer = this.preset;
            this.preset = preset.name();
            preset.applyTo(role, this);
            this.preset = outer;
            return this;
        }

        /**
         * Places the pod on arm64 (Graviton) nodes only. The image must have an arm64 variant, and so must those of sidecars
         * and init containers.
         *
         * @return this
         */
        public Builder arm64() {
            return claim("kubernetes.io/arch", "In", List.of("arm64"), false, "arm64()");
        }

        /**
         * Places the pod on amd64 (x86-64) nodes only.
         *
         * @return this
         */
        public Builder amd64() {
            return claim("kubernetes.io/arch", "In", List.of("amd64"), false, "amd64()");
        }

        /**
         * Places the pod on arm64 (Graviton) nodes if there are any, and on others if not. The image must have a variant for
         * each architecture.
         *
         * @return this
         */
        public Builder preferArm64() {
            return claim("kubernetes.io/arch", "In", List.of("arm64"), true, "preferArm64()");
        }

        /**
         * Places the pod on on-demand nodes only, by the label of the {@link #dialect}.
         *
         * @return this
         */
        public Builder onDemand() {
            return capacity(Capacity.ON_DEMAND, "onDemand()");
        }

        /**
         * Places the pod on spot nodes only, by the label of the {@link #dialect}. Spot nodes can be taken away with two
         * minutes' notice: fit for executors; a driver on spot puts the whole job at risk.
         *
         * @return this
         */
        public Builder spot() {
            return capacity(Capacity.SPOT, "spot()");
        }

        /**
         * Places the pod on spot nodes if there are any, and on on-demand nodes if not, by the label of the
         * {@link #dialect}.
         *
         * @return this
         */
        public Builder preferSpot() {
            return capacity(Capacity.SPOT_PREFERRED, "preferSpot()");
        }

        /**
         * Says what makes the cluster's nodes, and so which labels and annotations {@link #onDemand}, {@link #spot},
         * {@link #nodePool} and {@link #doNotDisrupt} write. It holds for the whole builder, wherever it is called.
         *
         * @param dialect the dialect; Karpenter's if this is never called
         * @return this
         */
        public Builder dialect(CapacityDialect dialect) {
            this.dialect = dialect;
            return this;
        }

        /**
         * Keeps the pod from being moved to make better use of nodes, by the annotation of the {@link #dialect}. It does
         * not help against spot interruptions, expired nodes or deletion by hand (Karpenter, "Disruption").
         *
         * @return this
         */
        public Builder doNotDisrupt() {
            keep = new Keep(Optional.empty());
            return this;
        }

        /**
         * Keeps the pod from being moved for so long after its start, by Karpenter's annotation; later it may be moved. Only
         * newer versions of Karpenter read a duration; others take it for no wish at all.
         *
         * @param duration whole seconds, at least one
         * @return this
         */
        public Builder doNotDisrupt(Duration duration) {
            if (duration.toSeconds() < 1 || !duration.equals(duration.truncatedTo(ChronoUnit.SECONDS))) {
                problems.add("doNotDisrupt(" + duration + ") is not a whole number of seconds from 1 on; round it");
                return this;
            }
            keep = new Keep(Optional.of(duration));
            return this;
        }

        /**
         * Places the pod in one availability zone. Pin driver, executors and submitter of a job to the same zone, for
         * example with {@link Preset#singleZone}: shuffle traffic between zones is slower and charged.
         *
         * @param zone the zone's name, for example {@code us-east-1a}
         * @return this
         */
        public Builder zone(String zone) {
            return claim("topology.kubernetes.io/zone", "In", List.of(zone), false, "zone(\"" + zone + "\")");
        }

        /**
         * Places the pod on the nodes of one Karpenter NodePool or EKS managed node group, by the {@link #dialect}.
         *
         * @param name the name of the pool or group
         * @return this
         */
        public Builder nodePool(String name) {
            Claim claim = new Claim("In", List.of(name), false, call("nodePool(\"" + name + "\")"));
            if (pool != null && pool.contradicts(claim)) {
                problems.add(contradiction(pool, claim, "the pool"));
            }
            pool = pool == null ? claim : pool;
            return this;
        }

        /**
         * Places the pod on nodes of these instance types only.
         *
         * @param types such as {@code m7g.4xlarge}; at least one
         * @return this
         */
        public Builder instanceTypes(String... types) {
            return requireNodes("node.kubernetes.io/instance-type", types);
        }

        /**
         * Places the pod on nodes of these instance families only. The label is Karpenter's.
         *
         * @param families such as {@code m7g}; at least one
         * @return this
         */
        public Builder instanceFamilies(String... families) {
            return requireNodes("karpenter.k8s.aws/instance-family", families);
        }

        /**
         * Places the pod on nodes of these instance sizes only. The label is Karpenter's.
         *
         * @param sizes such as {@code 4xlarge}; at least one
         * @return this
         */
        public Builder instanceSizes(String... sizes) {
            return requireNodes("karpenter.k8s.aws/instance-size", sizes);
        }

        /**
         * Places the pod on nodes of instances of this generation or a later one. The label is Karpenter's.
         *
         * @param generation at least 1; the 7 of {@code m7g}
         * @return this
         */
        public Builder instanceGenerationAtLeast(int generation) {
            if (generation < 1) {
                problems.add(
                        "instanceGenerationAtLeast(" + generation + ") is less than 1; give a generation such as 6");
                return this;
            }
            return claim(
                    "karpenter.k8s.aws/instance-generation",
                    "Gt",
                    List.of(String.valueOf(generation - 1)),
                    false,
                    "instanceGenerationAtLeast(" + generation + ")");
        }

        /**
         * Places the pod only on nodes with this label.
         *
         * @param key the label's key
         * @param value the label's value
         * @return this
         */
        public Builder nodeSelector(String key, String value) {
            return claim(key, "In", List.of(value), false, "nodeSelector(\"" + key + "\", \"" + value + "\")");
        }

        /**
         * Places the pod only on nodes that have the label with one of these values, or, without values, that have it at all.
         *
         * @param label the label's key
         * @param values the values that are good
         * @return this
         */
        public Builder requireNodes(String label, String... values) {
            return claim(
                    label,
                    values.length == 0 ? "Exists" : "In",
                    List.of(values),
                    false,
                    "requireNodes(\"" + label + "\", " + List.of(values) + ")");
        }

        /**
         * Prefers nodes that have the label with one of these values, or, without values, that have it at all. Others will
         * do. Several preferences add up.
         *
         * @param weight from 1 to 100
         * @param label the label's key
         * @param values the values that are better
         * @return this
         */
        public Builder preferNodes(int weight, String label, String... values) {
            if (!isWeight(weight, "preferNodes")) {
                return this;
            }
            return change(() -> pod.preferNodes(weight, label, values.length == 0 ? "Exists" : "In", List.of(values)));
        }

        /**
         * Prefers a node, zone or other domain where pods with these labels already are.
         *
         * @param weight from 1 to 100
         * @param topologyKey the node label that tells domains apart, such as {@code topology.kubernetes.io/zone}
         * @param labels of the other pods, such as {@code spark-role: driver}
         * @return this
         */
        public Builder preferNear(int weight, String topologyKey, Map<String, String> labels) {
            return podAffinity("podAffinity", weight, topologyKey, labels, "preferNear");
        }

        /**
         * Prefers a node, zone or other domain where no pods with these labels are. With hundreds of pods it makes
         * Karpenter's scheduling slow and keeps nodes from being filled.
         *
         * @param weight from 1 to 100
         * @param topologyKey the node label that tells domains apart, such as {@code kubernetes.io/hostname}
         * @param labels of the other pods
         * @return this
         */
        public Builder preferApart(int weight, String topologyKey, Map<String, String> labels) {
            return podAffinity("podAntiAffinity", weight, topologyKey, labels, "preferApart");
        }

        /**
         * Places the pod only in a node, zone or other domain where pods with these labels already are. Until there is one,
         * the pod stays pending.
         *
         * @param topologyKey the node label that tells domains apart, such as {@code topology.kubernetes.io/zone}
         * @param labels of the other pods, such as {@code spark-role: driver}
         * @return this
         */
        public Builder requireNear(String topologyKey, Map<String, String> labels) {
            return podAffinity("podAffinity", topologyKey, labels);
        }

        /**
         * Places the pod only in a node, zone or other domain where no pods with these labels are. With hundreds of pods it
         * makes Karpenter's scheduling slow, and each of them needs a domain of its own.
         *
         * @param topologyKey the node label that tells domains apart, such as {@code kubernetes.io/hostname}
         * @param labels of the other pods
         * @return this
         */
        public Builder requireApart(String topologyKey, Map<String, String> labels) {
            return podAffinity("podAntiAffinity", topologyKey, labels);
        }

        private Builder podAffinity(String kind, String topologyKey, Map<String, String> labels) {
            return change(() -> pod.addOnce(
                    PodEditor.SPEC
                            .child("affinity")
                            .child(kind)
                            .child("requiredDuringSchedulingIgnoredDuringExecution"),
                    selecting(topologyKey, labels)));
        }

        private Builder podAffinity(
                String kind, int weight, String topologyKey, Map<String, String> labels, String call) {
            if (!isWeight(weight, call)) {
                return this;
            }
            return change(() -> pod.addOnce(
                    PodEditor.SPEC
                            .child("affinity")
                            .child(kind)
                            .child("preferredDuringSchedulingIgnoredDuringExecution"),
                    Map.of("weight", (long) weight, "podAffinityTerm", selecting(topologyKey, labels))));
        }

        private boolean isWeight(int weight, String call) {
            if (weight < 1 || weight > 100) {
                problems.add(call + " has the weight " + weight + "; Kubernetes takes 1 to 100");
                return false;
            }
            return true;
        }

        private static Map<String, Object> selecting(String topologyKey, Map<String, String> labels) {
            Map<String, Object> term = new LinkedHashMap<>();
            term.put("topologyKey", topologyKey);
            term.put("labelSelector", Map.of("matchLabels", labels));
            return term;
        }

        /**
         * Spreads pods with these labels evenly over nodes, zones or other domains, as far as it can be done
         * ({@code ScheduleAnyway}).
         *
         * @param topologyKey the node label that tells domains apart, such as {@code topology.kubernetes.io/zone}
         * @param maxSkew by how many pods two domains may differ, at least 1
         * @param labels of the pods to spread, such as {@code spark-role: executor}
         * @return this
         */
        public Builder spread(String topologyKey, int maxSkew, Map<String, String> labels) {
            return spread(topologyKey, maxSkew, labels, "ScheduleAnyway", "spread");
        }

        /**
         * Spreads pods with these labels evenly over nodes, zones or other domains; a pod for which that cannot be done
         * stays pending ({@code DoNotSchedule}).
         *
         * @param topologyKey the node label that tells domains apart, such as {@code topology.kubernetes.io/zone}
         * @param maxSkew by how many pods two domains may differ, at least 1
         * @param labels of the pods to spread, such as {@code spark-role: executor}
         * @return this
         */
        public Builder requireSpread(String topologyKey, int maxSkew, Map<String, String> labels) {
            return spread(topologyKey, maxSkew, labels, "DoNotSchedule", "requireSpread");
        }

        private Builder spread(
                String topologyKey, int maxSkew, Map<String, String> labels, String otherwise, String call) {
            if (maxSkew < 1) {
                problems.add(call + " has the skew " + maxSkew + "; Kubernetes takes 1 and more");
                return this;
            }
            return change(() -> {
                Map<String, Object> constraint = selecting(topologyKey, labels);
                constraint.put("maxSkew", (long) maxSkew);
                constraint.put("whenUnsatisfiable", otherwise);
                pod.addOnce(PodEditor.SPEC.child("topologySpreadConstraints"), constraint);
            });
        }

        /**
         * Allows the pod on nodes with this taint.
         *
         * @param key the taint's key
         * @param value the taint's value
         * @param effect the taint's effect
         * @return this
         */
        public Builder toleration(String key, String value, TaintEffect effect) {
            return change(() -> pod.addOnce(
                    PodEditor.SPEC.child("tolerations"),
                    Map.of("key", key, "operator", "Equal", "value", value, "effect", effect.value())));
        }

        /**
         * Allows the pod on nodes with this taint, whatever its value.
         *
         * @param key the taint's key
         * @param effect the taint's effect
         * @return this
         */
        public Builder toleration(String key, TaintEffect effect) {
            return change(() -> pod.addOnce(
                    PodEditor.SPEC.child("tolerations"),
                    Map.of("key", key, "operator", "Exists", "effect", effect.value())));
        }

        /**
         * Sets a label of the pod.
         *
         * @param key the key, as Kubernetes allows it: {@code name} or {@code dns.prefix/name}
         * @param value the value: at most 63 letters, digits, {@code -}, {@code _} and {@code .}
         * @return this
         */
        public Builder label(String key, String value) {
            return field(PodEditor.LABELS.child(key), value);
        }

        /**
         * Sets the job's cost tags as labels, because tags of a job run do not reach its pods. Kubernetes allows less than
         * tags do; what it refuses is an error of {@link #build()} that names each.
         *
         * @param tags the tags, such as {@code team: data}
         * @return this
         */
        public Builder costLabels(Map<String, String> tags) {
            problems.addAll(KubernetesNames.labelProblems("cost label", tags));
            tags.forEach(this::label);
            return this;
        }

        /**
         * Sets an annotation of the pod.
         *
         * @param key the key, as Kubernetes allows it: {@code name} or {@code dns.prefix/name}
         * @param value any text
         * @return this
         */
        public Builder annotation(String key, String value) {
            return field(PodEditor.ANNOTATIONS.child(key), value);
        }

        /**
         * Sets an environment variable of Spark's container. The value is stored on S3 and in the cluster as plain text.
         *
         * @param name the variable's name
         * @param value the value
         * @return this
         */
        public Builder env(String name, String value) {
            return variable(name, Map.of("value", value));
        }

        /**
         * Sets an environment variable of Spark's container from a Secret of the job's namespace.
         *
         * @param name the variable's name
         * @param secret the Secret's name
         * @param key the key in the Secret
         * @return this
         */
        public Builder envFromSecret(String name, String secret, String key) {
            return variable(name, Map.of("valueFrom", Map.of("secretKeyRef", Map.of("name", secret, "key", key))));
        }

        /**
         * Sets an environment variable of Spark's container from a ConfigMap of the job's namespace.
         *
         * @param name the variable's name
         * @param configMap the ConfigMap's name
         * @param key the key in the ConfigMap
         * @return this
         */
        public Builder envFromConfigMap(String name, String configMap, String key) {
            return variable(
                    name, Map.of("valueFrom", Map.of("configMapKeyRef", Map.of("name", configMap, "key", key))));
        }

        private Builder variable(String name, Map<String, ?> content) {
            return change(() -> pod.replaceNamed(pod.mainContainer().child("env"), name, content));
        }

        /**
         * Sets an environment variable of Spark's container for each key of a Secret.
         *
         * @param secret the Secret's name
         * @return this
         */
        public Builder envFromSecret(String secret) {
            return change(() ->
                    pod.addOnce(pod.mainContainer().child("envFrom"), Map.of("secretRef", Map.of("name", secret))));
        }

        /**
         * Sets an environment variable of Spark's container for each key of a ConfigMap.
         *
         * @param configMap the ConfigMap's name
         * @return this
         */
        public Builder envFromConfigMap(String configMap) {
            return change(() -> pod.addOnce(
                    pod.mainContainer().child("envFrom"), Map.of("configMapRef", Map.of("name", configMap))));
        }

        /**
         * Sets the priority class of the pod.
         *
         * @param name the name of a PriorityClass that exists in the cluster; without it, Kubernetes refuses the pod
         * @return this
         */
        public Builder priorityClass(String name) {
            return field(PodEditor.SPEC.child("priorityClassName"), name);
        }

        /**
         * Names the scheduler that places the pod. The Spark setting {@code spark.kubernetes.scheduler.name}, if it is set,
         * wins.
         *
         * @param name the scheduler's name
         * @return this
         */
        public Builder schedulerName(String name) {
            return field(PodEditor.SPEC.child("schedulerName"), name);
        }

        /**
         * Sets how long the pod may take to end after it is told to. On spot nodes the whole notice is two minutes.
         *
         * @param period whole seconds, not negative; Kubernetes' default is 30 seconds
         * @return this
         */
        public Builder terminationGracePeriod(Duration period) {
            String call = "terminationGracePeriod(" + period + ")";
            if (period.isNegative() || !period.equals(period.truncatedTo(ChronoUnit.SECONDS))) {
                problems.add(call + " is not a whole number of seconds from 0 on; round it");
                return this;
            }
            onePreset("the grace period", period.toString(), call);
            return field(PodEditor.SPEC.child("terminationGracePeriodSeconds"), period.toSeconds());
        }

        /**
         * Gives Spark the disks of the node for shuffle and spill files: volumes {@code spark-local-dir-1} and on, mounted at
         * {@code /data1} and on. The directories must exist on the node and belong to user 999 and group 1000, as which EMR
         * runs the container (EMR Containers Best Practices Guide, "Instance store volumes").
         *
         * @param directories of the node, such as {@code /mnt/k8s-disks/0}
         * @return this
         */
        public Builder localDisks(String... directories) {
            onePreset("the local disks", List.of(directories).toString(), "localDisks(" + List.of(directories) + ")");
            for (int i = 1; i <= directories.length; i++) {
                hostPathVolume("spark-local-dir-" + i, directories[i - 1], "/data" + i);
            }
            return this;
        }

        /**
         * Mounts a directory of the node, such as an NVMe disk, into Spark's container. It must exist on the node and
         * belong to user 999 and group 1000, as which EMR runs the container.
         *
         * @param name the volume's name; Spark uses volumes whose names start with {@code spark-local-dir-} for shuffle
         *     and spill files
         * @param path the directory on the node
         * @param mountPath the directory in the container; not below {@code /mnt}, {@code /tmp}, {@code /home/hadoop} or
         *     another one that EMR reserves
         * @return this
         */
        public Builder hostPathVolume(String name, String path, String mountPath) {
            return change(
                    () -> pod.volume(name, "hostPath", Map.of("path", path, "type", "Directory"), mountPath, false));
        }

        /**
         * Mounts an empty directory on the node's disk into Spark's container; it is gone with the pod.
         *
         * @param name the volume's name; {@code spark-local-dir-} and a number for shuffle and spill files
         * @param sizeLimit the size, such as {@code 100Gi}, beyond which Kubernetes evicts the pod
         * @param mountPath the directory in the container
         * @return this
         */
        public Builder emptyDirVolume(String name, String sizeLimit, String mountPath) {
            return change(() -> pod.volume(name, "emptyDir", Map.of("sizeLimit", sizeLimit), mountPath, false));
        }

        /**
         * Mounts an empty directory in memory (tmpfs) into Spark's container. What is in it counts as memory of the
         * container: leave room for it in Spark's memory overhead.
         *
         * @param name the volume's name; {@code spark-local-dir-} and a number for shuffle and spill files
         * @param sizeLimit the size, such as {@code 2Gi}
         * @param mountPath the directory in the container
         * @return this
         */
        public Builder memoryVolume(String name, String sizeLimit, String mountPath) {
            return change(() ->
                    pod.volume(name, "emptyDir", Map.of("medium", "Memory", "sizeLimit", sizeLimit), mountPath, false));
        }

        /**
         * Mounts a disk of its own, which Kubernetes makes with the pod and deletes with it, into Spark's container. For
         * disks that outlive an executor and are used again by the next one, see {@link JobPods.Builder#reusableDisk}.
         *
         * @param name the volume's name; {@code spark-local-dir-} and a number for shuffle and spill files
         * @param storageClass the StorageClass in the cluster
         * @param size such as {@code 100Gi}
         * @param mountPath the directory in the container
         * @return this
         */
        public Builder ephemeralVolume(String name, String storageClass, String size, String mountPath) {
            Map<String, Object> claim = Map.of(
                    "accessModes",
                    List.of("ReadWriteOnce"),
                    "storageClassName",
                    storageClass,
                    "resources",
                    Map.of("requests", Map.of("storage", size)));
            return change(() -> pod.volume(
                    name, "ephemeral", Map.of("volumeClaimTemplate", Map.of("spec", claim)), mountPath, false));
        }

        /**
         * Mounts the volume of a PersistentVolumeClaim that exists in the job's namespace into Spark's container. All pods
         * of the template share it.
         *
         * @param name the volume's name
         * @param claim the claim's name
         * @param mountPath the directory in the container
         * @return this
         */
        public Builder persistentVolume(String name, String claim, String mountPath) {
            return change(
                    () -> pod.volume(name, "persistentVolumeClaim", Map.of("claimName", claim), mountPath, false));
        }

        /**
         * Mounts a Secret of the job's namespace into Spark's container, a file for each key, to be read only.
         *
         * @param name the volume's name
         * @param secret the Secret's name
         * @param mountPath the directory in the container
         * @return this
         */
        public Builder secretVolume(String name, String secret, String mountPath) {
            return change(() -> pod.volume(name, "secret", Map.of("secretName", secret), mountPath, true));
        }

        /**
         * Mounts a ConfigMap of the job's namespace into Spark's container, a file for each key, to be read only.
         *
         * @param name the volume's name
         * @param configMap the ConfigMap's name
         * @param mountPath the directory in the container
         * @return this
         */
        public Builder configMapVolume(String name, String configMap, String mountPath) {
            return change(() -> pod.volume(name, "configMap", Map.of("name", configMap), mountPath, true));
        }

        /**
         * Adds a container that runs to its end before Spark's container starts, or replaces the one of this name. With many
         * executors, each init container multiplies the events that Kubernetes has to keep.
         *
         * @param name the container's name
         * @param image its image, also for the architecture of the nodes
         * @param container what else it needs
         * @return this
         */
        public Builder initContainer(String name, String image, Consumer<ContainerSettings> container) {
            return change(() -> container(
                    PodEditor.INIT_CONTAINERS, name, image, container, settings -> settings.initContainer(name)));
        }

        /**
         * Adds a container that runs beside Spark's, or replaces the one of this name. It needs a command.
         *
         * <p>In a driver's pod the command is wrapped so that it is stopped when Spark's container has ended, because a pod
         * whose sidecar goes on keeps running and is billed: EMR touches the file {@code main-container-terminated} every
         * two seconds, and without a touch for 15 seconds the command gets a SIGTERM (EMR on EKS Development Guide, "Using
         * pod templates"). The image must have {@code sh}, {@code stat} and {@code date}. An executor's pod is deleted by the
         * driver, and its sidecar is left as it is, unless {@link ContainerSettings#endWithSpark} says otherwise.
         *
         * @param name the container's name
         * @param image its image, also for the architecture of the nodes
         * @param container what else it needs; a {@link ContainerSettings#command} at least
         * @return this
         */
        public Builder sidecar(String name, String image, Consumer<ContainerSettings> container) {
            return change(() ->
                    container(PodEditor.CONTAINERS, name, image, container, settings -> settings.sidecar(name, role)));
        }

        private void container(
                FieldPath list,
                String name,
                String image,
                Consumer<ContainerSettings> settings,
                Function<ContainerSettings, Map<String, Object>> fields) {
            if (name.equals(role.containerName())) {
                throw InvalidPodTemplateException.of(
                        "the container " + name + " is Spark's; give the other container another name");
            }
            ContainerSettings container = new ContainerSettings(image);
            settings.accept(container);
            pod.replaceNamed(list, name, fields.apply(container));
        }

        /**
         * Sets any other field of the pod, now; a placement or {@link #doNotDisrupt} of this builder is written over it.
         *
         * @param path keys joined by dots, list positions in brackets, other keys quoted in brackets:
         *     {@code spec.containers[0].workingDir}, {@code metadata.annotations["example.com/note"]}. Missing mappings are
         *     made; a list grows by one when its length is the position. A field that a pod does not have is an error of
         *     {@link #build()}
         * @param value a String, Boolean, whole or decimal number, or a List or Map of these; copied
         * @return this
         */
        public Builder field(String path, Object value) {
            return change(() -> field(FieldPath.parse(path), value));
        }

        /**
         * Removes a field or a list's entry, if it is there.
         *
         * @param path as in {@link #field}
         * @return this
         */
        public Builder remove(String path) {
            return change(() -> pod.remove(FieldPath.parse(path)));
        }

        /**
         * Lets a field through that this version does not know because it is newer, with all below it. The template then has
         * a warning of the rule {@link Rule#FIELD_UNKNOWN} in its findings.
         *
         * @param path of the field, as in {@link #field}
         * @return this
         */
        public Builder allowUnknown(String path) {
            return change(() -> unknown.add(FieldPath.parse(path)));
        }

        /**
         * Makes the template. The builder can be used further.
         *
         * @return the template
         * @throws InvalidPodTemplateException if calls contradict each other, could not be carried out or set a field that a
         *     pod does not have; it lists all
         */
        public PodTemplate build() {
            List<String> found = new ArrayList<>(problems);
            Map<String, Claim> wanted = new LinkedHashMap<>(claims);
            capacity(wanted, found);
            pool(wanted, found);
            PodTemplate built = null;
            try {
                PodEditor copy = new PodEditor(role, PodTree.mutableCopy(pod.fields()));
                place(copy, wanted);
                keep(copy, found);
                built = of(role, PodTree.copyOf(copy.fields()), unknown);
            } catch (InvalidPodTemplateException e) {
                found.addAll(e.problems());
            }
            if (built == null || !found.isEmpty()) {
                throw InvalidPodTemplateException.of(found);
            }
            return built;
        }

        private void capacity(Map<String, Claim> wanted, List<String> found) {
            if (capacities.size() > 1) {
                found.add(capacities.values().stream().map(Claim::call).collect(Collectors.joining(" and "))
                        + " contradict each other; keep one");
                return;
            }
            for (Map.Entry<Capacity, Claim> each : capacities.entrySet()) {
                Capacity capacity = each.getKey();
                String value = capacity == Capacity.ON_DEMAND ? dialect.onDemand() : dialect.spot();
                boolean preferred = capacity == Capacity.SPOT_PREFERRED;
                add(
                        wanted,
                        dialect.capacityLabel(),
                        new Claim(
                                "In", List.of(value), preferred, each.getValue().call()),
                        found);
            }
        }

        private void pool(Map<String, Claim> wanted, List<String> found) {
            Claim wish = pool;
            if (wish != null) {
                dialect.poolLabel()
                        .ifPresentOrElse(
                                label -> add(wanted, label, wish, found),
                                () -> found.add(wish.call() + " has no label in this dialect; use nodeSelector with the"
                                        + " label of your node groups"));
            }
        }

        private void place(PodEditor copy, Map<String, Claim> wanted) {
            if (!capacities.isEmpty()) {
                // a template this builder started from may select capacity in another dialect
                for (CapacityDialect each : CapacityDialect.known()) {
                    copy.forgetNodeLabel(each.capacityLabel());
                }
            }
            for (Map.Entry<String, Claim> each : wanted.entrySet()) {
                String label = each.getKey();
                Claim claim = each.getValue();
                copy.forgetNodeLabel(label);
                if (claim.preferred()) {
                    copy.preferNodes(100, label, claim.operator(), claim.values());
                } else if (claim.operator().equals("In") && claim.values().size() == 1) {
                    copy.set(
                            PodEditor.NODE_SELECTOR.child(label), claim.values().get(0));
                } else {
                    copy.requireNodes(label, claim.operator(), claim.values());
                }
            }
        }

        private void keep(PodEditor copy, List<String> found) {
            if (keep == null) {
                return;
            }
            if (keep.duration().isPresent() && !dialect.isKarpenter()) {
                found.add("doNotDisrupt with a duration is Karpenter's alone; leave the duration out");
                return;
            }
            copy.set(
                    PodEditor.ANNOTATIONS.child(dialect.keepAnnotation()),
                    keep.duration().isPresent() ? goDuration(keep.duration().get()) : dialect.keepValue());
        }

        /** As Go reads it: {@code 1h30m0s}, without the parts that are zero. */
        private static String goDuration(Duration duration) {
            return duration.toString().substring(2).toLowerCase(Locale.ROOT);
        }

        private String call(String call) {
            return preset.isEmpty() ? call : "preset " + preset + " (" + call + ")";
        }

        private Builder capacity(Capacity capacity, String call) {
            capacities.putIfAbsent(capacity, new Claim("In", List.of(), false, call(call)));
            return this;
        }

        private Builder claim(String label, String operator, List<String> values, boolean preferred, String call) {
            add(claims, label, new Claim(operator, values, preferred, call(call)), problems);
            return this;
        }

        private static void add(Map<String, Claim> claims, String label, Claim claim, List<String> problems) {
            Claim first = claims.putIfAbsent(label, claim);
            if (first != null && first.contradicts(claim)) {
                problems.add(contradiction(first, claim, "node label " + label));
            }
        }

        private static String contradiction(Claim first, Claim second, String what) {
            return first.call() + " and " + second.call() + " contradict each other (" + what + "); keep one";
        }

        /** Presets may not replace what another preset set; calls by hand may. */
        private void onePreset(String what, String value, String call) {
            if (!preset.isEmpty()) {
                Claim claim = new Claim("", List.of(value), false, call(call));
                Claim first = presetClaims.putIfAbsent(what, claim);
                if (first != null && first.contradicts(claim)) {
                    problems.add(contradiction(first, claim, what));
                }
            }
        }

        /** Without a lambda, as the first of them costs a fresh JVM tens of milliseconds. */
        private Builder field(FieldPath path, Object value) {
            try {
                pod.set(path, value);
            } catch (InvalidPodTemplateException e) {
                problems.addAll(e.problems());
            }
            return this;
        }

        private Builder change(Runnable change) {
            try {
                change.run();
            } catch (InvalidPodTemplateException e) {
                problems.addAll(e.problems());
            }
            return this;
        }
    }
}
