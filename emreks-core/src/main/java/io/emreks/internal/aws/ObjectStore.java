package io.emreks.internal.aws;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The few S3 operations the engine needs. A method may block while the SDK looks for credentials and may throw. */
public interface ObjectStore {
    CompletableFuture<String> put(S3Location location, byte[] body, String contentType);

    CompletableFuture<byte[]> get(S3Location location);

    /**
     * Puts an object only if the one that is there has the given tag, or, without a tag, if there is none; the future gives
     * the new tag.
     */
    CompletableFuture<String> putIf(Optional<String> tag, S3Location location, byte[] body, String contentType);

    CompletableFuture<Tagged> getTagged(S3Location location);

    /** All objects below a prefix, page by page. */
    CompletableFuture<Page> list(S3Location prefix, Optional<String> nextToken);

    record Page(List<StoredObject> objects, Optional<String> nextToken) {}

    /**
     * A text object.
     *
     * @param tag its ETag, which another content does not have
     */
    record Tagged(String text, String tag) {}

    record StoredObject(String key, Instant lastModified) {}
}
