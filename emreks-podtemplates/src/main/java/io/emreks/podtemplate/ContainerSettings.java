package io.emreks.podtemplate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a sidecar or an init container is, besides its name and image. Every method returns this. Not safe for use by many
 * threads.
 */
public final class ContainerSettings {
    /** Not at /tmp, which the sidecar's own program may need. */
    private static final String SPARKS_TMP = "/var/run/spark-tmp";

    private final String image;
    private final Map<String, Object> env = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> mounts = new LinkedHashMap<>();
    private final Map<String, Object> resources = new LinkedHashMap<>();
    private final Map<FieldPath, Object> others = new LinkedHashMap<>();
    private List<String> command = List.of();
    private Optional<Boolean> executorLogs = Optional.empty();

    ContainerSettings(String image) {
        this.image = image;
    }

    /**
     * Sets what the container runs, instead of what its image says.
     *
     * @param command the program and its arguments
     * @return this
     */
    public ContainerSettings command(String... command) {
        this.command = List.of(command);
        return this;
    }

    /**
     * Sets an environment variable, which is stored on S3 and in the cluster as plain text.
     *
     * @param name the variable's name
     * @param value the value
     * @return this
     */
    public ContainerSettings env(String name, String value) {
        return variable(name, Map.of("name", name, "value", value));
    }

    /**
     * Sets an environment variable from a Secret of the job's namespace.
     *
     * @param name the variable's name
     * @param secret the Secret's name
     * @param key the key in the Secret
     * @return this
     */
    public ContainerSettings envFromSecret(String name, String secret, String key) {
        return variable(
                name, Map.of("name", name, "valueFrom", Map.of("secretKeyRef", Map.of("name", secret, "key", key))));
    }

    private ContainerSettings variable(String name, Map<String, Object> variable) {
        env.put(name, variable);
        return this;
    }

    /**
     * Mounts a volume of the pod, or one that EMR adds, such as {@code emr-container-application-log-dir} with the logs of
     * Spark's container.
     *
     * @param volume the volume's name
     * @param mountPath the directory in the container
     * @return this
     */
    public ContainerSettings mount(String volume, String mountPath) {
        Map<String, Object> mount = new LinkedHashMap<>();
        mount.put("name", volume);
        mount.put("mountPath", mountPath);
        mounts.put(mountPath, mount);
        return this;
    }

    /**
     * Sets how much CPU and memory the container asks for. It comes on top of what Spark asks for, and is its memory limit.
     *
     * @param cpu such as {@code 100m}
     * @param memory such as {@code 256Mi}
     * @return this
     */
    public ContainerSettings resources(String cpu, String memory) {
        resources.put("requests", Map.of("cpu", cpu, "memory", memory));
        resources.put("limits", Map.of("memory", memory));
        return this;
    }

    /**
     * Stops an executor's sidecar when Spark's container has ended, as it is always done for a driver's; see
     * {@link PodTemplate.Builder#sidecar}. Needed where Spark counts an executor as ended only when all its containers have
     * ({@code spark.kubernetes.executor.checkAllContainers}, which is on by default from Spark 4.0 on).
     *
     * @param logsCollected whether EMR collects the executors' logs, for S3 or CloudWatch; it decides in which volume the
     *     file is that Spark's container touches. If it is said wrongly, the sidecar ends after a minute, or Kubernetes
     *     refuses the pod
     * @return this
     */
    public ContainerSettings endWithSpark(boolean logsCollected) {
        executorLogs = Optional.of(logsCollected);
        return this;
    }

    /**
     * Sets any other field of the container.
     *
     * @param path as in {@link PodTemplate.Builder#field}, from the container on: {@code securityContext.runAsUser}
     * @param value a String, Boolean, whole or decimal number, or a List or Map of these
     * @return this
     */
    public ContainerSettings field(String path, Object value) {
        others.put(FieldPath.parse(path), value);
        return this;
    }

    /** The fields of a sidecar. */
    Map<String, Object> sidecar(String name, PodRole role) {
        if (role == PodRole.DRIVER) {
            return fields(watching(name, Heartbeat.LOGS_VOLUME, Heartbeat.LOGS));
        }
        if (executorLogs.isEmpty()) {
            return fields(command);
        }
        return fields(
                executorLogs.get()
                        ? watching(name, Heartbeat.LOGS_VOLUME, Heartbeat.LOGS)
                        : watching(name, Heartbeat.TMP_VOLUME, SPARKS_TMP));
    }

    /** The fields of a container that ends before Spark's container starts. */
    Map<String, Object> initContainer(String name) {
        if (executorLogs.isPresent()) {
            throw InvalidPodTemplateException.of("the init container " + name
                    + " ends before Spark's container starts; leave endWithSpark out, or make it a sidecar");
        }
        return fields(command);
    }

    /** The command, stopped when the file is no longer touched; mounts the volume that has the file. */
    private List<String> watching(String name, String volume, String directory) {
        if (command.isEmpty()) {
            throw InvalidPodTemplateException.of("the sidecar " + name
                    + " has no command; say what it runs, so that it can be stopped when Spark's container has ended");
        }
        String mounted = directory;
        for (Map.Entry<String, Map<String, Object>> mount : mounts.entrySet()) {
            if (volume.equals(mount.getValue().get("name"))) {
                mounted = mount.getKey();
            }
        }
        Map<String, Object> there = mounts.get(mounted);
        if (there == null) {
            mount(volume, mounted);
        } else if (!volume.equals(there.get("name"))) {
            throw InvalidPodTemplateException.of("the sidecar " + name + " mounts another volume at " + mounted
                    + ", where it sees whether Spark's container has ended; mount it elsewhere");
        }
        List<String> wrapped =
                new ArrayList<>(List.of("sh", "-c", Heartbeat.script(mounted + "/" + Heartbeat.FILE), name));
        wrapped.addAll(command);
        return wrapped;
    }

    private Map<String, Object> fields(List<String> run) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("image", image);
        putIfAny(fields, "command", run);
        putIfAny(fields, "env", new ArrayList<>(env.values()));
        putIfAny(fields, "volumeMounts", new ArrayList<>(mounts.values()));
        putIfAny(fields, "resources", resources.isEmpty() ? null : new LinkedHashMap<>(resources));
        others.forEach((path, value) -> path.write(fields, PodTree.mutableCopy(value, path)));
        return fields;
    }

    private static void putIfAny(Map<String, Object> fields, String field, @Nullable Object value) {
        if (value != null && !(value instanceof List<?> list && list.isEmpty())) {
            fields.put(field, PodTree.mutableCopy(value, FieldPath.of(field)));
        }
    }
}
