package io.emreks.behaviour;

import static io.emreks.behaviour.Bed.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.client.CloseReport;
import io.emreks.client.EmrEksClient;
import io.emreks.client.EmrEksClientBuilder;
import io.emreks.client.EmrEksRuntime;
import io.emreks.client.JobRunHandle;
import io.emreks.client.WatchSettings;
import io.emreks.error.ClientClosedException;
import io.emreks.event.JobRunEvent;
import io.emreks.logs.LogStream;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.JobRunScript;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * What only real threads can show: that somebody who blocks blocks nobody else, and that nothing is left behind. Nothing
 * here depends on how long something takes; the limits only end a test that would hang.
 */
class RealThreadsTest {
    private static final long HANGS = 60;

    private FakeEmrEks fake;
    private int clusters;
    private final CountDownLatch forEver = new CountDownLatch(1);

    @BeforeEach
    void open() {
        fake = FakeEmrEks.builder().realTime().build();
        fake.script(JobRunScript.completes()
                .pendingFor(Duration.ofMillis(5))
                .submittedFor(Duration.ofMillis(5))
                .runningFor(Duration.ofMillis(5)));
    }

    @AfterEach
    void close() {
        forEver.countDown();
        fake.close();
    }

    private EmrEksClientBuilder builder() {
        return EmrEksClient.builder()
                .region(fake.region())
                .credentials(Bed.CREDENTIALS)
                .httpClient(fake.asyncHttpClient())
                .virtualCluster(fake.createVirtualCluster("real-" + ++clusters))
                .executionRole(Bed.ROLE)
                .watch(WatchSettings.builder()
                        .minPause(Duration.ofMillis(2))
                        .maxPause(Duration.ofMillis(5))
                        .build())
                .defaults(job -> job.releaseLabel("emr-7.5.0-latest"));
    }

