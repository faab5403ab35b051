package io.emreks.podtemplate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PodExplanationTest {
    @Test
    void eachFieldHasALine() {
        PodTemplate template = PodTemplate.executor()
                .spot()
                .label("team", "data")
                .annotation("note", "a\nb")
                .env("TOKEN", "s3cret")
                .localDisks("/disk")
                .sidecar("logs", "logs:1", c -> c.command("run").env("PASSWORD", "s3cret"))
                .initContainer("first", "init:1", c -> c.env("KEY", "s3cret"))
                .field("spec.subdomain", "here")
                .build();
        assertThat(template.explain()).isEqualTo("""
                        Template of the executor's pod
                        - metadata.annotations.note: "a\\nb" (an annotation of the pod)
                        - metadata.labels.team: data (a label of the pod)
                        - spec.containers[0].env: [TOKEN] (variables of Spark's container)
                        - spec.containers[0].volumeMounts: [{name: spark-local-dir-1, mountPath: /data1}]\
                         (where volumes are in Spark's container)
                        - spec.containers[1]: {name: logs, command: [run], env: [PASSWORD], image: "logs:1"}\
                         (a container beside Spark's)
                        - spec.initContainers: [{name: first, env: [KEY], image: "init:1"}]\
                         (run to their end before Spark starts)
                        - spec.nodeSelector["karpenter.sh/capacity-type"]: spot\
                         (only on nodes of this capacity (Karpenter))
                        - spec.subdomain: here
                        - spec.volumes: [{name: spark-local-dir-1, hostPath: {path: /disk, type: Directory}}]\
                         (volumes that containers can mount)
                        INFO init-containers-at-scale spec.initContainers: init containers multiply the events the cluster\
                         keeps for each executor; with hundreds of executors, put the preparation into the image
                        """);
    }

    @Test
    void aTemplateOfNothingIsExplainedToo() {
        assertThat(PodTemplate.fromYaml(PodRole.DRIVER, "{apiVersion: v1, kind: Pod}")
                        .explain())
                .startsWith("Template of the driver's pod\nERROR spec-missing spec: ");
    }
}
