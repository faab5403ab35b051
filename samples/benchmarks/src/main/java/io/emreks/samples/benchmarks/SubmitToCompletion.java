package io.emreks.samples.benchmarks;

import io.emreks.client.EmrEksClient;
import io.emreks.client.EmrEksRuntime;
import io.emreks.client.WatchSettings;
import io.emreks.model.JobRunSnapshot;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeRequest;
import io.emreks.testing.service.JobRunScript;
import java.time.Duration;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.emrcontainers.model.DescribeJobRunResponse;
import software.amazon.awssdk.services.emrcontainers.model.JobRunState;

/**
 * A run from submit to COMPLETED on one thread and in virtual time, beside the same calls made by hand. The run ends
 * between the first look and the second, however the pauses are drawn.
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init")
public class SubmitToCompletion implements Yardstick {
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofHours(1);
    private static final int LOOKS = 2;

    private FakeEmrEks fake;
    private String cluster;
    private EmrEksRuntime runtime;
    private EmrEksClient emr;
    private EmrContainersAsyncClient aws;
    private FakeJobRun sent;

    @Override
    public String name() {
        return "submit-to-completion";
    }

    @Override
    public List<Measurement> measure() throws Exception {
        return Jmh.compare(SubmitToCompletion.class, "A run on one thread", 1.5, 1.3);
    }

    /** A fresh fake, and a first run that shows what emreks sends and how often it calls. */
    @Setup(Level.Iteration)
    public void open() throws InterruptedException {
        fake = FakeEmrEks.builder()
                .script(JobRunScript.completes()
                        .pendingFor(Duration.ofSeconds(1))
                        .submittedFor(Duration.ofSeconds(1))
                        .runningFor(Duration.ofSeconds(12)))
                .build();
        cluster = fake.createVirtualCluster("benchmarks");
        runtime = Jobs.runtime(fake.time());
        emr = EmrEksClient.builder()
                .runtime(runtime)
                .region(Jobs.REGION)
                .credentials(Jobs.CREDENTIALS)
                .httpClient(fake.asyncHttpClient())
                .virtualCluster(cluster)
                .executionRole(Jobs.ROLE)
                .watch(WatchSettings.builder().minPause(PAUSE).maxPause(PAUSE).build())
                .build();
        aws = Jobs.awsClient(fake.asyncHttpClient());
        JobRunSnapshot unused = emreks();
        sent = fake.jobRuns().get(0);
        int before = fake.requests().size();
        unused = emreks();
        List<String> calls = fake.requests().stream()
                .skip(before)
                .map(FakeRequest::operation)
                .toList();
        if (!calls.equals(List.of("StartJobRun", "DescribeJobRun", "DescribeJobRun"))) {
            throw new IllegalStateException("The baseline makes other calls than emreks, which made " + calls);
        }
    }

    /** Ends what {@link #open} began. */
    @TearDown(Level.Iteration)
    public void close() {
        emr.close();
        fake.time().runUntilIdle();
        runtime.close();
        aws.close();
        fake.close();
    }

    /** With emreks. */
    @Benchmark
    public JobRunSnapshot emreks() throws InterruptedException {
        return emr.submit(Jobs::emreks).await(LIMIT);
    }

    /** With the AWS SDK. */
    @Benchmark
    public DescribeJobRunResponse baseline() {
        String id = aws.startJobRun(Jobs.aws(sent)).join().id();
        DescribeJobRunResponse last = null;
        for (int look = 0; look < LOOKS; look++) {
            fake.time().advance(PAUSE);
            last = aws.describeJobRun(run -> run.virtualClusterId(cluster).id(id))
                    .join();
        }
        if (last == null || last.jobRun().state() != JobRunState.COMPLETED) {
            throw new IllegalStateException("The run did not complete: " + last);
        }
        return last;
    }
}
