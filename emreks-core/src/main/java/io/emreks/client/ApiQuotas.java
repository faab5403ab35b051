package io.emreks.client;

import org.immutables.value.Value;

/**
 * How many calls the account may make, and how much of that is for this process. Every call waits for its turn within these.
 * The defaults are the published quotas, which are per account and region: Amazon EMR on EKS Development Guide, "Service
 * quotas".
 *
 * <p>They are shared by everything that runs in the account and region: give each of several processes a {@link #share()}.
 * The service has the last word: where it throttles, the bucket concerned is emptied and refills slowly for a while.
 */
@Value.Immutable
public interface ApiQuotas {
    /**
     * A bucket of calls: full at first, and refilled continuously.
     *
     * @param burst how many calls it holds; at least 1
     * @param perSecond how many calls are added each second; more than 0
     */
    record Bucket(double burst, double perSecond) {
        /** Refuses what is out of range. */
        public Bucket {
            if (!(burst >= 1 && burst <= 1e9 && perSecond > 0 && perSecond <= 1e9)) {
                throw new IllegalArgumentException("Bucket: burst is " + burst + ", must be 1 to 1,000,000,000;"
                        + " perSecond is " + perSecond + ", must be more than 0 and at most 1,000,000,000");
            }
        }
    }

    /** All calls together. Default 200 and 20 per second. */
    @Value.Default
    default Bucket account() {
        return new Bucket(200, 20);
    }

    /** StartJobRun. Default 25 and 1 per second. */
    @Value.Default
    default Bucket startJobRun() {
        return new Bucket(25, 1);
    }

    /** CancelJobRun. Default 25 and 1 per second. */
    @Value.Default
    default Bucket cancelJobRun() {
        return new Bucket(25, 1);
    }

    /** DescribeJobRun. Default 100 and 20 per second. */
    @Value.Default
    default Bucket describeJobRun() {
        return new Bucket(100, 20);
    }

    /** ListJobRuns. Default 100 and 5 per second. */
    @Value.Default
    default Bucket listJobRuns() {
        return new Bucket(100, 5);
    }

    /** DescribeJobTemplate. Default 25 and 1 per second. */
    @Value.Default
    default Bucket describeJobTemplate() {
        return new Bucket(25, 1);
    }

    /** ListVirtualClusters. Default 100 and 5 per second. */
    @Value.Default
    default Bucket listVirtualClusters() {
        return new Bucket(100, 5);
    }

    /** This process's part of all of the buckets. More than 0, at most 1. Default 1. */
    @Value.Default
    default double share() {
        return 1;
    }

    /**
     * The part of this process's calls that looks at runs may take, so that starts and cancels, and others in the account,
     * find room. More than 0, at most 1. Default 0.75.
     */
    @Value.Default
    default double watchingShare() {
        return 0.75;
    }

    /** Refuses what cannot work, naming every wrong field. */
    @Value.Check
    default void check() {
        StringBuilder wrong = new StringBuilder();
        if (!(share() > 0 && share() <= 1)) {
            wrong.append(" share is ").append(share()).append(", must be more than 0 and at most 1;");
        }
        if (!(watchingShare() > 0 && watchingShare() <= 1)) {
            wrong.append(" watchingShare is ").append(watchingShare()).append(", must be more than 0 and at most 1;");
        }
        if (wrong.length() > 0) {
            throw new IllegalArgumentException("ApiQuotas:" + wrong);
        }
    }

    /**
     * The published quotas, all of them as many times as large; for tests against a fake that does not throttle, say.
     *
     * @param times 1 or more
     * @throws IllegalArgumentException if less
     */
    static ApiQuotas publishedTimes(double times) {
        if (!(times >= 1)) {
            throw new IllegalArgumentException("times is " + times + ", must be 1 or more; for less, set share(…)");
        }
        ApiQuotas published = builder().build();
        return builder()
                .account(times(published.account(), times))
                .startJobRun(times(published.startJobRun(), times))
                .cancelJobRun(times(published.cancelJobRun(), times))
                .describeJobRun(times(published.describeJobRun(), times))
                .listJobRuns(times(published.listJobRuns(), times))
                .describeJobTemplate(times(published.describeJobTemplate(), times))
                .listVirtualClusters(times(published.listVirtualClusters(), times))
                .build();
    }

    private static Bucket times(Bucket bucket, double times) {
        return new Bucket(bucket.burst() * times, bucket.perSecond() * times);
    }

    /** Starts quotas from the published ones. */
    static Builder builder() {
        return ImmutableApiQuotas.builder();
    }

    /** Builds {@link ApiQuotas}. Not safe for use by several threads at once. */
    abstract class Builder {
        Builder() {}

        /** Sets the bucket of all calls together. */
        public abstract Builder account(Bucket account);

        /** Sets the bucket of StartJobRun. */
        public abstract Builder startJobRun(Bucket startJobRun);

        /** Sets the bucket of CancelJobRun. */
        public abstract Builder cancelJobRun(Bucket cancelJobRun);

        /** Sets the bucket of DescribeJobRun. */
        public abstract Builder describeJobRun(Bucket describeJobRun);

        /** Sets the bucket of ListJobRuns. */
        public abstract Builder listJobRuns(Bucket listJobRuns);

        /** Sets the bucket of DescribeJobTemplate. */
        public abstract Builder describeJobTemplate(Bucket describeJobTemplate);

        /** Sets the bucket of ListVirtualClusters. */
        public abstract Builder listVirtualClusters(Bucket listVirtualClusters);

        /** Sets this process's part; more than 0, at most 1. */
        public abstract Builder share(double share);

        /** Sets the part of looks at runs; more than 0, at most 1. */
        public abstract Builder watchingShare(double watchingShare);

        /** The quotas.
         *
         * @throws IllegalArgumentException naming every field that is out of its limits
         */
        public abstract ApiQuotas build();
    }
}
