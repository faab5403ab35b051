package io.emreks.testing.service;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/**
 * The buckets of one account and region; one for each operation that has one and one for all together: Amazon EMR on EKS
 * Development Guide, "Service quotas".
 */
final class CallQuotas {
    private static final double NANOS = 1e9;
    /** What is lost in adding up small fractions is forgiven. */
    private static final double ONE = 1 - 1e-6;

    private static final Limit ACCOUNT = new Limit(200, 20);
    private static final Limit FEW = new Limit(25, 1);
    private static final Limit LOOKS = new Limit(100, 5);
    private static final Map<String, Limit> OPERATIONS = Map.ofEntries(
            Map.entry("StartJobRun", FEW),
            Map.entry("CancelJobRun", FEW),
            Map.entry("DescribeJobRun", new Limit(100, 20)),
            Map.entry("ListJobRuns", LOOKS),
            Map.entry("CreateVirtualCluster", FEW),
            Map.entry("DescribeVirtualCluster", LOOKS),
            Map.entry("ListVirtualClusters", LOOKS),
            Map.entry("DeleteVirtualCluster", FEW),
            Map.entry("CreateJobTemplate", FEW),
            Map.entry("DescribeJobTemplate", FEW),
            Map.entry("ListJobTemplates", FEW),
            Map.entry("DeleteJobTemplate", FEW),
            Map.entry("CreateManagedEndpoint", FEW),
            Map.entry("DescribeManagedEndpoint", LOOKS),
            Map.entry("ListManagedEndpoints", FEW),
            Map.entry("DeleteManagedEndpoint", FEW),
            Map.entry("GetManagedEndpointSessionCredentials", FEW),
            Map.entry("CreateSecurityConfiguration", FEW),
            Map.entry("DescribeSecurityConfiguration", FEW),
            Map.entry("ListSecurityConfigurations", FEW));

    private final double scale;
    private final QuotaRefill refill;
    private final Bucket account;
    private final Map<String, Bucket> operations = new HashMap<>();

    CallQuotas(double scale, QuotaRefill refill, Instant now) {
        if (!(scale > 0 && scale <= 1e6)) {
            throw new IllegalArgumentException("The scale is " + scale + ", must be more than 0 and at most 1,000,000");
        }
        this.scale = scale;
        this.refill = refill;
        this.account = new Bucket(ACCOUNT, now);
    }

    /** Takes a token of each bucket that the operation counts against; takes none if one of them is empty. */
    boolean admit(String operation, Instant now) {
        Limit limit = OPERATIONS.get(operation);
        Bucket own = limit == null ? account : operations.computeIfAbsent(operation, name -> new Bucket(limit, now));
        own.refill(now);
        account.refill(now);
        if (own.tokens < ONE || account.tokens < ONE) {
            return false;
        }
        account.tokens--;
        if (own != account) {
            own.tokens--;
        }
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
            Duration passed = Duration.between(refilled, now);
            if (refill == QuotaRefill.EVERY_SECOND) {
                passed = passed.truncatedTo(ChronoUnit.SECONDS);
            }
            tokens = Math.min(capacity, tokens + passed.toNanos() * perNano);
            refilled = refilled.plus(passed);
        }
    }
}
