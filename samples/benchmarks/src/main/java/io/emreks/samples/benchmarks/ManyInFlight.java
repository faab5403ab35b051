package io.emreks.samples.benchmarks;

import io.emreks.client.ApiQuotas;
import io.emreks.client.EmrEksClient;
import io.emreks.client.EmrEksRuntime;
import io.emreks.client.WatchSettings;
import io.emreks.samples.benchmarks.Measurement.Better;
import io.emreks.samples.benchmarks.Measurement.Goal;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.JobRunScript;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.emrcontainers.model.JobRunState;

/**
 * Runs from submit to COMPLETED, 64 at a time, on the threads that emreks makes by default, beside the same calls from as
 * many threads. A run is over when it is first looked at, and the quotas are out of the way, so that nothing but work limits
 * either.
 */
final class ManyInFlight implements Yardstick {
    private static final int IN_FLIGHT = 64;
    private static final int THREADS = 8;
    private static final int RUNS = 10_000;

    @Override
    public String name() {
        return "many-in-flight";
    }

    @Override
    public List<Measurement> measure() throws Exception {
        double[] perSecond = Rounds.perSecond(RUNS, ManyInFlight::emreks, ManyInFlight::baseline);
        return List.of(new Measurement(
                "Runs with " + IN_FLIGHT + " in flight",
                "/s",
                perSecond[0],
                perSecond[1],
                Better.MORE,
                new Goal.Ratio(0.8)));
    }

    private static FakeEmrEks fake() {
        FakeEmrEks fake = FakeEmrEks.builder().realTime().build();
        fake.script(JobRunScript.completes()
                .pendingFor(Duration.ZERO)
                .submittedFor(Duration.ZERO)
                .runningFor(Duration.ZERO));
        return fake;
    }

    private static long emreks(int runs) throws InterruptedException {
        try (FakeEmrEks fake = fake();
                EmrEksRuntime runtime = EmrEksRuntime.builder()
                        .quotas(ApiQuotas.publishedTimes(Jobs.QUOTAS_OUT_OF_THE_WAY))
                        .build();
                EmrEksClient emr = client(fake, runtime)) {
            Window window = new Window();
            long begin = System.nanoTime();
            for (int i = 0; i < runs; i++) {
                window.enter();
                var unused =
                        emr.submit(Jobs::emreks).completion().whenComplete((end, failure) -> window.leave(failure));
            }
            window.awaitEmpty();
            return System.nanoTime() - begin;
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

    private static long baseline(int runs) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (FakeEmrEks fake = fake();
                EmrContainersAsyncClient aws = Jobs.awsClient(fake.asyncHttpClient())) {
            FakeJobRun sent = sentByEmreks(fake);
            Window window = new Window();
            long begin = System.nanoTime();
            for (int i = 0; i < runs; i++) {
                window.enter();
                threads.execute(() -> {
                    var unused = aws.startJobRun(Jobs.aws(sent))
                            .thenCompose(started ->
                                    aws.describeJobRun(run -> run.virtualClusterId(started.virtualClusterId())
                                            .id(started.id())))
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
        } finally {
            threads.shutdown();
        }
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
