package io.emreks.testing.service;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** The newest calls. Thread-safe. */
final class RequestLog {
    private static final int BODY_LIMIT = 65_536;

    private final int size;
    private final Deque<Entry> entries = new ArrayDeque<>();

    RequestLog(int size) {
        this.size = size;
    }

    synchronized void add(Entry entry) {
        entries.add(entry);
        if (entries.size() > size) {
            entries.remove();
        }
    }

    synchronized void clear() {
        entries.clear();
    }

    /** The oldest first. */
    synchronized List<FakeRequest> views() {
        return entries.stream().map(Entry::view).toList();
    }

    /** One call; how it ended is told later, and from any thread. */
    static final class Entry {
        private final String operation;
        private final String method;
        private final String path;
        private final String query;
        private final byte[] body;
        private final Instant at;
        private volatile boolean notImplemented;
        private volatile int status;

        Entry(String operation, boolean notImplemented, ApiRequest request, Instant at) {
            this.operation = operation;
            this.notImplemented = notImplemented;
            this.method = request.method();
            this.path = request.path();
            this.query = request.query();
            byte[] sent = request.body();
            this.body = sent.length <= BODY_LIMIT ? sent : Arrays.copyOf(sent, BODY_LIMIT);
            this.at = at;
        }

        void notImplemented() {
            notImplemented = true;
        }

        void answered(int status) {
            this.status = status;
        }

        FakeRequest view() {
            return new FakeRequest(
                    operation,
                    method,
                    path,
                    query,
                    new String(body, StandardCharsets.UTF_8),
                    at,
                    status,
                    notImplemented);
        }
    }
}
