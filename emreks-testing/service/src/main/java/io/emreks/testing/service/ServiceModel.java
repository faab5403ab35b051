package io.emreks.testing.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The service model of emr-containers: routes, and what a request of each operation must look like. Immutable. */
final class ServiceModel {
    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final int MESSAGE_LIMIT = 1024;

    private final JsonNode shapes;
    private final Map<String, Operation> operations = new TreeMap<>();
    private final Map<String, Pattern> patterns = new HashMap<>();

    private ServiceModel(JsonNode model) {
        this.shapes = model.path("shapes");
        model.path("operations").properties().forEach(entry -> {
            JsonNode http = entry.getValue().path("http");
            operations.put(
                    entry.getKey(),
                    new Operation(
                            entry.getKey(),
                            http.path("method").asText(),
                            List.of(http.path("requestUri").asText().split("/", -1)),
                            entry.getValue().path("input").path("shape").asText()));
        });
        shapes.properties().forEach(entry -> {
            if (entry.getValue().has("pattern")) {
                // \s and \S decide about line breaks too, so the dot has to let them pass
                patterns.put(
                        entry.getKey(),
                        Pattern.compile(entry.getValue().path("pattern").asText(), Pattern.DOTALL));
            }
        });
    }

    static ServiceModel load() {
        return Holder.MODEL;
    }

