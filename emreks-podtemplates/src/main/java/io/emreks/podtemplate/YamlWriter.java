package io.emreks.podtemplate;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Renders a tree as block YAML. A string stands without quotes only if every version of YAML reads it as that string;
 * any other is written in double quotes on one line, so that 'yes', '1e3' or a multi-line value cannot change on the way.
 */
final class YamlWriter {
    private static final Set<String> KEYWORDS = Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null");
    private static final int LONGEST_KEYWORD = 5;

    private final StringBuilder out = new StringBuilder();
    private final Map<FieldPath, String> comments;
    private final Deque<Object> path = new ArrayDeque<>();

    private YamlWriter(Map<FieldPath, String> comments) {
        this.comments = comments;
    }

    static String write(PodTree tree) {
        return write(tree, Map.of());
    }

    /** With a comment on the line where these fields and entries begin. */
    static String write(PodTree tree, Map<FieldPath, String> comments) {
        YamlWriter writer = new YamlWriter(comments);
        writer.mapping(tree.root(), 0, false);
        return writer.out.toString();
    }

    /** A value on one line, in flow style. */
    static String inline(Object value) {
        YamlWriter writer = new YamlWriter(Map.of());
        writer.flow(value);
        return writer.out.toString();
    }

    private void flow(Object value) {
        if (value instanceof Map<?, ?> map) {
            String separator = "{";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(separator);
                string((String) entry.getKey());
                out.append(": ");
                flow(entry.getValue());
                separator = ", ";
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            flowList(list);
        } else {
            scalar(value);
        }
    }

    private void flowList(List<? extends Object> list) {
        String separator = "[";
        for (Object entry : list) {
            out.append(separator);
            flow(entry);
            separator = ", ";
        }
        out.append(list.isEmpty() ? "[]" : "]");
    }

    /** Writes entries at this indentation; the first one stands on the line already begun if {@code inline}. */
    private void mapping(Map<?, ? extends Object> map, int indent, boolean inline) {
        boolean begun = inline;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            indent(begun ? 0 : indent);
            begun = false;
            path.addLast(entry.getKey());
            string((String) entry.getKey());
            out.append(':');
            Object value = entry.getValue();
            if (value instanceof Map<?, ?> child && !child.isEmpty()) {
                endLine();
                mapping(child, indent + 2, false);
            } else if (value instanceof List<?> child && !child.isEmpty()) {
                endLine();
                list(child, indent + 2, false);
            } else {
                out.append(' ');
                leaf(value);
            }
            path.removeLast();
        }
    }

    private void list(List<? extends Object> list, int indent, boolean inline) {
        boolean begun = inline;
        int index = 0;
        for (Object value : list) {
            indent(begun ? 0 : indent);
            begun = false;
            path.addLast(index++);
            out.append("- ");
            if (value instanceof Map<?, ?> child && !child.isEmpty()) {
                mapping(child, indent + 2, true);
            } else if (value instanceof List<?> child && !child.isEmpty()) {
                list(child, indent + 2, true);
            } else {
                leaf(value);
            }
            path.removeLast();
        }
    }

    private void leaf(Object value) {
        scalar(value);
        endLine();
    }

    private void endLine() {
        if (!comments.isEmpty()) {
            comment();
        }
        out.append('\n');
    }

    /** An entry of a list begins on the line of its first field. */
    private void comment() {
        FieldPath here = new FieldPath(List.copyOf(path));
        String comment = comments.get(here);
        if (comment == null
                && path.size() > 1
                && here.parent().last() instanceof Integer
                && "name".equals(here.last())) {
            comment = comments.get(here.parent());
        }
        if (comment != null) {
            out.append("  # ").append(comment);
        }
    }

    private void scalar(Object value) {
        if (value instanceof String text) {
            string(text);
        } else if (value instanceof Map<?, ?>) {
            out.append("{}");
        } else if (value instanceof List<?>) {
            out.append("[]");
        } else if (value instanceof BigDecimal number) {
            out.append(number.toPlainString());
        } else {
            out.append(value);
        }
    }

    private void string(String text) {
        if (isPlain(text)) {
            out.append(text);
            return;
        }
        out.append('"');
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            escaped(text.codePointAt(i));
        }
        out.append('"');
    }

    private static boolean isPlain(String text) {
        if (text.isEmpty() || !isPlain(text.charAt(0), true)) {
            return false;
        }
        for (int i = 1; i < text.length(); i++) {
            if (!isPlain(text.charAt(i), false)) {
                return false;
            }
        }
        return text.length() > LONGEST_KEYWORD || !KEYWORDS.contains(text.toLowerCase(Locale.ROOT));
    }

    private static boolean isPlain(char c, boolean first) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '/';
        return letter || (!first && ((c >= '0' && c <= '9') || c == '.' || c == '-'));
    }

    private void escaped(int codePoint) {
        switch (codePoint) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\t' -> out.append("\\t");
            case '\r' -> out.append("\\r");
            default -> {
                if (PodTree.printable(codePoint)) {
                    out.appendCodePoint(codePoint);
                } else {
                    out.append(String.format(codePoint > 0xFFFF ? "\\U%08x" : "\\u%04x", codePoint));
                }
            }
        }
    }

    private void indent(int indent) {
        for (int i = 0; i < indent; i++) {
            out.append(' ');
        }
    }
}
