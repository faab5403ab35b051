package io.emreks.podtemplate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules a pod template must keep on EMR on EKS, one method for each. Where no other source is named, they are those of
 * the EMR on EKS Development Guide, "Using pod templates".
 */
final class PodRules {
    private static final int MAX_BYTES = 1 << 20;
    private static final int LARGE_BYTES = 64 << 10;
    private static final int MAX_ANNOTATIONS_CHARACTERS = 256 << 10;

    private static final Set<String> ROOT_FIELDS = Set.of("apiVersion", "kind", "metadata", "spec");
    private static final Set<String> POD_FIELDS = Set.of(
            "activeDeadlineSeconds",
            "affinity",
            "containers",
            "enableServiceLinks",
            "ephemeralContainers",
            "hostAliases",
            "hostname",
            "imagePullSecrets",
            "initContainers",
            "nodeName",
            "nodeSelector",
            "overhead",
            "preemptionPolicy",
            "priority",
            "priorityClassName",
            "readinessGates",
            // on the list of a running release, not on the guide's; Spark sets it in any case
            "restartPolicy",
            "runtimeClassName",
            "schedulerName",
            "subdomain",
            "terminationGracePeriodSeconds",
            "tolerations",
            "topologySpreadConstraints",
            "volumes");
    private static final Set<String> CONTAINER_FIELDS = Set.of(
            "env",
            "envFrom",
            "lifecycle",
            "livenessProbe",
            "name",
            "readinessProbe",
            "resources",
            "startupProbe",
            "stdin",
            "stdinOnce",
            "terminationMessagePath",
            "terminationMessagePolicy",
            "tty",
            "volumeDevices",
            "volumeMounts",
            "workingDir");

    /** The volume by which a sidecar sees that Spark's container has ended. */
    private static final String HEARTBEAT_VOLUME = "emr-container-communicate";

    private static final Set<String> EMR_VOLUMES = Set.of(
            HEARTBEAT_VOLUME,
            "config-volume",
            "emr-container-application-log-dir",
            "emr-container-event-log-dir",
            "temp-data-dir",
            "mnt-dir",
            "home-dir",
            "emr-container-s3");
    private static final Set<String> SPARK_VOLUMES =
            Set.of("spark-conf-volume-driver", "spark-conf-volume-exec", "pod-template-volume");
    private static final List<String> RESERVED_MOUNTS =
            List.of("/var/log/fluentd", "/var/log/spark/user", "/var/log/spark/apps", "/mnt", "/tmp", "/home/hadoop");
    private static final Set<String> RESERVED_ENV =
            Set.of("SPARK_CONTAINER_ID", "K8S_SPARK_LOG_URL_STDERR", "K8S_SPARK_LOG_URL_STDOUT", "SIDECAR_SIGNAL_FILE");
    private static final Set<String> SPARK_LABELS = Set.of(
            "spark-version",
            "spark-app-selector",
            "spark-app-name",
            "spark-role",
            "spark-exec-id",
            "spark-exec-resourceprofile-id");

    private static final FieldPath METADATA = FieldPath.of("metadata");
    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final FieldPath CONTAINERS = SPEC.child("containers");
    private static final FieldPath NODE_SELECTOR = SPEC.child("nodeSelector");

    private final PodRole role;
    private final PodTree tree;
    private final List<Finding> findings = new ArrayList<>();

    private PodRules(PodRole role, PodTree tree) {
        this.role = role;
        this.tree = tree;
    }

    static List<Finding> check(PodRole role, PodTree tree, int bytes) {
        PodRules rules = new PodRules(role, tree);
        rules.size(bytes);
        rules.allowed(FieldPath.ROOT, ROOT_FIELDS);
        rules.metadata();
        rules.spec();
        return List.copyOf(rules.findings);
    }

    private void size(int bytes) {
        if (bytes > MAX_BYTES) {
            error(
                    FieldPath.ROOT,
                    "the template has " + bytes + " bytes; it is carried in a ConfigMap, which holds at most "
                            + MAX_BYTES,
                    "make it smaller");
        } else if (bytes > LARGE_BYTES) {
            warning(
                    FieldPath.ROOT,
                    "the template has " + bytes
                            + " bytes; large templates slow the cluster's API server with every job",
                    "keep it below " + LARGE_BYTES + " bytes; put scripts into the image");
        }
    }

