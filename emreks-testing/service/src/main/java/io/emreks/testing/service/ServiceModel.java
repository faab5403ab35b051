package io.emreks.testing.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.emreks.testing.service.Shapes.Member;
import io.emreks.testing.service.Shapes.Shape;
import io.emreks.testing.service.Shapes.Structure;
import io.emreks.testing.service.Shapes.Where;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The service model of emr-containers: routes, and what a request of each operation must look like. Immutable. */
final class ServiceModel {
    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final int MESSAGE_LIMIT = 1024;

    private final Shapes shapes;
    private final Map<String, Operation> operations = new TreeMap<>();
    private final Map<String, List<Operation>> byMethod = new HashMap<>();

    private ServiceModel(JsonNode model) {
        this.shapes = new Shapes(model.path("shapes"));
        model.path("operations").properties().forEach(entry -> {
            JsonNode http = entry.getValue().path("http");
            Operation operation = new Operation(
                    entry.getKey(), List.of(http.path("requestUri").asText().split("/", -1)), (Structure) shapes.shape(
                            entry.getValue().path("input").path("shape").asText()));
            operations.put(entry.getKey(), operation);
            byMethod.computeIfAbsent(http.path("method").asText(), method -> new ArrayList<>())
                    .add(operation);
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

    /** An object as Java's own collections and values. */
    static Map<String, Object> values(ObjectNode object) {
        return JSON.convertValue(object, new TypeReference<Map<String, Object>>() {});
    }

    Optional<Route> route(ApiRequest request) {
        return route(request.method(), request.path());
    }

    /** The operation of a request line, if any. */
    Optional<Route> route(String method, String rawPath) {
        String[] path = rawPath.split("/", -1);
        for (Operation operation : byMethod.getOrDefault(method, List.of())) {
            if (operation.fits(path)) {
                return Optional.of(new Route(operation, path));
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
        ObjectNode input = read(route, request);
        validate(route.operation.input, input);
        return input;
    }

    /**
     * The input of an operation as it was sent.
     *
     * @throws ApiException MalformedHttpRequestException
     */
    ObjectNode read(Route route, ApiRequest request) {
        ObjectNode input = body(request);
        try {
            Map<String, List<String>> query =
                    request.query().isEmpty() ? Map.of() : PercentCoding.parameters(request.query());
            for (Member member : route.operation.input.members()) {
                if (member.location.equals("uri")) {
                    input.put(member.name, PercentCoding.decode(route.label(member.locationName)));
                } else if (member.location.equals("querystring")) {
                    input.remove(member.name);
                    List<String> values = query.get(member.locationName);
                    if (values != null) {
                        input.set(member.name, fromQuery(member.shape(), values));
                    }
                }
            }
        } catch (IllegalArgumentException e) {
            throw Shapes.malformed("The request line holds malformed percent-encoding");
        }
        return input;
    }

    /**
     * Checks a structure against its shape.
     *
     * @throws ApiException ValidationException that lists every violation, or MalformedHttpRequestException
     */
    void validate(String shape, ObjectNode value) {
        validate(shapes.shape(shape), value);
    }

    private static void validate(Shape shape, ObjectNode value) {
        List<String> problems = new ArrayList<>(0);
        shape.check(value, Where.TOP, problems);
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
            throw Shapes.malformed("The request body is no JSON object");
        } catch (JsonProcessingException e) {
            throw Shapes.malformed("The request body is no valid JSON");
        } catch (IOException e) {
            throw Shapes.malformed("The request body is no text");
        }
    }

    /** To the service a null member is an absent one. */
    private static void dropNulls(JsonNode node) {
        if (!node.isContainerNode()) {
            return;
        }
        if (node instanceof ObjectNode object) {
            object.properties().removeIf(member -> member.getValue().isNull());
        }
        node.forEach(ServiceModel::dropNulls);
    }

    private static JsonNode fromQuery(Shape shape, List<String> values) {
        if (shape instanceof Shapes.ListShape) {
            ArrayNode list = JSON.createArrayNode();
            values.forEach(list::add);
            return list;
        }
        String value = values.get(values.size() - 1);
        if (shape instanceof Shapes.IntegerShape && value.matches("-?\\d{1,10}")) {
            long number = Long.parseLong(value);
            return number == (int) number
                    ? JSON.getNodeFactory().numberNode((int) number)
                    : JSON.getNodeFactory().numberNode(number);
        }
        if (shape instanceof Shapes.BooleanShape && value.matches("true|false")) {
            return JSON.getNodeFactory().booleanNode(value.equals("true"));
        }
        return JSON.getNodeFactory().textNode(value);
    }

    /** An operation, and the segments of the path that asks for it. */
    static final class Route {
        private final Operation operation;
        private final String[] path;

        private Route(Operation operation, String[] path) {
            this.operation = operation;
            this.path = path;
        }

        String operation() {
            return operation.name;
        }

        private String label(String name) {
            return path[operation.template.indexOf("{" + name + "}")];
        }
    }

    private record Operation(String name, List<String> template, Structure input) {
        boolean fits(String[] path) {
            if (template.size() != path.length) {
                return false;
            }
            for (int i = 0; i < path.length; i++) {
                String expected = template.get(i);
                if (expected.startsWith("{") ? path[i].isEmpty() : !expected.equals(path[i])) {
                    return false;
                }
            }
            return true;
        }
    }

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
