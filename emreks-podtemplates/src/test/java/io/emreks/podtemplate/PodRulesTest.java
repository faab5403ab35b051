package io.emreks.podtemplate;

import static io.emreks.podtemplate.PodRole.DRIVER;
import static io.emreks.podtemplate.PodRole.EXECUTOR;
import static io.emreks.podtemplate.Severity.ERROR;
import static io.emreks.podtemplate.Severity.WARNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodRulesTest {
    private static final String MAIN = "spec.containers[0].";

    /** Role, the one mistake as path and value, severity and path of the one finding, a part of its reason. */
    static Stream<Arguments> mistakes() {
        return Stream.of(
                // fields off the list
                arguments(DRIVER, MAIN + "image", "spark:3.5", ERROR, MAIN + "image", "not on the list"),
                arguments(EXECUTOR, MAIN + "command", List.of("sh"), ERROR, MAIN + "command", "not on the list"),
                arguments(EXECUTOR, MAIN + "args", List.of("-c"), ERROR, MAIN + "args", "not on the list"),
                arguments(
                        DRIVER, MAIN + "imagePullPolicy", "Always", ERROR, MAIN + "imagePullPolicy", "not on the list"),
                arguments(DRIVER, MAIN + "ports", List.of(), ERROR, MAIN + "ports", "not on the list"),
                arguments(
                        DRIVER, MAIN + "securityContext", Map.of(), ERROR, MAIN + "securityContext", "not on the list"),
                arguments(DRIVER, MAIN + "resizePolicy", List.of(), ERROR, MAIN + "resizePolicy", "not on the list"),
                arguments(DRIVER, MAIN + "restartPolicy", "Always", ERROR, MAIN + "restartPolicy", "not on the list"),
                arguments(DRIVER, MAIN + "volumeMount", List.of(), ERROR, MAIN + "volumeMount", "not on the list"),
                arguments(DRIVER, "spec.securityContext", Map.of(), ERROR, "spec.securityContext", "not on the list"),
                arguments(DRIVER, "spec.serviceAccountName", "a", ERROR, "spec.serviceAccountName", "not on the list"),
                arguments(DRIVER, "spec.serviceAccount", "a", ERROR, "spec.serviceAccount", "not on the list"),
                arguments(DRIVER, "spec.hostNetwork", true, ERROR, "spec.hostNetwork", "not on the list"),
                arguments(DRIVER, "spec.dnsPolicy", "Default", ERROR, "spec.dnsPolicy", "not on the list"),
                arguments(DRIVER, "spec.shareProcessNamespace", true, ERROR, "spec.shareProcessNamespace", "not on"),
                arguments(DRIVER, "spec.nodeselector", Map.of(), ERROR, "spec.nodeselector", "not on the list"),
                arguments(DRIVER, "status", Map.of(), ERROR, "status", "not on the list"),
                // Spark's container
                arguments(
                        EXECUTOR,
                        MAIN + "name",
                        "spark-kubernetes-executors",
                        ERROR,
                        MAIN + "name",
                        "takes the first container"),
                arguments(
                        DRIVER,
                        MAIN + "name",
                        "spark-kubernetes-executor",
                        ERROR,
                        MAIN + "name",
                        "takes the first container"),
                arguments(
                        EXECUTOR,
                        "spec.containers",
                        List.of(Map.of("name", "fluentd", "image", "fluentd:1", "command", List.of("run"))),
                        ERROR,
                        "spec.containers",
                        "takes the first container"),
                // reserved names
                arguments(
                        DRIVER,
                        "spec.volumes[0]",
                        Map.of("name", "mnt-dir", "emptyDir", Map.of()),
                        ERROR,
                        "spec.volumes[0].name",
                        "reserved"),
                arguments(
                        EXECUTOR,
                        "spec.volumes[0]",
                        Map.of("name", "spark-conf-volume-exec", "emptyDir", Map.of()),
                        ERROR,
                        "spec.volumes[0].name",
                        "reserved"),
                arguments(
                        DRIVER,
                        MAIN + "env[0]",
                        Map.of("name", "SIDECAR_SIGNAL_FILE", "value", "x"),
                        ERROR,
                        MAIN + "env[0].name",
                        "EMR sets the variable"),
                // mounts
                arguments(
                        EXECUTOR,
                        MAIN + "volumeMounts[0]",
                        Map.of("name", "shared-volume", "mountPath", "/shared"),
                        ERROR,
                        MAIN + "volumeMounts[0].name",
                        "names the volume shared-volume"),
                arguments(
                        EXECUTOR,
                        "spec.initContainers",
                        List.of(Map.of("name", "init", "volumeMounts", List.of(Map.of("name", "nowhere")))),
                        ERROR,
                        "spec.initContainers[0].volumeMounts[0].name",
                        "names the volume nowhere"),
                // what is overwritten
                arguments(
                        DRIVER,
                        MAIN + "resources",
                        Map.of("requests", Map.of("memory", "8Gi", "nvidia.com/gpu", "1")),
                        WARNING,
                        MAIN + "resources.requests.memory",
                        "overwrites"),
                arguments(
                        EXECUTOR,
                        MAIN + "resources",
                        Map.of("limits", Map.of("memory", "8Gi", "cpu", "4")),
                        WARNING,
                        MAIN + "resources.limits.memory",
                        "overwrites"),
                arguments(
                        EXECUTOR,
                        MAIN + "resources.requests",
                        Map.of("cpu", 4),
                        WARNING,
                        MAIN + "resources.requests.cpu",
                        "overwrites"),
                arguments(
                        EXECUTOR,
                        MAIN + "lifecycle",
                        Map.of(),
                        WARNING,
                        MAIN + "lifecycle",
                        "spark.decommission.enabled"),
                arguments(DRIVER, "metadata.name", "x", WARNING, "metadata.name", "replaces"),
                arguments(DRIVER, "metadata.namespace", "x", WARNING, "metadata.namespace", "replaces"),
                arguments(EXECUTOR, "spec.hostname", "x", WARNING, "spec.hostname", "replaces"),
                arguments(EXECUTOR, "spec.restartPolicy", "Never", WARNING, "spec.restartPolicy", "Never"),
                arguments(
                        EXECUTOR,
                        "metadata.labels",
                        Map.of("spark-role", "worker"),
                        WARNING,
                        "metadata.labels.spark-role",
                        "overwrites"),
                arguments(
                        DRIVER,
                        "metadata.labels",
                        Map.of("emr-containers.amazonaws.com/job.id", "1"),
                        WARNING,
                        "metadata.labels[\"emr-containers.amazonaws.com/job.id\"]",
                        "EMR uses"),
                // placement
                arguments(
                        DRIVER,
                        "spec.nodeSelector",
                        Map.of("karpenter.sh/capacity-type", "spot"),
                        WARNING,
                        "spec.nodeSelector",
                        "loses the whole job"),
                arguments(
                        DRIVER,
                        "spec.nodeSelector",
                        Map.of("eks.amazonaws.com/capacityType", "SPOT"),
                        WARNING,
                        "spec.nodeSelector",
                        "loses the whole job"),
                arguments(
                        EXECUTOR,
                        "spec.nodeSelector",
                        Map.of("karpenter.sh/capacity-type", "spot", "eks.amazonaws.com/capacityType", "SPOT"),
                        ERROR,
                        "spec.nodeSelector",
                        "mixed"),
                arguments(
                        EXECUTOR,
                        "spec.nodeSelector",
                        Map.of("karpenter.sh/nodepool", "a", "eks.amazonaws.com/nodegroup", "b"),
                        ERROR,
                        "spec.nodeSelector",
                        "mixed"),
                arguments(
                        DRIVER,
                        "spec.nodeSelector",
                        Map.of("karpenter.sh/capacity-type", "SPOT"),
                        ERROR,
                        "spec.nodeSelector[\"karpenter.sh/capacity-type\"]",
                        "no node has this value"),
                arguments(
                        EXECUTOR,
                        "spec.nodeSelector",
                        Map.of("eks.amazonaws.com/capacityType", "on-demand"),
                        ERROR,
                        "spec.nodeSelector[\"eks.amazonaws.com/capacityType\"]",
                        "no node has this value"),
                arguments(
                        EXECUTOR,
                        "spec.nodeSelector",
                        Map.of("kubernetes.io/arch", "aarch64"),
                        ERROR,
                        "spec.nodeSelector[\"kubernetes.io/arch\"]",
                        "no node has this architecture"),
                // a sidecar that never ends
                arguments(
                        DRIVER,
                        "spec.containers[1]",
                        Map.of("name", "tail", "image", "busybox", "command", List.of("tail")),
                        WARNING,
                        "spec.containers[1]",
                        "billed"),
                // types
                arguments(DRIVER, "metadata", "x", ERROR, "metadata", "not a mapping"),
                arguments(DRIVER, "metadata.labels", List.of(), ERROR, "metadata.labels", "not a mapping"),
                arguments(
                        DRIVER,
                        "metadata.annotations",
                        Map.of("karpenter.sh/do-not-disrupt", true),
                        ERROR,
                        "metadata.annotations[\"karpenter.sh/do-not-disrupt\"]",
                        "not text"),
                arguments(
                        DRIVER,
                        MAIN + "env[0]",
                        Map.of("name", "RETRIES", "value", 3),
                        ERROR,
                        MAIN + "env[0].value",
                        "not text"),
                arguments(DRIVER, "spec", "x", ERROR, "spec", "not a mapping"),
                arguments(DRIVER, "spec.containers", "x", ERROR, "spec.containers", "not a list"),
                arguments(DRIVER, "spec.containers[1]", "x", ERROR, "spec.containers[1]", "not a mapping"),
                arguments(DRIVER, "spec.volumes", Map.of(), ERROR, "spec.volumes", "not a list"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void eachMistakeHasExactlyItsFinding(
            PodRole role, String path, Object value, Severity severity, String where, String reason) {
        PodTemplate template = builder(role).field(path, value).build();

        assertThat(template.check()).singleElement().satisfies(finding -> {
            assertThat(finding.path()).isEqualTo(where);
            assertThat(finding.severity()).isEqualTo(severity);
            assertThat(finding.reason()).contains(reason);
            assertThat(finding.fix()).isNotBlank();
        });
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
                        "spec.nodeSelector",
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
        for (CapacityDialect dialect : CapacityDialect.values()) {
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
}