    private static JobRunSnapshot end(JobRunHandle run) throws Exception {
        return run.completion().get(HANGS, TimeUnit.SECONDS);
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("emreks-"))
                .toList();
    }

    private void block() {
        boolean interrupted = false;
        while (!interrupted && forEver.getCount() > 0) {
            try {
                forEver.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    @Test
    void aListenerThatBlocksForEverHarmsNobodyElse() throws Exception {
        EmrEksClient client = builder().build();
        JobRunHandle run = client.submit(job("blocked"));
        CountDownLatch blocking = new CountDownLatch(1);
        run.addListener(event -> {
            blocking.countDown();
            block();
        });
        CompletableFuture<JobRunEvent> heardEnd = new CompletableFuture<>();
        run.addListener(event -> {
            if (Recorder.last(event)) {
                heardEnd.complete(event);
            }
        });
        assertThat(blocking.await(HANGS, TimeUnit.SECONDS)).isTrue();
        assertThat(end(run).state()).isEqualTo(JobRunState.COMPLETED);
        assertThat(heardEnd.get(HANGS, TimeUnit.SECONDS)).isInstanceOf(JobRunEvent.Ended.class);
        assertThat(end(client.submit(job("other"))).state()).isEqualTo(JobRunState.COMPLETED);
        client.close(Duration.ofMillis(50));
        assertThat(threads()).isEmpty();
    }

    @Test
    void whenAllWorkersAreStuckMoreAreAdded() throws Exception {
        EmrEksClient client = builder().build();
        JobRunHandle stuck = client.submit(job("stuck"));
        CountDownLatch blocking = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            stuck.addListener(event -> {
                blocking.countDown();
                block();
            });
        }
        assertThat(blocking.await(HANGS, TimeUnit.SECONDS))
                .as("twice as many as there are workers")
                .isTrue();
        assertThat(end(client.submit(job("other"))).state()).isEqualTo(JobRunState.COMPLETED);
        client.close(Duration.ofMillis(50));
        assertThat(threads()).isEmpty();
    }

    @Test
    void listenersThatBlockKeepNoFutureOpenAndNoThreadAlive() throws Exception {
        fake.script(JobRunScript.runsForever().pendingFor(Duration.ofMillis(5)).submittedFor(Duration.ofMillis(5)));
        EmrEksClient client = builder().build();
        JobRunHandle run = client.submit(job("stuck"));
        CompletableFuture<JobRunSnapshot> completion = run.completion();
        CompletableFuture<Throwable> awaited = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                awaited.completeExceptionally(new AssertionError(run.await(Duration.ofHours(1))));
            } catch (InterruptedException | RuntimeException e) {
                awaited.complete(e);
            }
        });
        waiting.start();
        CountDownLatch blocking = new CountDownLatch(2);
        for (int i = 0; i < 12; i++) {
            run.addListener(event -> {
                blocking.countDown();
                block();
            });
        }
        assertThat(blocking.await(HANGS, TimeUnit.SECONDS)).isTrue();
        client.close(Duration.ofMillis(50));
        assertThat(completion).isCompletedExceptionally();
        assertThat(awaited.get(HANGS, TimeUnit.SECONDS)).isInstanceOf(ClientClosedException.class);
        waiting.join();
        assertThat(threads()).isEmpty();
    }

    @Test
    void whatHangsOnOneFutureHoldsUpNoOther() throws Exception {
        EmrEksClient client = builder().build();
        JobRunHandle run = client.submit(job("blocked"));
        CompletableFuture<JobRunSnapshot> before = run.completion();
        CompletableFuture<Void> blocked = run.completion().thenAccept(end -> block());
        CompletableFuture<JobRunSnapshot> after = run.completion();
        assertThat(run.await(Duration.ofSeconds(HANGS)).state()).isEqualTo(JobRunState.COMPLETED);
        assertThat(before.get(HANGS, TimeUnit.SECONDS).state()).isEqualTo(JobRunState.COMPLETED);
        assertThat(after.get(HANGS, TimeUnit.SECONDS).state()).isEqualTo(JobRunState.COMPLETED);
        assertThat(blocked).isNotDone();
        forEver.countDown();
        client.close();
    }

    @Test
    void credentialsThatNeverComeKeepNoThreadAlive() throws Exception {
        CountDownLatch asked = new CountDownLatch(8);
        EmrEksClient client = builder()
                .credentials(() -> {
                    asked.countDown();
                    block();
                    return Bed.CREDENTIALS.resolveCredentials();
                })
                .build();
        List<CompletableFuture<?>> futures = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            futures.add(client.submit(job("run-" + i)).completion());
        }
        assertThat(asked.await(HANGS, TimeUnit.SECONDS)).isTrue();
        CloseReport report = client.close(Duration.ofMillis(50));
        assertThat(futures).allSatisfy(future -> assertThat(future).isCompletedExceptionally());
        assertThat(report.unknown())
                .as("begun, and nobody knows how far they came")
                .hasSize(8);
        assertThat(threads()).isEmpty();
    }

    @Test
    void aRuntimeMayBeClosedFromAListener() throws Exception {
        fake.script(JobRunScript.runsForever().pendingFor(Duration.ofMillis(5)).submittedFor(Duration.ofMillis(5)));
        EmrEksRuntime runtime = EmrEksRuntime.builder().build();
        EmrEksClient client = builder().runtime(runtime).build();
        JobRunHandle run = client.submit(job("closer"));
        CompletableFuture<JobRunEvent> last = new CompletableFuture<>();
        run.addListener(event -> {
            if (event instanceof JobRunEvent.Accepted) {
                runtime.close();
            }
        });
        run.addListener(event -> {
            if (Recorder.last(event)) {
                last.complete(event);
            }
        });
        assertThat(last.get(HANGS, TimeUnit.SECONDS)).isInstanceOf(JobRunEvent.WatchStopped.class);
        runtime.close();
        assertThat(run.completion()).isCompletedExceptionally();
        assertThat(threads()).isEmpty();
    }

    @Test
    void aLogThatNeverComesIsNotWaitedForAfterClose() throws Exception {
        S3AsyncClient silent = (S3AsyncClient) Proxy.newProxyInstance(
                S3AsyncClient.class.getClassLoader(),
                new Class<?>[] {S3AsyncClient.class},
                (proxy, method, arguments) ->
                        method.getReturnType() == CompletableFuture.class ? new CompletableFuture<>() : null);
        EmrEksClient client = builder().s3Client(silent).build();
        JobRunHandle run = client.submit(job("logged").andThen(j -> j.logs(l -> l.s3("s3://logs/"))));
        end(run);
        CompletableFuture<List<String>> tail = run.logs().tail(LogStream.DRIVER_STDERR, 5);
        client.close();
        assertThat(tail).isCompletedExceptionally();
        assertThat(threads()).isEmpty();
    }

    @Test
    void aListenerMayCloseTheClient() throws Exception {
        EmrEksClient client = builder().build();
        JobRunHandle run = client.submit(job("closer"));
        CompletableFuture<CloseReport> report = new CompletableFuture<>();
        run.addListener(event -> {
            if (event instanceof JobRunEvent.Accepted) {
                report.complete(client.close(Duration.ofSeconds(HANGS)));
            }
        });
        assertThat(report.get(HANGS, TimeUnit.SECONDS)).isNotNull();
        try {
            end(run);
        } catch (ExecutionException e) {
            assertThat(e).cause().isInstanceOf(ClientClosedException.class);
        }
        client.close();
        assertThat(threads()).isEmpty();
    }

    @Test
    void aCredentialsProviderThatBlocksDelaysNoOtherRun() throws Exception {
        AtomicBoolean first = new AtomicBoolean(true);
        CountDownLatch asked = new CountDownLatch(1);
        AwsCredentialsProvider slow = () -> {
            if (first.compareAndSet(true, false)) {
                asked.countDown();
                block();
            }
            return Bed.CREDENTIALS.resolveCredentials();
        };
        try (EmrEksClient client = builder().credentials(slow).build()) {
            JobRunHandle blocked = client.submit(job("blocked"));
            assertThat(asked.await(HANGS, TimeUnit.SECONDS)).isTrue();
            assertThat(end(client.submit(job("other"))).state()).isEqualTo(JobRunState.COMPLETED);
            assertThat(blocked.accepted()).isNotDone();
            forEver.countDown();
            assertThat(end(blocked).state()).isEqualTo(JobRunState.COMPLETED);
        }
    }

    @Test
    void closeLeavesNoThreadAndNoOpenFuture() throws Exception {
        fake.script(JobRunScript.runsForever().pendingFor(Duration.ofMillis(5)).submittedFor(Duration.ofMillis(5)));
        EmrEksClient client = builder().build();
        List<JobRunHandle> runs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            runs.add(client.submit(job("run-" + i)));
        }
        runs.get(0).started().get(HANGS, TimeUnit.SECONDS);
        CloseReport report = client.close(Duration.ofSeconds(HANGS));
        assertThat(threads()).isEmpty();
        for (JobRunHandle run : runs) {
            assertThat(run.completion()).isCompletedExceptionally();
            assertThat(run.accepted()).isDone();
            assertThat(run.started()).isDone();
        }
        assertThat(report.leftRunning().size() + report.neverStarted().size()).isEqualTo(20);
        assertThat(report.unknown()).isEmpty();
        assertThat(fake.jobRuns()).hasSameSizeAs(report.leftRunning());
    }

    @Test
    void clientsThatShareARuntimeLeaveItOpen() throws Exception {
        try (EmrEksRuntime runtime = EmrEksRuntime.builder().build()) {
            EmrEksClient one = builder().runtime(runtime).build();
            EmrEksClient two = builder().runtime(runtime).build();
            assertThat(end(one.submit(job("a"))).state()).isEqualTo(JobRunState.COMPLETED);
            one.close();
            assertThat(end(two.submit(job("b"))).state()).isEqualTo(JobRunState.COMPLETED);
            assertThat(threads().stream().filter(name -> name.startsWith("emreks-loop")))
                    .hasSize(1);
        }
        assertThat(threads()).isEmpty();
    }

    @Test
    void theNumberOfThreadsDoesNotGrowWithRuns() throws Exception {
        fake.script(JobRunScript.runsForever().pendingFor(Duration.ofMillis(5)).submittedFor(Duration.ofMillis(5)));
        try (EmrEksClient client = builder().build()) {
            List<JobRunHandle> runs = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                runs.add(client.submit(job("run-" + i)));
            }
            for (JobRunHandle run : runs) {
                run.started().get(HANGS, TimeUnit.SECONDS);
            }
            assertThat(threads())
                    .as("one loop, eight callers and two workers for futures, as nobody listens")
                    .hasSizeLessThanOrEqualTo(11);
        }
    }
}
