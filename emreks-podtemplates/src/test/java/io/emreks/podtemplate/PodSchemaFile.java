package io.emreks.podtemplate;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes {@code pod-schema.txt} from fabric8's model of Kubernetes; run by the profile {@code pod-schema}. */
public final class PodSchemaFile {
    private static final String HEADER = "# The fields of a Kubernetes pod, from io.fabric8:kubernetes-model-core."
            + " Made by: mvn -Ppod-schema -pl emreks-podtemplates process-test-classes\n";

    private final Map<String, String> lines = new TreeMap<>();
    private final Deque<Class<?>> waiting = new ArrayDeque<>(List.of(Pod.class));

    private PodSchemaFile() {}

    public static void main(String[] args) throws IOException {
        Files.writeString(Path.of(args[0]), text());
    }

    static String text() {
        PodSchemaFile file = new PodSchemaFile();
        while (!file.waiting.isEmpty()) {
            file.structure(file.waiting.remove());
        }
        return HEADER + String.join("\n", file.lines.values()) + "\n";
    }

    private void structure(Class<?> type) {
        if (lines.containsKey(type.getSimpleName())) {
            return;
        }
        Map<String, String> fields = new TreeMap<>();
        for (Field field : type.getDeclaredFields()) {
            JsonProperty property = field.getAnnotation(JsonProperty.class);
            if (property != null) {
                fields.put(property.value(), word(field.getGenericType()));
            }
        }
        if (fields.isEmpty()) {
            // such as the selectors of no volume: a mapping without fields
            lines.put(type.getSimpleName(), type.getSimpleName());
            return;
        }
        StringBuilder line = new StringBuilder(type.getSimpleName());
        fields.forEach((name, word) -> line.append(' ').append(name).append(':').append(word));
        lines.put(type.getSimpleName(), line.toString());
    }

    private String word(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            return List.class.isAssignableFrom((Class<?>) generic.getRawType())
                    ? "[" + word(arguments[0]) + "]"
                    : "{" + word(arguments[1]) + "}";
        }
        Class<?> raw = (Class<?>) type;
        if (raw == String.class) {
            return "string";
        }
        if (raw == Integer.class) {
            return "int";
        }
        if (raw == Long.class) {
            return "long";
        }
        if (raw == Boolean.class) {
            return "bool";
        }
        if (raw == Quantity.class) {
            return "quantity";
        }
        if (raw == IntOrString.class) {
            return "int-or-string";
        }
        if (raw == Object.class
                || raw == KubernetesResource.class
                || raw.getSimpleName().equals("FieldsV1")) {
            return "any";
        }
        if (raw.getSimpleName().equals("MicroTime")) {
            return "string";
        }
        if (!raw.getName().startsWith("io.fabric8.")) {
            throw new IllegalStateException("no word for " + type);
        }
        waiting.add(raw);
        return raw.getSimpleName();
    }
}
