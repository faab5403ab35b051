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
import java.util.stream.Stream;
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
    public List<Measurement> measure() throws IOException, InterruptedException {
        double[] tenThousand = bytes(Runs.class, REQUESTS / (1 + LOOKS));
        return List.of(
                runs("The fake after 100,000 runs, and their requests", FEW_RUNS, new Goal.AtMost(300)),
                runs("The fake after a million runs, and their requests", MANY_RUNS, new Goal.None()),
                measurement(
                        "The fake after a million requests over HTTP, and its 10,000 runs in memory",
                        bytes(Requests.class, REQUESTS)[0],
                        tenThousand[0],
                        new Goal.AtMost(100)));
    }

    private static Measurement runs(String what, int count, Goal goal) throws IOException, InterruptedException {
        double[] bytes = bytes(Runs.class, count);
        return measurement(what, bytes[0], bytes[1], goal);
    }

    private static Measurement measurement(String what, double bytes, double baseline, Goal goal) {
        return new Measurement(what, "MB", bytes / 1e6, baseline / 1e6, Better.LESS, goal);
    }

    private static double[] bytes(Class<?> program, int count) throws IOException, InterruptedException {
        return Stream.of(Forks.run(
                                List.of("-XX:MaxRAMPercentage=50", "-XX:+UseParallelGC"),
                                program,
                                Integer.toString(count))
                        .trim()
                        .split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
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

    /** Sends as many requests as the argument says; prints the used heap. */
    static final class Requests {
        private Requests() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            int requests = Integer.parseInt(args[0]);
            int starts = requests / (1 + LOOKS);
            long before = usedHeap();
            try (FakeEmrEks fake = fake();
                    FakeServer server = fake.startServer()) {
                URI endpoint = server.endpoint();
                String runs = "/virtualclusters/" + fake.createVirtualCluster("benchmarks") + "/jobruns";
                long unused =
                        HttpLoad.nanos(endpoint, starts, number -> new HttpLoad.Sent("POST", runs, Jobs.json(number)));
                List<String> ids = fake.jobRuns().stream()
                        .map(run -> runs + "/" + run.id())
                        .toList();
                unused = HttpLoad.nanos(
                        endpoint,
                        requests - starts,
                        number -> new HttpLoad.Sent("GET", ids.get(number % ids.size()), ""));
                System.out.println(usedHeap() - before);
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
