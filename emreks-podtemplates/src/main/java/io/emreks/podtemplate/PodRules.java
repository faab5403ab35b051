package io.emreks.podtemplate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rules a pod template must keep on EMR on EKS, one method for each. Where no other source is named, they are those of
 * the EMR on EKS Development Guide, "Using pod templates".
 */
final class PodRules {
    private static final int MAX_BYTES = 1 << 20;
    private static final int LARGE_BYTES = 64 << 10;
    private static final int MAX_ANNOTATIONS_CHARACTERS = 256 << 10;

    private static final int SPOT_NOTICE_SECONDS = 120;
    private static final int DEFAULT_GRACE_SECONDS = 30;

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

    private static final Set<String> EMR_VOLUMES = Set.of(
            Heartbeat.LOGS_VOLUME,
            "config-volume",
            "emr-container-application-log-dir",
            "emr-container-event-log-dir",
            Heartbeat.TMP_VOLUME,
            "mnt-dir",
            "home-dir",
            "emr-container-s3");
    private static final Set<String> SPARK_VOLUMES =
            Set.of("spark-conf-volume-driver", "spark-conf-volume-exec", "pod-template-volume");
    private static final List<String> RESERVED_MOUNTS =
            List.of("/var/log/fluentd", "/var/log/spark/user", "/var/log/spark/apps", "/mnt", "/tmp", "/home/hadoop");
    private static final Set<String> RESERVED_ENV =
            Set.of("SPARK_CONTAINER_ID", "K8S_SPARK_LOG_URL_STDERR", "K8S_SPARK_LOG_URL_STDOUT", "SIDECAR_SIGNAL_FILE");
    /** What Spark sets in every pod of its own, and in drivers or executors. */
    private static final Set<String> SPARK_ENV =
            Set.of("SPARK_USER", "SPARK_APPLICATION_ID", "SPARK_CONF_DIR", "SPARK_LOCAL_DIRS");

    private static final Set<String> DRIVER_ENV = Set.of("SPARK_DRIVER_BIND_ADDRESS");
    private static final Set<String> EXECUTOR_ENV = Set.of(
            "SPARK_DRIVER_URL",
            "SPARK_EXECUTOR_CORES",
            "SPARK_EXECUTOR_MEMORY",
            "SPARK_EXECUTOR_ID",
            "SPARK_RESOURCE_PROFILE_ID",
            "SPARK_EXECUTOR_POD_IP",
            "SPARK_EXECUTOR_POD_NAME");
    private static final List<String> DRIVER_MOUNTS = List.of("/opt/spark/conf", "/opt/spark/pod-template");
    private static final List<String> EXECUTOR_MOUNTS = List.of("/opt/spark/conf");
    private static final String LOCAL_DIRECTORY = "spark-local-dir-";
    /** The name of EMR's logging container. */
    private static final String AGENT = "emr-container-fluentd";

    private static final Set<String> ARCHITECTURES = Set.of("arm64", "amd64");
    private static final String ARCHITECTURE = "kubernetes.io/arch";
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final Set<String> SPARK_LABELS = Set.of(
            "spark-version",
            "spark-app-selector",
            "spark-app-name",
            "spark-role",
            "spark-exec-id",
            "spark-exec-resourceprofile-id");

    private static final FieldPath METADATA = PodEditor.METADATA;
    private static final FieldPath SPEC = PodEditor.SPEC;
    private static final FieldPath CONTAINERS = PodEditor.CONTAINERS;
    private static final FieldPath INIT_CONTAINERS = PodEditor.INIT_CONTAINERS;
    private static final FieldPath NODE_SELECTOR = PodEditor.NODE_SELECTOR;
    /** New in Spark 4.1; others take no notice of it. */
    static final String GRACE_PERIOD_SETTING = "spark.kubernetes.executor.terminationGracePeriodSeconds";

    private static final FieldPath GRACE_PERIOD = SPEC.child("terminationGracePeriodSeconds");

    /** Loaded when a time is read. */
    private static final class Times {
        static final Pattern KARPENTER = Pattern.compile("([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+");
        static final Pattern SPARK = Pattern.compile("([0-9]{1,9})(us|ms|s|m|min|h|d)?");

        private Times() {}
    }

    private final PodRole role;
    private final PodTree tree;
    private final Set<FieldPath> unknown;
    private final Optional<JobContext> context;
    private final List<NodeLabel> nodeLabels;
    /** By their names, with where they are mounted. */
    private final Map<String, String> settingVolumes;

    private final List<Finding> findings = new ArrayList<>();

    /** A node label that the pod wants to have one of these values; preferred ones need not. */
    private record NodeLabel(FieldPath path, String label, List<String> values, boolean preferred) {}

    private PodRules(PodRole role, PodTree tree, Set<FieldPath> unknown, Optional<JobContext> context) {
        this.role = role;
        this.tree = tree;
        this.unknown = unknown;
        this.context = context;
        this.nodeLabels = nodeLabels(tree);
        this.settingVolumes = context.isPresent() ? settingVolumes(role, context.get()) : Map.of();
    }

