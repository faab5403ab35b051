package io.emreks.testing.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A virtual cluster of the model; confined to it. */
final class VirtualCluster {
    enum State {
        RUNNING,
        TERMINATING,
        TERMINATED
    }

    private final String id;
    private final String arn;
    private final ObjectNode request;
    private final Instant createdAt;
    private final Map<String, String> tags = new LinkedHashMap<>();
    private State state = State.RUNNING;

    VirtualCluster(String id, String arn, ObjectNode request, Instant createdAt) {
        this.id = id;
        this.arn = arn;
        this.request = request;
        this.createdAt = createdAt;
        request.path("tags")
                .properties()
                .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
    }

    String id() {
        return id;
    }

    String arn() {
        return arn;
    }

    String name() {
        return request.path("name").asText();
    }

    Instant createdAt() {
        return createdAt;
    }

    Map<String, String> tags() {
        return tags;
    }

    State state() {
        return state;
    }

    void become(State next) {
        state = next;
    }

    String eksClusterId() {
        return request.path("containerProvider").path("id").asText();
    }

    String containerProviderType() {
        return request.path("containerProvider").path("type").asText();
    }

    String namespace() {
        return request.path("containerProvider")
                .path("info")
                .path("eksInfo")
                .path("namespace")
                .asText();
    }

    ObjectNode toJson() {
        ObjectNode json = ServiceModel.JSON.createObjectNode();
        json.put("id", id).put("name", name()).put("arn", arn).put("state", state.name());
        json.put("createdAt", JobRun.wire(createdAt));
        for (String member :
                List.of("containerProvider", "securityConfigurationId", "sessionEnabled", "schedulerConfiguration")) {
            JsonNode value = request.get(member);
            if (value != null) {
                json.set(member, value);
            }
        }
        ObjectNode tagsJson = json.putObject("tags");
        tags.forEach(tagsJson::put);
        return json;
    }
}