    private void metadata() {
        Map<?, ?> metadata = mapping(METADATA);
        for (String field : List.of("name", "namespace")) {
            if (metadata.containsKey(field)) {
                warning(METADATA.child(field), "Spark replaces this field", "remove it");
            }
        }
        labels();
        annotations();
    }

    private void labels() {
        FieldPath labels = METADATA.child("labels");
        strings(labels).forEach((key, value) -> {
            labelSyntax(labels, key, value);
            if (SPARK_LABELS.contains(key)) {
                warning(labels.child(key), "Spark sets this label itself and overwrites it", "use a key of your own");
            } else if (key.startsWith("emr-containers.amazonaws.com/")) {
                warning(labels.child(key), "EMR uses labels with this prefix", "use a key of your own");
            }
        });
    }

    private void annotations() {
        FieldPath annotations = METADATA.child("annotations");
        int characters = 0;
        for (Map.Entry<String, String> annotation : strings(annotations).entrySet()) {
            keySyntax(annotations, annotation.getKey());
            characters += annotation.getKey().length() + annotation.getValue().length();
        }
        if (characters > MAX_ANNOTATIONS_CHARACTERS) {
            error(
                    annotations,
                    "Kubernetes takes at most 256 KiB of annotations in all",
                    "make them smaller; put files into the image or a ConfigMap");
        }
    }

    private void spec() {
        if (tree.at(SPEC) == null) {
            error(
                    SPEC,
                    "a template without spec is not usable",
                    "add 'spec' with the container " + role.containerName());
            return;
        }
        allowed(SPEC, POD_FIELDS);
        if (tree.at(SPEC.child("restartPolicy")) != null) {
            warning(
                    SPEC.child("restartPolicy"),
                    "Spark always sets it to Never, and the guide does not list it as allowed",
                    "remove it");
        }
        if (role == PodRole.EXECUTOR && tree.at(SPEC.child("hostname")) != null) {
            warning(SPEC.child("hostname"), "Spark replaces the host name of executors", "remove it");
        }
        nodeSelector();
        Set<String> volumes = volumes();
        List<FieldPath> containers = entries(CONTAINERS);
        Optional<FieldPath> main = mainContainer(containers);
        main.ifPresent(this::mainContainerFields);
        for (FieldPath container : containers) {
            mountsHaveVolumes(container, volumes);
            if (role == PodRole.DRIVER && main.isPresent() && !main.get().equals(container)) {
                sidecarEnds(container);
            }
        }
        for (FieldPath container : entries(SPEC.child("initContainers"))) {
            mountsHaveVolumes(container, volumes);
        }
    }

    private void nodeSelector() {
        Map<String, String> selector = strings(NODE_SELECTOR);
        selector.forEach((key, value) -> labelSyntax(NODE_SELECTOR, key, value));
        String arch = selector.get("kubernetes.io/arch");
        if (arch != null && !Set.of("arm64", "amd64").contains(arch)) {
            error(
                    NODE_SELECTOR.child("kubernetes.io/arch"),
                    "no node has this architecture, so the pod stays pending",
                    "use arm64 or amd64");
        }
        if (selector.keySet().stream().anyMatch(PodRules::isKarpenters)
                && selector.keySet().stream().anyMatch(PodRules::isManagedNodeGroups)) {
            error(
                    NODE_SELECTOR,
                    "labels of Karpenter and of EKS managed node groups are mixed; no node has both, so the pod stays pending",
                    "keep the labels of the one that makes the cluster's nodes");
        }
        boolean spot = false;
        for (CapacityDialect dialect : CapacityDialect.values()) {
            String capacity = selector.get(dialect.capacityLabel());
            spot |= dialect.spot().equals(capacity);
            Set<String> values = new LinkedHashSet<>(List.of(dialect.onDemand(), dialect.spot()));
            if (dialect == CapacityDialect.KARPENTER) {
                values.add("reserved");
            }
            if (capacity != null && !values.contains(capacity)) {
                error(
                        NODE_SELECTOR.child(dialect.capacityLabel()),
                        "no node has this value of the label, so the pod stays pending",
                        "use " + String.join(" or ", values));
            }
        }
        if (spot && role == PodRole.DRIVER) {
            warning(
                    NODE_SELECTOR,
                    "the driver is on spot capacity: an interruption loses the whole job",
                    "place the driver on demand, and only the executors on spot");
        }
    }

