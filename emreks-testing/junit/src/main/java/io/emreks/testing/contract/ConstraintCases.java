package io.emreks.testing.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Requests just inside and just outside of every constraint of an operation, made from the service model. */
final class ConstraintCases {
    private static final ServiceDefinition SERVICE = ServiceDefinition.INSTANCE;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    /** How texts begin and end that match a pattern which wants more than ordinary letters; a letter fills the middle. */
    private static final Map<String, Affixes> AFFIXES = Map.ofEntries(
            Map.entry("ACMCertArn", new Affixes("arn:aws:acm:r:123456789012:certificate/", "a", "")),
            Map.entry("Base64Encoded", new Affixes("", "A", "")),
            Map.entry(
                    "EmrIdentityCenterApplicationARN", new Affixes("arn:aws:sso:::application/ssoins-1/apl-", "a", "")),
            Map.entry("IAMRoleArn", new Affixes("arn:aws:iam:::role/", "a", "")),
            Map.entry("IdentityCenterInstanceARN", new Affixes("arn:aws:sso:::instance/ssoins-", "a", "")),
            Map.entry("KmsKeyArn", new Affixes("${", "a", "}")),
            Map.entry("RotationSize", new Affixes("", "1", "KB")),
            Map.entry("RsiArn", new Affixes("arn:aws:emr-containers:r:123456789012:/virtualclusters/", "a", "")),
            Map.entry("SecretsManagerArn", new Affixes("arn:aws:secretsmanager:r:123456789012:secret:", "a", "")));

    private static final int ANY_LENGTH = 64;

    private final String operation;
    private final Supplier<ObjectNode> request;
    private final List<Case> cases = new ArrayList<>();
    private final Deque<String> shapesAbove = new ArrayDeque<>();

    private ConstraintCases(String operation, Supplier<ObjectNode> request) {
        this.operation = operation;
        this.request = request;
    }

    /** @param request gives a request that is valid, a new one each time */
    static List<Case> of(String operation, Supplier<ObjectNode> request) {
        ConstraintCases made = new ConstraintCases(operation, request);
        made.structure(SERVICE.input(operation), List.of());
        return made.cases;
    }

    private void structure(String shapeName, List<Step> path) {
        if (shapesAbove.contains(shapeName)) {
            return;
        }
        shapesAbove.push(shapeName);
        JsonNode shape = SERVICE.shape(shapeName);
        for (JsonNode required : shape.path("required")) {
            JsonNode member = shape.path("members").path(required.asText());
            if (!member.path("location").asText().equals("uri")) {
                ObjectNode without = request.get();
                JsonNode parent = path.isEmpty() ? without : place(without, path, sample(shapeName));
                ((ObjectNode) parent).remove(required.asText());
                add(path, new Step(required.asText(), ""), "is missing", without, false);
            }
        }
        if (shape.path("union").asBoolean()) {
            ObjectNode empty = request.get();
            place(empty, path, NODES.objectNode());
            add(path, null, "has no member", empty, false);
        }
        for (Map.Entry<String, JsonNode> member : shape.path("members").properties()) {
            List<Step> at = new ArrayList<>(path);
            at.add(new Step(member.getKey(), shape.path("union").asBoolean() ? "union" : ""));
            visit(
                    member.getValue().path("shape").asText(),
                    at,
                    member.getValue().path("location").asText());
        }
        shapesAbove.pop();
    }

