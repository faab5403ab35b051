package io.emreks.podtemplate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The Java of README.md, compiled and run. */
class ReadmeSnippetsTest {

    @Test
    void presets() {
        JobPods pods = JobPods.builder()
                .preset(Preset.shared())
                .preset(Preset.graviton())
                .preset(Preset.singleZone("us-east-1a"))
                .costLabels(Map.of("team", "data"))
                .executor(pod -> pod.toleration("dedicated", "spark", TaintEffect.NO_SCHEDULE))
                .build();
        PodTemplate driver = pods.driver();
        PodTemplate executor = pods.executor();
        Map<String, String> submitter = pods.submitter();
        Map<String, String> settings = pods.sparkSettings();

        assertThat(pods.check(JobContext.builder().build())).isEmpty();
        assertThat(driver.toYaml()).contains("on-demand");
        assertThat(executor.toYaml()).contains("key: dedicated");
        assertThat(submitter).hasSize(4);
        assertThat(settings).hasSize(1);
    }

    @Test
    void writeCheckAndPreview() {
        PodTemplate executor = PodTemplate.executor()
                .preferArm64()
                .spot()
                .instanceGenerationAtLeast(6)
                .terminationGracePeriod(Duration.ofSeconds(110))
                .localDisks("/mnt/k8s-disks/0", "/mnt/k8s-disks/1")
                .envFromSecret("DB_PASSWORD", "orders-db", "password")
                .configMapVolume("rules", "orders-rules", "/etc/rules")
                .spread("topology.kubernetes.io/zone", 1, Map.of("spark-role", "executor"))
                .field("spec.hostAliases[0].ip", "10.0.0.7")
                .build();
        PodTemplate driver = PodTemplate.driver()
                .onDemand()
                .doNotDisrupt()
                .sidecar(
                        "logs",
                        "fluent/fluent-bit:3.1",
                        c -> c.command("fluent-bit", "-c", "/etc/fluent-bit.conf")
                                .mount("emr-container-application-log-dir", "/var/log/spark/user"))
                .build();
        assertThat(driver.check()).isEmpty();

        JobContext job = JobContext.builder()
                .sparkSettings(
                        Map.of("spark.decommission.enabled", "true", "spark.kubernetes.container.image", "orders:7"))
                .imageArchitectures("orders:7", Set.of("arm64", "amd64"))
                .build();
        for (Finding finding : executor.check(job)) {
            System.out.println(
                    finding.code() + " at " + finding.path() + ": " + finding.reason() + "; " + finding.fix());
        }
        assertThat(executor.check(job)).isEmpty();

        PodPreview preview = executor.preview(PodSizing.of(4, 14_336, 15_769), job);
        System.out.println(preview.toYaml());

        assertThat(preview.toYaml()).contains("memory: \"15769Mi\"  # Spark\n");
    }

    @Test
    void aFileThatLiesOnS3() {
        PodTemplate theirs = PodTemplate.executor().spot().build();
        byte[] bytes = theirs.toYaml().getBytes(StandardCharsets.UTF_8);
        JobContext job = JobContext.builder().build();

        PodTemplate file = PodTemplate.fromFile(PodRole.EXECUTOR, "s3://bucket/executor.yaml", bytes);
        List<Finding> findings = file.check(job);

        assertThat(findings).isEmpty();
        assertThat(file).isEqualTo(theirs);
    }

    @Test
    void fabric8() throws JsonProcessingException {
        PodTemplate driver = PodTemplate.driver()
                .onDemand()
                .env("A", "yes")
                .memoryVolume("spark-local-dir-1", "2Gi", "/data1")
                .field("spec.containers[0].livenessProbe.httpGet.port", "http")
                .build();

        YAMLMapper mapper = new YAMLMapper();
        Pod pod = mapper.readValue(driver.toYaml(), Pod.class);
        PodTemplate back = PodTemplate.fromYaml(PodRole.DRIVER, mapper.writeValueAsString(pod));

        assertThat(pod.getSpec()
                        .getVolumes()
                        .get(0)
                        .getEmptyDir()
                        .getSizeLimit()
                        .getAmount())
                .isEqualTo("2");
        assertThat(back).isEqualTo(driver);
    }

    @Test
    void readChangeAndWrite() {
        String yaml =
                PodTemplate.executor().spot().priorityClass("batch").build().toYaml();

        PodTemplate yours = PodTemplate.fromYaml(PodRole.EXECUTOR, yaml);
        System.out.println(yours.explain());
        PodTemplate onDemand =
                yours.toBuilder().onDemand().remove("spec.priorityClassName").build();
        String file = onDemand.toYaml();
        String name = onDemand.contentHash() + ".yaml";

        assertThat(yours.explain())
                .startsWith("Template of the executor's pod\n")
                .contains("priorityClassName: batch (who goes first");
        assertThat(file).contains("on-demand").doesNotContain("spot", "batch");
        assertThat(name).hasSize(69);
    }
}
