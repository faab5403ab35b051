package io.emreks.podtemplate;

import io.emreks.podtemplate.PodPreview.Origin;
import io.emreks.podtemplate.PodPreview.PodEdits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What EMR adds to a pod, as far as it was seen on a job of release 6.8.0 or is named in the EMR on EKS Development Guide,
 * "Using pod templates": reserved volumes and where they are mounted, variables, the security of containers, and the logging
 * sidecar: of drivers always, of executors if their logs are collected.
 */
final class EmrAdditions {
    private static final Map<String, String> MOUNTS = mounts();

    private EmrAdditions() {}

    private static Map<String, String> mounts() {
        Map<String, String> mounts = new LinkedHashMap<>();
        mounts.put("emr-container-communicate", "/var/log/fluentd");
        mounts.put("emr-container-application-log-dir", "/var/log/spark/user");
        mounts.put("emr-container-event-log-dir", "/var/log/spark/apps");
        mounts.put("mnt-dir", "/mnt");
        mounts.put("temp-data-dir", "/tmp");
        mounts.put("home-dir", "/home/hadoop");
        return mounts;
    }

    static void apply(PodRole role, JobContext job, PodEdits pod) {
        pod.origin(Origin.EMR);
        FieldPath container = pod.container();
        MOUNTS.forEach((volume, path) -> {
            pod.insert(PodEditor.VOLUMES, Map.of("name", volume));
            pod.insert(container.child("volumeMounts"), Map.of("name", volume, "mountPath", path));
        });
        for (String variable : List.of("SPARK_CONTAINER_ID", "K8S_SPARK_LOG_URL_STDERR", "K8S_SPARK_LOG_URL_STDOUT")) {
            pod.insert(container.child("env"), Map.of("name", variable, "value", "<set by EMR>"));
        }
        FieldPath security = container.child("securityContext");
        pod.set(security.child("runAsNonRoot"), true);
        pod.set(security.child("runAsUser"), 999L);
        pod.set(security.child("runAsGroup"), 1000L);
        pod.set(security.child("allowPrivilegeEscalation"), false);
        pod.set(security.child("readOnlyRootFilesystem"), true);
        pod.set(security.child("capabilities"), Map.of("drop", List.of("ALL")));
        pod.set(PodEditor.SPEC.child("securityContext").child("fsGroup"), 65534L);
        if (role == PodRole.DRIVER) {
            pod.set(container.child("terminationMessagePath"), "/var/log/spark/error.log");
        }
        Optional<Boolean> logs = role == PodRole.DRIVER ? Optional.of(true) : job.executorLogs();
        logs.ifPresentOrElse(
                collected -> logging(collected, pod),
                () -> pod.unknown(
                        "whether EMR adds its logging container emr-container-fluentd: it does if the executors'"
                                + " logs go to S3 or CloudWatch"));
        pod.unknown("how EMR combines this template with its own where both set a field, and what releases other than"
                + " 6.8.0 add");
    }

    private static void logging(boolean collected, PodEdits pod) {
        pod.insert(
                pod.container().child("env"),
                Map.of(
                        "name",
                        "SIDECAR_SIGNAL_FILE",
                        "value",
                        (collected ? Heartbeat.LOGS : Heartbeat.TMP) + "/" + Heartbeat.FILE));
        if (collected) {
            pod.insert(
                    PodEditor.CONTAINERS,
                    Map.of(
                            "name",
                            "emr-container-fluentd",
                            "resources",
                            Map.of("requests", Map.of("memory", "200Mi"), "limits", Map.of("memory", "512Mi"))));
        }
    }
}
