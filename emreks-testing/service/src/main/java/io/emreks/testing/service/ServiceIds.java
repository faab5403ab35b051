package io.emreks.testing.service;

import java.time.Instant;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;

/** Ids in the forms that the service gives; the same for the same seed and order of calls. */
final class ServiceIds {
    private static final int CLUSTER_ID_LENGTH = 25;
    private static final int JOB_RUN_ID_LENGTH = 19;
    private static final long RUNS_PER_MILLISECOND = 36L * 36 * 36 * 36;

    private final SplittableRandom random;
    /** Apart from the ids that last, which then depend on nothing but what was made. */
    private final SplittableRandom requests;

    private long lastRun;

    ServiceIds(long seed) {
        this.random = new SplittableRandom(seed);
        this.requests = new SplittableRandom(~seed);
    }

    String virtualCluster() {
        StringBuilder id = new StringBuilder(CLUSTER_ID_LENGTH);
        for (int i = 0; i < CLUSTER_ID_LENGTH; i++) {
            id.append(Character.forDigit(random.nextInt(36), 36));
        }
        return id.toString();
    }

    /** 19 characters with leading zeros, growing with time as the service's ids do. */
    String jobRun(Instant now) {
        lastRun = Math.max(lastRun + 1, now.toEpochMilli() * RUNS_PER_MILLISECOND);
        String id = Long.toString(lastRun, 36);
        return "0".repeat(JOB_RUN_ID_LENGTH - id.length()) + id;
    }

    /** Of templates, endpoints and configurations: as {@link #jobRun}; the form that the service gives these is not documented. */
    String other(Instant now) {
        return jobRun(now);
    }

    String request() {
        return new UUID((requests.nextLong() & ~0xf000L) | 0x4000L, (requests.nextLong() >>> 2) | Long.MIN_VALUE)
                .toString()
                .toLowerCase(Locale.ROOT);
    }
}
