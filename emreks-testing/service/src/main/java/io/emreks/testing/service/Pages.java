package io.emreks.testing.service;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** The answers of the List operations. */
final class Pages {
    private Pages() {}

    /** One page, newest first. The token names the last item given, so items that come in between change nothing. */
    static <T> ObjectNode page(
            ObjectNode input,
            int pageSize,
            String member,
            List<T> items,
            Predicate<T> shown,
            Function<T, ObjectNode> toJson) {
        int size = input.has("maxResults") ? Math.min(input.path("maxResults").asInt(), pageSize) : pageSize;
        if (size < 1) {
            throw ApiException.validation("1 validation error detected: Value '"
                    + input.path("maxResults").asText()
                    + "' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal"
                    + " to 1");
        }
        int from = input.has("nextToken") ? position(input.path("nextToken").asText(), items.size()) : items.size();
        ObjectNode answer = ServiceModel.JSON.createObjectNode();
        ArrayNode page = answer.putArray(member);
        for (int i = from - 1; i >= 0; i--) {
            if (shown.test(items.get(i))) {
                if (page.size() == size) {
                    return answer.put("nextToken", token(i + 1));
                }
                page.add(toJson.apply(items.get(i)));
            }
        }
        return answer;
    }

    private static String token(int position) {
        return Base64.getUrlEncoder().encodeToString(("page:" + position).getBytes(StandardCharsets.US_ASCII));
    }

    private static int position(String token, int size) {
        try {
            String decoded = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.US_ASCII);
            if (decoded.matches("page:\\d{1,9}")) {
                int position = Integer.parseInt(decoded.substring("page:".length()));
                if (position <= size) {
                    return position;
                }
            }
        } catch (IllegalArgumentException e) {
            // no Base64: refused below like every other token that this service never gave
        }
        throw ApiException.validation("The nextToken is not valid");
    }
}
