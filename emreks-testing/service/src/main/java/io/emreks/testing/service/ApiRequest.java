package io.emreks.testing.service;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An HTTP request as the fake sees it, whichever face it came through. The body must not be changed afterwards. */
final class ApiRequest {
    private final String method;
    private final String host;
    private final String path;
    private final String query;
    private final Map<String, String> headers;
    private final byte[] body;
    private final boolean s3;

    /**
     * @param path still percent-encoded
     * @param query still percent-encoded, without the question mark
     * @param headers names in any case; kept in lower case
     */
    ApiRequest(String method, String host, String path, String query, Map<String, String> headers, byte[] body) {
        this.method = method.toUpperCase(Locale.ROOT);
        this.host = host;
        this.path = path;
        this.query = query;
        this.body = body;
        this.headers = new HashMap<>(headers.size() * 2);
        headers.forEach((name, value) -> this.headers.put(name.toLowerCase(Locale.ROOT), value));
        this.s3 = signedForS3();
    }

    String method() {
        return method;
    }

    String host() {
        return host;
    }

    String path() {
        return path;
    }

    String query() {
        return query;
    }

    @Nullable
    String header(String lowerCaseName) {
        return headers.get(lowerCaseName);
    }

    String header(String lowerCaseName, String whenAbsent) {
        return headers.getOrDefault(lowerCaseName, whenAbsent);
    }

    byte[] body() {
        return body;
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Whether this is a call of SQS, which names its operations in a header. */
    boolean isSqs() {
        return header("x-amz-target", "").startsWith("AmazonSQS.");
    }

    /** Whether this is a call of S3, by what was signed for, else by the host; otherwise it is one of EMR. */
    boolean isS3() {
        return s3;
    }

    private boolean signedForS3() {
        String signature = header("authorization", query);
        if (signature.contains("/s3/aws4_request") || signature.contains("%2Fs3%2Faws4_request")) {
            return true;
        }
        if (signature.contains("/aws4_request")) {
            return false;
        }
        return host.startsWith("s3.") || host.startsWith("s3-") || host.contains(".s3.") || host.contains(".s3-");
    }
}
