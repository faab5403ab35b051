package io.emreks.samples.benchmarks;

import io.emreks.client.EmrEksClient;
import io.emreks.samples.benchmarks.Measurement.Better;
import io.emreks.samples.benchmarks.Measurement.Goal;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.emrcontainers.model.JobRunState;

/**
 * A day of 10,000 job runs in virtual time, one after the other started and all of them watched, within the published quotas
 * and on one thread, beside the same day by the AWS SDK, which describes each live run every 30 s.
 */
final class VirtualDay implements Yardstick {
    private static final int RUNS = 10_000;
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration EVERY = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "virtual-day";
    }

    @Override
    public List<Measurement> measure() {
        double emreks = emreks();
        double baseline = baseline();
        return List.of(new Measurement(
                "A virtual day of 10,000 runs, watched", "s", emreks, baseline, Better.LESS, new Goal.AtMost(60)));
    }

    private static double emreks() {
        try (FakeEmrEks fake = FakeEmrEks.create();
                EmrEksClient emr = EmrEksClient.builder()
                        .runtime(Jobs.runtime(fake.time()))
                        .region(Jobs.REGION)
                        .credentials(Jobs.CREDENTIALS)
                        .httpClient(fake.asyncHttpClient())
                        .virtualCluster(fake.createVirtualCluster("benchmarks"))
                        .executionRole(Jobs.ROLE)
                        .build()) {
            AtomicInteger over = new AtomicInteger();
            return seconds(fake, over, () -> {
                var unused = emr.submit(Jobs::emreks).completion().thenAccept(end -> over.incrementAndGet());
            });
        }
    }

    private static double baseline() {
        try (FakeEmrEks fake = FakeEmrEks.create();
                EmrContainersAsyncClient aws = Jobs.awsClient(fake.asyncHttpClient())) {
            String cluster = fake.createVirtualCluster("benchmarks");
            AtomicInteger over = new AtomicInteger();
            return seconds(fake, over, () -> {
                var unused = aws.startJobRun(Jobs.aws(cluster))
                        .thenAccept(started -> describe(fake.time(), aws, cluster, started.id(), over));
            });
        }
    }

    private static void describe(
            VirtualTime time, EmrContainersAsyncClient aws, String cluster, String id, AtomicInteger over) {
        var unused = time.schedule(
                () -> {
                    var unused2 = aws.describeJobRun(
                                    run -> run.virtualClusterId(cluster).id(id))
                            .whenComplete((answer, throttled) -> {
                                if (answer != null && answer.jobRun().state() == JobRunState.COMPLETED) {
                                    over.incrementAndGet();
                                } else {
                                    describe(time, aws, cluster, id, over);
                                }
                            });
                },
                EVERY.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    private static double seconds(FakeEmrEks fake, AtomicInteger over, Runnable start) {
        fake.throttleByQuotas(1);
        long pause = DAY.toNanos() / RUNS;
        long begin = System.nanoTime();
        for (int i = 0; i < RUNS; i++) {
            var unused = fake.time().schedule(start, i * pause, TimeUnit.NANOSECONDS);
        }
        if (!fake.time().runUntil(() -> over.get() == RUNS, DAY.multipliedBy(2))) {
            throw new IllegalStateException("Only " + over + " of " + RUNS + " runs were seen to end");
        }
        return (System.nanoTime() - begin) / 1e9;
    }
}
