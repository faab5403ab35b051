package io.emreks.samples.benchmarks;

import io.emreks.samples.benchmarks.Measurement.Better;
import io.emreks.samples.benchmarks.Measurement.Goal;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;

/** StartJobRun over HTTP from the AWS SDK and from the JDK's client, beside a server that thinks nothing. */
final class FakeOverHttp implements Yardstick {
    private static final int RUNS = 5_000;
    private static final int IN_FLIGHT = 16;
    private static final int OK = 200;

    @Override
    public String name() {
        return "fake-over-http";
    }

    @Override
    public List<Measurement> measure() throws Exception {
        return List.of(
                measurement("The fake over HTTP: StartJobRun of the AWS SDK", FakeOverHttp::awsSdk),
                measurement("The fake over HTTP: StartJobRun of the JDK's HTTP client", FakeOverHttp::jdk));
    }

    private static Measurement measurement(String what, Load load) throws Exception {
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
        return new Measurement(what, "/s", perSecond[0], perSecond[1], Better.MORE, new Goal.None());
    }

    private static long awsSdk(URI endpoint, String virtualClusterId, int runs) throws InterruptedException {
        try (EmrContainersAsyncClient aws =
                Jobs.awsClient().endpointOverride(endpoint).build()) {
            return nanos(runs, () -> aws.startJobRun(Jobs.aws(virtualClusterId)));
        }
    }

    private static long jdk(URI endpoint, String virtualClusterId, int runs) throws InterruptedException {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        AtomicInteger tokens = new AtomicInteger();
        return nanos(runs, () -> {
            String body = "{\"name\":\"orders\",\"clientToken\":\"" + tokens.incrementAndGet()
                    + "\",\"executionRoleArn\":\"" + Jobs.ROLE + "\",\"releaseLabel\":\"emr-7.5.0-latest\","
                    + "\"jobDriver\":{\"sparkSubmitJobDriver\":{\"entryPoint\":\"s3://bucket/jobs/orders.jar\"}}}";
            return http.sendAsync(
                            HttpRequest.newBuilder(
                                            endpoint.resolve("/virtualclusters/" + virtualClusterId + "/jobruns"))
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .thenAccept(answer -> {
                        if (answer.statusCode() != OK) {
                            throw new IllegalStateException(answer.body());
                        }
                    });
        });
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
        long nanos(URI endpoint, String virtualClusterId, int runs) throws InterruptedException;
    }
}