    private static boolean isKarpenters(String label) {
        return label.startsWith("karpenter.sh/") || label.startsWith("karpenter.k8s.aws/");
    }

    private static boolean isManagedNodeGroups(String label) {
        return label.equals(CapacityDialect.MANAGED_NODE_GROUPS.capacityLabel())
                || label.equals("eks.amazonaws.com/nodegroup");
    }

    private Set<String> volumes() {
        FieldPath volumes = SPEC.child("volumes");
        Set<String> names = new LinkedHashSet<>();
        for (FieldPath volume : entries(volumes)) {
            FieldPath path = volume.child("name");
            if (tree.at(path) instanceof String name) {
                names.add(name);
                if (EMR_VOLUMES.contains(name) || SPARK_VOLUMES.contains(name)) {
                    error(
                            path,
                            "the volume name " + name + " is reserved: EMR or Spark adds a volume of this name",
                            "choose another name");
                }
            }
        }
        return names;
    }

    /** Spark's container, or the one that was meant to be; empty if the template leaves it to Spark to add one. */
    private Optional<FieldPath> mainContainer(List<FieldPath> containers) {
        for (FieldPath container : containers) {
            if (role.containerName().equals(tree.at(container.child("name")))) {
                return Optional.of(container);
            }
        }
        if (containers.isEmpty()) {
            return Optional.empty();
        }
        for (FieldPath container : containers) {
            if (tree.at(container.child("name")) instanceof String name && name.startsWith("spark-kubernetes-")) {
                error(
                        container.child("name"),
                        "Spark's container has the wrong name, so Spark takes the first container for its own",
                        "call it " + role.containerName());
                return Optional.of(container);
            }
        }
        error(
                CONTAINERS,
                "no container is called " + role.containerName() + ", so Spark takes the first container for its own",
                "add a container with this name; nothing else needs to be set in it");
        return Optional.empty();
    }

    private void mainContainerFields(FieldPath container) {
        allowed(container, CONTAINER_FIELDS);
        for (FieldPath variable : entries(container.child("env"))) {
            FieldPath path = variable.child("name");
            if (tree.at(path) instanceof String name && RESERVED_ENV.contains(name)) {
                error(path, "EMR sets the variable " + name + " itself", "choose another name");
            }
            notText(variable.child("value"));
        }
        for (FieldPath mount : entries(container.child("volumeMounts"))) {
            mountPath(mount.child("mountPath"));
        }
        for (String resource : List.of("requests.memory", "limits.memory", "requests.cpu")) {
            FieldPath path = FieldPath.parse(container.child("resources") + "." + resource);
            if (tree.at(path) != null) {
                warning(
                        path,
                        "Spark overwrites it from the memory and cores of the job's Spark settings",
                        "remove it, and set the Spark settings");
            }
        }
        if (role == PodRole.EXECUTOR && tree.at(container.child("lifecycle")) != null) {
            warning(
                    container.child("lifecycle"),
                    "Spark replaces the hooks of executors when spark.decommission.enabled is true",
                    "keep them only for jobs without decommissioning");
        }
    }

    private void mountPath(FieldPath path) {
        if (!(tree.at(path) instanceof String mountPath)) {
            return;
        }
        List<String> mount = directories(mountPath);
        for (String reserved : RESERVED_MOUNTS) {
            List<String> taken = directories(reserved);
            if (startsWith(mount, taken)) {
                error(
                        path,
                        "EMR refuses mounts of Spark's container at or below " + reserved,
                        "mount it elsewhere, for example at /data1");
                return;
            }
            if (startsWith(taken, mount)) {
                warning(
                        path,
                        "the mount hides " + reserved + ", which EMR mounts itself; EMR may refuse it",
                        "mount it at a directory of its own, for example at /data1");
                return;
            }
        }
    }

