package io.emreks.testing.service;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** An HTTP answer. The body must not be changed afterwards. */
final class ApiResponse {
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

    /** Formatting takes longer than most answers. */
    private static volatile Dated lastDate = new Dated(Long.MIN_VALUE, "");

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

    /** The same answer with the header that says when it was made. */
    ApiResponse dated(Instant at) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Date", httpDate(at));
        return new ApiResponse(status, all, body);
    }

    /** A date as HTTP writes it (RFC 1123). */
    static String httpDate(Instant at) {
        Dated last = lastDate;
        if (last.second != at.getEpochSecond()) {
            last = new Dated(at.getEpochSecond(), HTTP_DATE.format(at.atOffset(ZoneOffset.UTC)));
            lastDate = last;
        }
        return last.text;
    }

    private record Dated(long second, String text) {}

    /** The same answer with the second half of its body missing. */
    ApiResponse cut() {
        return new ApiResponse(200, headers, Arrays.copyOf(body, body.length / 2));
    }
}
