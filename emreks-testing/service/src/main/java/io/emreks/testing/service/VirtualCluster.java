package io.emreks.testing.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A virtual cluster of the model; confined to it. */
final class VirtualCluster extends Resource {
    private final ObjectNode request;
    private final List<JobRun> runs = new ArrayList<>();
    /** Accepted runs that wait for a slot, in the order of their acceptance. */
    private final Set<JobRun> queue = new LinkedHashSet<>();
    /** Runs that have a slot: those that left the queue and are not over. */
    private final Set<JobRun> slots = new HashSet<>();

    private FakeVirtualClusterState state = FakeVirtualClusterState.RUNNING;
    private boolean held;
    private boolean deletionAsked;
    private OptionalInt maxConcurrent = OptionalInt.empty();
    private OptionalInt maxInQueue = OptionalInt.empty();

    VirtualCluster(String id, String arn, ObjectNode request, Instant createdAt) {
        super(id, arn, request, createdAt);
        this.request = request;
        limit(request.path("schedulerConfiguration"));
    }

    String name() {
        return request.path("name").asText();
    }

    FakeVirtualClusterState state() {
        return state;
    }

    void become(FakeVirtualClusterState next) {
        state = next;
    }

    /** Whether a hold keeps this cluster in its state. */
    boolean held() {
        return held;
    }

    void hold(boolean keep) {
        held = keep;
    }

    /** A deletion that was accepted while a hold keeps the state. */
    void deleteLater() {
        deletionAsked = true;
    }

    /** Whether a deletion waits for the end of the hold; it does no more. */
    boolean deletionAsked() {
        boolean asked = deletionAsked;
        deletionAsked = false;
        return asked;
    }

    /** The runs of this cluster, in the order of their acceptance. */
    List<JobRun> runs() {
        return runs;
    }

    /** Gives a run a slot, free or not. */
    void occupy(JobRun run) {
        queue.remove(run);
        slots.add(run);
    }

    /** @throws ApiException if nothing can be made on this cluster now */
    void requireRunning(String what) {
        if (state != FakeVirtualClusterState.RUNNING) {
            throw ApiException.validation(
                    "Virtual cluster state " + state + " is not valid to create resource " + what + ".");
        }
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
        json.put("id", id()).put("name", name()).put("arn", arn()).put("state", state.name());
        json.put("createdAt", JobRun.wire(createdAt()));
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
        json.set("tags", tagsJson());
        return json;
    }
}
