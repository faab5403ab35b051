package io.emreks.podtemplate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in a pod, written as {@code spec.containers[0].env} or {@code metadata.labels["a.b/c"]}. A segment is a
 * {@code String} (key of a mapping) or an {@code Integer} (index of a list).
 */
record FieldPath(List<Object> segments) {
    static final FieldPath ROOT = new FieldPath(List.of());

    FieldPath {
        segments = List.copyOf(segments);
    }

    static FieldPath parse(String text) {
        List<Object> segments = new ArrayList<>();
        Matcher matcher = Syntax.SEGMENT.matcher(text);
        int end = 0;
        while (end < text.length() && segments.size() < PodTree.MAX_DEPTH) {
            if (!matcher.region(end, text.length()).lookingAt()) {
                break;
            }
            boolean dotted = text.charAt(end) == '.';
            if (matcher.group(1) != null && dotted == segments.isEmpty()) {
                break;
            }
            if (matcher.group(1) != null) {
                segments.add(matcher.group(1));
            } else if (matcher.group(2) != null) {
                segments.add(Integer.valueOf(matcher.group(2)));
            } else {
                segments.add(matcher.group(3).replaceAll("\\\\(.)", "$1"));
            }
            end = matcher.end();
        }
        if (end < text.length() || segments.isEmpty() || segments.get(0) instanceof Integer) {
            throw InvalidPodTemplateException.of("path '" + text + "' cannot be read from character " + (end + 1)
                    + " on; write it like spec.containers[0].workingDir or metadata.labels[\"team/owner\"]");
        }
        return new FieldPath(segments);
    }

    static FieldPath of(String... keys) {
        return new FieldPath(List.of((Object[]) keys));
    }

    FieldPath child(String key) {
        return plus(key);
    }

    FieldPath child(int index) {
        return plus(index);
    }

    /** The place this one is in; only for places other than the root. */
    FieldPath parent() {
        return new FieldPath(segments.subList(0, segments.size() - 1));
    }

    Object last() {
        return segments.get(segments.size() - 1);
    }

    private FieldPath plus(Object segment) {
        Object[] longer = segments.toArray(new Object[segments.size() + 1]);
        longer[segments.size()] = segment;
        return new FieldPath(List.of(longer));
    }

    /** The value at this place, or null if there is none. */
    @Nullable
    Object read(Object root) {
        Object value = root;
        for (Object segment : segments) {
            if (value instanceof Map<?, ?> map && segment instanceof String) {
                value = map.get(segment);
            } else if (value instanceof List<?> list && segment instanceof Integer index && index < list.size()) {
                value = list.get(index);
            } else {
                return null;
            }
            if (value == null) {
                return null;
            }
        }
        return value;
    }

    /** Puts a value into a mutable tree, making the mappings and lists on the way. */
    void write(Map<String, Object> root, Object value) {
        Object parent = root;
        for (int i = 0; i < segments.size(); i++) {
            boolean last = i == segments.size() - 1;
            FieldPath here = new FieldPath(segments.subList(0, i));
            Object segment = segments.get(i);
            Object fresh =
                    last ? value : segments.get(i + 1) instanceof String ? newMapping() : new ArrayList<Object>();
            if (segment instanceof Integer index) {
                List<Object> list = PodTree.mutableList(parent, here);
                if (index > list.size()) {
                    throw InvalidPodTemplateException.of(
                            this + " cannot be set: " + here + " has only " + list.size() + " entries");
                }
                if (index == list.size()) {
                    list.add(fresh);
                } else if (last) {
                    list.set(index, fresh);
                }
                parent = list.get(index);
            } else {
                Map<String, Object> map = PodTree.mutableMapping(parent, here);
                if (last) {
                    map.put((String) segment, fresh);
                }
                Object there = map.get((String) segment);
                if (there == null) {
                    map.put((String) segment, fresh);
                    there = fresh;
                }
                parent = there;
            }
        }
    }

    private static boolean isPlain(String key) {
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-')) {
                return false;
            }
        }
        return !key.isEmpty();
    }

    /** Loaded when a path is read. */
    private static final class Syntax {
        static final Pattern SEGMENT =
                Pattern.compile("\\.?([A-Za-z0-9_-]+)|\\[(0|[1-9][0-9]{0,3})]|\\[\"((?:[^\"\\\\]|\\\\.)+)\"]");

        private Syntax() {}
    }

    /** Written out, because a record's own needs many classes when it is first called. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldPath path && path.segments.equals(segments);
    }

    @Override
    public int hashCode() {
        return segments.hashCode();
    }

    private static Map<String, Object> newMapping() {
        return new LinkedHashMap<>();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Object segment : segments) {
            if (segment instanceof Integer) {
                text.append('[').append(segment).append(']');
            } else if (isPlain((String) segment)) {
                text.append(text.isEmpty() ? "" : ".").append(segment);
            } else {
                String escaped = ((String) segment).replace("\\", "\\\\").replace("\"", "\\\"");
                text.append("[\"").append(escaped).append("\"]");
            }
        }
        return text.toString();
    }
}
