package io.emreks.testing.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

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
    /** Accepted runs that wait for a slot, in the order of their acceptance. */
    private final Set<JobRun> queue = new LinkedHashSet<>();
    /** Runs that have a slot: those that left the queue and are not over. */
    private final Set<JobRun> slots = new HashSet<>();

    private State state = State.RUNNING;
    private OptionalInt maxConcurrent = OptionalInt.empty();
    private OptionalInt maxInQueue = OptionalInt.empty();

    VirtualCluster(String id, String arn, ObjectNode request, Instant createdAt) {
        this.id = id;
        this.arn = arn;
        this.request = request;
        this.createdAt = createdAt;
        request.path("tags")
                .properties()
                .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
        limit(request.path("schedulerConfiguration"));
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

    /** Sets the limits to those of a {@code SchedulerConfiguration}; what it does not have is not limited. */
    void limit(JsonNode configuration) {
        limit(limit(configuration, "maxConcurrentJobRuns"), limit(configuration, "maxInQueueJobRuns"));
    }

    void limit(OptionalInt concurrent, OptionalInt inQueue) {
        maxConcurrent = concurrent;
        maxInQueue = inQueue;
    }

    private static OptionalInt limit(JsonNode configuration, String member) {
        return configuration.has(member)
                ? OptionalInt.of(configuration.path(member).asInt())
                : OptionalInt.empty();
    }

    /** Whether a run that has to wait would find no place in the queue. */
    boolean full() {
        return !slotFree() && maxInQueue.isPresent() && queue.size() >= maxInQueue.getAsInt();
    }

    void enqueue(JobRun run) {
        queue.add(run);
    }

    boolean waiting(JobRun run) {
        return queue.contains(run);
    }

    /** Gives a free slot to the run that waits longest. */
    Optional<JobRun> admit() {
        if (queue.isEmpty() || !slotFree()) {
            return Optional.empty();
        }
        JobRun run = queue.iterator().next();
        queue.remove(run);
        slots.add(run);
        return Optional.of(run);
    }

    /** Takes a run out of the queue; says whether it was there. */
    boolean withdraw(JobRun run) {
        return queue.remove(run);
    }

    /** A run is over, whether it had a slot or not. */
    void leave(JobRun run) {
        queue.remove(run);
        slots.remove(run);
    }

    private boolean slotFree() {
        return maxConcurrent.isEmpty() || slots.size() < maxConcurrent.getAsInt();
    }

    ObjectNode toJson() {
        ObjectNode json = ServiceModel.JSON.createObjectNode();
        json.put("id", id).put("name", name()).put("arn", arn).put("state", state.name());
        json.put("createdAt", JobRun.wire(createdAt));
        for (String member : List.of("containerProvider", "securityConfigurationId", "sessionEnabled")) {
            JsonNode value = request.get(member);
            if (value != null) {
                json.set(member, value);
            }
        }
        if (maxConcurrent.isPresent() || maxInQueue.isPresent()) {
            ObjectNode configuration = json.putObject("schedulerConfiguration");
            maxConcurrent.ifPresent(limit -> configuration.put("maxConcurrentJobRuns", limit));
            maxInQueue.ifPresent(limit -> configuration.put("maxInQueueJobRuns", limit));
            json.putObject("schedulerStatus")
                    .put("currentInQueueJobRuns", queue.size())
                    .put("currentConcurrentJobRuns", slots.size());
        }
        ObjectNode tagsJson = json.putObject("tags");
        tags.forEach(tagsJson::put);
        return json;
    }
}
