package io.emreks.podtemplate;

import static io.emreks.podtemplate.PodRole.DRIVER;
import static io.emreks.podtemplate.PodRole.EXECUTOR;
import static io.emreks.podtemplate.Severity.ERROR;
import static io.emreks.podtemplate.Severity.INFO;
import static io.emreks.podtemplate.Severity.WARNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodRulesTest {
    private static final String MAIN = "spec.containers[0].";
    private static final String INIT = "spec.initContainers[0]";
    private static final String KARPENTER = "spec.nodeSelector[\"karpenter.sh/capacity-type\"]";
    private static final String MANAGED = "spec.nodeSelector[\"eks.amazonaws.com/capacityType\"]";

    private static final String NODES =
            "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";

    /** Role, the one mistake as path and value, rule and path of the one finding. */
    static Stream<Arguments> mistakes() {
        return Stream.of(
                // fields off the list
                arguments(DRIVER, MAIN + "image", "spark:3.5", Rule.CONTAINER_FIELD_NOT_ALLOWED, MAIN + "image"),
                arguments(
                        EXECUTOR, MAIN + "command", List.of("sh"), Rule.CONTAINER_FIELD_NOT_ALLOWED, MAIN + "command"),
                arguments(EXECUTOR, MAIN + "args", List.of("-c"), Rule.CONTAINER_FIELD_NOT_ALLOWED, MAIN + "args"),
                arguments(
                        DRIVER,
                        MAIN + "imagePullPolicy",
                        "Always",
                        Rule.CONTAINER_FIELD_NOT_ALLOWED,
                        MAIN + "imagePullPolicy"),
                arguments(DRIVER, MAIN + "ports", List.of(), Rule.CONTAINER_FIELD_NOT_ALLOWED, MAIN + "ports"),
                arguments(
                        DRIVER,
                        MAIN + "securityContext",
                        Map.of(),
                        Rule.CONTAINER_FIELD_NOT_ALLOWED,
                        MAIN + "securityContext"),
                arguments(
                        DRIVER,
                        MAIN + "resizePolicy",
                        List.of(),
                        Rule.CONTAINER_FIELD_NOT_ALLOWED,
                        MAIN + "resizePolicy"),
                arguments(
                        DRIVER,
                        MAIN + "restartPolicy",
                        "Always",
                        Rule.CONTAINER_FIELD_NOT_ALLOWED,
                        MAIN + "restartPolicy"),
                arguments(DRIVER, "spec.securityContext", Map.of(), Rule.POD_FIELD_NOT_ALLOWED, "spec.securityContext"),
                arguments(
                        DRIVER, "spec.serviceAccountName", "a", Rule.POD_FIELD_NOT_ALLOWED, "spec.serviceAccountName"),
                arguments(DRIVER, "spec.serviceAccount", "a", Rule.POD_FIELD_NOT_ALLOWED, "spec.serviceAccount"),
                arguments(DRIVER, "spec.hostNetwork", true, Rule.POD_FIELD_NOT_ALLOWED, "spec.hostNetwork"),
                arguments(DRIVER, "spec.dnsPolicy", "Default", Rule.POD_FIELD_NOT_ALLOWED, "spec.dnsPolicy"),
                arguments(
                        DRIVER,
                        "spec.shareProcessNamespace",
                        true,
                        Rule.POD_FIELD_NOT_ALLOWED,
                        "spec.shareProcessNamespace"),
                arguments(DRIVER, "spec.resources", Map.of(), Rule.POD_FIELD_NOT_ALLOWED, "spec.resources"),
                arguments(DRIVER, "status", Map.of(), Rule.POD_FIELD_NOT_ALLOWED, "status"),
                // Spark's container
                arguments(
                        EXECUTOR,
                        MAIN + "name",
                        "spark-kubernetes-executors",
                        Rule.SPARK_CONTAINER_MISNAMED,
                        MAIN + "name"),
                arguments(
                        DRIVER,
                        MAIN + "name",
                        "spark-kubernetes-executor",
                        Rule.SPARK_CONTAINER_MISNAMED,
                        MAIN + "name"),
                arguments(
                        EXECUTOR,
                        "spec.containers",
                        List.of(Map.of("name", "fluentd", "image", "fluentd:1", "command", List.of("run"))),
                        Rule.SPARK_CONTAINER_MISSING,
                        "spec.containers"),
                // other containers
                arguments(
                        DRIVER,
                        "spec.initContainers",
                        List.of(Map.of("name", "a")),
                        Rule.CONTAINER_WITHOUT_IMAGE,
                        INIT),
                arguments(
                        DRIVER,
                        "spec.initContainers",
                        List.of(Map.of("name", "spark-kubernetes-driver", "image", "busybox")),
                        Rule.CONTAINER_DUPLICATE,
                        INIT + ".name"),
                arguments(
                        EXECUTOR,
                        "spec.initContainers",
                        List.of(Map.of("name", "a", "image", "busybox")),
                        Rule.INIT_CONTAINERS_AT_SCALE,
                        "spec.initContainers"),
                arguments(
                        DRIVER,
                        "spec.ephemeralContainers",
                        List.of(Map.of("name", "a", "image", "busybox")),
                        Rule.EPHEMERAL_CONTAINERS,
                        "spec.ephemeralContainers"),
                arguments(
                        DRIVER,
                        "spec.containers[1]",
                        Map.of("name", "tail", "image", "busybox", "command", List.of("tail")),
                        Rule.SIDECAR_NEVER_ENDS,
                        "spec.containers[1]"),
                // reserved names
                arguments(
                        DRIVER,
                        "spec.volumes[0]",
                        Map.of("name", "mnt-dir", "emptyDir", Map.of()),
                        Rule.VOLUME_RESERVED,
                        "spec.volumes[0].name"),
                arguments(
                        EXECUTOR,
                        "spec.volumes[0]",
                        Map.of("name", "spark-conf-volume-exec", "emptyDir", Map.of()),
                        Rule.VOLUME_RESERVED,
                        "spec.volumes[0].name"),
                arguments(
                        EXECUTOR,
                        "spec.volumes",
                        List.of(Map.of("name", "a", "emptyDir", Map.of()), Map.of("name", "a", "secret", Map.of())),
                        Rule.VOLUME_DUPLICATE,
                        "spec.volumes[1].name"),
                arguments(
                        DRIVER,
                        MAIN + "env[0]",
                        Map.of("name", "SIDECAR_SIGNAL_FILE", "value", "x"),
                        Rule.ENV_RESERVED,
                        MAIN + "env[0].name"),
                // mounts
                arguments(
                        EXECUTOR,
                        MAIN + "volumeMounts[0]",
                        Map.of("name", "shared-volume", "mountPath", "/shared"),
                        Rule.MOUNT_WITHOUT_VOLUME,
                        MAIN + "volumeMounts[0].name"),
                arguments(
                        DRIVER,
                        "spec.initContainers",
                        List.of(Map.of(
                                "name",
                                "init",
                                "image",
                                "busybox",
                                "volumeMounts",
                                List.of(Map.of("name", "nowhere", "mountPath", "/a")))),
                        Rule.MOUNT_WITHOUT_VOLUME,
                        INIT + ".volumeMounts[0].name"),
                // what Kubernetes wants to have
                arguments(DRIVER, "spec.initContainers", List.of(Map.of("image", "busybox")), Rule.FIELD_MISSING, INIT),
                arguments(
                        DRIVER,
                        "spec.volumes",
                        List.of(Map.of("emptyDir", Map.of())),
                        Rule.FIELD_MISSING,
                        "spec.volumes[0]"),
                arguments(
                        DRIVER,
                        MAIN + "volumeMounts",
                        List.of(Map.of("name", "emr-container-communicate")),
                        Rule.FIELD_MISSING,
                        MAIN + "volumeMounts[0]"),
                arguments(DRIVER, MAIN + "env", List.of(Map.of("value", "a")), Rule.FIELD_MISSING, MAIN + "env[0]"),
                arguments(
                        EXECUTOR,
                        "spec.topologySpreadConstraints",
                        List.of(Map.of("maxSkew", 1, "whenUnsatisfiable", "DoNotSchedule")),
                        Rule.FIELD_MISSING,
                        "spec.topologySpreadConstraints[0]"),
                arguments(
                        DRIVER,
                        "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution",
                        List.of(Map.of()),
                        Rule.FIELD_MISSING,
                        "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]"),
                arguments(
                        DRIVER,
                        "spec.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution",
                        List.of(Map.of("weight", 1)),
                        Rule.FIELD_MISSING,
                        "spec.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0]"
                                + ".podAffinityTerm"),
                arguments(DRIVER, "spec.volumes", List.of(Map.of("name", "a")), Rule.FIELD_MISSING, "spec.volumes[0]"),
                arguments(
                        DRIVER,
                        NODES,
                        List.of(Map.of("matchExpressions", List.of(Map.of("key", "a", "operator", "In")))),
                        Rule.FIELD_MISSING,
                        NODES + "[0].matchExpressions[0]"),
                // what Kubernetes does not understand
                arguments(
                        DRIVER,
                        "spec.initContainers",
                        List.of(Map.of("name", "Init_1", "image", "a")),
                        Rule.VALUE_INVALID,
                        INIT + ".name"),
                arguments(
                        DRIVER,
                        "spec.volumes",
                        List.of(Map.of("name", "a.b", "emptyDir", Map.of())),
                        Rule.VALUE_INVALID,
                        "spec.volumes[0].name"),
                arguments(
                        DRIVER,
                        "spec.volumes",
                        List.of(Map.of("name", "a", "emptyDir", Map.of(), "hostPath", Map.of("path", "/a"))),
                        Rule.VALUE_INVALID,
                        "spec.volumes[0]"),
                arguments(
                        DRIVER,
                        "spec.volumes",
                        List.of(Map.of("name", "a", "hostPath", Map.of("path", "/a", "type", "Dir"))),
                        Rule.VALUE_INVALID,
                        "spec.volumes[0].hostPath.type"),
                arguments(
                        DRIVER,
                        MAIN + "env",
                        List.of(Map.of("name", "a=b", "value", "c")),
                        Rule.VALUE_INVALID,
                        MAIN + "env[0].name"),
                arguments(
                        DRIVER,
                        MAIN + "env",
                        List.of(Map.of("name", "a", "value", "c", "valueFrom", Map.of())),
                        Rule.VALUE_INVALID,
                        MAIN + "env[0]"),
                arguments(
                        DRIVER,
                        MAIN + "volumeMounts",
                        List.of(Map.of("name", "emr-container-communicate", "mountPath", "/a:b")),
                        Rule.VALUE_INVALID,
                        MAIN + "volumeMounts[0].mountPath"),
                arguments(
                        DRIVER,
                        "spec.terminationGracePeriodSeconds",
                        -1,
                        Rule.VALUE_INVALID,
                        "spec.terminationGracePeriodSeconds"),
                arguments(DRIVER, "spec.activeDeadlineSeconds", 0, Rule.VALUE_INVALID, "spec.activeDeadlineSeconds"),
                arguments(
                        DRIVER,
                        "spec.topologySpreadConstraints",
                        List.of(Map.of("maxSkew", 1, "topologyKey", "a", "whenUnsatisfiable", "Sometimes")),
                        Rule.VALUE_INVALID,
                        "spec.topologySpreadConstraints[0].whenUnsatisfiable"),
                arguments(
                        DRIVER,
                        NODES,
                        List.of(Map.of("matchExpressions", List.of(Map.of("key", "a", "operator", "in")))),
                        Rule.VALUE_INVALID,
                        NODES + "[0].matchExpressions[0].operator"),
                arguments(
                        DRIVER,
                        NODES,
                        List.of(Map.of(
                                "matchExpressions",
                                List.of(Map.of("key", "a", "operator", "Gt", "values", List.of("1", "2"))))),
                        Rule.VALUE_INVALID,
                        NODES + "[0].matchExpressions[0]"),
                arguments(
                        DRIVER,
                        NODES,
                        List.of(Map.of(
                                "matchExpressions",
                                List.of(Map.of("key", "a", "operator", "Exists", "values", List.of("1"))))),
                        Rule.VALUE_INVALID,
                        NODES + "[0].matchExpressions[0]"),
                arguments(
                        DRIVER,
                        "spec.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution",
                        List.of(Map.of("weight", 101, "podAffinityTerm", Map.of("topologyKey", "a"))),
                        Rule.VALUE_INVALID,
                        "spec.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight"),
                // what Spark and EMR add
                arguments(
                        DRIVER,
                        "spec.initContainers",
                        List.of(Map.of("name", "emr-container-fluentd", "image", "a")),
                        Rule.CONTAINER_DUPLICATE,
                        INIT + ".name"),
                arguments(
                        DRIVER,
                        "spec.volumes",
                        List.of(Map.of("name", "spark-local-dir-1", "emptyDir", Map.of())),
                        Rule.VOLUME_DUPLICATE,
                        "spec.volumes"),
                arguments(
                        DRIVER,
                        MAIN + "volumeMounts",
                        List.of(Map.of("name", "emr-container-communicate", "mountPath", "/opt/spark//conf")),
                        Rule.MOUNT_PATH_DUPLICATE,
                        MAIN + "volumeMounts[0].mountPath"),
                arguments(
                        DRIVER,
                        MAIN + "env",
                        List.of(Map.of("name", "SPARK_LOCAL_DIRS", "value", "/a")),
                        Rule.ENV_REPLACED,
                        MAIN + "env[0].name"),
                arguments(
                        EXECUTOR,
                        MAIN + "env",
                        List.of(Map.of("name", "SPARK_EXECUTOR_MEMORY", "value", "/a")),
                        Rule.ENV_REPLACED,
                        MAIN + "env[0].name"),
                arguments(
                        EXECUTOR,
                        MAIN + "env",
                        List.of(Map.of("name", "SPARK_JAVA_OPT_0", "value", "/a")),
                        Rule.ENV_REPLACED,
                        MAIN + "env[0].name"),
                arguments(
                        DRIVER,
                        MAIN + "terminationMessagePath",
                        "/dev/termination-log",
                        Rule.FIELD_REPLACED,
                        MAIN + "terminationMessagePath"),
                // what is overwritten
                arguments(
                        DRIVER,
                        MAIN + "resources",
                        Map.of("requests", Map.of("memory", "8Gi", "nvidia.com/gpu", "1")),
                        Rule.RESOURCES_REPLACED,
                        MAIN + "resources.requests.memory"),
                arguments(
                        EXECUTOR,
                        MAIN + "resources",
                        Map.of("limits", Map.of("memory", "8Gi", "cpu", "4")),
                        Rule.RESOURCES_REPLACED,
                        MAIN + "resources.limits.memory"),
                arguments(
                        EXECUTOR,
                        MAIN + "resources.requests",
                        Map.of("cpu", 4),
                        Rule.RESOURCES_REPLACED,
                        MAIN + "resources.requests.cpu"),
                arguments(EXECUTOR, MAIN + "lifecycle", Map.of(), Rule.LIFECYCLE_REPLACED, MAIN + "lifecycle"),
                arguments(DRIVER, "metadata.name", "x", Rule.FIELD_REPLACED, "metadata.name"),
                arguments(DRIVER, "metadata.namespace", "x", Rule.FIELD_REPLACED, "metadata.namespace"),
                arguments(EXECUTOR, "spec.hostname", "x", Rule.FIELD_REPLACED, "spec.hostname"),
                arguments(EXECUTOR, "spec.restartPolicy", "Never", Rule.FIELD_REPLACED, "spec.restartPolicy"),
                arguments(
                        EXECUTOR,
                        "metadata.labels",
                        Map.of("spark-role", "worker"),
                        Rule.LABEL_OF_SPARK,
                        "metadata.labels.spark-role"),
                arguments(
                        DRIVER,
                        "metadata.labels",
                        Map.of("emr-containers.amazonaws.com/job.id", "1"),
                        Rule.LABEL_OF_EMR,
                        "metadata.labels[\"emr-containers.amazonaws.com/job.id\"]"),
                // placement
                arguments(
                        DRIVER,
                        "spec.nodeSelector",
                        Map.of("karpenter.sh/capacity-type", "spot"),
                        Rule.DRIVER_ON_SPOT,
                        KARPENTER),
                arguments(
                        DRIVER,
                        "spec.nodeSelector",
                        Map.of("eks.amazonaws.com/capacityType", "SPOT"),
                        Rule.DRIVER_ON_SPOT,
                        MANAGED),
                arguments(
                        DRIVER,
                        "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms",
                        List.of(Map.of(
                                "matchExpressions",
                                List.of(Map.of(
                                        "key",
                                        "karpenter.sh/capacity-type",
                                        "operator",
                                        "In",
                                        "values",
                                        List.of("on-demand", "spot"))))),
                        Rule.DRIVER_ON_SPOT,
                        PodEditor.REQUIRED_NODES + "[0].matchExpressions[0]"),
                arguments(
                        EXECUTOR,
                        "spec.nodeSelector",
                        Map.of("karpenter.sh/capacity-type", "spot", "eks.amazonaws.com/capacityType", "SPOT"),
                        Rule.CAPACITY_DIALECTS_MIXED,
                        "spec.nodeSelector"),
                arguments(
                        EXECUTOR,
                        "spec.nodeSelector",
                        Map.of("karpenter.sh/nodepool", "a", "eks.amazonaws.com/nodegroup", "b"),
                        Rule.CAPACITY_DIALECTS_MIXED,
                        "spec.nodeSelector"),
                arguments(
                        DRIVER,
                        "spec.nodeSelector",
                        Map.of("karpenter.sh/capacity-type", "SPOT"),
                        Rule.CAPACITY_UNKNOWN,
                        KARPENTER),
                arguments(
                        EXECUTOR,
                        "spec.nodeSelector",
                        Map.of("eks.amazonaws.com/capacityType", "on-demand"),
                        Rule.CAPACITY_UNKNOWN,
                        MANAGED),
                arguments(
                        EXECUTOR,
                        "spec.nodeSelector",
                        Map.of("kubernetes.io/arch", "aarch64"),
                        Rule.ARCHITECTURE_UNKNOWN,
                        "spec.nodeSelector[\"kubernetes.io/arch\"]"),
                arguments(
                        EXECUTOR,
                        "spec",
                        Map.of(
                                "nodeSelector",
                                Map.of("karpenter.sh/capacity-type", "spot"),
                                "terminationGracePeriodSeconds",
                                120),
                        Rule.GRACE_PERIOD_BEYOND_SPOT_NOTICE,
                        "spec.terminationGracePeriodSeconds"),
                arguments(
                        EXECUTOR,
                        "spec.tolerations[0]",
                        Map.of("key", "a", "operator", "Exists", "value", "b"),
                        Rule.TOLERATION_INVALID,
                        "spec.tolerations[0]"),
                arguments(
                        EXECUTOR,
                        "spec.tolerations[0]",
                        Map.of("key", "a", "operator", "Exists", "effect", "NoScheduling"),
                        Rule.TOLERATION_INVALID,
                        "spec.tolerations[0]"),
                arguments(
                        EXECUTOR,
                        "spec.tolerations[0]",
                        Map.of("operator", "Equal"),
                        Rule.TOLERATION_INVALID,
                        "spec.tolerations[0]"),
                arguments(
                        EXECUTOR,
                        "spec.tolerations[0]",
                        Map.of("key", "a", "operator", "equals"),
                        Rule.TOLERATION_INVALID,
                        "spec.tolerations[0]"),
                arguments(
                        DRIVER,
                        "metadata.annotations",
                        Map.of("karpenter.sh/do-not-disrupt", "yes"),
                        Rule.DO_NOT_DISRUPT_INVALID,
                        "metadata.annotations[\"karpenter.sh/do-not-disrupt\"]"),
                arguments(
                        EXECUTOR,
                        "spec.affinity.podAntiAffinity",
                        Map.of(),
                        Rule.ANTI_AFFINITY_AT_SCALE,
                        "spec.affinity.podAntiAffinity"));
    }

    private static final Set<Rule> WARNINGS = EnumSet.of(
            Rule.RESOURCES_REPLACED,
            Rule.LIFECYCLE_REPLACED,
            Rule.FIELD_REPLACED,
            Rule.ENV_REPLACED,
            Rule.LABEL_OF_SPARK,
            Rule.LABEL_OF_EMR,
            Rule.DRIVER_ON_SPOT,
            Rule.GRACE_PERIOD_BEYOND_SPOT_NOTICE,
            Rule.SIDECAR_NEVER_ENDS);
    private static final Set<Rule> INFOS = EnumSet.of(Rule.INIT_CONTAINERS_AT_SCALE, Rule.ANTI_AFFINITY_AT_SCALE);

    @ParameterizedTest
    @MethodSource("mistakes")
    void eachMistakeHasExactlyItsFinding(PodRole role, String path, Object value, Rule rule, String where) {
        PodTemplate template = builder(role).field(path, value).build();

        assertThat(template.check()).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(rule);
            assertThat(finding.path()).isEqualTo(where);
            assertThat(finding.severity())
                    .isEqualTo(WARNINGS.contains(rule) ? WARNING : INFOS.contains(rule) ? INFO : ERROR);
            assertThat(finding.reason()).isNotBlank();
            assertThat(finding.fix()).isNotBlank();
            assertThat(finding.toString()).contains(finding.code(), where);
        });
    }

    @Test
    void twoMountsAtOnePath() {
        PodTemplate template = PodTemplate.executor()
                .emptyDirVolume("a", "1Gi", "/data1")
                .emptyDirVolume("b", "1Gi", "/data1")
                .build();
        assertThat(template.check())
                .extracting(Finding::rule, Finding::path)
                .containsExactly(tuple(Rule.MOUNT_PATH_DUPLICATE, MAIN + "volumeMounts[1].mountPath"));
    }

    @Test
    void codesAreStable() {
        assertThat(Stream.of(Rule.values()).map(Rule::code))
                .contains("field-unknown", "mount-path-reserved", "driver-on-spot")
                .doesNotHaveDuplicates()
                .allMatch(code -> code.matches("[a-z]+(-[a-z]+)*"));
    }

    @Test
    void whatWasLetThroughIsAWarning() {
        PodTemplate template = PodTemplate.driver()
                .allowUnknown("spec.newField")
                .field("spec.newField.a", List.of(1))
                .build();
        assertThat(template.check())
                .extracting(Finding::rule, Finding::path, Finding::severity)
                .containsExactly(tuple(Rule.FIELD_UNKNOWN, "spec.newField", WARNING));
    }

    @ParameterizedTest
    @CsvSource({
        "/tmp, ERROR",
        "/tmp/, ERROR",
        "//tmp, ERROR",
        "/tmp/spark, ERROR",
        "/data/../tmp, ERROR",
        "/../tmp/./x, ERROR",
        "/mnt, ERROR",
        "/mnt/x, ERROR",
        "/home/hadoop, ERROR",
        "/home/hadoop/.ivy2, ERROR",
        "/var/log/fluentd, ERROR",
        "/var/log/spark/user/x, ERROR",
        "/var/log/spark/apps, ERROR",
        "/, WARNING",
        "/home, WARNING",
        "/var/log, WARNING",
        "/var/log/spark/, WARNING",
        "/tmp/.., WARNING",
    })
    void reservedMountPaths(String mountPath, Severity severity) {
        PodTemplate template = PodTemplate.executor()
                .hostPathVolume("spark-local-dir-1", "/disk", mountPath)
                .build();
        assertThat(template.check()).singleElement().satisfies(finding -> {
            assertThat(finding.path()).isEqualTo("spec.containers[0].volumeMounts[0].mountPath");
            assertThat(finding.severity()).isEqualTo(severity);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/mnt1",
                "/mntx/y",
                "/tmpfs",
                "/data1",
                "/home/hadoop2",
                "/home/user",
                "/var/log/spark/users",
                "/var/log/fluent",
                "/var/lib/mnt",
                "/data/tmp",
                "/tmp/../data"
            })
    void namesThatOnlyBeginAlikeAreFree(String mountPath) {
        assertThat(PodTemplate.executor()
                        .hostPathVolume("spark-local-dir-1", "/disk", mountPath)
                        .build()
                        .check())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "-a",
                "a-",
                ".a",
                "a/b/c",
                "/a",
                "a/",
                "A.example/x",
                "a..b/x",
                "-a.b/x",
                "a_b.c/x",
                "é",
                "a/é",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void keysKubernetesRefuses(String key) {
        assertKeyFinding(PodTemplate.driver().label(key, "x").build(), "metadata", "labels", key);
        assertKeyFinding(PodTemplate.driver().annotation(key, "x").build(), "metadata", "annotations", key);
        assertKeyFinding(PodTemplate.driver().nodeSelector(key, "x").build(), "spec", "nodeSelector", key);
    }

    private static void assertKeyFinding(PodTemplate template, String... path) {
        assertThat(template.check()).singleElement().satisfies(finding -> {
            assertThat(finding.path()).isEqualTo(FieldPath.of(path).toString());
            assertThat(finding.severity()).isEqualTo(ERROR);
            assertThat(finding.fix()).isEqualTo("change the key");
        });
    }

    @Test
    void keysKubernetesTakes() {
        String longest = "a".repeat(63);
        String prefix = String.join(".", longest, longest, longest, "a".repeat(61));
        for (String key : List.of("a", "A", "0", "a.b_c-D9", longest, prefix + "/" + longest, "a-b.c0/X_y")) {
            assertThat(PodTemplate.driver()
                            .label(key, "x")
                            .annotation(key, "x")
                            .nodeSelector(key, "x")
                            .build()
                            .check())
                    .isEmpty();
        }
        assertKeyFinding(PodTemplate.driver().label(prefix + "a/x", "x").build(), "metadata", "labels", prefix + "a/x");
    }

    @Test
    void valuesOfLabelsAreNarrowAndThoseOfAnnotationsAreNot() {
        for (String value : List.of("a b", "a/b", "a:b", "-", "a.", "é", "a\n", "a".repeat(64))) {
            assertThat(PodTemplate.driver().label("k", value).build().check())
                    .extracting(Finding::path, Finding::severity)
                    .containsExactly(tuple("metadata.labels.k", ERROR));
            assertThat(PodTemplate.driver().annotation("k", value).build().check())
                    .isEmpty();
        }
        for (String value : List.of("", "a", "9", "a.b_c-D9", "true", "a".repeat(63))) {
            assertThat(PodTemplate.driver().label("k", value).build().check()).isEmpty();
        }
    }

    @Test
    void sizes() {
        assertThat(annotated(60 << 10)).isEmpty();
        assertThat(annotated(70 << 10))
                .extracting(Finding::path, Finding::severity)
                .containsExactly(tuple("", WARNING));
        assertThat(annotated((256 << 10) + 1))
                .extracting(Finding::path, Finding::severity)
                .containsExactly(tuple("", WARNING), tuple("metadata.annotations", ERROR));
        assertThat(PodTemplate.driver().env("A", "é".repeat(1 << 19)).build().check())
                .extracting(Finding::path, Finding::severity)
                .containsExactly(tuple("", ERROR));
    }

    private static List<Finding> annotated(int length) {
        return PodTemplate.driver().annotation("k", "a".repeat(length)).build().check();
    }

    @Test
    void everythingIsReportedAtOnceAndInOrder() {
        List<Finding> findings = PodTemplate.driver()
                .spot()
                .label("spark-role", "a b")
                .env("SPARK_CONTAINER_ID", "x")
                .hostPathVolume("home-dir", "/disk", "/tmp")
                .field(MAIN + "image", "x")
                .field("spec.hostPID", true)
                .build()
                .check();
        assertThat(findings)
                .extracting(Finding::path)
                .containsExactly(
                        "metadata.labels.spark-role",
                        "metadata.labels.spark-role",
                        "spec.hostPID",
                        KARPENTER,
                        "spec.volumes[0].name",
                        MAIN + "image",
                        MAIN + "env[0].name",
                        MAIN + "volumeMounts[0].mountPath");
    }

    @Test
    void aMisnamedSparkContainerIsCheckedAsSparks() {
        PodTemplate template = PodTemplate.fromYaml(EXECUTOR, """
                apiVersion: v1
                kind: Pod
                spec:
                  containers:
                    - name: spark-kubernetes-executors
                      image: spark
                """);
        assertThat(template.check())
                .extracting(Finding::path)
                .containsExactly("spec.containers[0].name", "spec.containers[0].image");
    }

    @Test
    void aTemplateMayLeaveItsContainersToSpark() {
        for (String spec : List.of("{}", "{containers: }", "{containers: []}")) {
            String yaml = "{apiVersion: v1, kind: Pod, spec: " + spec + "}";
            assertThat(PodTemplate.fromYaml(DRIVER, yaml).check()).isEmpty();
        }
        assertThat(PodTemplate.fromYaml(DRIVER, "{apiVersion: v1, kind: Pod}").check())
                .singleElement()
                .satisfies(finding -> assertThat(finding.reason()).contains("without spec"));
    }

    @Test
    void aSidecarMayHaveAnyFieldAndReadTheReservedVolumes() {
        PodTemplate template = PodTemplate.fromYaml(DRIVER, """
                apiVersion: v1
                kind: Pod
                spec:
                  initContainers:
                    - {name: init, image: busybox, command: [sh]}
                  containers:
                    - name: spark-kubernetes-driver
                    - name: tail
                      image: busybox
                      args: [tail]
                      env: [{name: SPARK_CONTAINER_ID, value: x}]
                      volumeMounts:
                        - {name: emr-container-application-log-dir, mountPath: /var/log/spark/user}
                        - {name: emr-container-communicate, mountPath: /var/log/fluentd}
                """);
        assertThat(template.check()).isEmpty();
    }

    @Test
    void allThatTheBuilderSetsIsAllowed() {
        for (CapacityDialect dialect : CapacityDialect.known()) {
            PodTemplate template = PodTemplate.driver()
                    .dialect(dialect)
                    .arm64()
                    .onDemand()
                    .doNotDisrupt()
                    .zone("us-east-1a")
                    .nodeSelector("team", "data")
                    .toleration("dedicated", "spark", TaintEffect.PREFER_NO_SCHEDULE)
                    .label("team", "data")
                    .annotation("example.com/owner", "data: #1")
                    .env("STAGE", "test")
                    .priorityClass("batch")
                    .terminationGracePeriod(Duration.ofSeconds(60))
                    .hostPathVolume("spark-local-dir-1", "/disk", "/data1")
                    .build();
            assertThat(template.check()).isEmpty();
        }
    }

    private static PodTemplate.Builder builder(PodRole role) {
        return role == DRIVER ? PodTemplate.driver() : PodTemplate.executor();
    }

    @Test
    void whatTheOtherRoleHasIsNotReplaced() {
        assertThat(PodTemplate.driver()
                        .env("SPARK_EXECUTOR_MEMORY", "1g")
                        .env("SPARK_DAEMON_MEMORY", "1g")
                        .build()
                        .check())
                .isEmpty();
        assertThat(PodTemplate.executor()
                        .env("SPARK_DRIVER_BIND_ADDRESS", "1g")
                        .field(MAIN + "terminationMessagePath", "/dev/termination-log")
                        .build()
                        .check())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', textBlock = """
                    spec: {terminationGracePeriodSeconds: 0, activeDeadlineSeconds: 1}
                    spec: {topologySpreadConstraints: [{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule}]}
                    spec: {volumes: [{name: a, hostPath: {path: /a, type: ""}}, {name: b, hostPath: {path: /b}}]}
                    spec: {affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [\
                    {weight: 1, preference: {matchExpressions: [{key: a, operator: Lt, values: ["10"]}]}}, \
                    {weight: 100, preference: {matchExpressions: [{key: a, operator: DoesNotExist}]}}, \
                    {weight: 50, preference: {matchExpressions: [{key: a, operator: NotIn, values: [b, c]}]}}]}}}
                    spec: {containers: [{name: spark-kubernetes-driver, env: [{name: a.b-c, value: "="}, {name: d}]}]}
                    """)
    void whatKubernetesJustTakes(String yaml) {
        assertThat(PodTemplate.fromYaml(PodRole.DRIVER, "apiVersion: v1\nkind: Pod\n" + yaml)
                        .check())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', textBlock = """
                    spec: {topologySpreadConstraints: [{maxSkew: 0, topologyKey: a, whenUnsatisfiable: DoNotSchedule}]} \
                    ! less than 1
                    spec: {topologySpreadConstraints: [{maxSkew: 1, topologyKey: "", whenUnsatisfiable: DoNotSchedule}]} \
                    ! no topologyKey
                    spec: {volumes: [{name: "", emptyDir: {}}]} ! no name
                    spec: {volumes: [{name: a, hostPath: {type: dir}}]} ! none of BlockDevice, CharDevice, Directory,
                    spec: {affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [\
                    {weight: 0, preference: {}}]}}} ! not from 1 to 100
                    spec: {affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [\
                    {preference: {}}]}}} ! no weight
                    spec: {affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [\
                    {weight: 1, preference: {matchExpressions: [{key: a, operator: NotIn}]}}]}}} ! no values, which the operator NotIn
                    spec: {affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [\
                    {weight: 1, preference: {matchExpressions: [{key: a, operator: DoesNotExist, values: [b]}]}}]}}} ! has values
                    spec: {affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [\
                    {weight: 1, preference: {matchExpressions: [{key: a, operator: Lt, values: [b1]}]}}]}}} ! one whole number
                    spec: {affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [\
                    {weight: 1, preference: {matchExpressions: [{operator: Exists}]}}]}}} ! no key
                    """)
    void whatKubernetesJustDoesNotTake(String yaml, String reason) {
        assertThat(PodTemplate.fromYaml(PodRole.DRIVER, "apiVersion: v1\nkind: Pod\n" + yaml)
                        .check())
                .singleElement()
                .satisfies(finding -> assertThat(finding.reason()).contains(reason));
    }

    @Test
    void namesOfContainersAreShort() {
        for (int length : List.of(63, 64)) {
            assertThat(PodTemplate.driver()
                            .initContainer("a".repeat(length), "init:1", c -> {})
                            .build()
                            .check())
                    .hasSize(length - 63);
        }
    }

    @Test
    void aFindingIsOneLine() {
        PodTemplate template = PodTemplate.executor()
                .field(MAIN + "volumeMounts[0]", Map.of("name", "a\nERROR b\u0085\u001b[0m", "mountPath", "/a"))
                .build();
        assertThat(template.check()).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(Rule.MOUNT_WITHOUT_VOLUME);
            assertThat(finding.toString()).contains("a?ERROR b").doesNotContainPattern("[\n\u0085\u001b]");
        });
    }

    @Test
    void aVolumeForAnotherLocalDirectoryIsNoDuplicate() {
        PodTemplate template = PodTemplate.executor()
                .field("spec.volumes", List.of(Map.of("name", "spark-local-dir-1", "emptyDir", Map.of())))
                .build();
        JobContext job = JobContext.builder()
                .sparkSettings(
                        Map.of("spark.kubernetes.executor.volumes.emptyDir.spark-local-dir-2.mount.path", "/data2"))
                .build();
        assertThat(template.check()).hasSize(1);
        assertThat(template.check(job)).isEmpty();
    }

    @Test
    void otherPodsAreNamedWhole() {
        assertThat(PodTemplate.driver()
                        .requireNear("topology.kubernetes.io/zone", Map.of("app", "cache"))
                        .preferNear(5, "kubernetes.io/hostname", Map.of("app", "cache"))
                        .requireApart("kubernetes.io/hostname", Map.of("spark-role", "driver"))
                        .preferApart(5, "kubernetes.io/hostname", Map.of("spark-role", "driver"))
                        .spread("kubernetes.io/hostname", 1, Map.of("spark-role", "driver"))
                        .requireSpread("topology.kubernetes.io/zone", 2, Map.of("spark-role", "driver"))
                        .build()
                        .check())
                .isEmpty();
    }
}
