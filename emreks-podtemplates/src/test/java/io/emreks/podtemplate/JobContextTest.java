package io.emreks.podtemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Templates beside the settings of their job. */
class JobContextTest {
    private static final String GRACE = "spec.terminationGracePeriodSeconds";
    private static final PodTemplate SPOT = PodTemplate.executor()
            .spot()
            .terminationGracePeriod(Duration.ofSeconds(60))
            .build();
    private static final PodTemplate ARM = PodTemplate.executor().arm64().build();

    static Stream<Arguments> contradictions() {
        return Stream.of(
                arguments(
                        PodTemplate.executor().zone("a").build(),
                        settings("spark.kubernetes.node.selector.topology.kubernetes.io/zone", "b"),
                        Rule.OVERRIDDEN_BY_SETTING,
                        "spec.nodeSelector[\"topology.kubernetes.io/zone\"]"),
                arguments(
                        PodTemplate.driver().label("team", "a").build(),
                        settings("spark.kubernetes.driver.label.team", "b"),
                        Rule.OVERRIDDEN_BY_SETTING,
                        "metadata.labels.team"),
                arguments(
                        PodTemplate.driver().annotation("team", "a").build(),
                        settings("spark.kubernetes.driver.annotation.team", "b"),
                        Rule.OVERRIDDEN_BY_SETTING,
                        "metadata.annotations.team"),
                arguments(
                        PodTemplate.driver().schedulerName("a").build(),
                        settings("spark.kubernetes.scheduler.name", "b"),
                        Rule.OVERRIDDEN_BY_SETTING,
                        "spec.schedulerName"),
                arguments(
                        SPOT,
                        settings(
                                "spark.decommission.enabled",
                                "true",
                                "spark.executor.decommission.forceKillTimeout",
                                "100s"),
                        Rule.GRACE_PERIOD_TOO_SHORT,
                        GRACE),
                arguments(
                        PodTemplate.executor().spot().build(),
                        settings("spark.decommission.enabled", "true", "spark.storage.decommission.enabled", "true"),
                        Rule.GRACE_PERIOD_TOO_SHORT,
                        GRACE),
                arguments(
                        SPOT, JobContext.builder().sparkVersion(SparkVersion.V4_1), Rule.OVERRIDDEN_BY_SETTING, GRACE),
                arguments(
                        ARM,
                        settings("spark.kubernetes.container.image", "job:1")
                                .imageArchitectures("job:1", Set.of("amd64")),
                        Rule.IMAGE_WITHOUT_ARCHITECTURE,
                        "spec.nodeSelector[\"kubernetes.io/arch\"]"),
                arguments(
                        PodTemplate.driver().preferArm64().build(),
                        settings(
                                        "spark.kubernetes.container.image",
                                        "both:1",
                                        "spark.kubernetes.driver.container.image",
                                        "job:1")
                                .imageArchitectures("both:1", Set.of("amd64", "arm64"))
                                .imageArchitectures("job:1", Set.of("amd64")),
                        Rule.IMAGE_WITHOUT_ARCHITECTURE,
                        PodEditor.PREFERRED_NODES + "[0].preference.matchExpressions[0]"),
                arguments(
                        PodTemplate.driver()
                                .arm64()
                                .sidecar("logs", "logs:1", c -> c.command("run"))
                                .build(),
                        JobContext.builder().imageArchitectures("logs:1", Set.of("amd64")),
                        Rule.IMAGE_WITHOUT_ARCHITECTURE,
                        "spec.containers[1].image"),
                arguments(
                        PodTemplate.driver()
                                .zone("a")
                                .persistentVolume("data", "claim", "/data")
                                .build(),
                        JobContext.builder().volumeZone("claim", "b"),
                        Rule.VOLUME_IN_OTHER_ZONE,
                        "spec.volumes[0].persistentVolumeClaim.claimName"),
                arguments(
                        PodTemplate.executor()
                                .sidecar("logs", "logs:1", c -> c.command("run"))
                                .build(),
                        settings("spark.kubernetes.executor.checkAllContainers", "true"),
                        Rule.SIDECAR_KEEPS_EXECUTOR,
                        "spec.containers[1]"),
                arguments(
                        PodTemplate.executor()
                                .field("spec.containers[0].lifecycle", Map.of())
                                .build(),
                        settings("spark.decommission.enabled", "true"),
                        Rule.LIFECYCLE_REPLACED,
                        "spec.containers[0].lifecycle"),
                arguments(
                        PodTemplate.executor().env("STAGE", "a").build(),
                        settings("spark.executorEnv.STAGE", "b"),
                        Rule.OVERRIDDEN_BY_SETTING,
                        "spec.containers[0].env[0].name"),
                arguments(
                        PodTemplate.driver().env("STAGE", "a").build(),
                        settings("spark.kubernetes.driver.secretKeyRef.STAGE", "b:c"),
                        Rule.OVERRIDDEN_BY_SETTING,
                        "spec.containers[0].env[0].name"),
                arguments(
                        PodTemplate.executor().localDisks("/disk").build(),
                        settings(
                                "spark.kubernetes.executor.volumes.hostPath.spark-local-dir-1.mount.path",
                                "/somewhere"),
                        Rule.VOLUME_DUPLICATE,
                        "spec.volumes[0].name"),
                arguments(
                        PodTemplate.executor().localDisks("/disk").build(),
                        settings("spark.kubernetes.executor.volumes.emptyDir.other.mount.path", "/data1/"),
                        Rule.MOUNT_PATH_DUPLICATE,
                        "spec.containers[0].volumeMounts[0].mountPath"),
                arguments(
                        PodTemplate.driver().secretVolume("a", "b", "/keys").build(),
                        settings("spark.kubernetes.driver.secrets.c", "/keys"),
                        Rule.MOUNT_PATH_DUPLICATE,
                        "spec.containers[0].volumeMounts[0].mountPath"),
                arguments(
                        PodTemplate.executor()
                                .field("spec.containers[0].resources.limits.cpu", 4)
                                .build(),
                        settings("spark.kubernetes.executor.limit.cores", "5"),
                        Rule.RESOURCES_REPLACED,
                        "spec.containers[0].resources.limits.cpu"),
                arguments(
                        PodTemplate.executor().preferArm64().build(),
                        settings("spark.kubernetes.container.image", "job:1")
                                .imageArchitectures("job:1", Set.of("arm64")),
                        Rule.IMAGE_WITHOUT_ARCHITECTURE,
                        "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0]"
                                + ".preference.matchExpressions[0]"),
                arguments(
                        PodTemplate.driver()
                                .requireNodes("topology.kubernetes.io/zone", "a", "b")
                                .persistentVolume("data", "claim", "/data")
                                .build(),
                        JobContext.builder().volumeZone("claim", "c"),
                        Rule.VOLUME_IN_OTHER_ZONE,
                        "spec.volumes[0].persistentVolumeClaim.claimName"),
                arguments(
                        PodTemplate.driver()
                                .zone("a")
                                .persistentVolume("data", "claim", "/data")
                                .build(),
                        settings("spark.kubernetes.node.selector.topology.kubernetes.io/zone", "a")
                                .volumeZone("claim", "c"),
                        Rule.VOLUME_IN_OTHER_ZONE,
                        "spec.volumes[0].persistentVolumeClaim.claimName"));
    }

