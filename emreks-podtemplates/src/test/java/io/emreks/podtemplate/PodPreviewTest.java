package io.emreks.podtemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emreks.podtemplate.PodPreview.Change;
import io.emreks.podtemplate.PodPreview.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodPreviewTest {
    private static final PodSizing SIZING = PodSizing.of(4, 14_336, 15_769);

    @Test
    void whatIsOverwrittenIsShownWithWhatWas() {
        PodPreview preview = PodTemplate.executor()
                .terminationGracePeriod(Duration.ofSeconds(110))
                .field("spec.containers[0].resources.limits", Map.of("memory", "8Gi", "cpu", "6"))
                .build()
                .preview(
                        SIZING,
                        JobContext.builder().sparkVersion(SparkVersion.V4_1).build());
        assertThat(preview.changes())
                .contains(
                        new Change(
                                "spec.containers[0].resources.limits.memory",
                                Origin.SPARK,
                                Optional.of("\"8Gi\""),
                                "\"15769Mi\""),
                        new Change("spec.terminationGracePeriodSeconds", Origin.SPARK, Optional.of("110"), "30"),
                        new Change(
                                "spec.containers[0].securityContext.readOnlyRootFilesystem",
                                Origin.EMR,
                                Optional.empty(),
                                "true"))
                .noneMatch(change -> change.path().endsWith("limits.cpu"));
        assertThat(preview.toYaml())
                .contains("              memory: \"15769Mi\"".substring(4) + "  # Spark, instead of \"8Gi\"\n")
                .contains("  terminationGracePeriodSeconds: 30  # Spark, instead of 110\n")
                .contains("    - name: emr-container-communicate  # EMR, as seen on 6.8.0\n")
                .contains("          cpu: \"6\"\n");
        assertThat(preview.toString()).contains("spec.terminationGracePeriodSeconds: 30 instead of 110 (Spark)\n");
    }

    @Test
    void theYamlIsAPodAndHasNothingButTheTemplateAndTheChanges() {
        PodTemplate template = PodTemplate.driver()
                .spot()
                .sidecar("logs", "logs:1", c -> c.command("run"))
                .build();
        PodPreview preview = template.preview(SIZING);
        PodTemplate pod = PodTemplate.fromYaml(PodRole.DRIVER, preview.toYaml());
        PodTemplate.Builder again = PodTemplate.driver()
                .spot()
                .field("spec.containers", List.of())
                .sidecar("logs", "logs:1", c -> c.command("run"))
                .field("spec.containers[1].name", "spark-kubernetes-driver");
        preview.changes().forEach(change -> again.field(change.path(), value(change)));
        assertThat(again.build()).isEqualTo(pod);
        assertThat(preview.changes()).extracting(Change::path).doesNotHaveDuplicates();
    }

    private static Object value(Change change) {
        Map<?, ?> read = YamlReader.read("{a: " + change.after() + "}");
        return Objects.requireNonNull(FieldPath.of("a").read(read));
    }

    @Test
    void aPodWithoutATemplatesContainerIsMade() {
        PodTemplate bare = PodTemplate.fromYaml(PodRole.DRIVER, "{apiVersion: v1, kind: Pod, spec: {}}");
        assertThat(bare.preview(SIZING).toYaml()).contains("- name: spark-kubernetes-driver  # Spark");
    }

    @Test
    void changesAreTheSameInEveryJvm() {
        assertThat(PodTemplate.executor().build().preview(SIZING).changes())
                .extracting(Change::after)
                .contains(
                        "{name: SPARK_EXECUTOR_POD_IP, valueFrom: {fieldRef: {apiVersion: v1, fieldPath: status.podIP}}}",
                        "{name: mnt-dir, mountPath: /mnt}",
                        "{name: spark-local-dir-1, emptyDir: {}}",
                        "{drop: [ALL]}");
    }

    @Test
    void secretsOfSettingsAreNotShown() {
        JobContext job = JobContext.builder()
                .sparkSettings(Map.of(
                        "spark.executorEnv.DB_PASSWORD", "s3cret",
                        "spark.executorEnv.apiKey", "s3cret",
                        "spark.executorEnv.MONKEY", "banana",
                        "spark.executor.extraJavaOptions", "-Dauth.token=s3cret -Dkey=banana",
                        "spark.authenticate", "true",
                        "spark.authenticate.secret", "s3cret"))
                .build();
        PodPreview preview = PodTemplate.executor().build().preview(SIZING, job);
        assertThat(preview.toYaml() + preview + preview.changes())
                .contains("_SPARK_AUTH_SECRET", "-Dauth.token=<redacted>", "-Dkey=banana")
                .contains("{name: MONKEY, value: banana}", "{name: DB_PASSWORD, value: \"<redacted>\"}")
                .doesNotContain("s3cret");
    }

    @Test
    void whatCannotBeKnownIsSaid() {
        JobContext job = JobContext.builder()
                .sparkSettings(Map.of(
                        "spark.kubernetes.driver.pod.featureSteps", "com.acme.Step, com.acme.Other",
                        "spark.driver.resource.gpu.amount", "1"))
                .build();
        PodPreview preview = PodTemplate.driver().build().preview(SIZING, job);
        assertThat(preview.unknowns())
                .anyMatch(text -> text.endsWith("featureSteps do: com.acme.Step, com.acme.Other"))
                .anyMatch(text -> text.startsWith("the devices of spark.driver.resource.gpu.*"));
        assertThat(preview.toYaml()).contains("\n# Not known: what the feature steps of ");
        assertThat(preview.toString()).contains("\nNot known: the devices of ");
        assertThat(PodTemplate.fromYaml(PodRole.DRIVER, preview.toYaml())).isNotNull();
    }

    @Test
    void theLoggingContainerOfExecutorsDependsOnTheLogs() {
        PodTemplate executor = PodTemplate.executor().build();
        PodPreview unknown = executor.preview(SIZING);
        assertThat(unknown.toYaml()).doesNotContain("name: emr-container-fluentd");
        assertThat(unknown.unknowns()).anyMatch(text -> text.startsWith("whether EMR adds its logging container"));
        for (boolean collected : List.of(true, false)) {
            PodPreview known = executor.preview(
                    SIZING, JobContext.builder().executorLogs(collected).build());
            assertThat(known.toYaml().contains("- name: emr-container-fluentd  # EMR, as seen on 6.8.0\n"))
                    .isEqualTo(collected);
            assertThat(known.toYaml())
                    .contains(
                            collected
                                    ? "value: /var/log/fluentd/main-container-terminated"
                                    : "value: /tmp/main-container-terminated");
            assertThat(known.unknowns()).noneMatch(text -> text.contains("logging container"));
        }
    }

    @Test
    void sizesMakeSense() {
        assertThatThrownBy(() -> PodSizing.of(0, 1, 1)).hasMessageContaining("cores are 0");
        assertThatThrownBy(() -> PodSizing.of(1, 2, 1)).hasMessageContaining("podMebibytes 1");
    }
}
