package io.emreks.testing.service;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** The answers of the List operations. */
final class Pages {
    private Pages() {}

    /**
     * One page, newest first. The token names the operation and the last item given, so items that come in between change
     * nothing.
     *
     * @param items in the order of their creation
     */
    static <T> ObjectNode page(
            ObjectNode input,
            ServiceSettings settings,
            String operation,
            String member,
            List<T> items,
            Predicate<T> shown,
            Function<T, ObjectNode> toJson) {
        int size = input.has("maxResults")
                ? Math.min(input.path("maxResults").asInt(), settings.largestPage())
                : settings.pageSize();
        if (size < 1) {
            throw ApiException.validation("1 validation error detected: Value '"
                    + input.path("maxResults").asText()
                    + "' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal"
                    + " to 1");
        }
        int from = input.has("nextToken")
                ? position(operation, input.path("nextToken").asText(), items.size())
                : items.size();
        ObjectNode answer = ServiceModel.JSON.createObjectNode();
        ArrayNode page = answer.putArray(member);
        for (int i = from - 1; i >= 0; i--) {
            if (shown.test(items.get(i))) {
                if (page.size() == size) {
                    return answer.put("nextToken", token(operation, i + 1));
                }
                page.add(toJson.apply(items.get(i)));
            }
        }
        return answer;
    }

    /** The filter of {@code createdAfter} and {@code createdBefore}. */
    static <T extends Resource> Predicate<T> created(ObjectNode input) {
        Instant after = instant(input, "createdAfter", Instant.MIN);
        Instant before = instant(input, "createdBefore", Instant.MAX);
        return item -> !item.createdAt().isBefore(after) && !item.createdAt().isAfter(before);
    }

    private static Instant instant(ObjectNode input, String member, Instant whenAbsent) {
        return input.has(member)
                ? OffsetDateTime.parse(input.path(member).asText()).toInstant()
                : whenAbsent;
    }

    /** The values of a filter that is a list; empty if it is not given. */
    static Set<String> texts(ObjectNode input, String member) {
        Set<String> texts = new HashSet<>();
        input.path(member).forEach(value -> texts.add(value.asText()));
        return texts;
    }

    private static String token(String operation, int position) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((operation + ":" + position).getBytes(StandardCharsets.UTF_8));
    }

    private static int position(String operation, String token, int size) {
        try {
            String decoded = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            if (decoded.startsWith(operation + ":")) {
                int position = Integer.parseInt(decoded, operation.length() + 1, decoded.length(), 10);
                if (position >= 0 && position <= size) {
                    return position;
                }
            }
        } catch (IllegalArgumentException e) {
            // neither Base64 nor a number: refused below like every other token that this service never gave
        }
        throw ApiException.validation("The nextToken is not valid");
    }
}
