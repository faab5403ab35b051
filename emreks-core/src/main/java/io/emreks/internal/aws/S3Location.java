package io.emreks.internal.aws;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A place in S3; the key may be empty and has no leading slash. */
public record S3Location(String bucket, String key) {
    private static final Pattern URI =
            Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?", Pattern.DOTALL);

    /** Reads {@code s3://bucket/key}; empty if it is none. */
    public static Optional<S3Location> parse(String uri) {
        Matcher matcher = URI.matcher(uri);
        return matcher.matches()
                ? Optional.of(new S3Location(matcher.group(1), matcher.group(2) == null ? "" : matcher.group(2)))
                : Optional.empty();
    }

    /** A place below this one, with exactly one slash between the two. */
    public S3Location resolve(String relative) {
        return new S3Location(bucket, key.isEmpty() || key.endsWith("/") ? key + relative : key + "/" + relative);
    }

    /** {@code s3://bucket/key}. */
    @Override
    public String toString() {
        return "s3://" + bucket + "/" + key;
    }
}
