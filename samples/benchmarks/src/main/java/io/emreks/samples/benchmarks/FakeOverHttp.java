package io.emreks.samples.benchmarks;

import io.emreks.samples.benchmarks.Measurement.Better;
import io.emreks.samples.benchmarks.Measurement.Goal;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeServer;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;

/** StartJobRun over HTTP from the AWS SDK and from bare connections, beside a server that thinks nothing. */
final class FakeOverHttp implements Yardstick {
    private static final int RUNS = 5_000;
    private static final int IN_FLIGHT = 16;

    @Override
    public String name() {
        return "fake-over-http";
    }

    @Override
    public List<Measurement> measure() throws Exception {
        return List.of(
                measurement("The fake over HTTP: StartJobRun of the AWS SDK", FakeOverHttp::awsSdk, new Goal.None()),
                measurement(
                        "The fake over HTTP: StartJobRun over 16 connections",
                        FakeOverHttp::connections,
                        new Goal.AtLeast(3_000)));
    }

    private static Measurement measurement(String what, Load load, Goal goal) throws Exception {
        double[] perSecond = Rounds.perSecond(
                RUNS,
                runs -> {
                    try (FakeEmrEks fake = FakeEmrEks.builder()
                                    .realTime()
                                    .signatures(false)
                                    .build();
                            FakeServer server = fake.startServer()) {
                        return load.nanos(server.endpoint(), fake.createVirtualCluster("benchmarks"), runs);
                    }
                },
                runs -> {
                    try (FixedAnswer.Server server = new FixedAnswer.Server()) {
                        return load.nanos(server.endpoint(), "0123456789abcdefghijklmno", runs);
                    }
                });
        return new Measurement(what, "/s", perSecond[0], perSecond[1], Better.MORE, goal);
    }

    private static long awsSdk(URI endpoint, String virtualClusterId, int runs) throws InterruptedException {
        try (EmrContainersAsyncClient aws =
                Jobs.awsClient().endpointOverride(endpoint).build()) {
            return nanos(runs, () -> aws.startJobRun(Jobs.aws(virtualClusterId)));
        }
    }

    private static long connections(URI endpoint, String virtualClusterId, int runs)
            throws IOException, InterruptedException {
        String path = "/virtualclusters/" + virtualClusterId + "/jobruns";
        return HttpLoad.nanos(endpoint, runs, number -> new HttpLoad.Sent("POST", path, Jobs.json(number)));
    }

    private static long nanos(int runs, Supplier<CompletableFuture<?>> call) throws InterruptedException {
        Semaphore places = new Semaphore(IN_FLIGHT);
        AtomicInteger failures = new AtomicInteger();
        long begin = System.nanoTime();
        for (int i = 0; i < runs; i++) {
            places.acquire();
            var unused = call.get().whenComplete((answer, failure) -> {
                if (failure != null) {
                    failures.incrementAndGet();
                }
                places.release();
            });
        }
        places.acquire(IN_FLIGHT);
        if (failures.get() > 0) {
            throw new IllegalStateException(failures + " of " + runs + " calls failed");
        }
        return System.nanoTime() - begin;
    }

    private interface Load {
        long nanos(URI endpoint, String virtualClusterId, int runs) throws IOException, InterruptedException;
    }
}
