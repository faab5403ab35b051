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
    void sizesMakeSense() {
        assertThatThrownBy(() -> PodSizing.of(0, 1, 1)).hasMessageContaining("cores are 0");
        assertThatThrownBy(() -> PodSizing.of(1, 2, 1)).hasMessageContaining("podMebibytes 1");
    }
}
