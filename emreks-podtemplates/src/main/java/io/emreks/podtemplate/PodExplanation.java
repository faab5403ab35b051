package io.emreks.podtemplate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says in words what the fields of a template do, one field on each line, and what is wrong with them. */
final class PodExplanation {
    /** By the path's field, or by its parent's and an asterisk. */
    private static final Map<String, String> MEANINGS = Map.ofEntries(
            Map.entry("labels.*", "a label of the pod"),
            Map.entry("annotations.*", "an annotation of the pod"),
            Map.entry("nodeSelector.*", "only on nodes with this label"),
            Map.entry("nodeSelector.kubernetes.io/arch", "only on nodes of this architecture; images must have it"),
            Map.entry("nodeSelector.karpenter.sh/capacity-type", "only on nodes of this capacity (Karpenter)"),
            Map.entry(
                    "nodeSelector.eks.amazonaws.com/capacityType",
                    "only on nodes of this capacity (managed node groups)"),
            Map.entry("nodeSelector.karpenter.sh/nodepool", "only on nodes of this Karpenter pool"),
            Map.entry("nodeSelector.topology.kubernetes.io/zone", "only in this availability zone"),
            Map.entry("annotations.karpenter.sh/do-not-disrupt", "Karpenter does not move the pod to save nodes"),
            Map.entry(
                    "annotations.cluster-autoscaler.kubernetes.io/safe-to-evict",
                    "the Cluster Autoscaler may move the pod only if this is true"),
            Map.entry("affinity", "which nodes and pods it wants to be near, or apart from"),
            Map.entry("tolerations", "taints of nodes that it may be placed on"),
            Map.entry("topologySpreadConstraints", "how pods are spread over nodes or zones"),
            Map.entry("terminationGracePeriodSeconds", "seconds to end in, when told to"),
            Map.entry("priorityClassName", "who goes first when nodes are full; the class must exist"),
            Map.entry("schedulerName", "who places the pod, unless a Spark setting names another"),
            Map.entry("volumes", "volumes that containers can mount"),
            Map.entry("initContainers", "run to their end before Spark starts"),
            Map.entry("hostAliases", "names added to the hosts file"),
            Map.entry("imagePullSecrets", "secrets for pulling images, besides those of Spark's settings"),
            Map.entry("env", "variables of Spark's container"),
            Map.entry("envFrom", "variables of Spark's container, from Secrets and ConfigMaps"),
            Map.entry("volumeMounts", "where volumes are in Spark's container"),
            Map.entry("resources", "Spark overwrites memory and the CPU request; other resources stay"),
            Map.entry("sidecar", "a container beside Spark's"));

    private final PodRole role;
    private final List<String> lines = new ArrayList<>();

    private PodExplanation(PodRole role) {
        this.role = role;
    }

    static String of(PodRole role, PodTree tree, List<Finding> findings) {
        PodExplanation explanation = new PodExplanation(role);
        explanation.lines.add("Template of the " + role.word() + "'s pod");
        explanation.fields(tree.at(PodEditor.METADATA), PodEditor.METADATA);
        explanation.fields(tree.at(PodEditor.SPEC), PodEditor.SPEC);
        for (Finding finding : findings) {
            explanation.lines.add(finding.toString());
        }
        return String.join("\n", explanation.lines) + "\n";
    }

    private void fields(@Nullable Object mapping, FieldPath path) {
        if (mapping instanceof Map<?, ?> fields) {
            fields.forEach((field, value) -> field(path.child((String) field), value));
        }
    }

    private void field(FieldPath path, Object value) {
        String name = String.valueOf(path.last());
        if (path.equals(PodEditor.CONTAINERS) && value instanceof List<?> containers) {
            for (int i = 0; i < containers.size(); i++) {
                container(path.child(i), containers.get(i));
            }
        } else if (value instanceof Map<?, ?>
                && (name.equals("labels") || name.equals("annotations") || name.equals("nodeSelector"))) {
            fields(value, path);
        } else {
            line(path, value, meaning(path));
        }
    }

    private void container(FieldPath path, Object value) {
        if (value instanceof Map<?, ?> container && role.containerName().equals(container.get("name"))) {
            container.forEach((field, content) -> {
                if (!field.equals("name")) {
                    line(path.child((String) field), content, meaning(path.child((String) field)));
                }
            });
        } else {
            line(path, value, Optional.ofNullable(MEANINGS.get("sidecar")));
        }
    }

    private static Optional<String> meaning(FieldPath path) {
        String name = String.valueOf(path.last());
        String parent = String.valueOf(path.parent().last());
        String exact = MEANINGS.get(parent + "." + name);
        return Optional.ofNullable(exact != null ? exact : MEANINGS.getOrDefault(parent + ".*", MEANINGS.get(name)));
    }

    private void line(FieldPath path, Object value, Optional<String> meaning) {
        lines.add("- " + path + ": " + YamlWriter.inline(shown(path.last(), value))
                + meaning.map(words -> " (" + words + ")").orElse(""));
    }

    /** Of variables the names alone, as their values may be secret. */
    private static Object shown(Object field, Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> shown = new LinkedHashMap<>();
            map.forEach((key, child) -> shown.put((String) key, shown(key, child)));
            return shown;
        }
        if (value instanceof List<?> list) {
            List<Object> shown = new ArrayList<>();
            list.forEach(entry -> shown.add(
                    field.equals("env") && entry instanceof Map<?, ?> map && map.get("name") instanceof String name
                            ? name
                            : shown("", entry)));
            return shown;
        }
        return value;
    }
}
