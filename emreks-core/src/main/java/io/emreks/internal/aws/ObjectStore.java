package io.emreks.internal.aws;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The few S3 operations the engine needs. A method may block while the SDK looks for credentials and may throw. */
public interface ObjectStore {
    CompletableFuture<String> put(S3Location location, byte[] body, String contentType);

    CompletableFuture<byte[]> get(S3Location location);

    /** All objects below a prefix, page by page. */
    CompletableFuture<Page> list(S3Location prefix, Optional<String> nextToken);

    record Page(List<StoredObject> objects, Optional<String> nextToken) {}

    record StoredObject(String key, Instant lastModified) {}
}
