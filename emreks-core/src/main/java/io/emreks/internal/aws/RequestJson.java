package io.emreks.internal.aws;

import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/** A request of the SDK as JSON, by the SDK's own description of its members, those of the URI included. */
final class RequestJson {
    private final StringBuilder json = new StringBuilder();

    private RequestJson() {}

    static String of(SdkPojo request) {
        RequestJson writer = new RequestJson();
        writer.object(request, "");
        return writer.json.append('\n').toString();
    }

    private void object(SdkPojo pojo, String indent) {
        String inner = indent + "  ";
        json.append('{');
        String separator = "\n";
        for (SdkField<?> field : pojo.sdkFields()) {
            Object value = field.getValueOrDefault(pojo);
            if (value == null || value instanceof SdkAutoConstructList || value instanceof SdkAutoConstructMap) {
                continue;
            }
            json.append(separator).append(inner);
            string(field.memberName());
            json.append(": ");
            value(value, inner);
            separator = ",\n";
        }
        json.append('\n').append(indent).append('}');
    }

    private void value(Object value, String indent) {
        if (value instanceof SdkPojo pojo) {
            object(pojo, indent);
        } else if (value instanceof List<?> list) {
            json.append('[');
            for (Iterator<?> items = list.iterator(); items.hasNext(); ) {
                value(items.next(), indent);
                json.append(items.hasNext() ? ", " : "");
            }
            json.append(']');
        } else if (value instanceof Map<?, ?> map) {
            map(map, indent);
        } else if (value instanceof Number || value instanceof Boolean) {
            json.append(value);
        } else if (value instanceof Instant || value instanceof String) {
            string(value.toString());
        } else {
            throw new IllegalArgumentException(
                    "no JSON for a " + value.getClass().getName());
        }
    }

    private void map(Map<?, ?> map, String indent) {
        String inner = indent + "  ";
        json.append('{');
        String separator = "\n";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            json.append(separator).append(inner);
            string(String.valueOf(entry.getKey()));
            json.append(": ");
            value(entry.getValue(), inner);
            separator = ",\n";
        }
        json.append(map.isEmpty() ? "" : "\n" + indent).append('}');
    }

    private void string(String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < 0x20 || Character.isSurrogate(c)) {
                        json.append(String.format("\\u%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }
}
