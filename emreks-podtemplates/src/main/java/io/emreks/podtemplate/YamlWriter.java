package io.emreks.podtemplate;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Renders a tree as block YAML. A string stands without quotes only if every version of YAML reads it as that string;
 * any other is written in double quotes on one line, so that 'yes', '1e3' or a multi-line value cannot change on the way.
 */
final class YamlWriter {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./-]*");
    private static final Pattern KEYWORD =
            Pattern.compile("y|n|yes|no|on|off|true|false|null", Pattern.CASE_INSENSITIVE);

    private final StringBuilder out = new StringBuilder();

    private YamlWriter() {}

    static String write(PodTree tree) {
        YamlWriter writer = new YamlWriter();
        writer.mapping(tree.root(), 0, false);
        return writer.out.toString();
    }

    /** Writes entries at this indentation; the first one stands on the line already begun if {@code inline}. */
    private void mapping(Map<?, ? extends Object> map, int indent, boolean inline) {
        boolean begun = inline;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            indent(begun ? 0 : indent);
            begun = false;
            string((String) entry.getKey());
            out.append(':');
            Object value = entry.getValue();
            if (value instanceof Map<?, ?> child && !child.isEmpty()) {
                out.append('\n');
                mapping(child, indent + 2, false);
            } else if (value instanceof List<?> child && !child.isEmpty()) {
                out.append('\n');
                list(child, indent + 2, false);
            } else {
                out.append(' ');
                leaf(value);
            }
        }
    }

    private void list(List<? extends Object> list, int indent, boolean inline) {
        boolean begun = inline;
        for (Object value : list) {
            indent(begun ? 0 : indent);
            begun = false;
            out.append("- ");
            if (value instanceof Map<?, ?> child && !child.isEmpty()) {
                mapping(child, indent + 2, true);
            } else if (value instanceof List<?> child && !child.isEmpty()) {
                list(child, indent + 2, true);
            } else {
                leaf(value);
            }
        }
    }

    private void leaf(Object value) {
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
        out.append('\n');
    }

    private void string(String text) {
        if (PLAIN.matcher(text).matches() && !KEYWORD.matcher(text).matches()) {
            out.append(text);
            return;
        }
        out.append('"');
        text.codePoints().forEach(this::escaped);
        out.append('"');
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
        out.append(" ".repeat(indent));
    }
}