    private void visit(String shapeName, List<Step> path, String location) {
        JsonNode shape = SERVICE.shape(shapeName);
        switch (shape.path("type").asText()) {
            case "structure" -> structure(shapeName, path);
            case "list" -> {
                String item = shape.path("member").path("shape").asText();
                sized(shape, path, size -> {
                    ArrayNode list = NODES.arrayNode();
                    for (int i = 0; i < size; i++) {
                        list.add(sample(item));
                    }
                    return list;
                });
                List<Step> at = new ArrayList<>(path);
                at.add(new Step("1.member", "list"));
                visit(item, at, location);
            }
            case "map" -> {
                String key = shape.path("key").path("shape").asText();
                String value = shape.path("value").path("shape").asText();
                sized(shape, path, size -> {
                    ObjectNode map = NODES.objectNode();
                    for (int i = 0; i < size; i++) {
                        map.set("a" + i, sample(value));
                    }
                    return map;
                });
                List<Step> at = new ArrayList<>(path);
                at.add(new Step("a", "map"));
                visit(value, at, location);
                for (Text text : texts(key)) {
                    ObjectNode changed = request.get();
                    ObjectNode map = NODES.objectNode();
                    map.set(text.value, sample(value));
                    place(changed, path, map);
                    add(path, null, "has a key that " + text.what, changed, text.inside);
                }
            }
            case "integer" -> sized(shape, path, NODES::numberNode);
            case "boolean" -> {}
            case "timestamp" -> {
                put(path, "is no time", NODES.textNode("yesterday"), false);
                put(path, "is a time", NODES.textNode("2026-01-01T00:00:00Z"), true);
            }
            default -> {
                for (Text text : texts(shapeName)) {
                    if (!location.equals("uri") || !text.value.isEmpty()) {
                        put(path, text.what, NODES.textNode(text.value), text.inside);
                    }
                }
            }
        }
    }

    private void sized(JsonNode shape, List<Step> path, Sized sized) {
        if (shape.has("min") && shape.path("min").asInt() > 0) {
            int min = shape.path("min").asInt();
            put(path, "is " + min, sized.of(min), true);
            put(path, "is " + (min - 1), sized.of(min - 1), false);
        }
        if (shape.has("max")) {
            int max = shape.path("max").asInt();
            put(path, "is " + max, sized.of(max), true);
            put(path, "is " + (max + 1), sized.of(max + 1), false);
        }
    }

    private void put(List<Step> path, String what, JsonNode value, boolean inside) {
        ObjectNode changed = request.get();
        place(changed, path, value);
        add(path, null, what, changed, inside);
    }

    private void add(
            List<Step> path,
            @org.jspecify.annotations.Nullable Step last,
            String what,
            ObjectNode input,
            boolean inside) {
        StringBuilder where = new StringBuilder();
        List<Step> all = new ArrayList<>(path);
        if (last != null) {
            all.add(last);
        }
        for (Step step : all) {
            where.append(where.isEmpty() ? "" : ".").append(step.name);
            if (step.kind.equals("map")) {
                where.append(".member");
            }
        }
        cases.add(new Case(operation, where.toString(), what, input, inside));
    }

    /** Puts a value where a path leads; what is missing on the way is made, the least that its shape takes. */
    private JsonNode place(ObjectNode root, List<Step> path, JsonNode value) {
        String shapeName = SERVICE.input(operation);
        JsonNode at = root;
        for (int i = 0; i < path.size(); i++) {
            Step step = path.get(i);
            JsonNode shape = SERVICE.shape(shapeName);
            boolean end = i == path.size() - 1;
            if (step.kind.equals("list")) {
                shapeName = shape.path("member").path("shape").asText();
                ArrayNode list = (ArrayNode) at;
                list.removeAll();
                list.add(end ? value : sample(shapeName));
                at = list.get(0);
                continue;
            }
            boolean map = step.kind.equals("map");
            JsonNode next = map ? shape.path("value") : shape.path("members").path(step.name);
            // a job has one driver, although the model does not call it a union
            if (step.kind.equals("union") || shapeName.equals("JobDriver")) {
                ((ObjectNode) at).retain(step.name);
            }
            shapeName = next.path("shape").asText();
            ObjectNode object = (ObjectNode) at;
            if (end) {
                object.set(step.name, value);
            } else if (!object.has(step.name)) {
                object.set(step.name, sample(shapeName));
            }
            at = object.get(step.name);
        }
        return at;
    }

