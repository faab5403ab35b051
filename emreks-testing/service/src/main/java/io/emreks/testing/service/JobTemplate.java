package io.emreks.testing.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A job template of the model; but for its tags it never changes. */
final class JobTemplate extends Resource {
    /** What a run takes from its template. A request that names a template must not give any of it. */
    private static final List<String> SETTLED =
            List.of("executionRoleArn", "releaseLabel", "jobDriver", "configurationOverrides");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([.\\-_#A-Za-z0-9]+)}");
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,9})?");

    private final String createdBy;
    private final ObjectNode request;

    /** @throws ApiException if a default is not of the type of its parameter */
    JobTemplate(String id, String arn, String createdBy, ObjectNode request, Instant createdAt) {
        super(id, arn, request, createdAt);
        this.createdBy = createdBy;
        this.request = request;
        List<String> problems = new ArrayList<>();
        parameters().properties().forEach(parameter -> {
            JsonNode preset = parameter.getValue().path("defaultValue");
            if (!preset.isMissingNode()) {
                checkType(parameter.getKey(), parameter.getValue(), preset.asText(), problems);
            }
        });
        refuse(problems);
    }

    /** What CreateJobTemplate answers. */
    ObjectNode created() {
        return ServiceModel.JSON
                .createObjectNode()
                .put("id", id())
                .put("name", request.path("name").asText())
                .put("arn", arn())
                .put("createdAt", JobRun.wire(createdAt()));
    }

    /** The {@code JobTemplate} of the service model. */
    ObjectNode toJson() {
        ObjectNode json = created().put("createdBy", createdBy);
        json.set("jobTemplateData", data());
        json.set("tags", tagsJson());
        if (request.has("kmsKeyArn")) {
            json.set("kmsKeyArn", request.path("kmsKeyArn"));
        }
        return json;
    }

    /**
     * A StartJobRun request without this template that starts the same run.
     *
     * @throws ApiException if its parameters are not those of this template, or it says what the template settles
     */
    ObjectNode fill(ObjectNode start) {
        List<String> problems = new ArrayList<>();
        for (String member : SETTLED) {
            if (start.has(member)) {
                problems.add("'" + member + "' cannot be given together with 'jobTemplateId'");
            }
        }
        Map<String, String> values = values(start.path("jobTemplateParameters"), problems);
        refuse(problems);

        ObjectNode filled = ServiceModel.JSON.createObjectNode();
        filled.setAll(start);
        filled.remove(List.of("jobTemplateId", "jobTemplateParameters"));
        for (String member : SETTLED) {
            if (data().has(member)) {
                filled.set(member, replaced(data().path(member), values));
            }
        }
        ObjectNode tags = ServiceModel.JSON.createObjectNode();
        data().path("jobTags").properties().forEach(tag -> tags.set(tag.getKey(), replaced(tag.getValue(), values)));
        start.path("tags").properties().forEach(tag -> tags.set(tag.getKey(), tag.getValue()));
        return tags.isEmpty() ? filled : filled.set("tags", tags);
    }

    private Map<String, String> values(JsonNode given, List<String> problems) {
        Map<String, String> values = new HashMap<>();
        given.properties().forEach(parameter -> {
            if (!parameters().has(parameter.getKey())) {
                problems.add("the job template has no parameter '" + parameter.getKey() + "'");
            }
        });
        parameters().properties().forEach(parameter -> {
            String name = parameter.getKey();
            JsonNode value =
                    given.has(name) ? given.path(name) : parameter.getValue().path("defaultValue");
            if (value.isMissingNode()) {
                problems.add("the parameter '" + name + "' has no default and is not given");
            } else {
                checkType(name, parameter.getValue(), value.asText(), problems);
                values.put(name, value.asText());
            }
        });
        return values;
    }

    private static void checkType(String name, JsonNode configuration, String value, List<String> problems) {
        boolean number = configuration.path("type").asText().equals("NUMBER");
        if (number && !NUMBER.matcher(value).matches()) {
            problems.add("the parameter '" + name + "' is a NUMBER and its value is none");
        }
    }

    private static void refuse(List<String> problems) {
        if (!problems.isEmpty()) {
            throw ApiException.validation("The job template cannot be used: " + String.join("; ", problems));
        }
    }

    /** The same with every placeholder of a parameter replaced, once; Spark has variables of this form too. */
    private static JsonNode replaced(JsonNode node, Map<String, String> values) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = ServiceModel.JSON.createObjectNode();
            object.properties().forEach(member -> copy.set(member.getKey(), replaced(member.getValue(), values)));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = ServiceModel.JSON.createArrayNode();
            array.forEach(item -> copy.add(replaced(item, values)));
            return copy;
        }
        if (!node.isTextual()) {
            return node;
        }
        String text = PLACEHOLDER
                .matcher(node.asText())
                .replaceAll(found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), found.group())));
        return ServiceModel.JSON.getNodeFactory().textNode(text);
    }

    private JsonNode data() {
        return request.path("jobTemplateData");
    }

    private JsonNode parameters() {
        return data().path("parameterConfiguration");
    }
}
