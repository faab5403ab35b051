package io.emreks.samples.benchmarks;

import io.emreks.client.ApiQuotas;
import io.emreks.client.EmrEksClient;
import io.emreks.client.EmrEksRuntime;
import io.emreks.client.WatchSettings;
import io.emreks.samples.benchmarks.Measurement.Better;
import io.emreks.samples.benchmarks.Measurement.Goal;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeRequest;
import io.emreks.testing.service.Fault;
import io.emreks.testing.service.JobRunScript;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.emrcontainers.model.JobRunState;

/**
 * Runs from submit to COMPLETED, 64 at a time, on the threads that emreks makes by default, beside the same calls by the
 * AWS SDK in two ways: from the submitting thread with the client that the SDK's builder makes, which completes its futures
 * on threads of its own; and from as many threads as emreks makes calls from, with a client that completes its futures
 * where the answer came, as emreks tells its own to. A run is over when it is first looked at, and the quotas are out of the
 * way, so that nothing but work limits any of them.
 *
 * <p>Once the fake answers where it was called, so that few are ever in flight and the processors are what there is too
 * little of; once every call takes a while, as over a network, so that 64 are.
 */
final class ManyInFlight implements Yardstick {
    private static final int IN_FLIGHT = 64;
    private static final int THREADS = 8;
    private static final int RUNS = 10_000;
    private static final Duration NO_TIME = Duration.ZERO;
    private static final Duration A_WHILE = Duration.ofMillis(5);

    /** Enough for 64 looks at once: of one virtual cluster, emreks looks at twenty runs at a time. */
    private static final int VIRTUAL_CLUSTERS = 4;

    @Override
    public String name() {
        return "many-in-flight";
    }

    @Override
    public List<Measurement> measure() throws Exception {
        double[] atOnce = perSecond(NO_TIME);
        double[] afterAWhile = perSecond(A_WHILE);
        return List.of(
                measurement("by default", "after 5 ms", afterAWhile[0], afterAWhile[1]),
                measurement("by default", "at once", atOnce[0], atOnce[1]),
                measurement("completing inline, on 8 threads", "at once", atOnce[0], atOnce[2]));
    }

    private static Measurement measurement(String client, String answered, double emreks, double baseline) {
        return new Measurement(
                "Runs, up to " + IN_FLIGHT + " in flight, calls answered " + answered + "; the SDK's client " + client,
                "/s",
                emreks,
                baseline,
                Better.MORE,
                new Goal.Ratio(0.8));
    }

