package io.emreks.testing.spark;

import java.util.Optional;

/** The two parts of {@code s3://bucket/key}; the key may be empty. */
record S3Uri(String bucket, String key) {
    private static final String SCHEME = "s3://";

    static Optional<S3Uri> parse(String uri) {
        if (!uri.startsWith(SCHEME)) {
            return Optional.empty();
        }
        String path = uri.substring(SCHEME.length());
        int slash = path.indexOf('/');
        String bucket = slash < 0 ? path : path.substring(0, slash);
        return bucket.isEmpty()
                ? Optional.empty()
                : Optional.of(new S3Uri(bucket, slash < 0 ? "" : path.substring(slash + 1)));
    }
}
