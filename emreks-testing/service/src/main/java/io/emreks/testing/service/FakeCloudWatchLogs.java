package io.emreks.testing.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The CloudWatch log streams that scripted runs wrote; {@link FakeEmrEks#cloudWatchLogs} gives it. It has no API of AWS
 * before it. Thread-safe.
 */
public final class FakeCloudWatchLogs {
    private final Map<String, Map<String, String>> groups = new TreeMap<>();

    FakeCloudWatchLogs() {}

    /** The names of the log groups, in order. */
    public synchronized List<String> groups() {
        return new ArrayList<>(groups.keySet());
    }

    /** The names of the streams of a group, in order; none if there is no such group. */
    public synchronized List<String> streams(String group) {
        return new ArrayList<>(groups.getOrDefault(group, Map.of()).keySet());
    }

    /** What was written to a stream, if there is one. */
    public synchronized Optional<String> text(String group, String stream) {
        return Optional.ofNullable(groups.getOrDefault(group, Map.of()).get(stream));
    }

    synchronized void put(String group, String stream, String text) {
        groups.computeIfAbsent(group, name -> new TreeMap<>()).put(stream, text);
    }
}