    private static double[] perSecond(Duration callsTake) throws Exception {
        return Stream.of(Forks.run(Forks.STEADY_HEAP, ManyInFlight.class, callsTake.toString())
                        .trim()
                        .split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    /** Prints the runs per second of emreks, the default client and the inline client, when calls take that long. */
    public static void main(String[] callsTake) throws Exception {
        Duration each = Duration.parse(callsTake[0]);
        double[] perSecond = Rounds.perSecond(
                RUNS, runs -> emreks(runs, each), runs -> defaultClient(runs, each), runs -> inlineClient(runs, each));
        System.out.println(perSecond[0] + " " + perSecond[1] + " " + perSecond[2]);
    }

    private static FakeEmrEks fake(Duration callsTake) {
        FakeEmrEks fake = FakeEmrEks.builder().realTime().build();
        fake.script(JobRunScript.completes()
                .pendingFor(Duration.ZERO)
                .submittedFor(Duration.ZERO)
                .runningFor(Duration.ZERO));
        if (!callsTake.isZero()) {
            fake.faults().always("StartJobRun", Fault.delay(callsTake, Duration.ZERO));
            fake.faults().always("DescribeJobRun", Fault.delay(callsTake, Duration.ZERO));
        }
        return fake;
    }

    private static long emreks(int runs, Duration callsTake) throws InterruptedException {
        try (FakeEmrEks fake = fake(callsTake);
                EmrEksRuntime runtime = EmrEksRuntime.builder()
                        .quotas(ApiQuotas.publishedTimes(Jobs.QUOTAS_OUT_OF_THE_WAY))
                        .build();
                EmrEksClient emr = client(fake, runtime)) {
            List<String> clusters = clusters(fake);
            Window window = new Window();
            long begin = System.nanoTime();
            for (int i = 0; i < runs; i++) {
                window.enter();
                String cluster = clusters.get(i % clusters.size());
                var unused = emr.submit(job -> {
                            Jobs.emreks(job);
                            job.virtualCluster(cluster);
                        })
                        .completion()
                        .whenComplete((end, failure) -> window.leave(failure));
            }
            window.awaitEmpty();
            long took = System.nanoTime() - begin;
            requireCallsOfTheBaselines(fake);
            return took;
        }
    }

    private static List<String> clusters(FakeEmrEks fake) {
        return IntStream.range(0, VIRTUAL_CLUSTERS)
                .mapToObj(number -> fake.createVirtualCluster("benchmarks-" + number))
                .toList();
    }

    /** The fake keeps the last thousands. */
    private static void requireCallsOfTheBaselines(FakeEmrEks fake) {
        Set<String> calls = fake.requests().stream().map(FakeRequest::operation).collect(Collectors.toSet());
        if (!calls.equals(Set.of("StartJobRun", "DescribeJobRun"))) {
            throw new IllegalStateException("The baselines make other calls than emreks, which made " + calls);
        }
    }

    private static EmrEksClient client(FakeEmrEks fake, EmrEksRuntime runtime) {
        Duration soon = Duration.ofNanos(1);
        return EmrEksClient.builder()
                .runtime(runtime)
                .region(Jobs.REGION)
                .credentials(Jobs.CREDENTIALS)
                .httpClient(fake.asyncHttpClient())
                .virtualCluster(fake.createVirtualCluster("benchmarks"))
                .executionRole(Jobs.ROLE)
                .watch(WatchSettings.builder().minPause(soon).maxPause(soon).build())
                .build();
    }

    private static long defaultClient(int runs, Duration callsTake) throws InterruptedException {
        try (FakeEmrEks fake = fake(callsTake);
                EmrContainersAsyncClient aws =
                        Jobs.awsClient().httpClient(fake.asyncHttpClient()).build()) {
            return baseline(runs, fake, aws, Runnable::run);
        }
    }

    private static long inlineClient(int runs, Duration callsTake) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (FakeEmrEks fake = fake(callsTake);
                EmrContainersAsyncClient aws = Jobs.awsClient(fake.asyncHttpClient())) {
            return baseline(runs, fake, aws, threads);
        } finally {
            threads.shutdown();
        }
    }

    private static long baseline(int runs, FakeEmrEks fake, EmrContainersAsyncClient aws, Executor begun)
            throws InterruptedException {
        FakeJobRun sent = sentByEmreks(fake);
        Window window = new Window();
        long begin = System.nanoTime();
        for (int i = 0; i < runs; i++) {
            window.enter();
            begun.execute(() -> {
                var unused = aws.startJobRun(Jobs.aws(sent))
                        .thenCompose(started -> aws.describeJobRun(run ->
                                run.virtualClusterId(started.virtualClusterId()).id(started.id())))
                        .thenAccept(answer -> {
                            if (answer.jobRun().state() != JobRunState.COMPLETED) {
                                throw new IllegalStateException("The run did not complete: " + answer);
                            }
                        })
                        .whenComplete((end, failure) -> window.leave(failure));
            });
        }
        window.awaitEmpty();
        return System.nanoTime() - begin;
    }

    private static FakeJobRun sentByEmreks(FakeEmrEks fake) throws InterruptedException {
        try (EmrEksRuntime runtime = EmrEksRuntime.builder().build();
                EmrEksClient emr = client(fake, runtime)) {
            var unused = emr.submit(Jobs::emreks).await(Duration.ofMinutes(1));
            return fake.jobRuns().get(0);
        }
    }

    /** Lets so many in at a time, and keeps the failures. */
    private static final class Window {
        private final Semaphore places = new Semaphore(IN_FLIGHT);
        private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

        void enter() throws InterruptedException {
            places.acquire();
        }

        void leave(@Nullable Throwable failure) {
            if (failure != null) {
                failures.add(failure);
            }
            places.release();
        }

        void awaitEmpty() throws InterruptedException {
            places.acquire(IN_FLIGHT);
            if (!failures.isEmpty()) {
                throw new IllegalStateException(failures.size() + " runs did not complete", failures.remove());
            }
        }
    }
}
