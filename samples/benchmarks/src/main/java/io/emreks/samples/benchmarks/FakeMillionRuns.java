package io.emreks.samples.benchmarks;

import io.emreks.samples.benchmarks.Measurement.Better;
import io.emreks.samples.benchmarks.Measurement.Goal;
import io.emreks.testing.service.FakeEmrEks;
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

/** The heap of a fake that has accepted a million runs, all of them over, beside the bytes of their requests. */
final class FakeMillionRuns implements Yardstick {
    private static final int RUNS = 1_000_000;
    private static final int LIVE = 1_000;

    @Override
    public String name() {
        return "fake-million-runs";
    }

    @Override
    public List<Measurement> measure() throws Exception {
        String[] measured = Forks.run(List.of("-XX:MaxRAMPercentage=50", "-XX:+UseParallelGC"), FakeMillionRuns.class)
                .trim()
                .split(" ");
        return List.of(new Measurement(
                "The fake after a million runs, and their requests",
                "MB",
                Double.parseDouble(measured[0]) / 1e6,
                Double.parseDouble(measured[1]) / 1e6,
                Better.LESS,
                new Goal.None()));
    }

    /** Prints the used heap and the bytes that were sent. */
    public static void main(String[] args) throws IOException {
        try (FakeEmrEks fake = FakeEmrEks.builder().signatures(false).build();
                SdkHttpClient http = fake.httpClient()) {
            String cluster = fake.createVirtualCluster("benchmarks");
            SdkHttpRequest start = SdkHttpRequest.builder()
                    .method(SdkHttpMethod.POST)
                    .uri(URI.create(
                            "https://emr-containers.us-east-1.amazonaws.com/virtualclusters/" + cluster + "/jobruns"))
                    .build();
            long before = usedHeap();
            long sent = 0;
            for (int i = 0; i < RUNS; i++) {
                byte[] body = ("{\"name\":\"orders\",\"clientToken\":\"" + i + "\",\"executionRoleArn\":\"" + Jobs.ROLE
                                + "\",\"releaseLabel\":\"emr-7.5.0-latest\",\"jobDriver\":{\"sparkSubmitJobDriver\":"
                                + "{\"entryPoint\":\"s3://bucket/jobs/orders.jar\"}},\"tags\":{\"team\":\"data\"}}")
                        .getBytes(StandardCharsets.UTF_8);
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
            System.out.println((usedHeap() - before) + " " + sent);
        }
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