    static List<Finding> check(
            PodRole role, PodTree tree, Set<FieldPath> unknown, int bytes, Optional<JobContext> context) {
        PodRules rules = new PodRules(role, tree, unknown, context);
        rules.size(bytes);
        rules.unknownFields();
        rules.allowed(FieldPath.ROOT, ROOT_FIELDS, Rule.POD_FIELD_NOT_ALLOWED);
        rules.metadata();
        rules.spec();
        KubernetesRules.check(tree, rules.findings);
        if (context.isPresent()) {
            rules.settings(context.get());
        }
        return List.copyOf(rules.findings);
    }

    private void size(int bytes) {
        if (bytes > MAX_BYTES) {
            error(
                    Rule.TEMPLATE_TOO_LARGE,
                    FieldPath.ROOT,
                    "the template has " + bytes + " bytes; it is carried in a ConfigMap, which holds at most "
                            + MAX_BYTES,
                    "make it smaller");
        } else if (bytes > LARGE_BYTES) {
            warning(
                    Rule.TEMPLATE_LARGE,
                    FieldPath.ROOT,
                    "the template has " + bytes
                            + " bytes; large templates slow the cluster's API server with every job",
                    "keep it below " + LARGE_BYTES + " bytes; put scripts into the image");
        }
    }

    private void unknownFields() {
        for (FieldPath path : unknown) {
            warning(
                    Rule.FIELD_UNKNOWN,
                    path,
                    "the field was let through unknown: nothing checks it, and EMR may refuse it",
                    "look it up in the reference of the cluster's Kubernetes version");
        }
    }

    private void metadata() {
        for (String field : List.of("name", "namespace")) {
            if (tree.at(METADATA.child(field)) != null) {
                warning(Rule.FIELD_REPLACED, METADATA.child(field), "Spark replaces this field", "remove it");
            }
        }
        labels();
        annotations();
    }

    private void labels() {
        FieldPath labels = PodEditor.LABELS;
        for (Map.Entry<String, String> label : strings(labels).entrySet()) {
            String key = label.getKey();
            labelSyntax(labels.child(key), key, label.getValue());
            if (SPARK_LABELS.contains(key)) {
                warning(
                        Rule.LABEL_OF_SPARK,
                        labels.child(key),
                        "Spark sets this label itself and overwrites it",
                        "use a key of your own");
            } else if (key.startsWith("emr-containers.amazonaws.com/")) {
                warning(
                        Rule.LABEL_OF_EMR,
                        labels.child(key),
                        "EMR uses labels with this prefix",
                        "use a key of your own");
            }
        }
    }

    private void annotations() {
        FieldPath annotations = PodEditor.ANNOTATIONS;
        int characters = 0;
        for (Map.Entry<String, String> annotation : strings(annotations).entrySet()) {
            String key = annotation.getKey();
            keySyntax(annotations.child(key), key);
            characters += key.length() + annotation.getValue().length();
            if (key.equals(CapacityDialect.KARPENTER.keepAnnotation())
                    && !annotation.getValue().equals("true")
                    && !Times.KARPENTER.matcher(annotation.getValue()).matches()) {
                error(
                        Rule.DO_NOT_DISRUPT_INVALID,
                        annotations.child(key),
                        "Karpenter takes no notice of this value",
                        "write \"true\", or a duration such as \"30m\"");
            }
        }
        if (characters > MAX_ANNOTATIONS_CHARACTERS) {
            error(
                    Rule.ANNOTATIONS_TOO_LARGE,
                    annotations,
                    "Kubernetes takes at most 256 KiB of annotations in all",
                    "make them smaller; put files into the image or a ConfigMap");
        }
    }

    private void spec() {
        if (tree.at(SPEC) == null) {
            error(
                    Rule.SPEC_MISSING,
                    SPEC,
                    "a template without spec is not usable",
                    "add 'spec' with the container " + role.containerName());
            return;
        }
        allowed(SPEC, POD_FIELDS, Rule.POD_FIELD_NOT_ALLOWED);
        replaced();
        nodes();
        tolerations();
        Set<String> volumes = volumes();
        List<FieldPath> containers = entries(CONTAINERS);
        Optional<FieldPath> main = mainContainer(containers);
        if (main.isPresent()) {
            mainContainerFields(main.get(), volumes);
        }
        List<FieldPath> all = new ArrayList<>(containers);
        all.addAll(entries(INIT_CONTAINERS));
        Set<String> names = new HashSet<>();
        for (FieldPath container : all) {
            mounts(container, volumes);
            if (AGENT.equals(tree.at(container.child("name")))) {
                error(
                        Rule.CONTAINER_DUPLICATE,
                        container.child("name"),
                        "EMR adds its logging container under this name",
                        "choose another name");
            }
            if (tree.at(container.child("name")) instanceof String name && !names.add(name)) {
                error(
                        Rule.CONTAINER_DUPLICATE,
                        container.child("name"),
                        "another container has the name " + name + " too; Kubernetes refuses the pod",
                        "choose another name");
            }
            if (main.isPresent() && !main.get().equals(container) && tree.at(container.child("image")) == null) {
                error(
                        Rule.CONTAINER_WITHOUT_IMAGE,
                        container,
                        "the container has no image; Kubernetes refuses the pod",
                        "name its image");
            }
        }
        if (role == PodRole.DRIVER) {
            for (FieldPath sidecar : sidecars(main)) {
                sidecarEnds(sidecar);
            }
        }
        atScale();
    }

