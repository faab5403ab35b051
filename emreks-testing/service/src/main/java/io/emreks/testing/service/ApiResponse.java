package io.emreks.testing.service;

import java.util.Arrays;
import java.util.Map;

/** An HTTP answer. The body must not be changed afterwards. */
final class ApiResponse {
    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    ApiResponse(int status, Map<String, String> headers, byte[] body) {
        this.status = status;
        this.headers = Map.copyOf(headers);
        this.body = body;
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    byte[] body() {
        return body;
    }

    /** The same answer with the second half of its body missing. */
    ApiResponse cut() {
        return new ApiResponse(200, headers, Arrays.copyOf(body, body.length / 2));
    }
}
