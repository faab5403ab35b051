package io.emreks.podtemplate;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Changes a mutable tree: what several calls of a builder, or several steps of Spark, need. */
final class PodEditor {
    static final FieldPath METADATA = FieldPath.of("metadata");
    static final FieldPath LABELS = FieldPath.of("metadata", "labels");
    static final FieldPath ANNOTATIONS = FieldPath.of("metadata", "annotations");
    static final FieldPath SPEC = FieldPath.of("spec");
    static final FieldPath CONTAINERS = FieldPath.of("spec", "containers");
    static final FieldPath INIT_CONTAINERS = FieldPath.of("spec", "initContainers");
    static final FieldPath VOLUMES = FieldPath.of("spec", "volumes");
    static final FieldPath NODE_SELECTOR = FieldPath.of("spec", "nodeSelector");
    static final FieldPath AFFINITY = FieldPath.of("spec", "affinity");
    static final FieldPath NODE_AFFINITY = AFFINITY.child("nodeAffinity");
    static final FieldPath REQUIRED_NODES = NODE_AFFINITY
            .child("requiredDuringSchedulingIgnoredDuringExecution")
            .child("nodeSelectorTerms");
    static final FieldPath PREFERRED_NODES = NODE_AFFINITY.child("preferredDuringSchedulingIgnoredDuringExecution");

    private final PodRole role;
    private final Map<String, Object> fields;

    PodEditor(PodRole role, Map<String, Object> fields) {
        this.role = role;
        this.fields = fields;
    }

    Map<String, Object> fields() {
        return fields;
    }

    void set(FieldPath path, Object value) {
        path.write(fields, PodTree.mutableCopy(value, path));
    }

    /** The path of Spark's container, which is added if there is none of its name. */
    FieldPath mainContainer() {
        named(CONTAINERS, role.containerName());
        List<Object> list = list(CONTAINERS);
        int index = 0;
        while (!isNamed(list.get(index), role.containerName())) {
            index++;
        }
        return CONTAINERS.child(index);
    }

    /** The entry of this name in a list, which is added if there is none. */
    Map<String, Object> named(FieldPath path, String name) {
        List<Object> list = list(path);
        for (Object entry : list) {
            if (isNamed(entry, name)) {
                return PodTree.mutableMapping(entry, path);
            }
        }
        Map<String, Object> added = new LinkedHashMap<>();
        added.put("name", name);
        list.add(added);
        return added;
    }

    /** An entry of this name and with this content alone, in the place of one of the same name if there is one. */
    void replaceNamed(FieldPath path, String name, Map<String, ?> content) {
        Map<String, Object> entry = named(path, name);
        entry.clear();
        entry.put("name", name);
        entry.putAll(content);
    }

    private static boolean isNamed(Object entry, String name) {
        return entry instanceof Map<?, ?> map && name.equals(map.get("name"));
    }

    List<Object> list(FieldPath path) {
        if (path.read(fields) == null) {
            path.write(fields, new ArrayList<>());
        }
        return PodTree.mutableList(Objects.requireNonNull(path.read(fields)), path);
    }

    void addOnce(FieldPath list, Map<String, ?> entry) {
        List<Object> entries = list(list);
        if (!entries.contains(entry)) {
            entries.add(PodTree.mutableCopy(entry, list));
        }
    }

    /** A volume of this name, in the place of another of this name, and its only mount in Spark's container. */
    void volume(String name, String kind, Map<String, ?> source, String mountPath, boolean readOnly) {
        replaceNamed(VOLUMES, name, Map.of(kind, new LinkedHashMap<>(source)));
        Map<String, Object> mount = new LinkedHashMap<>();
        mount.put("mountPath", mountPath);
        if (readOnly) {
            mount.put("readOnly", true);
        }
        replaceNamed(mainContainer().child("volumeMounts"), name, mount);
    }

    /** Adds to all terms, as a node has to fit only one of them. */
    void requireNodes(String label, String operator, List<String> values) {
        List<Object> terms = list(REQUIRED_NODES);
        if (terms.isEmpty()) {
            terms.add(new LinkedHashMap<>());
        }
        for (int i = 0; i < terms.size(); i++) {
            addOnce(REQUIRED_NODES.child(i).child("matchExpressions"), expression(label, operator, values));
        }
    }

    void preferNodes(int weight, String label, String operator, List<String> values) {
        addOnce(
                PREFERRED_NODES,
                Map.of(
                        "weight",
                        (long) weight,
                        "preference",
                        Map.of("matchExpressions", List.of(expression(label, operator, values)))));
    }

    private static Map<String, Object> expression(String label, String operator, List<String> values) {
        Map<String, Object> expression = new LinkedHashMap<>();
        expression.put("key", label);
        expression.put("operator", operator);
        if (!values.isEmpty()) {
            expression.put("values", values);
        }
        return expression;
    }

    /** Removes everything that selects nodes by this label. */
    void forgetNodeLabel(String label) {
        if (NODE_SELECTOR.read(fields) instanceof Map<?, ?> selector) {
            selector.remove(label);
        }
        if (REQUIRED_NODES.read(fields) instanceof List<?> terms) {
            for (Iterator<?> each = terms.iterator(); each.hasNext(); ) {
                if (isEmptyWithout(each.next(), label)) {
                    each.remove();
                }
            }
        }
        if (PREFERRED_NODES.read(fields) instanceof List<?> preferences) {
            for (Iterator<?> each = preferences.iterator(); each.hasNext(); ) {
                if (each.next() instanceof Map<?, ?> map && isEmptyWithout(map.get("preference"), label)) {
                    each.remove();
                }
            }
        }
        removeIfEmpty(NODE_SELECTOR);
        if (AFFINITY.read(fields) != null) {
            removeIfEmpty(REQUIRED_NODES);
            removeIfEmpty(REQUIRED_NODES.parent());
            removeIfEmpty(PREFERRED_NODES);
            removeIfEmpty(NODE_AFFINITY);
            removeIfEmpty(AFFINITY);
        }
    }

    /** Whether a term that has an expression with this label has nothing else; if it has, the expression is removed. */
    private static boolean isEmptyWithout(@Nullable Object term, String label) {
        if (!(term instanceof Map<?, ?> map) || !(map.get("matchExpressions") instanceof List<?> expressions)) {
            return false;
        }
        boolean removed = false;
        for (Iterator<?> each = expressions.iterator(); each.hasNext(); ) {
            if (each.next() instanceof Map<?, ?> expression && label.equals(expression.get("key"))) {
                each.remove();
                removed = true;
            }
        }
        return removed && expressions.isEmpty() && map.size() == 1;
    }

    private void removeIfEmpty(FieldPath path) {
        Object value = path.read(fields);
        if (Map.of().equals(value) || List.of().equals(value)) {
            remove(path);
        }
    }

    /** Removes what stands at this path, if something does. */
    void remove(FieldPath path) {
        Object parent = path.parent().read(fields);
        Object segment = path.last();
        if (parent instanceof Map<?, ?> map && segment instanceof String) {
            map.remove(segment);
        } else if (parent instanceof List<?> list && segment instanceof Integer index && index < list.size()) {
            list.remove((int) index);
        }
    }
}