    /** The containers beside Spark's; none if it is not known which is Spark's. */
    private List<FieldPath> sidecars(Optional<FieldPath> main) {
        List<FieldPath> containers = main.isEmpty() ? List.of() : entries(CONTAINERS);
        if (main.isPresent()) {
            containers.remove(main.get());
        }
        return containers;
    }

    private void replaced() {
        if (tree.at(SPEC.child("restartPolicy")) != null) {
            warning(
                    Rule.FIELD_REPLACED,
                    SPEC.child("restartPolicy"),
                    "Spark always sets it to Never, and the guide does not list it as allowed",
                    "remove it");
        }
        for (FieldPath container : entries(CONTAINERS)) {
            FieldPath path = container.child("terminationMessagePath");
            if (role == PodRole.DRIVER && isSparks(container) && tree.at(path) != null) {
                warning(
                        Rule.FIELD_REPLACED,
                        path,
                        "EMR sets it in Spark's container of drivers, as seen on release 6.8.0",
                        "remove it");
            }
        }
        if (role == PodRole.EXECUTOR && tree.at(SPEC.child("hostname")) != null) {
            warning(
                    Rule.FIELD_REPLACED,
                    SPEC.child("hostname"),
                    "Spark replaces the host name of executors",
                    "remove it");
        }
        if (!entries(SPEC.child("ephemeralContainers")).isEmpty()) {
            error(
                    Rule.EPHEMERAL_CONTAINERS,
                    SPEC.child("ephemeralContainers"),
                    "Kubernetes refuses ephemeral containers when a pod is made",
                    "remove them; add them to a running pod");
        }
    }

    private void atScale() {
        if (role == PodRole.DRIVER) {
            return;
        }
        if (!entries(INIT_CONTAINERS).isEmpty()) {
            info(
                    Rule.INIT_CONTAINERS_AT_SCALE,
                    INIT_CONTAINERS,
                    "init containers multiply the events the cluster keeps for each executor",
                    "with hundreds of executors, put the preparation into the image");
        }
        FieldPath antiAffinity = SPEC.child("affinity").child("podAntiAffinity");
        if (tree.at(antiAffinity) != null) {
            info(
                    Rule.ANTI_AFFINITY_AT_SCALE,
                    antiAffinity,
                    "with many pods, anti-affinity makes Karpenter's scheduling slow and keeps nodes from being filled",
                    "with hundreds of executors, leave it out");
        }
    }

    private static List<NodeLabel> nodeLabels(PodTree tree) {
        List<NodeLabel> labels = new ArrayList<>();
        for (Map.Entry<String, String> each : strings(tree, NODE_SELECTOR).entrySet()) {
            String key = each.getKey();
            labels.add(new NodeLabel(NODE_SELECTOR.child(key), key, List.of(each.getValue()), false));
        }
        for (FieldPath term : entries(tree, PodEditor.REQUIRED_NODES)) {
            expressions(tree, term, false, labels);
        }
        for (FieldPath preference : entries(tree, PodEditor.PREFERRED_NODES)) {
            expressions(tree, preference.child("preference"), true, labels);
        }
        return labels;
    }

    private static void expressions(PodTree tree, FieldPath term, boolean preferred, List<NodeLabel> labels) {
        for (FieldPath expression : entries(tree, term.child("matchExpressions"))) {
            if (tree.at(expression.child("key")) instanceof String key) {
                List<String> values = new ArrayList<>();
                if ("In".equals(tree.at(expression.child("operator")))
                        && tree.at(expression.child("values")) instanceof List<?> list) {
                    for (Object value : list) {
                        values.add((String) value);
                    }
                }
                labels.add(new NodeLabel(expression, key, values, preferred));
            }
        }
    }

