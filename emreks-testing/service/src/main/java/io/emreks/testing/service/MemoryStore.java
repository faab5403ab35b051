package io.emreks.testing.service;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;

/** Buckets and objects in memory. */
final class MemoryStore implements ObjectStore {
    private final Map<String, NavigableMap<String, Kept>> buckets = new HashMap<>();

    @Override
    public boolean canHold(String key) {
        return true;
    }

    @Override
    public boolean hasBucket(String bucket) {
        return buckets.containsKey(bucket);
    }

    @Override
    public void createBucket(String bucket) {
        buckets.putIfAbsent(bucket, new TreeMap<>());
    }

    @Override
    public void put(String bucket, String key, byte[] body, Instant now) {
        objects(bucket).put(key, new Kept(body, new Entry(key, body.length, now, DiskStore.md5(body))));
    }

    @Override
    public Optional<Entry> find(String bucket, String key) {
        return Optional.ofNullable(objects(bucket).get(key)).map(kept -> kept.entry);
    }

    @Override
    public byte[] body(String bucket, String key) {
        Kept kept = objects(bucket).get(key);
        if (kept == null) {
            throw new NoSuchElementException(bucket + "/" + key);
        }
        return kept.body;
    }

    @Override
    public void delete(String bucket, String key) {
        objects(bucket).remove(key);
    }

    @Override
    public List<String> list(String bucket, String prefix) {
        return objects(bucket).tailMap(prefix).keySet().stream()
                .takeWhile(key -> key.startsWith(prefix))
                .toList();
    }

    private NavigableMap<String, Kept> objects(String bucket) {
        return buckets.getOrDefault(bucket, new TreeMap<>());
    }

    private static final class Kept {
        private final byte[] body;
        private final Entry entry;

        Kept(byte[] body, Entry entry) {
            this.body = body;
            this.entry = entry;
        }
    }
}
