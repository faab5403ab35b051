package io.emreks.podtemplate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a Kubernetes pod and their types, as in the file {@code pod-schema.txt}: one line for each structure, with
 * {@code field:type} separated by spaces. A type is a structure's name, one of {@link Scalar}'s words, {@code [type]} for a
 * list or {@code {type}} for a mapping with keys of the author's choice.
 */
final class PodSchema {
    /** The schema of the fields a template of this library can have. */
    static final PodSchema POD = load();

    /** By structure, the line that has its fields. */
    private final Map<String, String> lines;

    /** The lines that were needed so far; a template has few of them. */
    private final Map<String, Structure> structures = new ConcurrentHashMap<>();

    private PodSchema(Map<String, String> lines) {
        this.lines = lines;
    }

    sealed interface Type {}

    enum Scalar implements Type {
        STRING("string", "text; put it in quotes"),
        INT("int", "a whole number of at most 32 bits"),
        LONG("long", "a whole number"),
        BOOL("bool", "true or false"),
        QUANTITY("quantity", "a quantity such as 500m, 2 or 4Gi"),
        INT_OR_STRING("int-or-string", "a whole number or text"),
        ANY("any", "anything");

        private static final Scalar[] ALL = values();

        private final String word;
        private final String wanted;

        Scalar(String word, String wanted) {
            this.word = word;
            this.wanted = wanted;
        }

        boolean fits(Object value) {
            return switch (this) {
                case STRING -> value instanceof String;
                case INT -> value instanceof Long number && number == number.intValue();
                case LONG -> value instanceof Long;
                case BOOL -> value instanceof Boolean;
                case QUANTITY -> value instanceof String text ? isQuantity(text) : value instanceof Number;
                case INT_OR_STRING -> value instanceof String || value instanceof Long;
                case ANY -> true;
            };
        }
    }

    private static boolean isQuantity(String text) {
        return text.length() <= 2 * PodTree.MAX_DIGITS
                && Quantity.TEXT.matcher(text).matches();
    }

