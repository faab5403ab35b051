package io.emreks.testing.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The security configurations of the model; confined to it. */
final class SecurityConfigurations {
    private final ServiceSettings settings;
    private final ServiceIds ids;
    private final ClientTokens tokens;
    private final Map<String, SecurityConfiguration> byId = new LinkedHashMap<>();

    SecurityConfigurations(ServiceSettings settings, ServiceIds ids, ClientTokens tokens) {
        this.settings = settings;
        this.ids = ids;
        this.tokens = tokens;
    }

    ObjectNode create(ObjectNode input, Instant now) {
        SecurityConfiguration made = tokens.made("CreateSecurityConfiguration", input, now)
                .map(byId::get)
                .orElseGet(() -> add(input, now));
        return made.identity();
    }

    private SecurityConfiguration add(ObjectNode input, Instant now) {
        String id = ids.other(now);
        SecurityConfiguration made = new SecurityConfiguration(
                id, settings.arn("/securityconfigurations/" + id), settings.callerArn(), input, now);
        byId.put(id, made);
        tokens.remember("CreateSecurityConfiguration", input, id, now);
        return made;
    }

    Optional<SecurityConfiguration> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** @throws ApiException ResourceNotFoundException */
    SecurityConfiguration get(String id) {
        return find(id).orElseThrow(() -> ApiException.notFound(missing(id)));
    }

    ObjectNode list(ObjectNode input) {
        return Pages.page(
                input,
                settings,
                "ListSecurityConfigurations",
                "securityConfigurations",
                List.copyOf(byId.values()),
                Pages.<SecurityConfiguration>created(input),
                SecurityConfiguration::toJson);
    }

    /** The operation models no ResourceNotFoundException. */
    ObjectNode delete(String id) {
        if (byId.remove(id) == null) {
            throw ApiException.validation(missing(id));
        }
        return ServiceModel.JSON.createObjectNode().put("id", id);
    }

    private static String missing(String id) {
        return "Security configuration " + id + " doesn't exist.";
    }

    static final class SecurityConfiguration extends Resource {
        private final String createdBy;
        private final String name;
        private final JsonNode data;

        private SecurityConfiguration(String id, String arn, String createdBy, ObjectNode request, Instant createdAt) {
            super(id, arn, request, createdAt);
            this.createdBy = createdBy;
            this.name = request.path("name").asText();
            this.data = request.path("securityConfigurationData");
        }

        private ObjectNode identity() {
            return ServiceModel.JSON
                    .createObjectNode()
                    .put("id", id())
                    .put("name", name)
                    .put("arn", arn());
        }

        /** The {@code SecurityConfiguration} of the service model; it does not show the container provider. */
        ObjectNode toJson() {
            ObjectNode json =
                    identity().put("createdAt", JobRun.wire(createdAt())).put("createdBy", createdBy);
            json.set("securityConfigurationData", data);
            json.set("tags", tagsJson());
            return json;
        }
    }
}
