package io.emreks.podtemplate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a sidecar or an init container is, besides its name and image. Every method returns this. Not safe for use by many
 * threads.
 */
public final class ContainerSettings {
    private static final String HEARTBEAT_DIRECTORY = "/var/log/fluentd";

    private final String image;
    private final List<Object> env = new ArrayList<>();
    private final Map<String, Map<String, Object>> mounts = new LinkedHashMap<>();
    private final Map<String, Object> resources = new LinkedHashMap<>();
    private final Map<FieldPath, Object> others = new LinkedHashMap<>();
    private List<String> command = List.of();

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
        env.add(Map.of("name", name, "value", value));
        return this;
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
        env.add(Map.of("name", name, "valueFrom", Map.of("secretKeyRef", Map.of("name", secret, "key", key))));
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

    Map<String, Object> fields(String name, boolean heartbeat) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("image", image);
        if (heartbeat) {
            if (command.isEmpty()) {
                throw InvalidPodTemplateException.of(
                        "the sidecar " + name
                                + " has no command; say what it runs, so that it can be stopped when Spark's container has ended");
            }
            mounts.computeIfAbsent(HEARTBEAT_DIRECTORY, path -> {
                Map<String, Object> mount = new LinkedHashMap<>();
                mount.put("name", "emr-container-communicate");
                mount.put("mountPath", path);
                return mount;
            });
            List<String> wrapped = new ArrayList<>(
                    List.of("sh", "-c", Heartbeat.script(HEARTBEAT_DIRECTORY + "/main-container-terminated"), name));
            wrapped.addAll(command);
            fields.put("command", wrapped);
        } else if (!command.isEmpty()) {
            fields.put("command", new ArrayList<>(command));
        }
        putIfAny(fields, "env", env);
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
