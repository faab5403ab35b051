package io.emreks.testing.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What client tokens made, as long as the service remembers it; confined to the model. */
final class ClientTokens {
    private final Duration retention;
    private final ClientTokenReuse reuse;
    private final Map<String, Use> uses = new LinkedHashMap<>();

    ClientTokens(Duration retention, ClientTokenReuse reuse) {
        this.retention = retention;
        this.reuse = reuse;
    }

    /**
     * The id of what the client token of a request made before.
     *
     * @throws ApiException if it came with other parameters then, and that is refused
     */
    Optional<String> made(String operation, ObjectNode input, Instant now) {
        forget(now);
        if (!input.has("clientToken")) {
            return Optional.empty();
        }
        Use use = uses.get(key(operation, input));
        if (use == null) {
            return Optional.empty();
        }
        if (use.input.isPresent() && !use.input.get().equals(input)) {
            throw ApiException.validation("The client token was used before with other parameters");
        }
        return Optional.of(use.id);
    }

    void remember(String operation, ObjectNode input, String id, Instant now) {
        String key = key(operation, input);
        uses.remove(key);
        uses.put(key, new Use(id, reuse == ClientTokenReuse.REFUSE ? Optional.of(input) : Optional.empty(), now));
    }

    int size() {
        return uses.size();
    }

    /** The oldest come first, so this stops at the first one that is remembered. */
    private void forget(Instant now) {
        Iterator<Use> oldest = uses.values().iterator();
        while (oldest.hasNext() && !now.isBefore(oldest.next().at.plus(retention))) {
            oldest.remove();
        }
    }

    private static String key(String operation, ObjectNode input) {
        return operation + " " + input.path("clientToken").asText();
    }

    /** @param input what it was used with, where other parameters are refused */
    private record Use(String id, Optional<ObjectNode> input, Instant at) {}
}
