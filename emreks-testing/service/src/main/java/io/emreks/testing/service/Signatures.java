package io.emreks.testing.service;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Whether a request is signed: by Signature Version 4, in the {@code Authorization} header. Codes are those of the "Common
 * Error Types" page of the API Reference, except for a header that is missing altogether, where AWS's front says
 * MissingAuthenticationTokenException.
 */
final class Signatures {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final Pattern HEADER = Pattern.compile(ALGORITHM
            + " Credential=([^/,\\s]{1,128})/(\\d{8})/([a-z0-9-]{1,64})/([a-z0-9-]{1,64})/aws4_request,\\s*"
            + "SignedHeaders=([a-z0-9;_-]{1,2048}),\\s*Signature=([0-9a-f]{64})");
    private static final Pattern DATE = Pattern.compile("\\d{8}T\\d{6}Z");
    private static final int FORBIDDEN = 403;

    private final boolean required;
    private final Map<String, String> secrets;

    /** @param secrets by access key id; signatures are computed only if there are some */
    Signatures(boolean required, Map<String, String> secrets) {
        this.required = required;
        this.secrets = Map.copyOf(secrets);
    }

    /** What is wrong with the signature of a request, if anything. */
    Optional<Fault.ErrorAnswer> problem(ApiRequest request) {
        if (!required) {
            return Optional.empty();
        }
        String header = request.header("authorization");
        if (header == null) {
            return error("MissingAuthenticationTokenException", "Missing Authentication Token");
        }
        Matcher parts = HEADER.matcher(header.trim());
        if (!parts.matches()) {
            return error(
                    "IncompleteSignature",
                    "The Authorization header must be '" + ALGORITHM
                            + " Credential=…, SignedHeaders=…, Signature=…' of Signature Version 4");
        }
        String date = request.header("x-amz-date", "");
        if (!DATE.matcher(date).matches() || !date.startsWith(parts.group(2))) {
            return error("IncompleteSignature", "The X-Amz-Date header must be a time on the day of the credential");
        }
        return secrets.isEmpty() ? Optional.empty() : check(request, parts, date);
    }

    private Optional<Fault.ErrorAnswer> check(ApiRequest request, Matcher parts, String date) {
        String secret = secrets.get(parts.group(1));
        if (secret == null) {
            return error("UnrecognizedClientException", "The security token included in the request is invalid.");
        }
        byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (String part : List.of(parts.group(2), parts.group(3), parts.group(4), "aws4_request")) {
            key = hmac(key, part);
        }
        String scope = String.join("/", parts.group(2), parts.group(3), parts.group(4), "aws4_request");
        String canonical = canonical(request, parts.group(5));
        String signature = hex(hmac(
                key, String.join("\n", ALGORITHM, date, scope, sha256(canonical.getBytes(StandardCharsets.UTF_8)))));
        return MessageDigest.isEqual(
                        signature.getBytes(StandardCharsets.UTF_8),
                        parts.group(6).getBytes(StandardCharsets.UTF_8))
                ? Optional.empty()
                : error(
                        "InvalidSignatureException",
                        "The request signature we calculated does not match the signature you provided.");
    }

    /** The canonical request: the path, still encoded as it came, is encoded once more. */
    private static String canonical(ApiRequest request, String signedHeaders) {
        List<String> query = new ArrayList<>();
        PercentCoding.parameters(request.query())
                .forEach((name, values) -> values.forEach(
                        value -> query.add(PercentCoding.encode(name, "") + "=" + PercentCoding.encode(value, ""))));
        Collections.sort(query);
        StringBuilder text = new StringBuilder(request.method())
                .append('\n')
                .append(PercentCoding.encode(request.path(), "/"))
                .append('\n')
                .append(String.join("&", query))
                .append('\n');
        for (String name : signedHeaders.split(";", -1)) {
            String value = request.header(name.toLowerCase(Locale.ROOT), "");
            text.append(name)
                    .append(':')
                    .append(value.trim().replaceAll(" +", " "))
                    .append('\n');
        }
        return text.append('\n')
                .append(signedHeaders)
                .append('\n')
                .append(request.header("x-amz-content-sha256", sha256(request.body())))
                .toString();
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has HmacSHA256", e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return hex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static Optional<Fault.ErrorAnswer> error(String code, String message) {
        return Optional.of(new Fault.ErrorAnswer(FORBIDDEN, code, message));
    }
}
