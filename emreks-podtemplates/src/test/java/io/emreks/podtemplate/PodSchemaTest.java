package io.emreks.podtemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodSchemaTest {
    private static final ObjectMapper FABRIC8 =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    @Test
    void theCommittedFileIsThatOfFabric8sModel() throws IOException {
        try (InputStream file = PodSchema.class.getResourceAsStream("pod-schema.txt")) {
            assertThat(new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8))
                    .as("made anew with -Ppod-schema")
                    .isEqualTo(PodSchemaFile.text());
        }
    }

    @Test
    void everyFieldOfAPodIsReachable() {
        assertThat(List.of(
                        "spec.containers[0].livenessProbe.httpGet.httpHeaders[0].value",
                        "spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds",
                        "spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0]"
                                + ".podAffinityTerm.labelSelector.matchExpressions[0].values[0]",
                        "spec.ephemeralContainers[0].targetContainerName",
                        "spec.containers[0].resources.limits[\"nvidia.com/gpu\"]",
                        "metadata.ownerReferences[0].controller",
                        "status.podIPs[0].ip"))
                .allSatisfy(path ->
                        assertThat(PodSchema.POD.typeOf(FieldPath.parse(path))).isPresent());
        assertThat(PodSchema.POD.typeOf(FieldPath.parse("spec.containers.name")))
                .isEmpty();
        assertThat(PodSchema.POD.typeOf(FieldPath.parse("spec.containers[0].nam")))
                .isEmpty();
    }

    /** What the schema takes, fabric8 takes too, and keeps as it is. */
    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void fabric8ReadsTheSame(@ForAll("pods") Map<String, Object> pod) throws IOException {
        PodTemplate.Builder builder = PodTemplate.driver();
        pod.forEach(builder::field);
        Map<?, ?> fields = YamlReader.read(builder.build().toYaml());
        JsonNode json = FABRIC8.readTree(FABRIC8.writeValueAsString(fields));

        Pod read = FABRIC8.treeToValue(json, Pod.class);

        assertThat(read.getAdditionalProperties()).isEmpty();
        assertThat(read.getSpec().getAdditionalProperties()).isEmpty();
        assertThat(read.getSpec().getContainers().get(0).getName()).isEqualTo("spark-kubernetes-driver");
    }

    @Provide
    Arbitrary<Map<String, Object>> pods() {
        Arbitrary<String> words = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(6);
        return ArbitraryPods.fields(words, words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', quoteCharacter = '`', textBlock = """
                    spec: {containrs: []}                          ! 3 !  8 ! spec.containrs        ! 'containers'
                    spec: {nodeselector: {}}                       ! 3 !  8 ! spec.nodeselector     ! 'nodeSelector'
                    spec: {toleration: []}                         ! 3 !  8 ! spec.toleration       ! 'tolerations'
                    specs: {}                                      ! 3 !  1 ! specs                 ! 'spec'
                    spec: {containers: [{volumeMount: []}]}        ! 3 ! 22 ! volumeMount           ! 'volumeMounts'
                    spec: {image: a}                               ! 3 !  8 ! spec.image            ! look at the indentation
                    spec: {quux: a}                                ! 3 !  8 ! spec.quux             ! allowUnknown
                    spec: {volumes: {}}                            ! 3 !  8 ! spec.volumes          ! not a list
                    spec: {volumes: [a]}                           ! 3 ! 18 ! spec.volumes[0]       ! not a mapping
                    spec: {hostname: 1}                            ! 3 !  8 ! spec.hostname         ! quotes
                    spec: {hostNetwork: yes}                       ! 3 !  8 ! spec.hostNetwork      ! true or false
                    spec: {priority: 3000000000}                   ! 3 !  8 ! spec.priority         ! 32 bits
                    spec: {priority: 1.5}                          ! 3 !  8 ! spec.priority         ! 32 bits
                    spec: {activeDeadlineSeconds: soon}            ! 3 !  8 ! activeDeadlineSeconds ! whole number
                    spec: {overhead: {cpu: 1 core}}                ! 3 ! 19 ! spec.overhead.cpu     ! quantity
                    metadata: {labels: {a: 1}}                     ! 3 ! 21 ! metadata.labels.a     ! quotes
                    spec: {a: &x {b: 1}, nodeSelector: *x}         ! 3 ! 22 ! nodeSelector.b        ! quotes
                    """)
    void whatAPodDoesNotHaveIsFoundByLineAndColumn(String text, int line, int column, String path, String hint) {
        InvalidPodTemplateException e = catchThrowableOfType(
                InvalidPodTemplateException.class,
                () -> PodTemplate.fromYaml(PodRole.DRIVER, "apiVersion: v1\nkind: Pod\n" + text, "spec.a"));
        assertThat(e).isNotNull();
        assertThat(e.problems())
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem).contains("line " + line + ", column " + column + ": ", path, hint));
        assertThat(e.line()).hasValue(line);
        assertThat(e.column()).hasValue(column);
    }

    @Test
    void allMistakesAreNamedAtOnce() {
        InvalidPodTemplateException e = catchThrowableOfType(
                InvalidPodTemplateException.class, () -> PodTemplate.fromYaml(PodRole.DRIVER, """
                        apiVersion: v1
                        kind: Pod
                        metadata:
                          label: {}
                        spec:
                          containers:
                            - nam: a
                              tty: "no"
                        """));
        assertThat(e.problems())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("line 4, column 3: metadata.label "),
                        second -> assertThat(second).startsWith("line 7, column 7: spec.containers[0].nam "),
                        third -> assertThat(third).startsWith("line 8, column 7: spec.containers[0].tty "));
    }

    @Test
    void theBuilderRefusesTheSame() {
        PodTemplate.Builder builder = PodTemplate.driver()
                .field("spec.containers[0].workdir", "/")
                .field("spec.terminationGracePeriodSeconds", "30");
        InvalidPodTemplateException e = catchThrowableOfType(InvalidPodTemplateException.class, builder::build);
        assertThat(e.problems())
                .hasSize(2)
                .anySatisfy(problem -> assertThat(problem).contains("spec.containers[0].workdir", "'workingDir'"))
                .anySatisfy(problem -> assertThat(problem).contains("terminationGracePeriodSeconds", "whole number"));
    }

    @Test
    void newerFieldsCanBeLetThroughByName() {
        String yaml = "{apiVersion: v1, kind: Pod, spec: {newer: {any: [1]}, containers: []}}";
        PodTemplate template = PodTemplate.fromYaml(PodRole.DRIVER, yaml, "spec.newer");
        assertThat(template.toYaml()).contains("newer");
        assertThat(template.toBuilder().label("a", "b").build().toYaml()).contains("newer");
        assertThat(catchThrowableOfType(
                        InvalidPodTemplateException.class,
                        () -> PodTemplate.fromYaml(PodRole.DRIVER, yaml, "spec.other")))
                .hasMessageContaining("spec.newer");
    }

    @Test
    void theNearestNameIsOneThatIsNear() {
        Set<String> known = Set.of("tolerations", "volumes", "hostname", "os");
        assertThat(PodSchema.nearest("toleratons", known)).hasValue("tolerations");
        assertThat(PodSchema.nearest("VOLUMES", known)).hasValue("volumes");
        assertThat(PodSchema.nearest("hostName", known)).hasValue("hostname");
        assertThat(PodSchema.nearest("x", known)).isEmpty();
        assertThat(PodSchema.nearest("serviceAccount", known)).isEmpty();
        assertThat(PodSchema.nearest("v".repeat(100_000), known)).isEmpty();
    }
}
