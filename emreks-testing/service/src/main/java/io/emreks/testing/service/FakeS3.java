package io.emreks.testing.service;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A small S3; see the factory methods. Thread-safe. */
@SuppressWarnings("DoNotCallSuggester")
public final class FakeS3 {
    /** Objects are kept in memory. */
    public static FakeS3 inMemory() {
        return new FakeS3();
    }

    /** {@code s3://bucket/key} is the file {@code root/bucket/key}. */
    public static FakeS3 onDisk(Path root) {
        return new FakeS3();
    }

    /** Stores an object; the bucket springs into being. */
    public void put(String bucket, String key, byte[] body) {
        throw new UnsupportedOperationException();
    }

    /** The object, if there is one. */
    public Optional<byte[]> get(String bucket, String key) {
        throw new UnsupportedOperationException();
    }

    /** The keys of the bucket that start with the prefix, in order. */
    public List<String> list(String bucket, String prefix) {
        throw new UnsupportedOperationException();
    }
}
