package io.emreks.testing.service;

import java.time.Instant;

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
    /** Without the body, which may hold secrets. */
    @Override
    public String toString() {
        return at + " " + operation + " " + method + " " + path + (query.isEmpty() ? "" : "?" + query) + " -> "
                + (status == 0 ? "no answer" : status);
    }
}