    private void nodes() {
        for (NodeLabel wish : nodeLabels) {
            keySyntax(wish.path(), wish.label());
            for (String value : wish.values()) {
                labelValueSyntax(wish.path(), value);
            }
            if (wish.label().equals(ARCHITECTURE)) {
                onlyKnown(wish, ARCHITECTURES, Rule.ARCHITECTURE_UNKNOWN, "architecture");
            }
            for (CapacityDialect dialect : CapacityDialect.known()) {
                if (wish.label().equals(dialect.capacityLabel())) {
                    capacity(wish, dialect);
                }
            }
        }
        boolean karpenter = false;
        boolean managed = false;
        for (NodeLabel wish : nodeLabels) {
            karpenter |= !wish.preferred() && isKarpenters(wish.label());
            managed |= !wish.preferred() && isManagedNodeGroups(wish.label());
        }
        if (karpenter && managed) {
            error(
                    Rule.CAPACITY_DIALECTS_MIXED,
                    NODE_SELECTOR,
                    "labels of Karpenter and of EKS managed node groups are mixed; no node has both, so the pod stays pending",
                    "keep the labels of the one that makes the cluster's nodes");
        }
    }

    private void capacity(NodeLabel wish, CapacityDialect dialect) {
        Set<String> values = new LinkedHashSet<>(List.of(dialect.onDemand(), dialect.spot()));
        if (dialect.isKarpenter()) {
            values.add("reserved");
        }
        onlyKnown(wish, values, Rule.CAPACITY_UNKNOWN, "capacity");
        if (!wish.values().contains(dialect.spot())) {
            return;
        }
        if (role == PodRole.DRIVER) {
            warning(
                    Rule.DRIVER_ON_SPOT,
                    wish.path(),
                    "the driver is on spot capacity: an interruption loses the whole job",
                    "place the driver on demand, and only the executors on spot");
        }
        if (gracePeriod() >= SPOT_NOTICE_SECONDS) {
            warning(
                    Rule.GRACE_PERIOD_BEYOND_SPOT_NOTICE,
                    GRACE_PERIOD,
                    "a spot node is gone " + SPOT_NOTICE_SECONDS + " seconds after its notice, and the pod with it",
                    "set at most 110 seconds");
        }
    }

    private long gracePeriod() {
        return tree.at(GRACE_PERIOD) instanceof Long seconds ? seconds : DEFAULT_GRACE_SECONDS;
    }

    private void onlyKnown(NodeLabel wish, Set<String> known, Rule rule, String what) {
        if (!known.containsAll(wish.values())) {
            error(
                    rule,
                    wish.path(),
                    "no node has this " + what + ", so the pod stays pending",
                    "use " + String.join(" or ", known.stream().sorted().toList()));
        }
    }

    private static boolean isKarpenters(String label) {
        return label.startsWith("karpenter.sh/") || label.startsWith("karpenter.k8s.aws/");
    }

    private static boolean isManagedNodeGroups(String label) {
        return label.equals(CapacityDialect.MANAGED_NODE_GROUPS.capacityLabel())
                || label.equals("eks.amazonaws.com/nodegroup");
    }

    private void tolerations() {
        for (FieldPath toleration : entries(SPEC.child("tolerations"))) {
            Object operator = tree.at(toleration.child("operator"));
            Object effect = tree.at(toleration.child("effect"));
            boolean exists = "Exists".equals(operator);
            boolean otherOperator = operator != null && !exists && !operator.equals("Equal");
            boolean useless =
                    exists ? tree.at(toleration.child("value")) != null : tree.at(toleration.child("key")) == null;
            boolean otherEffect =
                    effect != null && TaintEffect.of((String) effect).isEmpty();
            if (otherOperator || useless || otherEffect) {
                error(
                        Rule.TOLERATION_INVALID,
                        toleration,
                        "Kubernetes refuses the toleration",
                        "write operator Equal with key and value, or Exists without value, and the effect NoSchedule,"
                                + " PreferNoSchedule or NoExecute");
            }
        }
    }

