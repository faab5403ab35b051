package io.emreks.samples.benchmarks;

import io.emreks.client.ApiQuotas;
import io.emreks.client.EmrEksClient;
import io.emreks.client.EmrEksRuntime;
import io.emreks.client.JobRunHandle;
import io.emreks.event.JobRunEvent.StateChanged;
import io.emreks.event.JobRunListener;
import io.emreks.model.JobRunRequest;
import io.emreks.model.JobRunSnapshot;
import io.emreks.samples.benchmarks.Measurement.Better;
import io.emreks.samples.benchmarks.Measurement.Goal;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.emrcontainers.EmrContainersServiceClientConfiguration;
import software.amazon.awssdk.services.emrcontainers.model.DescribeJobRunRequest;
import software.amazon.awssdk.services.emrcontainers.model.DescribeJobRunResponse;
import software.amazon.awssdk.services.emrcontainers.model.StartJobRunRequest;
import software.amazon.awssdk.services.emrcontainers.model.StartJobRunResponse;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * Ten thousand runs that go on, each with a handle, a listener and a future of its caller, on one client of a service that
 * keeps nothing: what they hold in the heap and how many threads they take.
 */
final class LiveRuns implements Yardstick {
    private static final int FEW = 100;
    private static final int MANY = 10_000;
    private static final int SETTLES_MILLIS = 1_000;

    @Override
    public String name() {
        return "live-runs";
    }

    @Override
    public List<Measurement> measure() throws Exception {
        double[] measured = Stream.of(Forks.run(List.of("-Xmx1g", "-XX:+UseParallelGC"), LiveRuns.class)
                        .trim()
                        .split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        double request = measured[3];
        double snapshot = measured[4];
        System.out.printf(
                "  a live run holds %.0f B: the caller's request %.0f, the last snapshot %.0f, emreks %.0f%n",
                measured[2], request, snapshot, measured[2] - request - snapshot);
        return List.of(
                new Measurement(
                        "Threads at 10,000 live runs, and at 100",
                        "threads",
                        measured[1],
                        measured[0],
                        Better.LESS,
                        new Goal.Ratio(1)),
                new Measurement(
                        "Heap of a live run, and of its request and last snapshot",
                        "B",
                        measured[2],
                        request + snapshot,
                        Better.LESS,
                        new Goal.Excess(4096)));
    }

    /** Prints the threads at few and at many runs, and the bytes of a live run, of its request, and of its snapshot. */
    public static void main(String[] args) throws Exception {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        try (EmrEksRuntime runtime = EmrEksRuntime.builder()
                        .quotas(ApiQuotas.publishedTimes(Jobs.QUOTAS_OUT_OF_THE_WAY))
                        .build();
                EmrEksClient emr = EmrEksClient.builder()
                        .runtime(runtime)
                        .emrContainersClient(new EndlessRuns())
                        .s3Client(new NoS3())
                        .virtualCluster("0123456789abcdefghijklmno")
                        .executionRole(Jobs.ROLE)
                        .build()) {
            List<JobRunHandle> few = submit(emr, FEW);
            int threadsAtFew = threads.getPeakThreadCount();
            long begin = usedHeap();
            List<JobRunHandle> handles = submit(emr, MANY);
            int threadsAtMany = threads.getPeakThreadCount();
            long all = usedHeap() - begin;

            List<JobRunRequest> requests = new ArrayList<>(handles.stream()
                    .map(handle -> handle.request().orElseThrow())
                    .toList());
            List<JobRunSnapshot> snapshots = new ArrayList<>(handles.stream()
                    .map(handle -> handle.latest().orElseThrow())
                    .toList());
            letGo(handles);
            long requestsAndSnapshots = usedHeap() - begin;
            int kept = snapshots.size();
            snapshots.clear();
            long onlyRequests = usedHeap() - begin;
            if (kept != requests.size() || few.size() != FEW) {
                throw new IllegalStateException("A run is missing");
            }
            System.out.println(threadsAtFew + " " + threadsAtMany + " " + all / MANY + " " + onlyRequests / MANY + " "
                    + (requestsAndSnapshots - onlyRequests) / MANY);
        }
    }

    private static List<JobRunHandle> submit(EmrEksClient emr, int runs) throws InterruptedException {
        CountDownLatch seen = new CountDownLatch(runs);
        JobRunListener listener = event -> {
            if (event instanceof StateChanged) {
                seen.countDown();
            }
        };
        List<JobRunHandle> handles = new ArrayList<>(runs);
        for (int i = 0; i < runs; i++) {
            JobRunHandle handle = emr.submit(Jobs::emreks);
            handle.addListener(listener);
            var unused = handle.completion().thenAccept(end -> {});
            handles.add(handle);
        }
        seen.await();
        return handles;
    }

    private static void letGo(List<JobRunHandle> handles) throws InterruptedException {
        CountDownLatch over = new CountDownLatch(handles.size());
        for (JobRunHandle handle : handles) {
            var unused = handle.completion().whenComplete((end, failure) -> over.countDown());
            handle.stopWatching();
        }
        over.await();
        handles.clear();
    }

    /** Collects until nothing more goes: what a run leaves to do is done shortly after its future completes. */
    private static long usedHeap() throws InterruptedException {
        long before = Long.MAX_VALUE;
        long now = collected();
        while (now < before - MANY) {
            Thread.sleep(SETTLES_MILLIS);
            before = now;
            now = collected();
        }
        return now;
    }

    /** The parallel collector leaves no dead wood when it is asked to collect. */
    private static long collected() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Accepts every run and keeps it RUNNING; answers with strings of their own, as parsed ones are. */
    private static final class EndlessRuns implements EmrContainersAsyncClient {
        private final AtomicInteger started = new AtomicInteger();

        @Override
        public CompletableFuture<StartJobRunResponse> startJobRun(StartJobRunRequest request) {
            String id = String.format("%019d", started.incrementAndGet());
            return CompletableFuture.completedFuture(StartJobRunResponse.builder()
                    .id(id)
                    .virtualClusterId(request.virtualClusterId())
                    .build());
        }

        @Override
        public CompletableFuture<DescribeJobRunResponse> describeJobRun(DescribeJobRunRequest request) {
            return CompletableFuture.completedFuture(DescribeJobRunResponse.builder()
                    .jobRun(run -> run.id(request.id())
                            .name(own("orders/2026-11-22"))
                            .state(own("RUNNING"))
                            .createdAt(Instant.EPOCH)
                            .releaseLabel(own("emr-7.5.0-latest"))
                            .tags(Map.of(own("team"), own("data"))))
                    .build());
        }

        private static String own(String value) {
            return String.valueOf(value.toCharArray());
        }

        @Override
        public EmrContainersServiceClientConfiguration serviceClientConfiguration() {
            return EmrContainersServiceClientConfiguration.builder()
                    .region(Region.of(Jobs.REGION))
                    .overrideConfiguration(ClientOverrideConfiguration.builder()
                            .retryStrategy(AwsRetryStrategy.doNotRetry())
                            .build())
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    /** Nothing is staged. */
    private static final class NoS3 implements S3AsyncClient {
        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
