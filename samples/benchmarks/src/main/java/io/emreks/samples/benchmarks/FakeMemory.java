package io.emreks.samples.benchmarks;

import io.emreks.samples.benchmarks.Measurement.Better;
import io.emreks.samples.benchmarks.Measurement.Goal;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * The heap of a fake after a hundred thousand and after a million job runs, all of them over, beside the bytes of their
 * requests; and after a million requests over HTTP, of which one in a hundred starts a run.
 */
final class FakeMemory implements Yardstick {
    private static final int FEW_RUNS = 100_000;
    private static final int MANY_RUNS = 1_000_000;
    private static final int REQUESTS = 1_000_000;
    private static final int LOOKS = 99;
    private static final int LIVE = 1_000;

    @Override
    public String name() {
        return "fake-memory";
    }

    @Override
    public List<Measurement> measure() throws Exception {
        return List.of(
                measured("The fake after 100,000 runs, and their requests", Runs.class, FEW_RUNS, new Goal.AtMost(300)),
                measured("The fake after a million runs, and their requests", Runs.class, MANY_RUNS, new Goal.None()),
                measured(
                        "The fake after a million requests over HTTP, and its 10,000 runs in memory",
                        Requests.class,
                        REQUESTS,
                        new Goal.AtMost(100)));
    }

    private static Measurement measured(String what, Class<?> program, int count, Goal goal) throws Exception {
        String[] bytes = Forks.run(
                        List.of("-XX:MaxRAMPercentage=50", "-XX:+UseParallelGC"), program, Integer.toString(count))
                .trim()
                .split(" ");
        return new Measurement(
                what, "MB", Double.parseDouble(bytes[0]) / 1e6, Double.parseDouble(bytes[1]) / 1e6, Better.LESS, goal);
    }

    /** Starts as many runs as the argument says; prints the used heap and the bytes that were sent. */
    static final class Runs {
        private Runs() {}

        public static void main(String[] args) throws IOException {
            long before = usedHeap();
            try (FakeEmrEks fake = fake()) {
                long sent = start(fake, Integer.parseInt(args[0]));
                System.out.println((usedHeap() - before) + " " + sent);
            }
        }
    }

    /** Sends as many requests as the argument says; prints the used heap, and that of a fake with the same runs. */
    static final class Requests {
        private Requests() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            int requests = Integer.parseInt(args[0]);
            long before = usedHeap();
            long used;
            try (FakeEmrEks fake = fake();
                    FakeServer server = fake.startServer()) {
                URI endpoint = server.endpoint();
                String runs = "/virtualclusters/" + fake.createVirtualCluster("benchmarks") + "/jobruns";
                int starts = requests / (1 + LOOKS);
                long unused =
                        HttpLoad.nanos(endpoint, starts, number -> new HttpLoad.Sent("POST", runs, Jobs.json(number)));
                List<String> ids = fake.jobRuns().stream()
                        .map(run -> runs + "/" + run.id())
                        .toList();
                unused = HttpLoad.nanos(
                        endpoint,
                        requests - starts,
                        number -> new HttpLoad.Sent("GET", ids.get(number % ids.size()), ""));
                used = usedHeap() - before;
            }
            before = usedHeap();
            try (FakeEmrEks fake = fake()) {
                long unused = start(fake, requests / (1 + LOOKS));
                System.out.println(used + " " + (usedHeap() - before));
            }
        }
    }

    /** How many bytes were sent. */
    private static long start(FakeEmrEks fake, int runs) throws IOException {
        long sent = 0;
        try (SdkHttpClient http = fake.httpClient()) {
            SdkHttpRequest start = SdkHttpRequest.builder()
                    .method(SdkHttpMethod.POST)
                    .uri(URI.create("https://emr-containers.us-east-1.amazonaws.com/virtualclusters/"
                            + fake.createVirtualCluster("benchmarks") + "/jobruns"))
                    .build();
            for (int i = 0; i < runs; i++) {
                byte[] body = Jobs.json(i).getBytes(StandardCharsets.UTF_8);
                sent += body.length;
                int status = http.prepareRequest(HttpExecuteRequest.builder()
                                .request(start)
                                .contentStreamProvider(() -> new ByteArrayInputStream(body))
                                .build())
                        .call()
                        .httpResponse()
                        .statusCode();
                if (status != 200) {
                    throw new IllegalStateException("StartJobRun was answered with " + status);
                }
                if (i % LIVE == LIVE - 1) {
                    fake.time().advance(Duration.ofHours(1));
                }
            }
        }
        return sent;
    }

    private static FakeEmrEks fake() {
        return FakeEmrEks.builder().signatures(false).build();
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
