package io.emreks.testing.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A small S3: buckets and objects, in memory or in a folder. What it answers over the S3 API (put with {@code
 * If-None-Match: *} or {@code If-Match}, get with ranges, head, delete, also with {@code If-Match}, list) is reached
 * through {@link FakeEmrEks}. The entity tag of an object is the MD5 of its content. Thread-safe; a condition and its
 * effect are one step, except for what other programs do to the folder.
 */
public final class FakeS3 {
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9](?:[a-z0-9-]|\\.(?!\\.)){1,61}[a-z0-9]");
    private static final int KEY_LIMIT = 1024;

    private final ObjectStore store;
    private volatile Clock clock = Clock.fixed(VirtualTime.DEFAULT_START, ZoneOffset.UTC);

    private FakeS3(ObjectStore store) {
        this.store = store;
    }

    /** Buckets and objects in memory. */
    public static FakeS3 inMemory() {
        return new FakeS3(new MemoryStore());
    }

    /**
     * Buckets are folders of {@code root}, and {@code s3://bucket/key} is the file {@code root/bucket/key}, so that other
     * programs can share them. No name leads out of the folder: keys with an empty, {@code .} or {@code ..} segment are
     * refused, and so are keys that a file system cannot hold beside others ({@code a} and {@code a/b}).
     *
     * @param root created when the first bucket is
     */
    public static FakeS3 onDisk(Path root) {
        return new FakeS3(new DiskStore(root.toAbsolutePath().normalize()));
    }

    /**
     * Stores an object in place of one that may be there; the bucket springs into being.
     *
     * @throws IllegalArgumentException if S3 (or the folder) cannot have a bucket or key of that name
     */
    public synchronized void put(String bucket, String key, byte[] body) {
        ObjectStore.Entry unused = put(bucket, key, body, there -> {});
    }

    /** The object, if there is one. */
    public synchronized Optional<byte[]> get(String bucket, String key) {
        return read(bucket, key, (entry, body) -> body.clone());
    }

    /** The keys of a bucket that start with the prefix, in order; none if there is no such bucket. */
    public synchronized List<String> list(String bucket, String prefix) {
        return hasBucket(bucket) ? io(() -> store.list(bucket, prefix)) : List.of();
    }

    /** Removes an object; does nothing if there is none. */
    public synchronized void delete(String bucket, String key) {
        delete(bucket, key, there -> {});
    }

    void use(Clock time) {
        clock = time;
    }

    synchronized boolean hasBucket(String bucket) {
        return BUCKET.matcher(bucket).matches() && store.hasBucket(bucket);
    }

    synchronized void createBucket(String bucket) {
        checkBucket(bucket);
        io(() -> {
            store.createBucket(bucket);
            return bucket;
        });
    }

    /** Stores an object, unless {@code condition} throws for the one that is there (or is not). */
    synchronized ObjectStore.Entry put(
            String bucket, String key, byte[] body, Consumer<Optional<ObjectStore.Entry>> condition) {
        checkBucket(bucket);
        checkKey(key);
        condition.accept(find(bucket, key));
        return io(() -> {
            store.createBucket(bucket);
            store.put(bucket, key, body.clone(), clock.instant());
            return store.find(bucket, key).orElseThrow();
        });
    }

    /** Removes an object, unless {@code condition} throws for the one that is there (or is not). */
    synchronized void delete(String bucket, String key, Consumer<Optional<ObjectStore.Entry>> condition) {
        Optional<ObjectStore.Entry> there = find(bucket, key);
        condition.accept(there);
        if (there.isPresent()) {
            io(() -> {
                store.delete(bucket, key);
                return key;
            });
        }
    }

    /** An object with its content, which must not be changed. */
    synchronized <T> Optional<T> read(String bucket, String key, BiFunction<ObjectStore.Entry, byte[], T> reader) {
        return find(bucket, key).map(entry -> reader.apply(entry, io(() -> store.body(bucket, key))));
    }

    synchronized Optional<ObjectStore.Entry> find(String bucket, String key) {
        if (!hasBucket(bucket) || !store.canHold(key)) {
            return Optional.empty();
        }
        return io(() -> store.find(bucket, key));
    }

    private static void checkBucket(String bucket) {
        if (!BUCKET.matcher(bucket).matches()) {
            throw new IllegalArgumentException("No bucket can be named '" + bucket
                    + "'; give 3 to 63 lower-case letters, digits, dots and hyphens");
        }
    }

    private void checkKey(String key) {
        if (key.isEmpty() || key.getBytes(StandardCharsets.UTF_8).length > KEY_LIMIT) {
            throw new IllegalArgumentException("A key has 1 to " + KEY_LIMIT + " bytes");
        }
        if (!store.canHold(key)) {
            throw new IllegalArgumentException("Objects are kept as files here, and no file can have the key '" + key
                    + "'; leave out empty, '.' and '..' segments");
        }
    }

    private static <T> T io(IoCall<T> call) {
        try {
            return call.run();
        } catch (IOException e) {
            throw new UncheckedIOException("The folder of the S3 objects cannot be used", e);
        }
    }

    private interface IoCall<T> {
        T run() throws IOException;
    }
}
