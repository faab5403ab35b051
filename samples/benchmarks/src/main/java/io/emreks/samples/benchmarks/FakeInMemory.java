package io.emreks.samples.benchmarks;

import io.emreks.samples.benchmarks.Measurement.Better;
import io.emreks.samples.benchmarks.Measurement.Goal;
import io.emreks.testing.service.FakeEmrEks;
import java.util.List;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;

/** StartJobRun through the AWS SDK and the fake in memory, beside a service that thinks nothing. */
final class FakeInMemory implements Yardstick {
    private static final int RUNS = 10_000;

    @Override
    public String name() {
        return "fake-in-memory";
    }

    @Override
    public List<Measurement> measure() throws Exception {
        double[] perSecond = Rounds.perSecond(RUNS, FakeInMemory::fake, FakeInMemory::fixedAnswer);
        return List.of(new Measurement(
                "The fake in memory: StartJobRun of one thread",
                "/s",
                perSecond[0],
                perSecond[1],
                Better.MORE,
                new Goal.AtLeast(10_000)));
    }

    private static long fake(int runs) {
        try (FakeEmrEks fake = FakeEmrEks.create()) {
            return nanos(runs, fake.asyncHttpClient(), fake.createVirtualCluster("benchmarks"));
        }
    }

    private static long fixedAnswer(int runs) {
        try (SdkAsyncHttpClient http = new FixedAnswer.InMemory()) {
            return nanos(runs, http, "0123456789abcdefghijklmno");
        }
    }

    private static long nanos(int runs, SdkAsyncHttpClient http, String virtualClusterId) {
        try (EmrContainersAsyncClient aws = Jobs.awsClient(http)) {
            long begin = System.nanoTime();
            for (int i = 0; i < runs; i++) {
                var unused = aws.startJobRun(Jobs.aws(virtualClusterId)).join();
            }
            return System.nanoTime() - begin;
        }
    }
}