    private static JobContext.Builder settings(String... keysAndValues) {
        JobContext.Builder job = JobContext.builder();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            job.sparkSettings(Map.of(keysAndValues[i], keysAndValues[i + 1]));
        }
        return job;
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void eachContradictionHasExactlyItsFinding(PodTemplate template, JobContext.Builder job, Rule rule, String path) {
        assertThat(template.check(job.build())).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(rule);
            assertThat(finding.path()).isEqualTo(path);
            assertThat(finding.fix()).isNotBlank();
        });
    }

    static Stream<Arguments> agreements() {
        return Stream.of(
                arguments(
                        PodTemplate.executor().zone("a").label("team", "x").build(),
                        settings(
                                "spark.kubernetes.node.selector.topology.kubernetes.io/zone",
                                "b",
                                "spark.kubernetes.executor.node.selector.topology.kubernetes.io/zone",
                                "a",
                                "spark.kubernetes.executor.label.team",
                                "x",
                                "spark.kubernetes.driver.label.team",
                                "y")),
                arguments(
                        SPOT,
                        settings(
                                "spark.decommission.enabled",
                                "true",
                                "spark.storage.decommission.enabled",
                                "true",
                                "spark.executor.decommission.forceKillTimeout",
                                "1m")),
                arguments(
                        SPOT,
                        settings(
                                        "spark.kubernetes.executor.terminationGracePeriodSeconds",
                                        "60",
                                        "spark.decommission.enabled",
                                        "true",
                                        "spark.storage.decommission.enabled",
                                        "true")
                                .sparkVersion(SparkVersion.V4_1)),
                arguments(
                        PodTemplate.executor()
                                .field("spec.containers[0].lifecycle", Map.of())
                                .build(),
                        settings("spark.decommission.enabled", "false")),
                arguments(
                        ARM,
                        settings(
                                        "spark.kubernetes.container.image",
                                        "job:1",
                                        "spark.kubernetes.executor.node.selector.kubernetes.io/arch",
                                        "arm64")
                                .imageArchitectures("job:1", Set.of("arm64"))),
                arguments(
                        PodTemplate.driver()
                                .persistentVolume("data", "claim", "/data")
                                .build(),
                        JobContext.builder().volumeZone("claim", "b")),
                arguments(
                        PodTemplate.driver()
                                .sidecar("logs", "logs:1", c -> c.command("run"))
                                .build(),
                        settings("spark.kubernetes.executor.checkAllContainers", "true")),
                arguments(
                        PodTemplate.executor()
                                .sidecar("logs", "logs:1", c -> c.command("run").endWithSpark(true))
                                .sidecar("more", "logs:1", c -> c.command("run").endWithSpark(false))
                                .build(),
                        settings("spark.kubernetes.executor.checkAllContainers", "true")),
                arguments(
                        PodTemplate.executor()
                                .sidecar(
                                        "reader",
                                        "logs:1",
                                        c -> c.command("run").mount("scratch", "/scratch"))
                                .env("STAGE", "a")
                                .field("spec.containers[0].resources.limits.cpu", 4)
                                .build(),
                        settings(
                                "spark.kubernetes.executor.volumes.emptyDir.scratch.mount.path",
                                "/scratch",
                                "spark.kubernetes.driverEnv.STAGE",
                                "b",
                                "spark.kubernetes.executor.limit.cores",
                                "4")),
                arguments(
                        PodTemplate.driver()
                                .requireNodes("topology.kubernetes.io/zone", "a", "b")
                                .preferNodes(1, "topology.kubernetes.io/zone", "a")
                                .persistentVolume("data", "claim", "/data")
                                .build(),
                        JobContext.builder().volumeZone("claim", "b")));
    }

    @ParameterizedTest
    @MethodSource("agreements")
    void whatGoesTogetherHasNoFinding(PodTemplate template, JobContext.Builder job) {
        assertThat(template.check(job.build())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"90, 90", "90s, 90", "90000ms, 90", "2m, 120", "2min, 120", "1h, 3600", "1d, 86400", "5000000us, 5"})
    void timesOfSpark(String text, long seconds) {
        assertThat(PodRules.seconds(text)).hasValue(seconds);
    }

    @Test
    void timesThatAreNone() {
        assertThat(List.of("", "soon", "-1s", "1 s", "1.5m"))
                .allSatisfy(text -> assertThat(PodRules.seconds(text)).isEmpty());
    }

    @Test
    void valuesOfSettingsAreNotShown() {
        assertThat(settings("spark.hadoop.fs.s3a.secret.key", "s3cret").build().toString())
                .contains("secret.key")
                .doesNotContain("s3cret");
    }
}
