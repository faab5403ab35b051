package io.emreks.testing.service;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The buckets of one account and region, which refill continuously; one for each operation and one for all together: Amazon
 * EMR on EKS Development Guide, "Service quotas".
 */
final class CallQuotas {
    private static final double NANOS = 1e9;
    /** What is lost in adding up small fractions is forgiven. */
    private static final double ONE = 1 - 1e-6;

    private static final Limit ACCOUNT = new Limit(200, 20);
    private static final Limit FEW = new Limit(25, 1);
    private static final Map<String, Limit> MANY = Map.of(
            "DescribeJobRun", new Limit(100, 20),
            "ListJobRuns", new Limit(100, 5),
            "DescribeVirtualCluster", new Limit(100, 5),
            "ListVirtualClusters", new Limit(100, 5),
            "DescribeManagedEndpoint", new Limit(100, 5));

    private final double scale;
    private final Bucket account;
    private final Map<String, Bucket> operations = new HashMap<>();

    CallQuotas(double scale, Instant now) {
        if (!(scale > 0 && scale <= 1e6)) {
            throw new IllegalArgumentException("The scale is " + scale + ", must be more than 0 and at most 1,000,000");
        }
        this.scale = scale;
        this.account = new Bucket(ACCOUNT, now);
    }

    /** Takes a token of each bucket that the operation counts against; takes none if one of them is empty. */
    boolean admit(String operation, Instant now) {
        Bucket own = operations.computeIfAbsent(operation, name -> new Bucket(MANY.getOrDefault(name, FEW), now));
        own.refill(now);
        account.refill(now);
        if (own.tokens < ONE || account.tokens < ONE) {
            return false;
        }
        own.tokens--;
        account.tokens--;
        return true;
    }

    private record Limit(int capacity, int perSecond) {}

    private final class Bucket {
        private final double capacity;
        private final double perNano;
        private double tokens;
        private Instant refilled;

        Bucket(Limit limit, Instant now) {
            this.capacity = Math.max(1, limit.capacity * scale);
            this.perNano = limit.perSecond * scale / NANOS;
            this.tokens = capacity;
            this.refilled = now;
        }

        void refill(Instant now) {
            tokens = Math.min(capacity, tokens + Duration.between(refilled, now).toNanos() * perNano);
            refilled = now;
        }
    }
}
