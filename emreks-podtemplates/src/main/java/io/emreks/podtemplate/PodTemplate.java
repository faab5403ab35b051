package io.emreks.podtemplate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final FieldPath LABELS = FieldPath.of("metadata", "labels");
    private static final FieldPath ANNOTATIONS = FieldPath.of("metadata", "annotations");

    private final PodRole role;
    private final PodTree tree;
    private final String yaml;

    private PodTemplate(PodRole role, PodTree tree) {
        this.role = role;
        this.tree = tree;
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
     * ({@code 0644}), duplicate keys, tags and merge keys are refused. Whether EMR would accept the fields is not looked at
     * here, but by {@link #check()}.
     *
     * @param role the pods the template is for
     * @param yaml one document with {@code apiVersion: v1} and {@code kind: Pod}
     * @return the template
     * @throws InvalidPodTemplateException if the text is not such a document, with line and column where they are known
     */
    public static PodTemplate fromYaml(PodRole role, String yaml) {
        return of(role, PodTree.copyOf(YamlReader.read(yaml)));
    }

    private static PodTemplate of(PodRole role, PodTree tree) {
        List<String> problems = new ArrayList<>();
        requirePodHeader(tree, "apiVersion", "v1", problems);
        requirePodHeader(tree, "kind", "Pod", problems);
        if (!problems.isEmpty()) {
            throw InvalidPodTemplateException.of(problems);
        }
        return new PodTemplate(role, tree);
    }

    private static void requirePodHeader(PodTree tree, String field, String value, List<String> problems) {
        if (!value.equals(tree.root().get(field))) {
            problems.add("not a Pod: the field " + field + " must be '" + value + "'");
        }
    }

    /**
     * Starts a template from this one. What the builder is told replaces what this template has; placements of this
     * template do not contradict those of the builder.
     *
     * @return a new builder with the fields of this template
     */
    public Builder toBuilder() {
        return new Builder(role, tree.mutableCopy());
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
     * values of labels, labels that Spark sets, the size, capacity labels of two dialects, a driver on spot capacity
     * (sources: EMR on EKS Development Guide, "Using pod templates"; Spark, "Running on Kubernetes"). It looks at the
     * template alone: whether the image has the right architecture or the execution role can read the file, it cannot know.
     *
     * @return the findings, in a fixed order; empty if there are none. Immutable
     */
    public List<Finding> check() {
        return PodRules.check(role, tree, bytes().length);
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
        return "PodTemplate[" + role + ", " + bytes().length + " bytes, sha256 "
                + contentHash().substring(0, 12) + "]";
    }

    /**
     * Collects the fields of a template. Every method returns this builder. Problems are kept until {@link #build()}, which
     * reports them all at once.
     *
     * <p>Placement ({@link #arm64}, {@link #amd64}, {@link #onDemand}, {@link #spot}, {@link #zone}, {@link #nodeSelector})
     * is never overridden silently: two calls that want different values of the same node label are an error. Any other
     * method called again for the same thing replaces it. Not safe for use by many threads.
     */
    public static final class Builder {
        private final PodRole role;
        private final Map<String, Object> fields;
        private final List<String> problems = new ArrayList<>();
        private final Map<String, Selection> selections = new LinkedHashMap<>();
        private final Set<Capacity> capacities = EnumSet.noneOf(Capacity.class);
        private CapacityDialect dialect = CapacityDialect.KARPENTER;
        private boolean keep;

        private record Selection(String value, String call) {}

        private enum Capacity {
            ON_DEMAND,
            SPOT
        }

        private Builder(PodRole role, Map<String, Object> fields) {
            this.role = role;
            this.fields = fields;
        }

        private static Builder fresh(PodRole role) {
            Builder builder = new Builder(role, new LinkedHashMap<>());
            builder.fields.put("apiVersion", "v1");
            builder.fields.put("kind", "Pod");
            builder.mainContainer();
            return builder;
        }

        /**
         * Places the pod on arm64 (Graviton) nodes only. The image must have an arm64 variant.
         *
         * @return this
         */
        public Builder arm64() {
            return select("kubernetes.io/arch", "arm64", "arm64()");
        }

        /**
         * Places the pod on amd64 (x86-64) nodes only.
         *
         * @return this
         */
        public Builder amd64() {
            return select("kubernetes.io/arch", "amd64", "amd64()");
        }

        /**
         * Places the pod on on-demand nodes only, by the label of the {@link #dialect}.
         *
         * @return this
         */
        public Builder onDemand() {
            capacities.add(Capacity.ON_DEMAND);
            return this;
        }

        /**
         * Places the pod on spot nodes only, by the label of the {@link #dialect}. Spot nodes can be taken away with two
         * minutes' notice: fit for executors; a driver on spot puts the whole job at risk.
         *
         * @return this
         */
        public Builder spot() {
            capacities.add(Capacity.SPOT);
            return this;
        }

        /**
         * Says what makes the cluster's nodes, and so which labels and annotations {@link #onDemand}, {@link #spot} and
         * {@link #doNotDisrupt} write. It holds for the whole builder, wherever it is called.
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
         * not help against spot interruptions, expired nodes or deletion by hand.
         *
         * @return this
         */
        public Builder doNotDisrupt() {
            keep = true;
            return this;
        }

        /**
         * Places the pod in one availability zone. Pin driver and executors of a job to the same zone: shuffle traffic
         * between zones is slower and charged.
         *
         * @param zone the zone's name, for example {@code us-east-1a}
         * @return this
         */
        public Builder zone(String zone) {
            return select("topology.kubernetes.io/zone", zone, "zone(\"" + zone + "\")");
        }

        /**
         * Places the pod only on nodes with this label.
         *
         * @param key the label's key
         * @param value the label's value
         * @return this
         */
        public Builder nodeSelector(String key, String value) {
            return select(key, value, "nodeSelector(\"" + key + "\", \"" + value + "\")");
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
            return change(() -> {
                List<Object> tolerations = list(SPEC.child("tolerations"));
                Map<String, Object> toleration = new LinkedHashMap<>();
                toleration.put("key", key);
                toleration.put("operator", "Equal");
                toleration.put("value", value);
                toleration.put("effect", effect.value());
                if (!tolerations.contains(toleration)) {
                    tolerations.add(toleration);
                }
            });
        }

        /**
         * Sets a label of the pod.
         *
         * @param key the key, as Kubernetes allows it: {@code name} or {@code dns.prefix/name}
         * @param value the value: at most 63 letters, digits, {@code -}, {@code _} and {@code .}
         * @return this
         */
        public Builder label(String key, String value) {
            return field(LABELS.child(key), value);
        }

        /**
         * Sets an annotation of the pod.
         *
         * @param key the key, as Kubernetes allows it: {@code name} or {@code dns.prefix/name}
         * @param value any text
         * @return this
         */
        public Builder annotation(String key, String value) {
            return field(ANNOTATIONS.child(key), value);
        }

        /**
         * Sets an environment variable of Spark's container. The value is stored on S3 and in the cluster as plain text.
         *
         * @param name the variable's name
         * @param value the value
         * @return this
         */
        public Builder env(String name, String value) {
            return change(() -> {
                Map<String, Object> variable = named(mainContainer().child("env"), name);
                variable.keySet().retainAll(Set.of("name"));
                variable.put("value", value);
            });
        }

        /**
         * Sets the priority class of the pod.
         *
         * @param name the name of a PriorityClass that exists in the cluster; without it, Kubernetes refuses the pod
         * @return this
         */
        public Builder priorityClass(String name) {
            return field(SPEC.child("priorityClassName"), name);
        }

        /**
         * Sets how long the pod may take to end after it is told to. On spot nodes the whole notice is two minutes.
         *
         * @param period whole seconds, not negative; Kubernetes' default is 30 seconds
         * @return this
         */
        public Builder terminationGracePeriod(Duration period) {
            if (period.isNegative() || !period.equals(period.truncatedTo(ChronoUnit.SECONDS))) {
                problems.add(
                        "terminationGracePeriod(" + period + ") is not a whole number of seconds from 0 on; round it");
                return this;
            }
            return field(SPEC.child("terminationGracePeriodSeconds"), period.toSeconds());
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
            return change(() -> {
                Map<String, Object> hostPath = new LinkedHashMap<>();
                hostPath.put("path", path);
                hostPath.put("type", "Directory");
                Map<String, Object> volume = named(SPEC.child("volumes"), name);
                volume.keySet().retainAll(Set.of("name"));
                volume.put("hostPath", hostPath);
                Map<String, Object> mount = named(mainContainer().child("volumeMounts"), name);
                mount.keySet().retainAll(Set.of("name"));
                mount.put("mountPath", mountPath);
            });
        }

        /**
         * Sets any other field of the pod, now; a placement or {@link #doNotDisrupt} of this builder is written over it.
         *
         * @param path keys joined by dots, list positions in brackets, other keys quoted in brackets:
         *     {@code spec.containers[0].workingDir}, {@code metadata.annotations["example.com/note"]}. Missing mappings are
         *     made; a list grows by one when its length is the position
         * @param value a String, Boolean, whole or decimal number, or a List or Map of these; copied
         * @return this
         */
        public Builder field(String path, Object value) {
            return change(() -> field(FieldPath.parse(path), value));
        }

        /**
         * Makes the template. The builder can be used further.
         *
         * @return the template
         * @throws InvalidPodTemplateException if calls contradict each other or could not be carried out; it lists all
         */
        public PodTemplate build() {
            List<String> found = new ArrayList<>(problems);
            Map<String, Selection> wanted = new LinkedHashMap<>(selections);
            if (capacities.size() > 1) {
                found.add("onDemand() and spot() contradict each other; keep one");
            } else if (!capacities.isEmpty()) {
                boolean spot = capacities.contains(Capacity.SPOT);
                Selection capacity =
                        new Selection(spot ? dialect.spot() : dialect.onDemand(), spot ? "spot()" : "onDemand()");
                Selection other = wanted.putIfAbsent(dialect.capacityLabel(), capacity);
                contradiction(other, capacity, dialect.capacityLabel(), found);
            }
            PodTemplate built = null;
            try {
                Map<String, Object> copy = PodTree.copyOf(fields).mutableCopy();
                if (!capacities.isEmpty()) {
                    forgetCapacity(copy);
                }
                wanted.forEach((key, selection) ->
                        SPEC.child("nodeSelector").child(key).write(copy, selection.value()));
                if (keep) {
                    ANNOTATIONS.child(dialect.keepAnnotation()).write(copy, dialect.keepValue());
                }
                built = of(role, PodTree.copyOf(copy));
            } catch (InvalidPodTemplateException e) {
                found.addAll(e.problems());
            }
            if (built == null || !found.isEmpty()) {
                throw InvalidPodTemplateException.of(found);
            }
            return built;
        }

        /** A template this builder started from may select capacity in either dialect. */
        private static void forgetCapacity(Map<String, Object> fields) {
            if (SPEC.child("nodeSelector").read(fields) instanceof Map<?, ?> selector) {
                for (CapacityDialect each : CapacityDialect.values()) {
                    selector.remove(each.capacityLabel());
                }
            }
        }

        private Builder select(String key, String value, String call) {
            Selection selection = new Selection(value, call);
            contradiction(selections.putIfAbsent(key, selection), selection, key, problems);
            return this;
        }

        private static void contradiction(
                @Nullable Selection first, Selection second, String label, List<String> problems) {
            if (first != null && !first.value().equals(second.value())) {
                problems.add(first.call() + " and " + second.call() + " contradict each other (node label " + label
                        + "); keep one");
            }
        }

        private Builder field(FieldPath path, Object value) {
            return change(() -> path.write(fields, PodTree.mutableCopy(value, path)));
        }

        private Builder change(Runnable change) {
            try {
                change.run();
            } catch (InvalidPodTemplateException e) {
                problems.addAll(e.problems());
            }
            return this;
        }

        /** The path of Spark's container, which is added if there is none of its name. */
        private FieldPath mainContainer() {
            FieldPath containers = SPEC.child("containers");
            named(containers, role.containerName());
            List<Object> list = list(containers);
            int index = 0;
            while (!isNamed(list.get(index), role.containerName())) {
                index++;
            }
            return containers.child(index);
        }

        /** The entry of this name in a list, which is added if there is none. */
        private Map<String, Object> named(FieldPath path, String name) {
            List<Object> list = list(path);
            for (Object entry : list) {
                if (isNamed(entry, name)) {
                    return PodTree.mutableMapping(entry, path);
                }
            }
            Map<String, Object> added = new LinkedHashMap<>();
            added.put("name", name);
            list.add(added);
            return added;
        }

        private static boolean isNamed(Object entry, String name) {
            return entry instanceof Map<?, ?> map && name.equals(map.get("name"));
        }

        private List<Object> list(FieldPath path) {
            if (path.read(fields) == null) {
                path.write(fields, new ArrayList<>());
            }
            return PodTree.mutableList(Objects.requireNonNull(path.read(fields)), path);
        }
    }
}
