package io.emreks.testing.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The shapes of a service model, made into checks once. Immutable. */
final class Shapes {
    /** For strings whose length the model leaves open, so that no pattern can be made to search for ever. */
    private static final int OPEN_LENGTH_LIMIT = 16_384;

    private static final int SHOWN_LENGTH = 100;
    /** What a pattern means that only wants one character which is no white space. */
    private static final Set<String> NOT_BLANK = Set.of(".*\\S.*", "^.*\\S.*$");

    private final Map<String, Shape> shapes = new HashMap<>();

    Shapes(JsonNode model) {
        model.properties().forEach(entry -> shapes.put(entry.getKey(), shape(entry.getValue())));
        shapes.values().forEach(shape -> shape.link(this));
    }

    Shape shape(String name) {
        return Objects.requireNonNull(shapes.get(name), name);
    }

    private static Shape shape(JsonNode shape) {
        return switch (shape.path("type").asText()) {
            case "structure" -> new Structure(shape);
            case "list" -> new ListShape(shape);
            case "map" -> new MapShape(shape);
            case "integer" -> new IntegerShape(shape);
            case "boolean" -> new BooleanShape(shape);
            case "timestamp" -> new TimestampShape(shape);
            default -> new StringShape(shape);
        };
    }

    static ApiException malformed(String message) {
        return new ApiException(400, "MalformedHttpRequestException", message);
    }

    /** Where in a request a value is; written out only when something is wrong with it. */
    record Where(@Nullable Where parent, String name) {
        static final Where TOP = new Where(null, "");

        Where in(String member) {
            return new Where(name.isEmpty() && parent == null ? null : this, member);
        }

        @Override
        public String toString() {
            return parent == null ? name : parent + "." + name;
        }
    }

    /** A shape; a check adds what is wrong to a list, and throws where a value is not even of the right type. */
    abstract static class Shape {
        final boolean sensitive;
        private final long min;
        private final long max;

        Shape(JsonNode shape) {
            this.sensitive = shape.path("sensitive").asBoolean();
            this.min = shape.path("min").asLong(Long.MIN_VALUE);
            this.max = shape.path("max").asLong(Long.MAX_VALUE);
        }

        void link(Shapes all) {}

        abstract void check(JsonNode value, Where where, List<String> problems);

        final boolean inRange(long size, String what, JsonNode value, Where where, List<String> problems) {
            if (size < min) {
                problems.add(problem(value, where, "Member must have " + what + " greater than or equal to " + min));
                return false;
            }
            if (size > max) {
                problems.add(problem(value, where, "Member must have " + what + " less than or equal to " + max));
                return false;
            }
            return true;
        }

        final boolean mayBeEmpty() {
            return min == 0;
        }

        final boolean open() {
            return max == Long.MAX_VALUE;
        }

        final String problem(JsonNode value, Where where, String constraint) {
            boolean quoted = value.isValueNode() && !sensitive;
            return "Value " + (quoted ? "'" + shortened(value.asText()) + "' " : "") + "at '" + where
                    + "' failed to satisfy constraint: " + constraint;
        }

        /** So that there is room for the member and its constraint. */
        private static String shortened(String text) {
            return text.length() > SHOWN_LENGTH ? text.substring(0, SHOWN_LENGTH) + "…" : text;
        }

        static void expect(boolean typeFits, Where where, String type) {
            if (!typeFits) {
                throw malformed("The member " + where + " is not " + type);
            }
        }
    }

    static final class Structure extends Shape {
        private final Map<String, Member> members = new LinkedHashMap<>();
        private final List<String> required = new ArrayList<>();
        private final boolean union;

        private Structure(JsonNode shape) {
            super(shape);
            this.union = shape.path("union").asBoolean();
            shape.path("required").forEach(name -> required.add(name.asText()));
            shape.path("members")
                    .properties()
                    .forEach(member -> members.put(
                            member.getKey(),
                            new Member(
                                    member.getKey(),
                                    member.getValue().path("shape").asText(),
                                    member.getValue().path("location").asText(),
                                    member.getValue().path("locationName").asText(member.getKey()))));
        }

        @Override
        void link(Shapes all) {
            members.values().forEach(member -> member.shape = all.shape(member.shapeName));
        }

        Iterable<Member> members() {
            return members.values();
        }

