package io.emreks.testing.service;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A call that the fake has seen.
 *
 * @param operation the operation, such as {@code StartJobRun} or {@code PutObject}; {@code Unknown} if no route fits
 * @param method the HTTP method
 * @param path the path as sent (still percent-encoded)
 * @param query the query string as sent, without the question mark; empty if none
 * @param body the decoded body as text, cut after 65,536 characters
 * @param at when the call arrived
 * @param status the HTTP status answered; 0 if the connection was dropped or the answer is not yet sent
 * @param notImplemented whether the fake has no behaviour for this call: no route fits, or it does not implement what was
 *     asked for; false where a {@linkplain Faults fault} answered in its place, whatever the status
 */
public record FakeRequest(
        String operation,
        String method,
        String path,
        String query,
        String body,
        Instant at,
        int status,
        boolean notImplemented) {
    /**
     * What was asked, by the names of the service model, whether it came in the path, the query or the body: texts, numbers,
     * truth values, lists and maps of these. It need not be valid. Decoded anew by every call.
     *
     * @return empty for calls of S3 and SQS and those of no operation, and where the body cannot be read or was cut
     */
    public Optional<Map<String, Object>> input() {
        ServiceModel model = ServiceModel.load();
        ApiRequest sent = new ApiRequest(method, "", path, query, Map.of(), body.getBytes(StandardCharsets.UTF_8));
        try {
            return model.route(method, path)
                    .filter(route -> route.operation().equals(operation))
                    .map(route -> ServiceModel.values(model.read(route, sent)));
        } catch (ApiException e) {
            return Optional.empty();
        }
    }

    /** Without the body, which may hold secrets. */
    @Override
    public String toString() {
        return at + " " + operation + " " + method + " " + path + (query.isEmpty() ? "" : "?" + query) + " -> "
                + (status == 0 ? "no answer" : status);
    }
}
