package io.emreks.internal.launch;

import io.emreks.client.ApiQuotas;
import io.emreks.internal.aws.AwsClients;
import io.emreks.internal.aws.AwsErrors;
import io.emreks.internal.aws.EmrApi;
import io.emreks.internal.aws.StartCommand;
import io.emreks.internal.calls.AccountQuota;
import io.emreks.internal.calls.Calls;
import io.emreks.internal.loop.Loop;
import io.emreks.model.JobRunRef;
import io.emreks.retry.ApiRetry;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.JobRunScript;
import io.emreks.testing.service.VirtualTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.NullMarked;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** What this package needs of an engine, wired to a fake service in virtual time. */
@NullMarked
final class LaunchBed implements AutoCloseable {
    static final StaticCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "not-a-secret"));

    final VirtualTime time = new VirtualTime();
    final FakeEmrEks fake;
    final String cluster;
    final String otherCluster;
    final EmrApi emr;
    final Calls calls;
    private final AwsClients clients;

    LaunchBed(Consumer<FakeEmrEks.Builder> settings) {
        FakeEmrEks.Builder builder = FakeEmrEks.builder().virtualTime(time);
        settings.accept(builder);
        fake = builder.build();
        fake.script(JobRunScript.runsForever());
        cluster = fake.createVirtualCluster("spark");
        otherCluster = fake.createVirtualCluster("other");
        AwsClients.Settings aws = new AwsClients.Settings();
        aws.region = Region.of(fake.region());
        aws.credentials = CREDENTIALS;
        aws.httpClient = fake.asyncHttpClient();
        clients = new AwsClients(aws);
        emr = clients.emr(time.clock());
        Loop loop = new Loop(time, time.clock(), time::nanoTime);
        calls = new Calls(
                loop,
                Runnable::run,
                new AccountQuota(loop, ApiQuotas.publishedTimes(10_000)),
                ApiRetry.builder().maxAttempts(2).build(),
                new SplittableRandom(1),
                new AwsErrors(Optional.empty())::map,
                tried -> {});
    }

    /** Starts a run. */
    JobRunRef start(String virtualClusterId, String name, String token, Map<String, String> tags) {
        return time.await(emr.startJobRun(new StartCommand(
                        virtualClusterId,
                        token,
                        name,
                        Optional.empty(),
                        Optional.of(new StartCommand.Job(
                                "arn:aws:iam::123456789012:role/job",
                                "emr-7.5.0-latest",
                                "s3://jobs/job.jar",
                                List.of(),
                                "",
                                Map.of(),
                                Optional.empty())),
                        Optional.empty(),
                        tags)))
                .ref();
    }

    <T> T await(CompletableFuture<T> future) {
        return time.await(future);
    }

    long calls(String operation) {
        return fake.requests().stream()
                .filter(call -> call.operation().equals(operation))
                .count();
    }

    @Override
    public void close() {
        clients.close();
        fake.close();
    }
}
