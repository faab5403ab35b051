package io.emreks.podtemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodTemplateTest {

    private static final PodTemplate SAFE_DRIVER =
            PodTemplate.driver().onDemand().doNotDisrupt().build();

    private static final PodTemplate SPOT_EXECUTOR = PodTemplate.executor()
            .arm64()
            .spot()
            .zone("us-east-1a")
            .terminationGracePeriod(Duration.ofSeconds(110))
            .toleration("dedicated", "spark", TaintEffect.NO_SCHEDULE)
            .hostPathVolume("spark-local-dir-1", "/mnt/k8s-disks/0", "/data1")
            .build();

    @Test
    void aDriverOnDemandThatIsNotDisrupted() {
        assertThat(SAFE_DRIVER.toYaml()).isEqualTo("""
                        apiVersion: v1
                        kind: Pod
                        metadata:
                          annotations:
                            karpenter.sh/do-not-disrupt: "true"
                        spec:
                          containers:
                            - name: spark-kubernetes-driver
                          nodeSelector:
                            karpenter.sh/capacity-type: on-demand
                        """);
        assertThat(SAFE_DRIVER.check()).isEmpty();
        assertThat(SAFE_DRIVER.role()).isEqualTo(PodRole.DRIVER);
    }

    @Test
    void executorsOnSpotGravitonWithLocalDisks() {
        assertThat(SPOT_EXECUTOR.toYaml()).isEqualTo("""
                        apiVersion: v1
                        kind: Pod
                        spec:
                          containers:
                            - name: spark-kubernetes-executor
                              volumeMounts:
                                - name: spark-local-dir-1
                                  mountPath: /data1
                          nodeSelector:
                            karpenter.sh/capacity-type: spot
                            kubernetes.io/arch: arm64
                            topology.kubernetes.io/zone: us-east-1a
                          terminationGracePeriodSeconds: 110
                          tolerations:
                            - effect: NoSchedule
                              key: dedicated
                              operator: Equal
                              value: spark
                          volumes:
                            - name: spark-local-dir-1
                              hostPath:
                                path: /mnt/k8s-disks/0
                                type: Directory
                        """);
        assertThat(SPOT_EXECUTOR.check()).isEmpty();
    }

    @Test
    void theSamePodWrittenByHandIsEqual() {
        PodTemplate byHand = PodTemplate.fromYaml(PodRole.EXECUTOR, """
                kind: Pod          # any order, flow style, comments and anchors
                apiVersion: 'v1'
                metadata:
                spec:
                  terminationGracePeriodSeconds: 0x6E
                  nodeSelector: {kubernetes.io/arch: arm64, karpenter.sh/capacity-type: spot,
                                 topology.kubernetes.io/zone: us-east-1a}
                  tolerations: [{key: dedicated, operator: Equal, value: spark, effect: NoSchedule}]
                  volumes:
                  - name: &disk spark-local-dir-1
                    hostPath: {path: /mnt/k8s-disks/0, type: Directory}
                  containers:
                  - volumeMounts: [{name: *disk, mountPath: !!str /data1}]
                    name: spark-kubernetes-executor
                """);

        assertThat(byHand).isEqualTo(SPOT_EXECUTOR).hasSameHashCodeAs(SPOT_EXECUTOR);
        assertThat(byHand.toYaml()).isEqualTo(SPOT_EXECUTOR.toYaml());
        assertThat(byHand.contentHash()).isEqualTo(SPOT_EXECUTOR.contentHash());
    }

    @Test
    void jsonIsReadToo() {
        PodTemplate json = PodTemplate.fromYaml(PodRole.DRIVER, """
                {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"annotations": {"karpenter.sh/do-not-disrupt": "true"}},
                 "spec": {"nodeSelector": {"karpenter.sh/capacity-type": "on-demand"},
                          "containers": [{"name": "spark-kubernetes-driver"}]}}
                """);
        assertThat(json).isEqualTo(SAFE_DRIVER);
    }

    @Test
    void theHashIsTheSha256OfTheBytes() {
        // sha256sum of the golden text above
        assertThat(SAFE_DRIVER.contentHash())
                .isEqualTo("e5de8e70a864e0a0a0f06320c5bb140cb6a005bf65988619526a84cf75190ed9");
    }

    @Test
    void theRoleIsPartOfTheValue() {
        String yaml = "{apiVersion: v1, kind: Pod, spec: {}}";
        PodTemplate driver = PodTemplate.fromYaml(PodRole.DRIVER, yaml);
        PodTemplate executor = PodTemplate.fromYaml(PodRole.EXECUTOR, yaml);
        assertThat(driver).isNotEqualTo(executor).isNotEqualTo(yaml);
        assertThat(driver.toYaml()).isEqualTo(executor.toYaml());
    }

    @Test
    void managedNodeGroupsHaveTheirOwnWords() {
        PodTemplate template = PodTemplate.driver()
                .onDemand()
                .doNotDisrupt()
                .dialect(CapacityDialect.MANAGED_NODE_GROUPS)
                .build();
        assertThat(template.toYaml())
                .contains("eks.amazonaws.com/capacityType: ON_DEMAND")
                .contains("cluster-autoscaler.kubernetes.io/safe-to-evict: \"false\"")
                .doesNotContain("karpenter");
        assertThat(template.check()).isEmpty();
    }

    @Test
    void contradictionsAreOneErrorThatNamesAll() {
        PodTemplate.Builder builder = PodTemplate.executor()
                .arm64()
                .amd64()
                .onDemand()
                .spot()
                .zone("us-east-1a")
                .nodeSelector("topology.kubernetes.io/zone", "us-east-1b")
                .terminationGracePeriod(Duration.ofMillis(1500))
                .terminationGracePeriod(Duration.ofSeconds(-1))
                .field("spec..hostname", "x")
                .field("spec.containers[4].env", List.of())
                .field("spec.hostAliases", new Object());

        InvalidPodTemplateException e = catchThrowableOfType(InvalidPodTemplateException.class, builder::build);

        assertThat(e.problems())
                .hasSize(8)
                .anySatisfy(problem -> assertThat(problem).contains("arm64()", "amd64()", "kubernetes.io/arch"))
                .anySatisfy(problem -> assertThat(problem).contains("onDemand()", "spot()"))
                .anySatisfy(problem -> assertThat(problem).contains("zone(", "us-east-1a", "us-east-1b"))
                .anySatisfy(problem -> assertThat(problem).contains("PT1.5S"))
                .anySatisfy(problem -> assertThat(problem).contains("PT-1S"))
                .anySatisfy(problem -> assertThat(problem).contains("'spec..hostname'", "character 5"))
                .anySatisfy(problem -> assertThat(problem).contains("spec.containers[4]", "1 entries"))
                .anySatisfy(problem -> assertThat(problem).contains("spec.hostAliases", "java.lang.Object"));
        assertThat(e).hasMessageContainingAll(e.problems().toArray(String[]::new));
        assertThat(e.line()).isEmpty();
        assertThat(e.column()).isEmpty();
    }

    @Test
    void capacityContradictsASelectorOfTheSameLabel() {
        PodTemplate.Builder builder = PodTemplate.executor()
                .nodeSelector("karpenter.sh/capacity-type", "on-demand")
                .spot();
        assertThatThrownBy(builder::build)
                .isInstanceOf(InvalidPodTemplateException.class)
                .hasMessageContainingAll("nodeSelector(", "spot()", "karpenter.sh/capacity-type");
    }

    @Test
    void saidTwiceIsNoContradiction() {
        PodTemplate template = PodTemplate.executor()
                .arm64()
                .arm64()
                .spot()
                .spot()
                .nodeSelector("karpenter.sh/capacity-type", "spot")
                .toleration("a", "b", TaintEffect.NO_EXECUTE)
                .toleration("a", "b", TaintEffect.NO_EXECUTE)
                .build();
        assertThat(template)
                .isEqualTo(PodTemplate.executor()
                        .toleration("a", "b", TaintEffect.NO_EXECUTE)
                        .spot()
                        .arm64()
                        .build());
    }

    @Test
    void aBuilderOfATemplateChangesIt() {
        PodTemplate changed = SPOT_EXECUTOR.toBuilder()
                .amd64()
                .onDemand()
                .dialect(CapacityDialect.MANAGED_NODE_GROUPS)
                .zone("us-east-1b")
                .hostPathVolume("spark-local-dir-1", "/disk", "/data2")
                .build();
        assertThat(changed)
                .isEqualTo(PodTemplate.executor()
                        .amd64()
                        .onDemand()
                        .dialect(CapacityDialect.MANAGED_NODE_GROUPS)
                        .zone("us-east-1b")
                        .terminationGracePeriod(Duration.ofSeconds(110))
                        .toleration("dedicated", "spark", TaintEffect.NO_SCHEDULE)
                        .hostPathVolume("spark-local-dir-1", "/disk", "/data2")
                        .build());
        assertThat(SPOT_EXECUTOR.toBuilder().build()).isEqualTo(SPOT_EXECUTOR);
    }

    @Test
    void aSparkContainerIsAddedOnlyWhenSomethingIsSetInIt() {
        PodTemplate sidecarOnly =
                PodTemplate.fromYaml(PodRole.DRIVER, "{apiVersion: v1, kind: Pod, spec: {containers: [{name: tail}]}}");
        assertThat(sidecarOnly.toBuilder().build()).isEqualTo(sidecarOnly);
        assertThat(sidecarOnly.toBuilder().env("A", "b").build().toYaml()).endsWith("""
                        spec:
                          containers:
                            - name: tail
                            - name: spark-kubernetes-driver
                              env:
                                - name: A
                                  value: b
                        """);
    }

    @Test
    void aMisshapenFieldIsNamed() {
        PodTemplate.Builder builder =
                PodTemplate.driver().field("spec", "text").env("A", "b").priorityClass("high");
        assertThatThrownBy(builder::build)
                .isInstanceOf(InvalidPodTemplateException.class)
                .hasMessageContaining("spec is not a mapping");
    }

    @Test
    void aTemplateDoesNotChangeWithWhatItWasMadeOf() {
        List<Object> mounts = new ArrayList<>(List.of("a"));
        Map<String, Object> limits = new LinkedHashMap<>(Map.of("cpu", 2));
        PodTemplate.Builder builder = PodTemplate.driver()
                .field("spec.containers[0].args", mounts)
                .field("spec.containers[0].resources.limits", limits);
        mounts.add("b");
        limits.put("memory", "1Gi");
        PodTemplate template = builder.build();
        String before = template.toYaml();
        builder.field("spec.containers[0].args[0]", "changed").label("later", "x");

        assertThat(template.toYaml()).isEqualTo(before).contains("- a\n").doesNotContain("memory", "- b", "later");
        assertThat(builder.build().toYaml()).contains("changed", "later");
    }

    @Test
    void fieldsTakeEveryPath() {
        PodTemplate template = PodTemplate.driver()
                .field("metadata.annotations[\"example.com/a \\\"b\\\"\"]", "x")
                .field("spec.containers[0].tty", true)
                .field("spec.containers[1].name", "tail")
                .field("spec.activeDeadlineSeconds", 3_600)
                .field("spec.containers[0].resources.limits.cpu", 0.50)
                .field("spec.containers[0].resources.limits[\"nvidia.com/gpu\"]", new BigDecimal("1.0"))
                .field("spec.imagePullSecrets", List.of(Map.of("name", "a"), Map.of()))
                .build();
        assertThat(template.toYaml()).isEqualTo("""
                        apiVersion: v1
                        kind: Pod
                        metadata:
                          annotations:
                            "example.com/a \\"b\\"": x
                        spec:
                          activeDeadlineSeconds: 3600
                          containers:
                            - name: spark-kubernetes-driver
                              resources:
                                limits:
                                  cpu: 0.5
                                  nvidia.com/gpu: 1
                              tty: true
                            - name: tail
                          imagePullSecrets:
                            - name: a
                            - {}
                        """);
        assertThat(PodTemplate.fromYaml(PodRole.DRIVER, template.toYaml())).isEqualTo(template);
    }

    @Test
    void itStaysAPod() {
        PodTemplate.Builder builder = PodTemplate.driver().field("kind", "Job");
        assertThatThrownBy(builder::build)
                .isInstanceOf(InvalidPodTemplateException.class)
                .hasMessageContaining("kind must be 'Pod'");
    }

    @Test
    void unusableValuesAreNamedByTheirPath() {
        assertProblem(PodTemplate.driver().env("A", "\ud800"), "spec.containers[0].env[0].value", "surrogate");
        assertProblem(PodTemplate.driver().annotation("a\nb", "x"), "metadata.annotations", "control characters");
        assertProblem(PodTemplate.driver().label("", "x"), "metadata.labels", "empty");
        assertProblem(PodTemplate.driver().field("spec.priority", Double.NaN), "spec.priority", "finite");
        assertProblem(
                PodTemplate.driver().field("spec.priority", new BigDecimal("1e999999999")), "spec.priority", "digits");
        assertProblem(PodTemplate.driver().field("[0]", "x"), "'[0]'", "character 4");
        assertProblem(PodTemplate.driver().field("", "x"), "''", "character 1");
        assertProblem(
                PodTemplate.driver().field("spec.hostAliases", Map.of(1, "x")), "spec.hostAliases", "not a String");
        assertProblem(PodTemplate.driver().field("a" + ".a".repeat(60), "x"), "cannot be read");
    }

    @Test
    void aValueThatContainsItselfIsRefused() {
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        assertProblem(PodTemplate.driver().field("spec.affinity", itself), "nested more than");

        List<Object> bomb = List.of();
        for (int i = 0; i < 30; i++) {
            bomb = List.of(bomb, bomb);
        }
        assertProblem(PodTemplate.driver().field("spec.affinity", bomb), "more than 50000");
    }

    @Test
    void contentIsNotPrinted() {
        PodTemplate template = PodTemplate.driver().env("TOKEN", "s3cret").build();
        assertThat(template.toYaml()).contains("s3cret");
        assertThat(template.toString()).startsWith("PodTemplate[DRIVER, ").doesNotContain("s3cret", "TOKEN");
    }

    private static void assertProblem(PodTemplate.Builder builder, String... parts) {
        assertThatThrownBy(builder::build)
                .isInstanceOf(InvalidPodTemplateException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void otherPodsCanBeRequired() {
        assertThat(PodTemplate.executor()
                        .requireNear("zone", Map.of("a", "b"))
                        .requireApart("host", Map.of("c", "d"))
                        .requireSpread("zone", 2, Map.of("e", "f"))
                        .requireSpread("zone", 2, Map.of("e", "f"))
                        .build()
                        .toYaml())
                .contains("""
                          affinity:
                            podAffinity:
                              requiredDuringSchedulingIgnoredDuringExecution:
                                - labelSelector:
                                    matchLabels:
                                      a: b
                                  topologyKey: zone
                            podAntiAffinity:
                              requiredDuringSchedulingIgnoredDuringExecution:
                                - labelSelector:
                                    matchLabels:
                                      c: d
                                  topologyKey: host
                        """.indent(0))
                .contains("""
                          topologySpreadConstraints:
                            - labelSelector:
                                matchLabels:
                                  e: f
                              maxSkew: 2
                              topologyKey: zone
                              whenUnsatisfiable: DoNotSchedule
                        """.indent(0));
        assertThatThrownBy(() -> PodTemplate.executor()
                        .requireSpread("zone", 0, Map.of())
                        .build())
                .hasMessageContaining("requireSpread has the skew 0");
    }
}