    /** The least that a shape takes. */
    private static JsonNode sample(String shapeName) {
        JsonNode shape = SERVICE.shape(shapeName);
        return switch (shape.path("type").asText()) {
            case "structure" -> {
                ObjectNode object = NODES.objectNode();
                for (JsonNode required : shape.path("required")) {
                    object.set(
                            required.asText(),
                            sample(shape.path("members")
                                    .path(required.asText())
                                    .path("shape")
                                    .asText()));
                }
                if (shape.path("union").asBoolean()) {
                    Map.Entry<String, JsonNode> first =
                            shape.path("members").properties().iterator().next();
                    object.set(
                            first.getKey(),
                            sample(first.getValue().path("shape").asText()));
                }
                yield object;
            }
            case "list" -> NODES.arrayNode();
            case "map" -> NODES.objectNode();
            case "integer" -> NODES.numberNode(shape.path("min").asInt(1));
            case "boolean" -> NODES.booleanNode(true);
            case "timestamp" -> NODES.textNode("2026-01-01T00:00:00Z");
            default ->
                NODES.textNode(texts(shapeName).stream()
                        .filter(text -> text.inside)
                        .findFirst()
                        .orElseThrow()
                        .value);
        };
    }

    /** Values of a text shape, those inside first. */
    private static List<Text> texts(String shapeName) {
        JsonNode shape = SERVICE.shape(shapeName);
        List<Text> texts = new ArrayList<>();
        if (shape.has("enum")) {
            shape.path("enum").forEach(value -> texts.add(new Text("is " + value.asText(), value.asText(), true)));
            texts.add(new Text("is none of its enum", "NO_SUCH_VALUE", false));
            return texts;
        }
        int min = shape.path("min").asInt(0);
        int max = shape.path("max").asInt(ANY_LENGTH);
        matching(shapeName, Math.max(min, 1))
                .or(() -> shortest(shapeName))
                .ifPresent(text -> texts.add(new Text("has " + text.length() + " characters", text, true)));
        matching(shapeName, max).ifPresent(text -> texts.add(new Text("has " + max + " characters", text, true)));
        if (shape.has("max")) {
            matching(shapeName, max + 1)
                    .or(() -> Optional.of("a".repeat(max + 1)))
                    .ifPresent(text -> texts.add(new Text("has " + (max + 1) + " characters", text, false)));
        }
        if (min > 0) {
            texts.add(new Text("has " + (min - 1) + " characters", "a".repeat(min - 1), false));
        }
        if (shape.has("pattern")) {
            Pattern pattern = pattern(shape);
            int length = Math.max(min, 1);
            for (String candidate : List.of(" ", "\u0001", "ü!")) {
                String text = candidate.repeat(length).substring(0, length);
                if (!pattern.matcher(text).matches()) {
                    texts.add(new Text("does not match its pattern", text, false));
                    break;
                }
            }
        }
        return texts;
    }

    private static Optional<String> shortest(String shapeName) {
        for (int length = 1; length < ANY_LENGTH * 2; length++) {
            Optional<String> text = matching(shapeName, length);
            if (text.isPresent()) {
                return text;
            }
        }
        throw new IllegalStateException("No text is known that matches the pattern of " + shapeName);
    }

    /** A text of that length which matches the pattern of a shape, if one is known. */
    private static Optional<String> matching(String shapeName, int length) {
        JsonNode shape = SERVICE.shape(shapeName);
        Affixes affixes = AFFIXES.getOrDefault(shapeName, new Affixes("", "a", ""));
        int filled = length - affixes.prefix.length() - affixes.suffix.length();
        if (filled < 1) {
            return Optional.empty();
        }
        String text = affixes.prefix + affixes.fill.repeat(filled) + affixes.suffix;
        return shape.has("pattern") && !pattern(shape).matcher(text).matches() ? Optional.empty() : Optional.of(text);
    }

    private static Pattern pattern(JsonNode shape) {
        return Pattern.compile(shape.path("pattern").asText(), Pattern.DOTALL);
    }

    /**
     * A request at the edge of one constraint.
     *
     * @param where the member, as error messages of AWS name it
     * @param inside whether the service has to take it, as far as this member goes
     */
    record Case(String operation, String where, String what, ObjectNode input, boolean inside) {
        @Override
        public String toString() {
            return operation + ": " + where + " " + what;
        }
    }

    private record Step(String name, String kind) {}

    private record Text(String what, String value, boolean inside) {}

    private record Affixes(String prefix, String fill, String suffix) {}

    private interface Sized {
        JsonNode of(int size);
    }
}
