package io.emreks.testing.spark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Refuses pod templates as the service does (EMR on EKS Development Guide, "Using pod templates"; that
 * {@code spec.restartPolicy} is allowed was seen in a real run's settings).
 *
 * <p>Sterner than the service in one point: a template with containers of which none has the name of Spark's is refused,
 * where Spark would warn and take the first one, so that a sidecar would become the driver.
 */
final class PodTemplateCheck {
    private static final Set<String> POD_FIELDS = Set.of("apiVersion", "kind", "metadata", "spec");
    private static final Set<String> SPEC_FIELDS = Set.of(
            "activeDeadlineSeconds",
            "affinity",
            "containers",
            "enableServiceLinks",
            "ephemeralContainers",
            "hostAliases",
            "hostname",
            "imagePullSecrets",
            "initContainers",
            "nodeName",
            "nodeSelector",
            "overhead",
            "preemptionPolicy",
            "priority",
            "priorityClassName",
            "readinessGates",
            "restartPolicy",
            "runtimeClassName",
            "schedulerName",
            "subdomain",
            "terminationGracePeriodSeconds",
            "tolerations",
            "topologySpreadConstraints",
            "volumes");
    private static final Set<String> MAIN_CONTAINER_FIELDS = Set.of(
            "env",
            "envFrom",
            "lifecycle",
            "livenessProbe",
            "name",
            "readinessProbe",
            "resources",
            "startupProbe",
            "stdin",
            "stdinOnce",
            "terminationMessagePath",
            "terminationMessagePolicy",
            "tty",
            "volumeDevices",
            "volumeMounts",
            "workingDir");
    private static final Set<String> RESERVED_VOLUMES = Set.of(
            "config-volume",
            "emr-container-application-log-dir",
            "emr-container-communicate",
            "emr-container-event-log-dir",
            "emr-container-s3",
            "home-dir",
            "mnt-dir",
            "temp-data-dir");
    private static final List<String> RESERVED_MOUNT_PATHS =
            List.of("/var/log/fluentd", "/var/log/spark/user", "/var/log/spark/apps", "/mnt", "/tmp", "/home/hadoop");
    private static final Set<String> RESERVED_ENVIRONMENT =
            Set.of("K8S_SPARK_LOG_URL_STDERR", "K8S_SPARK_LOG_URL_STDOUT", "SIDECAR_SIGNAL_FILE", "SPARK_CONTAINER_ID");

    /** Whose template it is. */
    enum Role {
        DRIVER("Driver", "spark.kubernetes.driver.podTemplateFile", "spark-kubernetes-driver"),
        EXECUTOR("Executor", "spark.kubernetes.executor.podTemplateFile", "spark-kubernetes-executor");

        private final String title;
        private final String setting;
        private final String container;

        Role(String title, String setting, String container) {
            this.title = title;
            this.setting = setting;
            this.container = container;
        }

        /** The Spark setting that names the template. */
        String setting() {
            return setting;
        }
    }

    private final Role role;
    private final Set<String> problems = new LinkedHashSet<>();

    private PodTemplateCheck(Role role) {
        this.role = role;
    }

    /** What is wrong with a template, in the service's words where they are known; empty if nothing is. */
    static List<String> problems(Role role, String yaml) {
        PodTemplateCheck check = new PodTemplateCheck(role);
        Object pod;
        try {
            pod = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        } catch (YamlEngineException e) {
            return List.of("Could not load pod from template file. " + e.getMessage());
        }
        check.pod(pod);
        return List.copyOf(check.problems);
    }

    /**
     * The variables with a value that a template gives the container of Spark, which has no problems. Others, with {@code
     * valueFrom}, only a cluster can tell.
     */
    static Map<String, String> environment(Role role, String yaml) {
        Object pod = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        Map<String, String> environment = new LinkedHashMap<>();
        if (pod instanceof Map<?, ?> fields && fields.get("spec") instanceof Map<?, ?> spec) {
            for (Map<?, ?> container : maps(spec.get("containers"))) {
                if (text(container, "name").equals(role.container)) {
                    for (Map<?, ?> variable : maps(container.get("env"))) {
                        if (!text(variable, "name").isEmpty() && !variable.containsKey("valueFrom")) {
                            environment.put(text(variable, "name"), Objects.toString(variable.get("value"), ""));
                        }
                    }
                }
            }
        }
        return environment;
    }

    private void pod(@Nullable Object pod) {
        if (!(pod instanceof Map<?, ?> fields) || !(fields.get("spec") instanceof Map<?, ?> spec)) {
            problems.add("Could not load pod from template file. It is no Pod with a spec.");
            return;
        }
        onlyAllowed("", fields, POD_FIELDS);
        onlyAllowed("spec.", spec, SPEC_FIELDS);
        for (Map<?, ?> volume : maps(spec.get("volumes"))) {
            if (RESERVED_VOLUMES.contains(text(volume, "name"))) {
                refuse("Volume name " + text(volume, "name") + " is reserved.");
            }
        }
        List<Map<?, ?>> containers = maps(spec.get("containers"));
        boolean found = false;
        for (int i = 0; i < containers.size(); i++) {
            if (text(containers.get(i), "name").equals(role.container)) {
                found = true;
                mainContainer("spec.containers[" + i + "].", containers.get(i));
            }
        }
        if (!found && !containers.isEmpty()) {
            refuse("No container is named " + role.container + ".");
        }
    }

    private void mainContainer(String path, Map<?, ?> container) {
        onlyAllowed(path, container, MAIN_CONTAINER_FIELDS);
        for (Map<?, ?> mount : maps(container.get("volumeMounts"))) {
            if (RESERVED_MOUNT_PATHS.stream().anyMatch(reserved -> isAtOrBelow(text(mount, "mountPath"), reserved))) {
                problems.add("Defined volume mount path on main container must not overlap with reserved mount paths: "
                        + RESERVED_MOUNT_PATHS);
            }
        }
        for (Map<?, ?> variable : maps(container.get("env"))) {
            if (RESERVED_ENVIRONMENT.contains(text(variable, "name"))) {
                refuse("Environment variable " + text(variable, "name") + " of the main container is reserved.");
            }
        }
    }

    private void onlyAllowed(String path, Map<?, ?> fields, Set<String> allowed) {
        List<String> others = new ArrayList<>();
        for (Object name : fields.keySet()) {
            if (!(name instanceof String known && allowed.contains(known))) {
                others.add(path + name);
            }
        }
        others.forEach(other -> refuse("Field " + other + " is not allowed but specified."));
    }

    private void refuse(String what) {
        problems.add(role.title + " pod template validation failed. " + what);
    }

    private static boolean isAtOrBelow(String path, String reserved) {
        return path.equals(reserved) || path.startsWith(reserved + "/");
    }

    private static List<Map<?, ?>> maps(@Nullable Object list) {
        List<Map<?, ?>> maps = new ArrayList<>();
        if (list instanceof List<?> elements) {
            for (Object element : elements) {
                if (element instanceof Map<?, ?> map) {
                    maps.add(map);
                }
            }
        }
        return maps;
    }

    private static String text(Map<?, ?> map, String field) {
        return map.get(field) instanceof String text ? text : "";
    }
}
