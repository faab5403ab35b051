package io.emreks.testing.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emreks.testing.service.FakeEmrEks;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The service model of emr-containers as it was published, read on its own and not through the fake. */
final class ServiceDefinition {
    static final ObjectMapper JSON = new ObjectMapper();
    static final ServiceDefinition INSTANCE = new ServiceDefinition();

    private final JsonNode model;

    private ServiceDefinition() {
        try (InputStream resource =
                Objects.requireNonNull(FakeEmrEks.class.getResourceAsStream("service-model.json"))) {
            model = JSON.readTree(resource);
        } catch (IOException e) {
            throw new UncheckedIOException("The service model cannot be read", e);
        }
    }

    List<String> operations() {
        TreeSet<String> names = new TreeSet<>();
        model.path("operations").fieldNames().forEachRemaining(names::add);
        return List.copyOf(names);
    }

    JsonNode operation(String name) {
        return model.path("operations").path(name);
    }

    String input(String operation) {
        return operation(operation).path("input").path("shape").asText();
    }

    String output(String operation) {
        return operation(operation).path("output").path("shape").asText();
    }

    List<String> errors(String operation) {
        List<String> names = new ArrayList<>();
        operation(operation)
                .path("errors")
                .forEach(error -> names.add(error.path("shape").asText()));
        return names;
    }

    int status(String error) {
        return shape(error).path("error").path("httpStatusCode").asInt();
    }

    JsonNode shape(String name) {
        return model.path("shapes").path(name);
    }

    /** What an answer has that its shape does not allow. */
    List<String> problems(String shapeName, JsonNode value) {
        List<String> problems = new ArrayList<>();
        check(shapeName, value, shapeName, problems);
        return problems;
    }

    private void check(String shapeName, JsonNode value, String at, List<String> problems) {
        JsonNode shape = shape(shapeName);
        switch (shape.path("type").asText()) {
            case "structure" ->
                value.properties().forEach(member -> {
                    JsonNode known = shape.path("members").path(member.getKey());
                    if (known.isMissingNode()) {
                        problems.add(at + " has no member " + member.getKey());
                    } else {
                        check(known.path("shape").asText(), member.getValue(), at + "." + member.getKey(), problems);
                    }
                });
            case "list" ->
                value.forEach(item -> check(shape.path("member").path("shape").asText(), item, at + "[]", problems));
            case "map" ->
                value.properties()
                        .forEach(entry -> check(
                                shape.path("value").path("shape").asText(), entry.getValue(), at + "{}", problems));
            case "integer" -> require(value.isInt(), at + " is no integer", problems);
            case "boolean" -> require(value.isBoolean(), at + " is no boolean", problems);
            default -> {
                require(value.isTextual(), at + " is no text", problems);
                String text = value.asText();
                boolean known =
                        !shape.has("enum") || shape.path("enum").toString().contains("\"" + text + "\"");
                require(known, at + " is not of its enum: " + text, problems);
                boolean fits = !shape.has("pattern")
                        || text.isEmpty()
                        || Pattern.compile(shape.path("pattern").asText(), Pattern.DOTALL)
                                .matcher(text)
                                .matches();
                require(fits, at + " does not match its pattern: " + text, problems);
                require(
                        text.length() >= shape.path("min").asInt(0)
                                && text.length() <= shape.path("max").asInt(Integer.MAX_VALUE),
                        at + " has " + text.length() + " characters",
                        problems);
            }
        }
    }

    private static void require(boolean holds, String problem, List<String> problems) {
        if (!holds) {
            problems.add(problem);
        }
    }
}
