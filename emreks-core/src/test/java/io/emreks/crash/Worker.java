package io.emreks.crash;

import io.emreks.client.ApiQuotas;
import io.emreks.client.AwsService;
import io.emreks.client.EmrEksClient;
import io.emreks.client.EmrEksClientBuilder;
import io.emreks.client.EmrEksRuntime;
import io.emreks.client.JobRunHandle;
import io.emreks.client.RunClaims;
import io.emreks.client.WatchSettings;
import io.emreks.error.EmrEksException;
import io.emreks.error.JobRunFailedException;
import io.emreks.model.JobRunRef;
import io.emreks.retry.ApiRetry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * The process that is killed: it goes on with what was left behind, submits what there is to do, waits for all of it, and
 * says so on its standard output, one line for each thing, as {@link Report} reads them.
 */
final class Worker {
    /** A key can be between two runs of another process at each look; hardly five times. */
    private static final int MAX_PASSES = 5;

    private final EmrEksClient client;
    private final boolean submitsAll;

    private Worker(EmrEksClient client, boolean submitsAll) {
        this.client = client;
        this.submitsAll = submitsAll;
    }

    public static void main(String[] arguments) {
        Setup setup = Setup.of(arguments);
        try (EmrEksRuntime runtime = EmrEksRuntime.builder()
                        .quotas(ApiQuotas.publishedTimes(1_000))
                        .build();
                EmrEksClient client = client(setup, runtime)) {
            new Worker(client, setup.submitsAll()).work();
        }
    }

    private static EmrEksClient client(Setup setup, EmrEksRuntime runtime) {
        EmrEksClientBuilder builder = EmrEksClient.builder()
                .runtime(runtime)
                .region(setup.region())
                .endpoint(AwsService.EMR_CONTAINERS, setup.endpoint())
                .endpoint(AwsService.S3, setup.endpoint())
                .credentials(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "not-a-secret")))
                .virtualCluster(setup.virtualCluster())
                .executionRole("arn:aws:iam::123456789012:role/emr-job-execution")
                .artifacts("s3://artifacts/emreks/")
                .owner("crash-test")
                .defaults(job -> job.releaseLabel("emr-7.5.0-latest"))
                .apiRetry(ApiRetry.builder()
                        .maxAttempts(setup.tries())
                        .initialDelay(Duration.ofMillis(50))
                        .throttledDelay(Duration.ofMillis(100))
                        .maxDelay(Duration.ofSeconds(1))
                        .build())
                .watch(WatchSettings.builder()
                        .minPause(Setup.MIN_PAUSE)
                        .maxPause(Setup.MAX_PAUSE)
                        .build());
        return (setup.claims() ? builder.runClaims(new RunClaims(Setup.CLAIM_EXPIRY)) : builder).build();
    }

    private void work() {
        Set<String> open = new TreeSet<>(Setup.ALL_KEYS);
        for (int pass = 1; !open.isEmpty() && pass <= MAX_PASSES; pass++) {
            say("pass", Integer.toString(pass));
            open = pass(open);
        }
        say("over", uptime());
    }

    /**
     * Goes on with all keys; gives back those to try again: what another try can help, and submissions that returned a
     * failed run which another process was about to follow with a new one. They say what they found, and do not resubmit.
     */
    private Set<String> pass(Set<String> keys) {
        List<JobRunHandle> handles = new ArrayList<>();
        try {
            handles.addAll(client.recover(
                            key -> keys.contains(key) ? Optional.of(Setup.request(client, key)) : Optional.empty())
                    .join()
                    .handles());
        } catch (CompletionException e) {
            return again(e, keys);
        }
        say("recovered", Integer.toString(handles.size()), uptime());
        Set<String> recovered = new HashSet<>();
        handles.forEach(handle -> recovered.add(handle.key().orElseThrow()));
        keys.stream()
                .filter(key -> submitsAll || !recovered.contains(key))
                .forEach(key -> handles.add(client.submit(Setup.request(client, key))));
        Set<String> completed = new HashSet<>();
        Set<String> failed = new TreeSet<>();
        for (JobRunHandle handle : handles) {
            String key = handle.key().orElseThrow();
            String end = end(handle);
            tell(handle, key, end);
            (end.equals("COMPLETED") ? completed : failed).add(key);
        }
        failed.removeAll(completed);
        return failed;
    }

    private static String end(JobRunHandle handle) {
        try {
            return handle.completion().join().state().name();
        } catch (CompletionException e) {
            return e.getCause() instanceof JobRunFailedException ? "FAILED" : again(e, Report.UNDECIDED);
        }
    }

    /** Anything that another try cannot help ends this process, which the test tells. */
    private static <T> T again(CompletionException failure, T result) {
        if (failure.getCause() instanceof EmrEksException known && known.retryable()) {
            return result;
        }
        throw failure;
    }

    private static void tell(JobRunHandle handle, String key, String end) {
        handle.attempts()
                .forEach(attempt -> say(
                        "run",
                        key,
                        attempt.ref().id(),
                        attempt.last().map(seen -> seen.state().name()).orElse("-")));
        say("end", key, end, handle.ref().map(JobRunRef::id).orElse("-"));
    }

    /** How old this process is, in milliseconds. */
    private static String uptime() {
        return Long.toString(ManagementFactory.getRuntimeMXBean().getUptime());
    }

    private static void say(String what, String... more) {
        System.out.println(what + "\t" + String.join("\t", more));
    }
}
