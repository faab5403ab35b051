package io.emreks.testing.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What EMR answers.
 *
 * @param error the code of an error; empty if it is none
 * @param body not changed any more, though parts of it may belong to what the service keeps
 */
record EmrAnswer(int status, String error, String requestId, ObjectNode body) {
    ApiResponse toResponse() {
        Map<String, String> headers = new HashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("x-amzn-RequestId", requestId);
        if (!error.isEmpty()) {
            headers.put("x-amzn-ErrorType", error);
        }
        return new ApiResponse(status, headers, body.toString().getBytes(StandardCharsets.UTF_8));
    }
}