    private Set<String> volumes() {
        Set<String> names = new LinkedHashSet<>();
        for (FieldPath volume : entries(PodEditor.VOLUMES)) {
            FieldPath path = volume.child("name");
            if (tree.at(path) instanceof String name) {
                if (!names.add(name)) {
                    error(
                            Rule.VOLUME_DUPLICATE,
                            path,
                            "another volume has the name " + name + " too; Kubernetes refuses the pod",
                            "choose another name");
                }
                if (EMR_VOLUMES.contains(name) || SPARK_VOLUMES.contains(name)) {
                    error(
                            Rule.VOLUME_RESERVED,
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
                        Rule.SPARK_CONTAINER_MISNAMED,
                        container.child("name"),
                        "Spark's container has the wrong name, so Spark takes the first container for its own",
                        "call it " + role.containerName());
                return Optional.of(container);
            }
        }
        error(
                Rule.SPARK_CONTAINER_MISSING,
                CONTAINERS,
                "no container is called " + role.containerName() + ", so Spark takes the first container for its own",
                "add a container with this name; nothing else needs to be set in it");
        return Optional.empty();
    }

    private boolean isSparks(FieldPath container) {
        return role.containerName().equals(tree.at(container.child("name")));
    }

    private void mainContainerFields(FieldPath container, Set<String> volumes) {
        allowed(container, CONTAINER_FIELDS, Rule.CONTAINER_FIELD_NOT_ALLOWED);
        for (FieldPath variable : entries(container.child("env"))) {
            FieldPath path = variable.child("name");
            if (tree.at(path) instanceof String name) {
                if (RESERVED_ENV.contains(name)) {
                    error(Rule.ENV_RESERVED, path, "EMR sets the variable " + name + " itself", "choose another name");
                } else if (SPARK_ENV.contains(name)
                        || name.startsWith("SPARK_JAVA_OPT_")
                        || (role == PodRole.EXECUTOR ? EXECUTOR_ENV : DRIVER_ENV).contains(name)) {
                    warning(
                            Rule.ENV_REPLACED,
                            path,
                            "Spark sets the variable " + name + " after the template's, and the last one counts",
                            "remove it, and set what it stands for in the Spark settings");
                }
            }
        }
        boolean localDirectories = false;
        for (String volume : settingVolumes.keySet()) {
            localDirectories |= volume.startsWith(LOCAL_DIRECTORY);
        }
        for (FieldPath mount : entries(container.child("volumeMounts"))) {
            mountPath(mount.child("mountPath"));
            localDirectories |= tree.at(mount.child("name")) instanceof String name && name.startsWith(LOCAL_DIRECTORY);
        }
        if (!localDirectories && volumes.contains(LOCAL_DIRECTORY + "1")) {
            error(
                    Rule.VOLUME_DUPLICATE,
                    PodEditor.VOLUMES,
                    "Spark's container mounts no " + LOCAL_DIRECTORY + "…, so Spark adds a volume " + LOCAL_DIRECTORY
                            + "1 too; Kubernetes refuses the pod",
                    "mount the volume in Spark's container, or remove it");
        }
        FieldPath resources = container.child("resources");
        for (FieldPath path : List.of(
                resources.child("requests").child("memory"),
                resources.child("limits").child("memory"),
                resources.child("requests").child("cpu"))) {
            if (tree.at(path) != null) {
                warning(
                        Rule.RESOURCES_REPLACED,
                        path,
                        "Spark overwrites it from the memory and cores of the job's Spark settings",
                        "remove it, and set the Spark settings");
            }
        }
        boolean mayDecommission = context.isEmpty() || context.get().enabled("spark.decommission.enabled");
        if (role == PodRole.EXECUTOR && mayDecommission && tree.at(container.child("lifecycle")) != null) {
            warning(
                    Rule.LIFECYCLE_REPLACED,
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
        for (String taken : role == PodRole.DRIVER ? DRIVER_MOUNTS : EXECUTOR_MOUNTS) {
            if (mount.equals(directories(taken))) {
                error(
                        Rule.MOUNT_PATH_DUPLICATE,
                        path,
                        "Spark mounts a volume of its own at " + taken + "; Kubernetes refuses the pod",
                        "mount it elsewhere, for example at /data1");
            }
        }
        for (String reserved : RESERVED_MOUNTS) {
            List<String> taken = directories(reserved);
            if (startsWith(mount, taken)) {
                error(
                        Rule.MOUNT_PATH_RESERVED,
                        path,
                        "EMR refuses mounts of Spark's container at or below " + reserved,
                        "mount it elsewhere, for example at /data1");
                return;
            }
            if (startsWith(taken, mount)) {
                warning(
                        Rule.MOUNT_PATH_HIDES_RESERVED,
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

    private void mounts(FieldPath container, Set<String> volumes) {
        Set<String> paths = new HashSet<>();
        for (FieldPath mount : entries(container.child("volumeMounts"))) {
            FieldPath path = mount.child("name");
            if (tree.at(path) instanceof String name
                    && !volumes.contains(name)
                    && !EMR_VOLUMES.contains(name)
                    && !settingVolumes.containsKey(name)) {
                error(
                        Rule.MOUNT_WITHOUT_VOLUME,
                        path,
                        "the mount names the volume " + name + ", which spec.volumes does not have",
                        "add the volume, or remove the mount");
            }
            if (tree.at(mount.child("mountPath")) instanceof String mountPath && !paths.add(mountPath)) {
                error(
                        Rule.MOUNT_PATH_DUPLICATE,
                        mount.child("mountPath"),
                        "another volume is mounted at " + mountPath + " too; Kubernetes refuses the pod",
                        "mount it elsewhere");
            }
        }
    }

    private void sidecarEnds(FieldPath container) {
        if (!seesHeartbeat(container)) {
            warning(
                    Rule.SIDECAR_NEVER_ENDS,
                    container,
                    "a sidecar that does not see Spark's container end keeps the driver's pod running, and billed",
                    "mount the volume " + Heartbeat.LOGS_VOLUME
                            + " and end when its file main-container-terminated is no longer touched");
        }
    }

    private boolean seesHeartbeat(FieldPath container) {
        for (FieldPath mount : entries(container.child("volumeMounts"))) {
            Object volume = tree.at(mount.child("name"));
            if (Heartbeat.LOGS_VOLUME.equals(volume)
                    || (role == PodRole.EXECUTOR && Heartbeat.TMP_VOLUME.equals(volume))) {
                return true;
            }
        }
        return false;
    }

    /** What only shows beside the settings of the job. */
    private void settings(JobContext job) {
        String prefix = "spark.kubernetes." + role.word() + ".";
        Map<String, String> selectors = selectors(role, job);
        overridden(NODE_SELECTOR, selectors, key -> "spark.kubernetes.node.selector." + key);
        overridden(PodEditor.LABELS, job.settingsUnder(prefix + "label."), key -> prefix + "label." + key);
        overridden(
                PodEditor.ANNOTATIONS, job.settingsUnder(prefix + "annotation."), key -> prefix + "annotation." + key);
        job.setting(prefix + "scheduler.name")
                .or(() -> job.setting("spark.kubernetes.scheduler.name"))
                .filter(name -> tree.at(SPEC.child("schedulerName")) instanceof String own && !own.equals(name))
                .ifPresent(name -> warning(
                        Rule.OVERRIDDEN_BY_SETTING,
                        SPEC.child("schedulerName"),
                        "the Spark setting of the scheduler's name wins, and has another value",
                        "keep one of the two"));
        variables(job);
        volumesOfSettings();
        cpuLimit(job);
        gracePeriodReplaced(job);
        decommissioning(job);
        architectures(job, selectors);
        volumeZones(job, selectors);
        if (role == PodRole.EXECUTOR
                && job.setting("spark.kubernetes.executor.checkAllContainers")
                        .map(value -> value.equals("true"))
                        .orElse(job.sparkVersion() == SparkVersion.V4_1)) {
            sidecars(mainContainerIfNamed()).stream()
                    .filter(container -> !seesHeartbeat(container))
                    .forEach(container -> warning(
                            Rule.SIDECAR_KEEPS_EXECUTOR,
                            container,
                            "with spark.kubernetes.executor.checkAllContainers, an executor has ended only when its"
                                    + " sidecars have, and this one does not see Spark's container end",
                            "let it end with Spark's container, or set spark.kubernetes.executor.checkAllContainers to"
                                    + " false"));
        }
    }

    private Optional<FieldPath> mainContainerIfNamed() {
        return entries(CONTAINERS).stream().filter(this::isSparks).findFirst();
    }

    private void variables(JobContext job) {
        Set<String> winners = new HashSet<>(
                job.settingsUnder(role == PodRole.DRIVER ? "spark.kubernetes.driverEnv." : "spark.executorEnv.")
                        .keySet());
        winners.addAll(job.settingsUnder("spark.kubernetes." + role.word() + ".secretKeyRef.")
                .keySet());
        for (FieldPath container : entries(CONTAINERS)) {
            for (FieldPath variable : isSparks(container) ? entries(container.child("env")) : List.<FieldPath>of()) {
                FieldPath path = variable.child("name");
                if (tree.at(path) instanceof String name && winners.contains(name)) {
                    warning(
                            Rule.OVERRIDDEN_BY_SETTING,
                            path,
                            "a Spark setting sets the variable " + name + " too, and wins",
                            "keep one of the two");
                }
            }
        }
    }

    /** Volumes that Spark adds for settings, with where it mounts them. */
    private static Map<String, String> settingVolumes(PodRole role, JobContext job) {
        String prefix = "spark.kubernetes." + role.word() + ".";
        Map<String, String> volumes = new TreeMap<>();
        Map<String, String> settings = job.settingsUnder(prefix + "volumes.");
        settings.keySet().forEach(key -> {
            String[] words = key.split("\\.", 3);
            if (words.length == 3) {
                volumes.put(words[1], settings.getOrDefault(words[0] + "." + words[1] + ".mount.path", ""));
            }
        });
        job.settingsUnder(prefix + "secrets.").forEach((secret, path) -> volumes.put(secret + "-volume", path));
        return volumes;
    }

    private void volumesOfSettings() {
        for (FieldPath volume : entries(PodEditor.VOLUMES)) {
            FieldPath path = volume.child("name");
            if (tree.at(path) instanceof String name && settingVolumes.containsKey(name)) {
                error(
                        Rule.VOLUME_DUPLICATE,
                        path,
                        "Spark adds a volume " + name + " for a setting of the job too; Kubernetes refuses the pod",
                        "keep one of the two");
            }
        }
        Set<List<String>> taken = new HashSet<>();
        for (String path : settingVolumes.values()) {
            taken.add(directories(path));
        }
        Optional<FieldPath> main = mainContainerIfNamed();
        for (FieldPath mount :
                main.isEmpty() ? List.<FieldPath>of() : entries(main.get().child("volumeMounts"))) {
            FieldPath path = mount.child("mountPath");
            if (tree.at(path) instanceof String mountPath && taken.contains(directories(mountPath))) {
                error(
                        Rule.MOUNT_PATH_DUPLICATE,
                        path,
                        "Spark mounts a volume at " + mountPath
                                + " for a setting of the job too; Kubernetes refuses the pod",
                        "mount it elsewhere");
            }
        }
    }

    private void cpuLimit(JobContext job) {
        Optional<String> limit = job.setting("spark.kubernetes." + role.word() + ".limit.cores");
        Optional<FieldPath> main = mainContainerIfNamed();
        if (limit.isPresent() && main.isPresent()) {
            FieldPath path = main.get().child("resources").child("limits").child("cpu");
            Object own = tree.at(path);
            if (own != null && !limit.get().equals(String.valueOf(own))) {
                warning(
                        Rule.RESOURCES_REPLACED,
                        path,
                        "the Spark setting spark.kubernetes." + role.word()
                                + ".limit.cores wins, and has another value",
                        "keep one of the two");
            }
        }
    }

    /** The node labels that Spark's settings select for pods of a role. */
    static Map<String, String> selectors(PodRole role, JobContext job) {
        Map<String, String> selectors = job.settingsUnder("spark.kubernetes.node.selector.");
        selectors.putAll(job.settingsUnder("spark.kubernetes." + role.word() + ".node.selector."));
        return selectors;
    }

    private void overridden(FieldPath mapping, Map<String, String> winners, UnaryOperator<String> setting) {
        strings(mapping).forEach((key, value) -> {
            String winner = winners.get(key);
            if (winner != null && !winner.equals(value)) {
                warning(
                        Rule.OVERRIDDEN_BY_SETTING,
                        mapping.child(key),
                        "the Spark setting " + setting.apply(key) + " wins, and has another value",
                        "keep one of the two");
            }
        });
    }

    private void decommissioning(JobContext job) {
        if (role == PodRole.DRIVER || !job.enabled("spark.decommission.enabled")) {
            return;
        }
        long granted = gracePeriod(job);
        Optional<Long> needed =
                job.setting("spark.executor.decommission.forceKillTimeout").flatMap(PodRules::seconds);
        if (needed.isPresent() && needed.get() > granted) {
            warning(
                    Rule.GRACE_PERIOD_TOO_SHORT,
                    GRACE_PERIOD,
                    "Kubernetes kills the executor after " + granted
                            + " seconds, before spark.executor.decommission.forceKillTimeout (" + needed.get()
                            + " seconds)",
                    "make the grace period at least as long, up to 110 seconds on spot nodes");
        } else if (needed.isEmpty()
                && job.enabled("spark.storage.decommission.enabled")
                && granted <= DEFAULT_GRACE_SECONDS) {
            warning(
                    Rule.GRACE_PERIOD_TOO_SHORT,
                    GRACE_PERIOD,
                    "the executor has " + granted + " seconds to hand over its data, which is often too short",
                    "set terminationGracePeriodSeconds, for example 110 on spot nodes");
        }
    }

    /** What the pod gets: from 4.1 on, Spark sets it in executors, from a setting with a default of its own. */
    private long gracePeriod(JobContext job) {
        return role == PodRole.EXECUTOR && job.sparkVersion() == SparkVersion.V4_1
                ? job.setting(GRACE_PERIOD_SETTING).flatMap(PodRules::seconds).orElse((long) DEFAULT_GRACE_SECONDS)
                : gracePeriod();
    }

    private void gracePeriodReplaced(JobContext job) {
        if (tree.at(GRACE_PERIOD) != null && gracePeriod(job) != gracePeriod()) {
            warning(
                    Rule.OVERRIDDEN_BY_SETTING,
                    GRACE_PERIOD,
                    "Spark 4.1 replaces it in executors by " + GRACE_PERIOD_SETTING + ", which is " + gracePeriod(job)
                            + " seconds",
                    "set " + GRACE_PERIOD_SETTING + " to " + gracePeriod() + "s");
        }
    }

    /** A time of Spark's settings, which counts seconds where no unit is named. */
    static Optional<Long> seconds(String time) {
        Matcher matcher = Times.SPARK.matcher(time.trim());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        return Optional.of(
                switch (unit) {
                    case "us" -> count / 1_000_000;
                    case "ms" -> count / 1_000;
                    case "m", "min" -> count * 60;
                    case "h" -> count * 3_600;
                    case "d" -> count * 86_400;
                    default -> count;
                });
    }

    private void architectures(JobContext job, Map<String, String> selectors) {
        Set<String> wanted = new LinkedHashSet<>();
        FieldPath place = NODE_SELECTOR.child(ARCHITECTURE);
        boolean only = false;
        for (NodeLabel wish : nodeLabels) {
            if (wish.label().equals(ARCHITECTURE)) {
                wanted.addAll(wish.values());
                place = wish.path();
                only |= !wish.preferred();
            }
        }
        if (!only && !wanted.isEmpty()) {
            // preferred ones need not be had
            wanted.addAll(ARCHITECTURES);
        }
        if (selectors.containsKey(ARCHITECTURE)) {
            wanted.clear();
            wanted.add(selectors.get(ARCHITECTURE));
        }
        Optional<String> sparkImage = job.setting("spark.kubernetes." + role.word() + ".container.image")
                .or(() -> job.setting("spark.kubernetes.container.image"));
        if (sparkImage.isPresent()) {
            architectures(job, sparkImage.get(), wanted, place);
        }
        List<FieldPath> containers = new ArrayList<>(entries(CONTAINERS));
        containers.addAll(entries(INIT_CONTAINERS));
        for (FieldPath container : containers) {
            if (tree.at(container.child("image")) instanceof String image) {
                architectures(job, image, wanted, container.child("image"));
            }
        }
    }

    private void architectures(JobContext job, String image, Set<String> wanted, FieldPath path) {
        Optional<Set<String>> built = job.architectures(image);
        if (built.isPresent() && !built.get().containsAll(wanted)) {
            error(
                    Rule.IMAGE_WITHOUT_ARCHITECTURE,
                    path,
                    "the pod can be placed on " + String.join(" and ", wanted) + " nodes, and the image " + image
                            + " is for " + String.join(" and ", new TreeSet<>(built.get())) + " alone",
                    "build the image for the other architecture too, or select nodes that it runs on");
        }
    }

    private void volumeZones(JobContext job, Map<String, String> selectors) {
        for (FieldPath volume : entries(PodEditor.VOLUMES)) {
            FieldPath path = volume.child("persistentVolumeClaim").child("claimName");
            if (tree.at(path) instanceof String claim
                    && job.volumeZone(claim)
                            .filter(zone -> !mayBeIn(zone, selectors))
                            .isPresent()) {
                error(
                        Rule.VOLUME_IN_OTHER_ZONE,
                        path,
                        "the volume of " + claim + " is in another zone than the pod, which stays pending",
                        "select the volume's zone, or a volume of the pod's zone");
            }
        }
    }

    private boolean mayBeIn(String zone, Map<String, String> selectors) {
        if (selectors.containsKey(ZONE)) {
            return zone.equals(selectors.get(ZONE));
        }
        for (NodeLabel wish : nodeLabels) {
            if (wish.label().equals(ZONE)
                    && !wish.preferred()
                    && !wish.values().isEmpty()
                    && !wish.values().contains(zone)) {
                return false;
            }
        }
        return true;
    }

    /** The zone a pod is pinned to. */
    static Optional<String> zone(PodTree tree, Map<String, String> selectors) {
        String byTemplate = strings(tree, NODE_SELECTOR).get(ZONE);
        return Optional.ofNullable(selectors.getOrDefault(ZONE, byTemplate));
    }

    private void allowed(FieldPath mapping, Set<String> fields, Rule rule) {
        if (tree.at(mapping) instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                String field = (String) entry.getKey();
                FieldPath path = mapping.child(field);
                if (!fields.contains(field) && !unknown.contains(path)) {
                    error(
                            rule,
                            path,
                            "the field is not on the list of what EMR allows here: the job would fail after submission",
                            "remove it");
                }
            }
        }
    }

    private void labelSyntax(FieldPath path, String key, String value) {
        keySyntax(path, key);
        labelValueSyntax(path, value);
    }

    private void labelValueSyntax(FieldPath path, String value) {
        Optional<String> problem = KubernetesNames.labelValueProblem(value);
        if (problem.isPresent()) {
            error(Rule.LABEL_VALUE_INVALID, path, problem.get(), "change the value");
        }
    }

    private void keySyntax(FieldPath path, String key) {
        Optional<String> problem = KubernetesNames.keyProblem(key);
        if (problem.isPresent()) {
            error(Rule.KEY_INVALID, path, problem.get(), "change the key");
        }
    }

    private List<FieldPath> entries(FieldPath path) {
        return entries(tree, path);
    }

    /** The entries of a list. */
    static List<FieldPath> entries(PodTree tree, FieldPath path) {
        List<FieldPath> entries = new ArrayList<>();
        if (tree.at(path) instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                entries.add(path.child(i));
            }
        }
        return entries;
    }

    private Map<String, String> strings(FieldPath path) {
        return strings(tree, path);
    }

    /** The entries of a mapping from text to text, which the schema has made sure of. */
    private static Map<String, String> strings(PodTree tree, FieldPath path) {
        Map<String, String> strings = new LinkedHashMap<>();
        if (tree.at(path) instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                strings.put((String) entry.getKey(), (String) entry.getValue());
            }
        }
        return strings;
    }

    private void error(Rule rule, FieldPath path, String reason, String fix) {
        findings.add(new Finding(rule, path.toString(), Severity.ERROR, reason, fix));
    }

    private void warning(Rule rule, FieldPath path, String reason, String fix) {
        findings.add(new Finding(rule, path.toString(), Severity.WARNING, reason, fix));
    }

    private void info(Rule rule, FieldPath path, String reason, String fix) {
        findings.add(new Finding(rule, path.toString(), Severity.INFO, reason, fix));
    }
}
