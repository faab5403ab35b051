package io.emreks.testing.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Something that the service keeps: it has an id, an ARN, a time of creation and tags. Confined to the model. */
abstract class Resource {
    private final String id;
    private final String arn;
    private final Instant createdAt;
    private final Map<String, String> tags = new LinkedHashMap<>(4);

    Resource(String id, String arn, ObjectNode request, Instant createdAt) {
        this.id = id;
        this.arn = arn;
        this.createdAt = createdAt;
        request.path("tags")
                .properties()
                .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
    }

    final String id() {
        return id;
    }

    final String arn() {
        return arn;
    }

    final Instant createdAt() {
        return createdAt;
    }

    /** The tags, for the caller to change. */
    Map<String, String> tags() {
        return tags;
    }

    final ObjectNode tagsJson() {
        ObjectNode json = ServiceModel.JSON.createObjectNode();
        tags.forEach(json::put);
        return json;
    }
}
