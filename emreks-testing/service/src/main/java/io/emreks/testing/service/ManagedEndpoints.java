package io.emreks.testing.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** The managed (interactive) endpoints of the model; confined to it. */
final class ManagedEndpoints {
    private static final String CREATE = "CreateManagedEndpoint";
    private static final String CREDENTIALS = "GetManagedEndpointSessionCredentials";
    private static final int CREDENTIALS_LAST_SECONDS = 900;

    private final ServiceSettings settings;
    private final ServiceIds ids;
    private final ClientTokens tokens;
    private final Timeline timeline;
    private final Function<String, VirtualCluster> clusters;
    private final Map<String, ManagedEndpoint> byId = new LinkedHashMap<>();
    private final Map<String, ObjectNode> credentials = new HashMap<>();

    ManagedEndpoints(
            ServiceSettings settings,
            ServiceIds ids,
            ClientTokens tokens,
            Timeline timeline,
            Function<String, VirtualCluster> clusters) {
        this.settings = settings;
        this.ids = ids;
        this.tokens = tokens;
        this.timeline = timeline;
        this.clusters = clusters;
    }

    ObjectNode create(ObjectNode input, Instant now) {
        ManagedEndpoint made = tokens.made(CREATE, input, now).map(byId::get).orElseGet(() -> add(input, now));
        return made.identity();
    }

    private ManagedEndpoint add(ObjectNode input, Instant now) {
        String clusterId = input.path("virtualClusterId").asText();
        clusters.apply(clusterId).requireRunning("Endpoint");
        EmrModel.requireRelease(input.path("releaseLabel").asText());
        EmrModel.checkMonitoring(input.path("configurationOverrides"));
        String id = ids.other(now);
        ManagedEndpoint made = new ManagedEndpoint(
                id, settings.arn("/virtualclusters/" + clusterId + "/endpoints/" + id), settings.region(), input, now);
        byId.put(id, made);
        tokens.remember(CREATE, input, id, now);
        timeline.at(now.plus(settings.managedEndpointCreationTakes()), at -> made.move("CREATING", "ACTIVE"));
        timeline.advanceTo(now);
        return made;
    }

    Optional<ManagedEndpoint> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    private Optional<ManagedEndpoint> find(ObjectNode input) {
        return find(input.path("id").asText())
                .filter(found ->
                        found.clusterId.equals(input.path("virtualClusterId").asText()));
    }

    ObjectNode describe(ObjectNode input) {
        return find(input)
                .orElseThrow(
                        () -> ApiException.notFound(missing(input.path("id").asText())))
                .toJson();
    }

    ObjectNode list(ObjectNode input) {
        Set<String> states = Pages.texts(input, "states");
        Set<String> types = Pages.texts(input, "types");
        String clusterId = input.path("virtualClusterId").asText();
        Predicate<ManagedEndpoint> created = Pages.created(input);
        return Pages.page(
                input,
                settings,
                "ListManagedEndpoints",
                "endpoints",
                List.copyOf(byId.values()),
                created.and(endpoint -> endpoint.clusterId.equals(clusterId)
                        && (states.isEmpty() || states.contains(endpoint.state))
                        && (types.isEmpty() || types.contains(endpoint.type))),
                ManagedEndpoint::toJson);
    }

    /** The operation models no ResourceNotFoundException. */
    ObjectNode delete(ObjectNode input, Instant now) {
        ManagedEndpoint endpoint = find(input)
                .orElseThrow(
                        () -> ApiException.validation(missing(input.path("id").asText())));
        if (endpoint.state.equals("TERMINATED")) {
            throw ApiException.validation("Managed endpoint " + endpoint.id() + " is already terminated.");
        }
        if (!endpoint.state.equals("TERMINATING")) {
            endpoint.state = "TERMINATING";
            timeline.at(
                    now.plus(settings.managedEndpointDeletionTakes()),
                    at -> endpoint.move("TERMINATING", "TERMINATED"));
            timeline.advanceTo(now);
        }
        return ServiceModel.JSON
                .createObjectNode()
                .put("id", endpoint.id())
                .put("virtualClusterId", endpoint.clusterId);
    }

    ObjectNode credentials(ObjectNode input, Instant now) {
        Optional<ObjectNode> given = tokens.made(CREDENTIALS, input, now).map(credentials::get);
        if (given.isPresent()) {
            return given.get();
        }
        String wanted = input.path("endpointIdentifier").asText();
        String wantedCluster = input.path("virtualClusterIdentifier").asText();
        ManagedEndpoint endpoint = byId.values().stream()
                .filter(one -> one.id().equals(wanted) || one.arn().equals(wanted))
                .filter(one -> one.clusterId.equals(wantedCluster)
                        || settings.arn("/virtualclusters/" + one.clusterId).equals(wantedCluster))
                .findFirst()
                .orElseThrow(() -> ApiException.notFound(missing(wanted)));
        if (!endpoint.state.equals("ACTIVE")) {
            throw ApiException.validation(
                    "Managed endpoint state " + endpoint.state + " is not valid to create session credentials.");
        }
        int seconds = input.path("durationInSeconds").asInt(CREDENTIALS_LAST_SECONDS);
        if (seconds < 1) {
            throw ApiException.validation("1 validation error detected: Value '" + seconds
                    + "' at 'durationInSeconds' failed to satisfy constraint: Member must have value greater than or"
                    + " equal to 1");
        }
        String id = ids.other(now);
        String token = ids.request().replace("-", "");
        ObjectNode answer = ServiceModel.JSON.createObjectNode().put("id", id);
        answer.putObject("credentials").put("token", token);
        answer.putObject("endpointCredentials").put("token", token);
        answer.put("expiresAt", JobRun.wire(now.plusSeconds(seconds)));
        if (input.has("clientToken")) {
            credentials.put(id, answer);
            tokens.remember(CREDENTIALS, input, id, now);
        }
        return answer;
    }

    private static String missing(String id) {
        return "Managed endpoint " + id + " doesn't exist.";
    }

    static final class ManagedEndpoint extends Resource {
        private static final List<String> SHOWN = List.of(
                "name",
                "virtualClusterId",
                "type",
                "releaseLabel",
                "executionRoleArn",
                "certificateArn",
                "configurationOverrides");

        private final String clusterId;
        private final String type;
        private final String serverUrl;
        private final ObjectNode request;
        private String state = "CREATING";

        private ManagedEndpoint(String id, String arn, String region, ObjectNode request, Instant createdAt) {
            super(id, arn, request, createdAt);
            this.request = request;
            this.clusterId = request.path("virtualClusterId").asText();
            this.type = request.path("type").asText();
            this.serverUrl = "https://" + id + "." + clusterId + ".emr-containers." + region + ".invalid:18888";
        }

        private void move(String from, String to) {
            if (state.equals(from)) {
                state = to;
            }
        }

        private ObjectNode identity() {
            return ServiceModel.JSON
                    .createObjectNode()
                    .put("id", id())
                    .put("name", request.path("name").asText())
                    .put("arn", arn())
                    .put("virtualClusterId", clusterId);
        }

        /** The {@code Endpoint} of the service model. */
        ObjectNode toJson() {
            ObjectNode json = identity().put("state", state).put("createdAt", JobRun.wire(createdAt()));
            for (String member : SHOWN) {
                JsonNode value = request.get(member);
                if (value != null) {
                    json.set(member, value);
                }
            }
            if (state.equals("ACTIVE")) {
                json.put("serverUrl", serverUrl);
            }
            json.set("tags", tagsJson());
            return json;
        }
    }
}
