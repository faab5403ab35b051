package io.emreks.testing.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.testing.spark.PodTemplateCheck.Role;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodTemplateCheckTest {
    private static final String GOOD_EXECUTOR = """
            apiVersion: v1
            kind: Pod
            metadata:
              labels: {team: data}
            spec:
              terminationGracePeriodSeconds: 110
              nodeSelector:
                karpenter.sh/capacity-type: spot
                kubernetes.io/arch: arm64
              tolerations:
                - {key: dedicated, operator: Equal, value: spark, effect: NoSchedule}
              volumes:
                - name: spark-local-dir-1
                  hostPath: {path: /mnt/k8s-disks/0, type: Directory}
              containers:
                - name: sidecar
                  image: busybox
                  command: [sh]
                  volumeMounts:
                    - {name: emr-container-application-log-dir, mountPath: /var/log/spark/user}
                - name: spark-kubernetes-executor
                  env: [{name: TZ, value: UTC}]
                  volumeMounts:
                    - {name: spark-local-dir-1, mountPath: /data1}
            """;

    private static String driverWith(String specLine, String containerLine) {
        return """
            spec:
              %s
              containers:
                - name: spark-kubernetes-driver
                  %s
            """.formatted(specLine, containerLine);
    }

    private static List<String> driver(String yaml) {
        return PodTemplateCheck.problems(Role.DRIVER, yaml);
    }

    @Test
    void acceptsWhatIsAllowed() {
        assertThat(PodTemplateCheck.problems(Role.EXECUTOR, GOOD_EXECUTOR)).isEmpty();
        assertThat(driver("spec: {nodeSelector: {a: b}}")).isEmpty();
        assertThat(driver("spec: {containers: []}")).isEmpty();
        assertThat(driver(driverWith("priority: 1", "tty: true"))).isEmpty();
    }

    @Test
    void refusesAWrongContainerName() {
        assertThat(driver(GOOD_EXECUTOR))
                .containsExactly(
                        "Driver pod template validation failed. No container is named spark-kubernetes-driver.");
        assertThat(PodTemplateCheck.problems(Role.EXECUTOR, "spec: {containers: [{name: spark-kubernetes-executors}]}"))
                .containsExactly(
                        "Executor pod template validation failed. No container is named spark-kubernetes-executor.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"securityContext", "serviceAccountName", "hostNetwork", "dnsPolicy", "nodeselector", "5"})
    void refusesFieldsOfThePod(String field) {
        assertThat(driver(driverWith(field + ": x", "")))
                .containsExactly("Driver pod template validation failed. Field spec." + field
                        + " is not allowed but specified.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"image", "command", "args", "ports", "securityContext", "imagePullPolicy"})
    void refusesFieldsOfTheMainContainer(String field) {
        assertThat(driver(driverWith("", field + ": x")))
                .containsExactly("Driver pod template validation failed. Field spec.containers[0]." + field
                        + " is not allowed but specified.");
    }

    @Test
    void tellsEveryProblemAtOnce() {
        assertThat(driver("status: {}\n" + driverWith("hostPID: true", "image: x")))
                .hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "/tmp, true",
        "/tmp/x, true",
        "/mnt, true",
        "/mnt/disk, true",
        "/home/hadoop/conf, true",
        "/var/log/spark/user, true",
        "/mnt1, false",
        "/tmpfs, false",
        "/data, false",
        "/var/log, false"
    })
    void refusesReservedMountPaths(String path, boolean refused) {
        List<String> problems = driver(
                driverWith("volumes: [{name: v, emptyDir: {}}]", "volumeMounts: [{name: v, mountPath: " + path + "}]"));

        if (refused) {
            assertThat(problems)
                    .singleElement()
                    .asString()
                    .startsWith(
                            "Defined volume mount path on main container must not overlap with reserved mount paths: [");
        } else {
            assertThat(problems).isEmpty();
        }
    }

    @Test
    void refusesReservedNames() {
        assertThat(driver(driverWith("volumes: [{name: mnt-dir}]", "env: [{name: SIDECAR_SIGNAL_FILE, value: x}]")))
                .containsExactly(
                        "Driver pod template validation failed. Volume name mnt-dir is reserved.",
                        "Driver pod template validation failed. Environment variable SIDECAR_SIGNAL_FILE of the main"
                                + " container is reserved.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "[]",
                "kind: Pod",
                "spec: 5",
                "spec: [",
                "a: 1\na: 2",
                "{}: *x",
                "\u0000",
                "--- a\n--- b"
            })
    void refusesWhatIsNoPod(String yaml) {
        assertThat(driver(yaml)).singleElement().asString().startsWith("Could not load pod from template file.");
    }

    @Test
    void refusesAliasBombs() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 60; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]%n".formatted(i, i, i - 1, i - 1));
        }

        assertThat(driver(bomb.toString())).singleElement().asString().startsWith("Could not load");
    }

    @Property
    void judgesAnyText(@ForAll String yaml) {
        assertThat(PodTemplateCheck.problems(Role.EXECUTOR, yaml)).isNotNull();
        assertThat(PodTemplateCheck.problems(Role.EXECUTOR, "spec:\n  containers:\n  - name: " + yaml))
                .isNotNull();
    }
}