        @Override
        void check(JsonNode value, Where where, List<String> problems) {
            expect(value.isObject(), where, "an object");
            for (String name : required) {
                if (!value.has(name)) {
                    problems.add("Value null at '" + where.in(name)
                            + "' failed to satisfy constraint: Member must not be null");
                }
            }
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                Member member = members.get(entry.getKey());
                if (member != null) {
                    member.shape().check(entry.getValue(), where.in(member.name), problems);
                }
            }
            if (union && value.size() != 1) {
                problems.add(problem(value, where, "Member must have exactly one member set"));
            }
        }
    }

    static final class Member {
        final String name;
        /** {@code uri}, {@code querystring}, or empty for the body. */
        final String location;
        /** The name in the URI or query. */
        final String locationName;

        private final String shapeName;
        private @Nullable Shape shape;

        private Member(String name, String shapeName, String location, String locationName) {
            this.name = name;
            this.shapeName = shapeName;
            this.location = location;
            this.locationName = locationName;
        }

        Shape shape() {
            return Objects.requireNonNull(shape);
        }
    }

    static final class ListShape extends Shape {
        private final String itemName;
        private @Nullable Shape item;

        private ListShape(JsonNode shape) {
            super(shape);
            this.itemName = shape.path("member").path("shape").asText();
        }

        @Override
        void link(Shapes all) {
            item = all.shape(itemName);
        }

        @Override
        void check(JsonNode value, Where where, List<String> problems) {
            expect(value.isArray(), where, "a list");
            inRange(value.size(), "length", value, where, problems);
            Shape each = Objects.requireNonNull(item);
            for (int i = 0; i < value.size(); i++) {
                each.check(value.get(i), where.in(i + 1 + ".member"), problems);
            }
        }
    }

    static final class MapShape extends Shape {
        private final String keyName;
        private final String valueName;
        private @Nullable Shape key;
        private @Nullable Shape value;

        private MapShape(JsonNode shape) {
            super(shape);
            this.keyName = shape.path("key").path("shape").asText();
            this.valueName = shape.path("value").path("shape").asText();
        }

        @Override
        void link(Shapes all) {
            key = all.shape(keyName);
            value = all.shape(valueName);
        }

        @Override
        void check(JsonNode map, Where where, List<String> problems) {
            expect(map.isObject(), where, "an object");
            inRange(map.size(), "length", map, where, problems);
            for (Map.Entry<String, JsonNode> entry : map.properties()) {
                Where at = where.in(entry.getKey());
                Objects.requireNonNull(key).check(TextNode.valueOf(entry.getKey()), at.in("key"), problems);
                Objects.requireNonNull(value).check(entry.getValue(), at.in("member"), problems);
            }
        }
    }

    static final class IntegerShape extends Shape {
        private IntegerShape(JsonNode shape) {
            super(shape);
        }

        @Override
        void check(JsonNode value, Where where, List<String> problems) {
            expect(value.isIntegralNumber() && value.canConvertToInt(), where, "an integer");
            inRange(value.asInt(), "value", value, where, problems);
        }
    }

    static final class BooleanShape extends Shape {
        private BooleanShape(JsonNode shape) {
            super(shape);
        }

        @Override
        void check(JsonNode value, Where where, List<String> problems) {
            expect(value.isBoolean(), where, "true or false");
        }
    }

    static final class TimestampShape extends Shape {
        private TimestampShape(JsonNode shape) {
            super(shape);
        }

        @Override
        void check(JsonNode value, Where where, List<String> problems) {
            expect(value.isTextual(), where, "a timestamp");
            try {
                OffsetDateTime unused = OffsetDateTime.parse(value.asText());
            } catch (DateTimeException e) {
                problems.add(problem(value, where, "Member must be a timestamp of ISO 8601"));
            }
        }
    }

    static final class StringShape extends Shape {
        private final Set<String> constants = new LinkedHashSet<>();
        private final @Nullable Pattern pattern;
        private final boolean notBlank;

        private StringShape(JsonNode shape) {
            super(shape);
            shape.path("enum").forEach(constant -> constants.add(constant.asText()));
            String regex = shape.path("pattern").asText();
            // \s and \S decide about line breaks too, so the dot has to let them pass
            this.pattern = regex.isEmpty() ? null : Pattern.compile(regex, Pattern.DOTALL);
            this.notBlank = NOT_BLANK.contains(regex);
        }

        @Override
        void check(JsonNode value, Where where, List<String> problems) {
            expect(value.isTextual(), where, "a string");
            String text = value.asText();
            if (!constants.isEmpty()) {
                if (!constants.contains(text)) {
                    problems.add(problem(value, where, "Member must satisfy enum value set: " + constants));
                }
                return;
            }
            int length = text.codePointCount(0, text.length());
            if (open() && length > OPEN_LENGTH_LIMIT) {
                problems.add(
                        problem(value, where, "Member must have length less than or equal to " + OPEN_LENGTH_LIMIT));
                return;
            }
            // a tag value may be empty by its length, although its pattern wants one character
            boolean excused = text.isEmpty() && mayBeEmpty();
            if (inRange(length, "length", value, where, problems) && !excused && !matches(text)) {
                problems.add(problem(value, where, "Member must satisfy regular expression pattern: " + pattern));
            }
        }

        private boolean matches(String text) {
            if (notBlank) {
                for (int i = 0; i < text.length(); i++) {
                    if (" \t\n\u000B\f\r".indexOf(text.charAt(i)) < 0) {
                        return true;
                    }
                }
                return false;
            }
            return pattern == null || pattern.matcher(text).matches();
        }
    }
}