    /** Loaded when there is one. */
    private static final class Quantity {
        static final Pattern TEXT =
                Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]{1,3})?");

        private Quantity() {}
    }

    /** A type that is another line of the file; looked up when it is needed. */
    record Named(String name) implements Type {}

    record ListOf(Type entries) implements Type {}

    record MapOf(Type values) implements Type {}

    record Structure(String name, Map<String, Type> fields) {}

    /** What does not fit: a field that a pod does not have, or a value of another type. */
    record Mismatch(FieldPath path, boolean unknown, String problem) {}

    private static PodSchema load() {
        try (InputStream file = PodSchema.class.getResourceAsStream("pod-schema.txt")) {
            if (file == null) {
                throw new IllegalStateException("pod-schema.txt is missing beside " + PodSchema.class);
            }
            return parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static PodSchema parse(String text) {
        Map<String, String> lines = new HashMap<>();
        for (String line : text.split("\n")) {
            if (!line.isEmpty() && line.charAt(0) != '#') {
                int space = line.indexOf(' ');
                lines.put(space < 0 ? line : line.substring(0, space), line);
            }
        }
        return new PodSchema(lines);
    }

    private static Structure structure(String line) {
        String[] words = line.split(" ");
        Map<String, Type> fields = new LinkedHashMap<>();
        for (int i = 1; i < words.length; i++) {
            int colon = words[i].indexOf(':');
            fields.put(words[i].substring(0, colon), type(words[i].substring(colon + 1)));
        }
        return new Structure(words[0], fields);
    }

    private static Type type(String text) {
        String inner = text.substring(1, text.length() - 1);
        if (text.charAt(0) == '[') {
            return new ListOf(type(inner));
        }
        if (text.charAt(0) == '{') {
            return new MapOf(type(inner));
        }
        for (Scalar scalar : Scalar.ALL) {
            if (scalar.word.equals(text)) {
                return scalar;
            }
        }
        return new Named(text);
    }

    Structure structure(Named type) {
        return structureOf(type.name());
    }

    private Structure structureOf(String name) {
        Structure known = structures.get(name);
        if (known == null) {
            String line = lines.get(name);
            if (line == null) {
                throw new IllegalStateException("pod-schema.txt has no line for " + name);
            }
            known = structure(line);
            structures.put(name, known);
        }
        return known;
    }

    /** The type every pod has. */
    Named root() {
        return new Named("Pod");
    }

    /** The type of what stands at this path; empty if a pod has no such field. */
    Optional<Type> typeOf(FieldPath path) {
        @Nullable Type type = root();
        for (Object segment : path.segments()) {
            if (type instanceof Named named && segment instanceof String field) {
                type = structure(named).fields().get(field);
            } else if (type instanceof MapOf map && segment instanceof String) {
                type = map.values();
            } else if (type instanceof ListOf list && segment instanceof Integer) {
                type = list.entries();
            } else if (type != Scalar.ANY) {
                return Optional.empty();
            }
        }
        return Optional.ofNullable(type);
    }

    /**
     * Everything in these fields that a pod does not have; nothing is said of what is below a field that it does not have.
     */
    List<Mismatch> mismatches(Map<?, ?> pod) {
        Walk walk = new Walk();
        walk.value(pod, root());
        return walk.found;
    }

    private final class Walk {
        private final Deque<Object> path = new ArrayDeque<>();
        private final List<Mismatch> found = new ArrayList<>();

        void value(Object value, Type type) {
            if (type instanceof Scalar scalar) {
                if (!scalar.fits(value)) {
                    mismatch(false, "is not " + scalar.wanted);
                }
            } else if (type instanceof ListOf list) {
                if (value instanceof List<?> entries) {
                    for (int i = 0; i < entries.size(); i++) {
                        below(i, entries.get(i), list.entries());
                    }
                } else {
                    mismatch(false, "is not a list");
                }
            } else if (!(value instanceof Map<?, ?> mapping)) {
                mismatch(false, "is not a mapping");
            } else if (type instanceof MapOf map) {
                for (Map.Entry<?, ?> entry : mapping.entrySet()) {
                    below(entry.getKey(), entry.getValue(), map.values());
                }
            } else if (type instanceof Named named) {
                structure(mapping, PodSchema.this.structure(named));
            }
        }

        private void structure(Map<?, ?> mapping, Structure structure) {
            for (Map.Entry<?, ?> entry : mapping.entrySet()) {
                String key = (String) entry.getKey();
                Type type = structure.fields().get(key);
                if (type != null) {
                    below(key, entry.getValue(), type);
                } else {
                    path.addLast(key);
                    mismatch(true, unknownField(key, structure));
                    path.removeLast();
                }
            }
        }

        private void below(Object segment, Object value, Type type) {
            path.addLast(segment);
            value(value, type);
            path.removeLast();
        }

        private void mismatch(boolean unknownField, String problem) {
            found.add(new Mismatch(here(), unknownField, problem));
        }

        private FieldPath here() {
            return new FieldPath(List.copyOf(path));
        }
    }

    private String unknownField(String name, Structure structure) {
        String problem = "is not a field of a pod's " + structure.name();
        Optional<String> nearest = nearest(name, structure.fields().keySet());
        if (nearest.isPresent()) {
            return problem + "; the nearest is '" + nearest.get() + "'";
        }
        Optional<String> owner = lines.keySet().stream()
                .filter(other -> structureOf(other).fields().containsKey(name))
                .sorted()
                .findFirst();
        return owner.isPresent()
                ? problem + ", but of a " + owner.get() + "; look at the indentation"
                : problem + "; remove it, or name it with allowUnknown if it is newer than Kubernetes' fields here";
    }

    /** The name that takes the fewest changes to come to, if they are few. */
    static Optional<String> nearest(String name, Set<String> known) {
        String best = null;
        int fewest = Math.min(name.length(), 16) / 2 + 1;
        for (String candidate : known) {
            int changes = changes(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT), fewest);
            if (changes < fewest) {
                best = candidate;
                fewest = changes;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Levenshtein's distance, as far as it is below the limit. */
    private static int changes(String from, String to, int limit) {
        if (Math.abs(from.length() - to.length()) >= limit) {
            return limit;
        }
        int[] previous = new int[to.length() + 1];
        for (int j = 0; j < previous.length; j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] current = new int[to.length() + 1];
            current[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[to.length()];
    }
}
