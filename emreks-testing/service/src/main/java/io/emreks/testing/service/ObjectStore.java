package io.emreks.testing.service;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where {@link FakeS3} keeps its objects. Called by one thread at a time, with checked names and existing buckets. */
interface ObjectStore {
    /** Whether a key can be kept at all. */
    boolean canHold(String key);

    boolean hasBucket(String bucket);

    void createBucket(String bucket) throws IOException;

    /**
     * Stores an object in place of one that may be there.
     *
     * @throws IllegalArgumentException if the objects that are there leave no room for the key
     */
    void put(String bucket, String key, byte[] body, Instant now) throws IOException;

    /** The object, with the MD5 of its content as its tag; empty if there is none. */
    Optional<Entry> find(String bucket, String key) throws IOException;

    byte[] body(String bucket, String key) throws IOException;

    void delete(String bucket, String key) throws IOException;

    /** The keys in their order. */
    List<String> list(String bucket, String prefix) throws IOException;

    /**
     * An object without its content.
     *
     * @param tag the entity tag, without quotes
     */
    record Entry(String key, long size, Instant modified, String tag) {}
}
