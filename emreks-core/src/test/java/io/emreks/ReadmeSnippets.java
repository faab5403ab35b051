package io.emreks;

import io.emreks.client.CancelResult;
import io.emreks.client.CloseReport;
import io.emreks.client.EmrEksClient;
import io.emreks.client.EmrEksRuntime;
import io.emreks.client.EventSettings;
import io.emreks.client.JobRunHandle;
import io.emreks.client.Recovery;
import io.emreks.error.JobRunFailedException;
import io.emreks.error.WaitTimeoutException;
import io.emreks.event.ConsoleProgress;
import io.emreks.event.EventQueueTemplate;
import io.emreks.event.JobRunCallbacks;
import io.emreks.event.JobRunEvent;
import io.emreks.logs.LogStream;
import io.emreks.metrics.MicrometerTelemetry;
import io.emreks.metrics.ObservationTelemetry;
import io.emreks.model.IfKeyIsOver;
import io.emreks.model.JobRunRequest;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.TimeLimit;
import io.emreks.retry.FailureClass;
import io.emreks.retry.JobChange;
import io.emreks.retry.Resubmission;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;

/** The Java of this module's README.md, and of the repository's, where the compiler reads it. */
@NullMarked
final class ReadmeSnippets {
    private ReadmeSnippets() {}

    static void snippets() throws InterruptedException {
        EmrEksClient emr = EmrEksClient.builder()
                .region("ap-southeast-1")
                .virtualCluster("analytics")
                .executionRole("arn:aws:iam::111122223333:role/emr-job-execution")
                .artifacts("s3://bucket/emreks/")
                .defaults(job -> job.releaseLabel("emr-7.5.0-latest").tag("team", "data"))
                .build();

        JobRunHandle run = emr.submit(job -> job.name("orders-migration")
                .image("111122223333.dkr.ecr.ap-southeast-1.amazonaws.com/spark-hudi:7.5.0")
                .jar("s3://bucket/jobs/orders.jar", "com.acme.Orders", "--date", "2026-11-22")
                .jars("s3://bucket/libs/udf.jar")
                .hudi()
                .driver(d ->
                        d.cores(2).memory("4g").pod(p -> p.arm64().onDemand().doNotDisrupt()))
                .executors(e -> e.instances(10)
                        .cores(4)
                        .memory("14g")
                        .pod(p -> p.arm64().spot()))
                .logs(l -> l.s3("s3://bucket/logs/")));
        run.addListener(event -> System.out.println(event));

        try {
            JobRunSnapshot end = run.await(Duration.ofHours(2));
            System.out.println(end.state());
        } catch (WaitTimeoutException stillRunning) {
            System.out.println(stillRunning.lastSnapshot());
        } catch (JobRunFailedException failed) {
            run.logs().tail(LogStream.DRIVER_STDERR, 20).join().forEach(System.out::println);
        }

        JobRunHandle once = emr.submit(job -> job.name("orders-migration")
                .key("orders-migration/2026-11-22")
                .ifKeyIsOver(IfKeyIsOver.RETURN_RESULT)
                .jar("s3://bucket/jobs/orders.jar", "com.acme.Orders", "--date", "2026-11-22"));

        JobRunHandle stubborn = emr.submit(job -> job.name("orders-migration")
                .key("orders-migration/2026-11-22")
                .jar("s3://bucket/jobs/orders.jar", "com.acme.Orders")
                .executors(e -> e.memory("14g").pod(p -> p.spot()))
                .startTimeout(Duration.ofMinutes(10), TimeLimit.Then.CANCEL_AND_RESUBMIT)
                .runTimeout(Duration.ofHours(2), TimeLimit.Then.CANCEL)
                .resubmission(Resubmission.upTo(3)
                        .onInfrastructureFailure()
                        .on(FailureClass.OUT_OF_MEMORY, JobChange.moreExecutorMemory(1.5, "28g"))
                        .on(FailureClass.SPOT_LOSS, JobChange.onDemandExecutors())));
        System.out.println(once + " " + stubborn);

        Recovery recovery = emr.recover(key -> Optional.of(requestOf(emr, key))).join();
        recovery.handles().forEach(handle -> System.out.println(handle.key() + " " + handle.latest()));
        recovery.orphans().forEach(orphan -> System.out.println("nobody knows " + orphan.key()));

        emr.addListener(new JobRunCallbacks() {
            @Override
            public void onEnded(JobRunEvent.Ended event) {
                System.out.println(event.jobName() + (event.completed() ? " is done" : " failed"));
            }
        });
        run.attempts().get(0).states().forEach(seen -> System.out.println(seen.state() + " since " + seen.began()));

        String template =
                EventQueueTemplate.yaml("orders", 2, List.of()); // deploy it: a queue for each of two processes
        EmrEksClient informed = EmrEksClient.builder()
                .region("us-east-1")
                .events(EventSettings.of("https://sqs.us-east-1.amazonaws.com/111122223333/orders-1"))
                .build();
        System.out.println(template + informed);

        MeterRegistry registry = new SimpleMeterRegistry();
        ObservationRegistry observations = ObservationRegistry.create();
        EmrEksClient observed = EmrEksClient.builder()
                .telemetry(MicrometerTelemetry.of(registry))
                .telemetry(ObservationTelemetry.of(observations))
                .listener(ConsoleProgress.onStandardOutput())
                .build();
        System.out.println(observed);

        CancelResult result = run.cancel().join();
        run.stopWatching();
        CloseReport report = emr.close(Duration.ofSeconds(10));
        report.neverStarted().forEach(request -> System.out.println("submit again elsewhere: " + request.name()));
        System.out.println(result);

        try (EmrEksRuntime runtime = EmrEksRuntime.builder().build();
                EmrEksClient tokyo = EmrEksClient.builder()
                        .runtime(runtime)
                        .region("ap-northeast-1")
                        .build();
                EmrEksClient virginia = EmrEksClient.builder()
                        .runtime(runtime)
                        .region("us-east-1")
                        .build()) {
            System.out.println(tokyo + " " + virginia);
        }
    }

    static Resubmission ofItsJavadoc() {
        return Resubmission.upTo(3)
                .onInfrastructureFailure()
                .on(FailureClass.OUT_OF_MEMORY, JobChange.moreExecutorMemory(1.5, "32g"))
                .on(FailureClass.SPOT_LOSS, JobChange.onDemandExecutors());
    }

    private static JobRunRequest requestOf(EmrEksClient emr, String key) {
        return emr.request(job -> job.key(key).name("orders-migration"));
    }

    static void withAws() {
        try (EmrEksClient emr = EmrEksClient.builder()
                .region("us-east-1")
                .virtualCluster("analytics")
                .executionRole("arn:aws:iam::111122223333:role/emr-job-execution")
                .build()) {
            System.out.println(emr);
        }
    }
}
