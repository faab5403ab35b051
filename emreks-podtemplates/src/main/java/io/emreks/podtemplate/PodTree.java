package io.emreks.podtemplate;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a pod as an immutable tree of mappings, lists, strings, booleans and numbers.
 *
 * <p>There is one form for each content: keys are sorted ({@code name} first), numbers have one type per value, and a
 * field without a value is left out. So equal trees render to equal bytes, whatever the order they were written in.
 */
final class PodTree {
    static final int MAX_DEPTH = 40;
    static final int MAX_NODES = 50_000;
    /** Digits before or after the point; far more than any quantity of Kubernetes has. */
    static final int MAX_DIGITS = 40;

    private static final int MAX_KEY_LENGTH = 317;
    private static final Set<FieldPath> TEXT_MAPPINGS = Set.of(
            FieldPath.of("metadata", "labels"),
            FieldPath.of("metadata", "annotations"),
            FieldPath.of("spec", "nodeSelector"));

    private final Map<String, Object> root;

    private PodTree(Map<String, Object> root) {
        this.root = root;
    }

    static PodTree copyOf(Map<?, ?> fields) {
        return new PodTree(new Copier(true, FieldPath.ROOT).mapping(fields));
    }

    /** A copy that can be changed, to be given to {@link #copyOf} again. */
    Map<String, Object> mutableCopy() {
        return new Copier(false, FieldPath.ROOT).mapping(root);
    }

    /** A copy of a mutable tree that can be changed by itself. */
    static Map<String, Object> mutableCopy(Map<?, ?> fields) {
        return new Copier(false, FieldPath.ROOT).mapping(fields);
    }

    /** A mutable copy of a value a user gave for the field at this path. */
    static Object mutableCopy(Object value, FieldPath path) {
        return new Copier(false, path).value(value);
    }

    /** A copy of a value in the one form it has here. */
    static Object canonical(Object value, FieldPath path) {
        return new Copier(true, path).value(value);
    }

    Map<String, Object> root() {
        return root;
    }

    @Nullable
    Object at(FieldPath path) {
        return path.read(root);
    }

    /** Mutable trees are made by this class and {@link FieldPath} alone, so that every mapping is of this type. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> mutableMapping(Object value, FieldPath path) {
        if (value instanceof Map<?, ?>) {
            return (Map<String, Object>) value;
        }
        throw InvalidPodTemplateException.of(path + " is not a mapping; replace it as a whole first");
    }

    @SuppressWarnings("unchecked")
    static List<Object> mutableList(Object value, FieldPath path) {
        if (value instanceof List<?>) {
            return (List<Object>) value;
        }
        throw InvalidPodTemplateException.of(path + " is not a list; replace it as a whole first");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PodTree tree && tree.root.equals(root);
    }

    @Override
    public int hashCode() {
        return root.hashCode();
    }

    private static final class Copier {
        private final boolean frozen;
        /** Segments on the way to what is being copied. */
        private final Deque<Object> path;

        private int nodes;

        Copier(boolean frozen, FieldPath start) {
            this.frozen = frozen;
            this.path = new ArrayDeque<>(start.segments());
        }

        Object value(Object value) {
            if (value instanceof Map<?, ?> map) {
                return mapping(map);
            }
            if (value instanceof List<?> list) {
                return list(list);
            }
            count();
            if (value instanceof String text) {
                return text(text);
            }
            if (value instanceof Boolean) {
                return value;
            }
            if (value instanceof Number number) {
                return number(number);
            }
            throw problem("has a value of the type " + value.getClass().getName()
                    + "; give a String, Boolean, whole or decimal number, List or Map");
        }

