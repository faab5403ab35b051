package io.emreks.podtemplate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What Kubernetes' API server refuses a pod for although its fields and types are right: fields that have to be there, names
 * and words that it does not know, numbers out of range (Kubernetes, reference of the Pod API). Only what people write into
 * templates; a field that is not looked at here may still be refused.
 */
final class KubernetesRules {
    private static final Set<String> NODE_OPERATORS = Set.of("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt");
    private static final Set<String> HOST_PATH_TYPES =
            Set.of("", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice");
    private static final Set<String> SPREAD_WORDS = Set.of("DoNotSchedule", "ScheduleAnyway");
    private static final FieldPath SPEC = PodEditor.SPEC;
    private static final int MAX_WEIGHT = 100;

    private final PodTree tree;
    private final List<Finding> findings;

    private KubernetesRules(PodTree tree, List<Finding> findings) {
        this.tree = tree;
        this.findings = findings;
    }

    static void check(PodTree tree, List<Finding> findings) {
        KubernetesRules rules = new KubernetesRules(tree, findings);
        rules.containers(PodEditor.CONTAINERS);
        rules.containers(PodEditor.INIT_CONTAINERS);
        rules.volumes();
        rules.spread();
        if (tree.at(PodEditor.AFFINITY) != null) {
            rules.nodeAffinity();
            rules.podAffinity("podAffinity");
            rules.podAffinity("podAntiAffinity");
        }
        rules.atLeast(SPEC.child("terminationGracePeriodSeconds"), 0);
        rules.atLeast(SPEC.child("activeDeadlineSeconds"), 1);
    }

    private void containers(FieldPath list) {
        for (FieldPath container : entries(list)) {
            name(container);
            for (FieldPath variable : entries(container.child("env"))) {
                required(variable, "name");
                Object name = tree.at(variable.child("name"));
                if (name instanceof String text && text.indexOf('=') >= 0) {
                    invalid(variable.child("name"), "has a '=', which no variable's name can have");
                }
                if (tree.at(variable.child("value")) != null && tree.at(variable.child("valueFrom")) != null) {
                    invalid(variable, "has both a value and valueFrom; keep one");
                }
            }
            for (FieldPath mount : entries(container.child("volumeMounts"))) {
                required(mount, "name");
                required(mount, "mountPath");
                if (tree.at(mount.child("mountPath")) instanceof String path && path.indexOf(':') >= 0) {
                    invalid(mount.child("mountPath"), "has a ':', which no mount path can have");
                }
            }
        }
    }

    private void volumes() {
        for (FieldPath volume : entries(PodEditor.VOLUMES)) {
            name(volume);
            int sources = tree.at(volume) instanceof Map<?, ?> map ? map.size() : 0;
            if (tree.at(volume.child("name")) != null) {
                sources--;
            }
            if (sources == 0) {
                missing(volume, "source, such as emptyDir or hostPath");
            } else if (sources > 1) {
                invalid(volume, "has more than one source; keep one");
            }
            word(volume.child("hostPath").child("type"), HOST_PATH_TYPES);
        }
    }

    private void spread() {
        for (FieldPath constraint : entries(SPEC.child("topologySpreadConstraints"))) {
            required(constraint, "maxSkew");
            required(constraint, "topologyKey");
            required(constraint, "whenUnsatisfiable");
            atLeast(constraint.child("maxSkew"), 1);
            word(constraint.child("whenUnsatisfiable"), SPREAD_WORDS);
        }
    }

    private void nodeAffinity() {
        for (FieldPath term : entries(PodEditor.REQUIRED_NODES)) {
            expressions(term);
        }
        for (FieldPath preference : entries(PodEditor.PREFERRED_NODES)) {
            weight(preference);
            required(preference, "preference");
            expressions(preference.child("preference"));
        }
    }

    private void expressions(FieldPath term) {
        for (FieldPath expression : entries(term.child("matchExpressions"))) {
            required(expression, "key");
            required(expression, "operator");
            word(expression.child("operator"), NODE_OPERATORS);
            int values = tree.at(expression.child("values")) instanceof List<?> list ? list.size() : 0;
            String operator = String.valueOf(tree.at(expression.child("operator")));
            switch (operator) {
                case "In", "NotIn" -> {
                    if (values == 0) {
                        missing(expression, "values, which the operator " + operator + " needs");
                    }
                }
                case "Exists", "DoesNotExist" -> {
                    if (values > 0) {
                        invalid(expression, "has values, which the operator " + operator + " does not take");
                    }
                }
                case "Gt", "Lt" -> {
                    if (!isNumber(expression.child("values"))) {
                        invalid(expression, "does not have one whole number as its values, in quotes");
                    }
                }
                default -> {}
            }
        }
    }

    private boolean isNumber(FieldPath values) {
        if (tree.at(values) instanceof List<?> list && list.size() == 1) {
            String value = String.valueOf(list.get(0));
            for (int i = 0; i < value.length(); i++) {
                if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                    return false;
                }
            }
            return !value.isEmpty();
        }
        return false;
    }

    private void podAffinity(String kind) {
        FieldPath affinity = PodEditor.AFFINITY.child(kind);
        for (FieldPath term : entries(affinity.child("requiredDuringSchedulingIgnoredDuringExecution"))) {
            required(term, "topologyKey");
        }
        for (FieldPath wish : entries(affinity.child("preferredDuringSchedulingIgnoredDuringExecution"))) {
            weight(wish);
            required(wish.child("podAffinityTerm"), "topologyKey");
        }
    }

    private void weight(FieldPath preference) {
        FieldPath path = preference.child("weight");
        required(preference, "weight");
        if (tree.at(path) instanceof Long weight && (weight < 1 || weight > MAX_WEIGHT)) {
            invalid(path, "is not from 1 to " + MAX_WEIGHT);
        }
    }

    private void atLeast(FieldPath path, long least) {
        if (tree.at(path) instanceof Long number && number < least) {
            invalid(path, "is less than " + least);
        }
    }

    private void word(FieldPath path, Set<String> known) {
        if (tree.at(path) instanceof String text && !known.contains(text)) {
            List<String> words = new ArrayList<>(known);
            words.remove("");
            words.sort(null);
            invalid(path, "is none of " + String.join(", ", words));
        }
    }

    /** A container's or a volume's. */
    private void name(FieldPath named) {
        required(named, "name");
        FieldPath path = named.child("name");
        if (tree.at(path) instanceof String name && !name.isEmpty() && !KubernetesNames.isDnsLabel(name)) {
            invalid(path, "is not at most 63 lower-case letters, digits and '-', with a letter or digit at both ends");
        }
    }

    private void required(FieldPath mapping, String field) {
        Object value = tree.at(mapping.child(field));
        if (value == null || value.equals("")) {
            missing(mapping, field);
        }
    }

    private void missing(FieldPath path, String what) {
        findings.add(new Finding(
                Rule.FIELD_MISSING,
                path.toString(),
                Severity.ERROR,
                "it has no " + what + "; Kubernetes refuses the pod",
                "add it"));
    }

    private void invalid(FieldPath path, String reason) {
        findings.add(new Finding(
                Rule.VALUE_INVALID,
                path.toString(),
                Severity.ERROR,
                "it " + reason + "; Kubernetes refuses the pod",
                "correct it"));
    }

    private List<FieldPath> entries(FieldPath path) {
        return PodRules.entries(tree, path);
    }
}