    /** The names on the way to a directory, without empty ones and with '..' carried out. */
    private static List<String> directories(String path) {
        List<String> names = new ArrayList<>();
        for (String name : path.split("/", -1)) {
            if (name.equals("..")) {
                if (!names.isEmpty()) {
                    names.remove(names.size() - 1);
                }
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        return names;
    }

    private static boolean startsWith(List<String> path, List<String> prefix) {
        return path.size() >= prefix.size() && path.subList(0, prefix.size()).equals(prefix);
    }

    private void mountsHaveVolumes(FieldPath container, Set<String> volumes) {
        for (FieldPath mount : entries(container.child("volumeMounts"))) {
            FieldPath path = mount.child("name");
            if (tree.at(path) instanceof String name && !volumes.contains(name) && !EMR_VOLUMES.contains(name)) {
                error(
                        path,
                        "the mount names the volume " + name + ", which spec.volumes does not have",
                        "add the volume, or remove the mount");
            }
        }
    }

    private void sidecarEnds(FieldPath container) {
        for (FieldPath mount : entries(container.child("volumeMounts"))) {
            if (HEARTBEAT_VOLUME.equals(tree.at(mount.child("name")))) {
                return;
            }
        }
        warning(
                container,
                "a sidecar that does not see Spark's container end keeps the driver's pod running, and billed",
                "mount the volume " + HEARTBEAT_VOLUME
                        + " and end when its file main-container-terminated is no longer touched");
    }

    private void allowed(FieldPath mapping, Set<String> fields) {
        mapping(mapping).keySet().stream()
                .filter(field -> !fields.contains(field))
                .forEach(field -> error(
                        mapping.child((String) field),
                        "the field is not on the list of what EMR allows here: the job would fail after submission",
                        "remove it"));
    }

    private void labelSyntax(FieldPath labels, String key, String value) {
        keySyntax(labels, key);
        KubernetesNames.labelValueProblem(value)
                .ifPresent(problem -> error(labels.child(key), problem, "change the value"));
    }

    private void keySyntax(FieldPath mapping, String key) {
        KubernetesNames.keyProblem(key).ifPresent(problem -> error(mapping.child(key), problem, "change the key"));
    }

    /** The entries of a list of mappings; what is of another type is reported. */
    private List<FieldPath> entries(FieldPath path) {
        List<FieldPath> entries = new ArrayList<>();
        Object value = tree.at(path);
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                if (list.get(i) instanceof Map<?, ?>) {
                    entries.add(path.child(i));
                } else {
                    wrongType(path.child(i), "a mapping");
                }
            }
        } else if (value != null) {
            wrongType(path, "a list");
        }
        return entries;
    }

    private Map<?, ?> mapping(FieldPath path) {
        Object value = tree.at(path);
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        if (value != null) {
            wrongType(path, "a mapping");
        }
        return Map.of();
    }

    /** The entries of a mapping from text to text; what is of another type is reported. */
    private Map<String, String> strings(FieldPath path) {
        Map<String, String> strings = new LinkedHashMap<>();
        mapping(path).forEach((key, value) -> {
            FieldPath entry = path.child((String) key);
            if (value instanceof String text) {
                strings.put((String) key, text);
            } else {
                notText(entry);
            }
        });
        return strings;
    }

    private void notText(FieldPath path) {
        @Nullable Object value = tree.at(path);
        if (value != null && !(value instanceof String)) {
            error(path, "the value is not text", "put it in quotes");
        }
    }

    private void wrongType(FieldPath path, String wanted) {
        error(path, "the field is not " + wanted, "write it as " + wanted);
    }

    private void error(FieldPath path, String reason, String fix) {
        findings.add(new Finding(path.toString(), Severity.ERROR, reason, fix));
    }

    private void warning(FieldPath path, String reason, String fix) {
        findings.add(new Finding(path.toString(), Severity.WARNING, reason, fix));
    }
}