        Map<String, Object> mapping(Map<?, ?> map) {
            count();
            Map<String, Object> copy = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : sorted(map).entrySet()) {
                String key = key(entry.getKey());
                Object value = entry.getValue();
                path.addLast(key);
                if (value != null) {
                    copy.put(key, value(value));
                } else if (path.size() == 3 && TEXT_MAPPINGS.contains(here().parent())) {
                    // absent in one reader of Kubernetes files, empty text in another
                    throw problem("has no value; write \"\" for empty text");
                }
                path.removeLast();
            }
            return frozen ? Collections.unmodifiableMap(copy) : copy;
        }

        private List<Object> list(List<?> list) {
            count();
            List<Object> copy = new ArrayList<>();
            for (Object entry : list) {
                path.addLast(copy.size());
                if (entry == null) {
                    throw problem("has no value; give it one or remove the entry");
                }
                copy.add(value(entry));
                path.removeLast();
            }
            return frozen ? Collections.unmodifiableList(copy) : copy;
        }

        /** Sorts what is not sorted yet; keys that are no text are left for the complaint. */
        private static Map<?, ?> sorted(Map<?, ?> map) {
            String previous = null;
            for (Object key : map.keySet()) {
                if (!(key instanceof String text)) {
                    return map;
                }
                if (previous != null && compare(previous, text) > 0) {
                    return resorted(map);
                }
                previous = text;
            }
            return map;
        }

        private static Map<?, ?> resorted(Map<?, ?> map) {
            List<String> keys = new ArrayList<>();
            for (Object key : map.keySet()) {
                if (!(key instanceof String text)) {
                    return map;
                }
                keys.add(text);
            }
            keys.sort(KeyOrder.NAME_FIRST);
            Map<String, @Nullable Object> sorted = new LinkedHashMap<>();
            for (String key : keys) {
                sorted.put(key, map.get(key));
            }
            return sorted;
        }

        private static int compare(String left, String right) {
            return KeyOrder.NAME_FIRST.compare(left, right);
        }

        private void count() {
            if (path.size() > MAX_DEPTH) {
                throw InvalidPodTemplateException.of(
                        here(), "the fields are nested more than " + MAX_DEPTH + " deep; a pod needs fewer than 15");
            }
            if (++nodes > MAX_NODES) {
                throw InvalidPodTemplateException.of(
                        here(), "the template has more than " + MAX_NODES + " fields and entries; make it smaller");
            }
        }

        private String key(@Nullable Object key) {
            if (!(key instanceof String text)) {
                throw badKey("is not a String");
            }
            if (text.isEmpty() || text.length() > MAX_KEY_LENGTH || !isPrintable(text)) {
                throw badKey("is empty, has control characters or is longer than " + MAX_KEY_LENGTH
                        + " characters; no field, label or annotation of Kubernetes is like that");
            }
            return text;
        }

        private InvalidPodTemplateException badKey(String problem) {
            return InvalidPodTemplateException.of(
                    here(), "a key in " + (path.isEmpty() ? "the template" : here()) + " " + problem);
        }

        private String text(String text) {
            if (hasSurrogate(text)) {
                throw problem("has half of a surrogate pair, which no file can hold; remove it");
            }
            return text;
        }

        private Number number(Number number) {
            BigDecimal decimal;
            if (number instanceof BigDecimal given) {
                decimal = given;
            } else if (number instanceof BigInteger given) {
                decimal = new BigDecimal(given);
            } else if (number instanceof Double || number instanceof Float) {
                if (!Double.isFinite(number.doubleValue())) {
                    throw problem("is not a finite number; Kubernetes has none such");
                }
                decimal = new BigDecimal(number.toString());
            } else {
                return number.longValue();
            }
            decimal = decimal.stripTrailingZeros();
            if (Math.abs((long) decimal.scale()) > MAX_DIGITS || decimal.precision() > MAX_DIGITS) {
                throw problem("is a number of more than " + MAX_DIGITS + " digits; Kubernetes has none such");
            }
            if (decimal.scale() > 0) {
                return decimal;
            }
            BigInteger whole = decimal.toBigIntegerExact();
            return whole.bitLength() < Long.SIZE ? (Number) whole.longValue() : whole;
        }

        private InvalidPodTemplateException problem(String problem) {
            return InvalidPodTemplateException.of(here(), here() + " " + problem);
        }

        private FieldPath here() {
            return new FieldPath(List.copyOf(path));
        }
    }

    private static boolean hasSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (isSurrogate(text.codePointAt(i))) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    private static boolean isPrintable(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (!printable(text.codePointAt(i))) {
                return false;
            }
        }
        return true;
    }

    private enum KeyOrder implements Comparator<String> {
        NAME_FIRST;

        @Override
        public int compare(String left, String right) {
            boolean name = left.equals("name");
            return name == right.equals("name") ? left.compareTo(right) : name ? -1 : 1;
        }
    }

    /** As YAML defines it, less the line separators and the byte order mark; not by the JVM's tables, which change. */
    static boolean printable(int codePoint) {
        if (codePoint < 0xA0) {
            return codePoint >= ' ' && codePoint <= '~';
        }
        return !isSurrogate(codePoint)
                && codePoint != 0x2028
                && codePoint != 0x2029
                && codePoint != 0xFEFF
                && codePoint != 0xFFFE
                && codePoint != 0xFFFF;
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
