package io.emreks.internal.watch;

import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.loop.Loop;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether one operation can be called at the moment, and when to try again if not. Belongs to the loop. */
final class Access {
    private static final Logger LOG = LoggerFactory.getLogger(Access.class);

    private final Loop loop;
    private final String operation;
    private final Duration firstPause;
    private final Duration longestPause;
    private final String virtualClusterId;
    private @Nullable ApiFailure failure;
    private volatile Optional<Missing> missing = Optional.empty();
    private long since;
    private long nextProbe;
    private Duration pause;

    Access(Loop loop, String virtualClusterId, String operation, Duration firstPause, Duration longestPause) {
        this.loop = loop;
        this.virtualClusterId = virtualClusterId;
        this.operation = operation;
        this.firstPause = firstPause;
        this.longestPause = longestPause;
        this.pause = firstPause;
    }

    /** Whether a failure tells of the caller's rights, and so of every call alike. */
    static boolean concerns(ApiFailure failure) {
        return failure.kind() == ApiFailure.Kind.DENIED || failure.kind() == ApiFailure.Kind.CREDENTIALS;
    }

    boolean open() {
        return failure == null;
    }

    /** When to try again, by the loop's count of nanoseconds. */
    long nextProbe() {
        return nextProbe;
    }

    boolean longerThan(Duration limit) {
        return failure != null && loop.nanos() - since >= limit.toNanos();
    }

    /** Read from anywhere. */
    Optional<Missing> missing() {
        return missing;
    }

    void failed(ApiFailure why) {
        long now = loop.nanos();
        if (failure == null) {
            since = now;
        }
        if (concerns(why) && missing.isEmpty()) {
            LOG.warn("{} cannot be called; it is tried again: {}", operation, why.getMessage());
        }
        if (concerns(why)) {
            Instant began = missing.map(Missing::since).orElseGet(loop::now);
            missing = Optional.of(new Missing(operation, virtualClusterId, began, why.getMessage()));
        }
        if (failure == null || now >= nextProbe) {
            nextProbe = now + pause.toNanos();
            Duration longer = pause.multipliedBy(2);
            pause = longer.compareTo(longestPause) < 0 ? longer : longestPause;
        }
        failure = why;
    }

    void granted() {
        if (missing.isPresent()) {
            LOG.info("{} can be called again", operation);
            missing = Optional.empty();
        }
        failure = null;
        pause = firstPause;
    }
}