    /** An answer of this fake, read back. */
    static ObjectNode parse(byte[] answer) {
        try {
            return (ObjectNode) JSON.readTree(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Set<String> operations() {
        return operations.keySet();
    }

    /** The operation of a request line, if any. */
    Optional<Route> route(String method, String rawPath) {
        List<String> path = List.of(rawPath.split("/", -1));
        for (Operation operation : operations.values()) {
            if (operation.method.equals(method) && operation.template.size() == path.size()) {
                Map<String, String> labels = new HashMap<>();
                boolean fits = true;
                for (int i = 0; fits && i < path.size(); i++) {
                    String expected = operation.template.get(i);
                    if (expected.startsWith("{")) {
                        labels.put(expected.substring(1, expected.length() - 1), path.get(i));
                        fits = !path.get(i).isEmpty();
                    } else {
                        fits = expected.equals(path.get(i));
                    }
                }
                if (fits) {
                    return Optional.of(new Route(operation.name, operation.input, labels));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * The input of an operation, put together from path, query and body, and valid by the model.
     *
     * @throws ApiException ValidationException that lists every violation, or MalformedHttpRequestException
     */
    ObjectNode input(Route route, ApiRequest request) {
        JsonNode shape = shapes.path(route.inputShape);
        ObjectNode input = body(request);
        try {
            Map<String, List<String>> query = PercentCoding.parameters(request.query());
            for (Map.Entry<String, JsonNode> member : shape.path("members").properties()) {
                String location = member.getValue().path("location").asText();
                String name = member.getValue().path("locationName").asText(member.getKey());
                if (location.equals("uri")) {
                    input.put(member.getKey(), PercentCoding.decode(Objects.requireNonNull(route.labels.get(name))));
                } else if (location.equals("querystring")) {
                    input.remove(member.getKey());
                    List<String> values = query.get(name);
                    if (values != null) {
                        input.set(member.getKey(), fromQuery(member.getValue(), values));
                    }
                }
            }
        } catch (IllegalArgumentException e) {
            throw malformed("The request line holds malformed percent-encoding");
        }
        validate(route.inputShape, input);
        return input;
    }

    /**
     * Checks a structure against its shape.
     *
     * @throws ApiException ValidationException that lists every violation, or MalformedHttpRequestException
     */
    void validate(String shape, ObjectNode value) {
        List<String> problems = new ArrayList<>();
        check(shape, value, "", problems);
        if (!problems.isEmpty()) {
            String message = problems.size()
                    + (problems.size() == 1 ? " validation error detected: " : " validation errors detected: ")
                    + String.join("; ", problems);
            throw ApiException.validation(
                    message.length() > MESSAGE_LIMIT ? message.substring(0, MESSAGE_LIMIT) : message);
        }
    }

    private static ObjectNode body(ApiRequest request) {
        if (request.body().length == 0) {
            return JSON.createObjectNode();
        }
        try {
            if (JSON.readTree(request.body()) instanceof ObjectNode object) {
                dropNulls(object);
                return object;
            }
            throw malformed("The request body is no JSON object");
        } catch (JsonProcessingException e) {
            throw malformed("The request body is no valid JSON");
        } catch (IOException e) {
            throw malformed("The request body is no text");
        }
    }

    /** To the service a null member is an absent one. */
    private static void dropNulls(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().removeIf(member -> member.getValue().isNull());
        }
        node.forEach(ServiceModel::dropNulls);
    }

    private static ApiException malformed(String message) {
        return new ApiException(400, "MalformedHttpRequestException", message);
    }

    private JsonNode fromQuery(JsonNode member, List<String> values) {
        JsonNode shape = shapes.path(member.path("shape").asText());
        if (shape.path("type").asText().equals("list")) {
            ArrayNode list = JSON.createArrayNode();
            values.forEach(list::add);
            return list;
        }
        String value = values.get(values.size() - 1);
        if (shape.path("type").asText().equals("integer") && value.matches("-?\\d{1,9}")) {
            return JSON.getNodeFactory().numberNode(Integer.parseInt(value));
        }
        if (shape.path("type").asText().equals("boolean") && value.matches("true|false")) {
            return JSON.getNodeFactory().booleanNode(value.equals("true"));
        }
        return JSON.getNodeFactory().textNode(value);
    }

    private void check(String shapeName, JsonNode value, String path, List<String> problems) {
        JsonNode shape = shapes.path(shapeName);
        switch (shape.path("type").asText()) {
            case "structure" -> checkStructure(shape, value, path, problems);
            case "list" -> {
                expect(value.isArray(), path, "a list");
                checkRange(shape, value.size(), "length", path, value, problems);
                String item = shape.path("member").path("shape").asText();
                for (int i = 0; i < value.size(); i++) {
                    check(item, value.get(i), path + "." + (i + 1) + ".member", problems);
                }
            }
            case "map" -> {
                expect(value.isObject(), path, "an object");
                checkRange(shape, value.size(), "length", path, value, problems);
                for (Map.Entry<String, JsonNode> entry : value.properties()) {
                    String at = path + "." + entry.getKey();
                    check(
                            shape.path("key").path("shape").asText(),
                            JSON.getNodeFactory().textNode(entry.getKey()),
                            at + ".key",
                            problems);
                    check(shape.path("value").path("shape").asText(), entry.getValue(), at + ".member", problems);
                }
            }
            case "integer" -> {
                expect(value.isIntegralNumber() && value.canConvertToInt(), path, "an integer");
                checkRange(shape, value.asInt(), "value", path, value, problems);
            }
            case "boolean" -> expect(value.isBoolean(), path, "true or false");
            case "timestamp" -> {
                expect(value.isTextual(), path, "a timestamp");
                try {
                    OffsetDateTime.parse(value.asText());
                } catch (DateTimeException e) {
                    problems.add(problem(shape, value, path, "Member must be a timestamp of ISO 8601"));
                }
            }
            default -> {
                expect(value.isTextual(), path, "a string");
                checkString(shapeName, shape, value, path, problems);
            }
        }
    }

    private void checkStructure(JsonNode shape, JsonNode value, String path, List<String> problems) {
        expect(value.isObject(), path, "an object");
        for (JsonNode required : shape.path("required")) {
            JsonNode present = value.get(required.asText());
            if (present == null) {
                problems.add("Value null at '" + join(path, required.asText())
                        + "' failed to satisfy constraint: Member must not be null");
            }
        }
        for (Map.Entry<String, JsonNode> member : shape.path("members").properties()) {
            JsonNode present = value.get(member.getKey());
            if (present != null) {
                check(member.getValue().path("shape").asText(), present, join(path, member.getKey()), problems);
            }
        }
        if (shape.path("union").asBoolean() && value.size() != 1) {
            problems.add(problem(shape, value, path, "Member must have exactly one member set"));
        }
    }

    private void checkString(String shapeName, JsonNode shape, JsonNode value, String path, List<String> problems) {
        String text = value.asText();
        if (shape.has("enum")) {
            List<String> allowed = new ArrayList<>();
            shape.path("enum").forEach(constant -> allowed.add(constant.asText()));
            if (!allowed.contains(text)) {
                problems.add(problem(shape, value, path, "Member must satisfy enum value set: " + allowed));
            }
            return;
        }
        boolean sized = checkRange(shape, text.codePointCount(0, text.length()), "length", path, value, problems);
        Pattern pattern = patterns.get(shapeName);
        // a tag value may be empty by its length, although its pattern wants one character
        boolean mayBeEmpty = text.isEmpty() && shape.path("min").asInt(1) == 0;
        if (sized && pattern != null && !mayBeEmpty && !pattern.matcher(text).matches()) {
            problems.add(problem(shape, value, path, "Member must satisfy regular expression pattern: " + pattern));
        }
    }

    private static boolean checkRange(
            JsonNode shape, int size, String what, String path, JsonNode value, List<String> problems) {
        if (shape.has("min") && size < shape.path("min").asInt()) {
            problems.add(problem(
                    shape, value, path, "Member must have " + what + " greater than or equal to " + shape.path("min")));
            return false;
        }
        if (shape.has("max") && size > shape.path("max").asInt()) {
            problems.add(problem(
                    shape, value, path, "Member must have " + what + " less than or equal to " + shape.path("max")));
            return false;
        }
        return true;
    }

    private static String problem(JsonNode shape, JsonNode value, String path, String constraint) {
        boolean quoted = value.isValueNode() && !shape.path("sensitive").asBoolean();
        return "Value " + (quoted ? "'" + value.asText() + "' " : "") + "at '" + path
                + "' failed to satisfy constraint: " + constraint;
    }

    private static void expect(boolean typeFits, String path, String type) {
        if (!typeFits) {
            throw malformed("The member " + path + " is not " + type);
        }
    }

    private static String join(String path, String member) {
        return path.isEmpty() ? member : path + "." + member;
    }

    record Route(String operation, String inputShape, Map<String, String> labels) {}

    private record Operation(String name, String method, List<String> template, String input) {}

    private static final class Holder {
        static final ServiceModel MODEL = read();

        private static ServiceModel read() {
            try (InputStream resource =
                    Objects.requireNonNull(ServiceModel.class.getResourceAsStream("service-model.json"))) {
                return new ServiceModel(JSON.readTree(resource));
            } catch (IOException e) {
                throw new UncheckedIOException("The service model of this jar cannot be read", e);
            }
        }
    }
}
