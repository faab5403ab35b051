package io.emreks.testing.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.emrcontainers.EmrContainersClient;
import software.amazon.awssdk.services.emrcontainers.model.EmrContainersException;
import software.amazon.awssdk.services.emrcontainers.model.StartJobRunRequest;

/** The Java of README.md, compiled and run. */
class ReadmeSnippetsTest {

    @Test
    void aRunUnfoldsInVirtualTime() {
        FakeEmrEks fake = FakeEmrEks.create();
        String cluster = fake.createVirtualCluster("spark");
        EmrContainersClient emr = EmrContainersClient.builder()
                .httpClient(fake.httpClient()) // EmrContainersAsyncClient: fake.asyncHttpClient()
                .region(Region.of(fake.region()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .build();
        StartJobRunRequest request = request(cluster, "orders");

        String id = emr.startJobRun(request).id(); // PENDING
        fake.time().advance(Duration.ofMinutes(2)); // RUNNING
        fake.time().advance(Duration.ofHours(2)); // COMPLETED
        fake.jobRun(id).history(); // every state with its time
        List<String> events = new ArrayList<>();
        fake.events().deliverTo(events::add); // what EventBridge delivers, as JSON
        fake.requests().get(0).input(); // members by the names of the service model
        fake.logs(id); // of submitter, drivers and executors

        assertThat(fake.jobRun(id).history())
                .extracting(FakeJobRun.Change::state)
                .containsExactly(
                        FakeJobRunState.PENDING,
                        FakeJobRunState.SUBMITTED,
                        FakeJobRunState.RUNNING,
                        FakeJobRunState.COMPLETED);
    }

    @Test
    void scriptsAndFaults() {
        FakeEmrEks fake = FakeEmrEks.create();
        String cluster = fake.createVirtualCluster("spark");
        EmrContainersClient emr = Clients.inMemory(fake);

        fake.script(JobRunScript.completes().runningFor(Duration.ofHours(2)));
        fake.script(FakeJobRun.named("bad"), JobRunScript.fails()); // or tagged, ofEntryPoint, any predicate
        fake.script(
                JobRunScript.completes().driverFails(2, Duration.ofMinutes(1))); // where a retry policy starts it again
        fake.limitJobRuns(cluster, 10, 100); // others wait PENDING, then are refused
        fake.faults().next("StartJobRun", Fault.throttle());
        fake.faults().next("StartJobRun", Fault.dropAfter()); // it was started, the answer is lost
        fake.faults().always("DescribeJobRun", Fault.delay(Duration.ZERO, Duration.ofSeconds(30)));

        assertThatThrownBy(() -> emr.startJobRun(request(cluster, "first"))).isInstanceOf(EmrContainersException.class);
        assertThatThrownBy(() -> emr.startJobRun(request(cluster, "lost"))).hasMessageContaining("Connection reset");
        String bad = emr.startJobRun(request(cluster, "bad")).id();
        fake.time().advance(Duration.ofHours(3));

        assertThat(fake.jobRuns()).hasSize(2);
        assertThat(fake.jobRun(bad).state()).isEqualTo(FakeJobRunState.FAILED);
        assertThat(fake.jobRuns().get(0).state()).isEqualTo(FakeJobRunState.COMPLETED);
    }

    @Test
    void holds() {
        FakeEmrEks fake = FakeEmrEks.create();
        String cluster = fake.createVirtualCluster("spark");
        String id =
                Clients.inMemory(fake).startJobRun(request(cluster, "orders")).id();

        fake.holds().jobRun(id, FakeJobRunState.RUNNING); // now, and until release(id)
        fake.holds().newVirtualClusters(FakeVirtualClusterState.ARRESTED); // those made next
        fake.script(JobRunScript.completes()); // 2 s, 60 s and 11 minutes, each time
        fake.script(JobRunScript.fails().stderr("java.lang.OutOfMemoryError")); // in S3 and CloudWatch, at EMR's keys
        fake.throttleByQuotas(1, QuotaRefill.EVERY_SECOND);

        fake.time().advance(Duration.ofDays(1));
        assertThat(fake.jobRun(id).state()).isEqualTo(FakeJobRunState.RUNNING);
    }

    @Test
    void aRunOfAnotherProcess() {
        FakeEmrEks fake = FakeEmrEks.create();
        String cluster = fake.createVirtualCluster("spark");
        EmrContainersClient emr = Clients.inMemory(fake);
        StartJobRunRequest request = request(cluster, "orders");

        emr.startJobRun(request); // createdAt is now
        fake.time().advance(Duration.ofDays(3)); // now the code under test begins, and finds it

        assertThat(emr.listJobRuns(r -> r.virtualClusterId(cluster))
                        .jobRuns()
                        .get(0)
                        .createdAt())
                .isEqualTo(fake.clock().instant().minus(Duration.ofDays(3)));
    }

    private static StartJobRunRequest request(String cluster, String name) {
        return StartJobRunRequest.builder()
                .virtualClusterId(cluster)
                .name(name)
                .executionRoleArn("arn:aws:iam::111122223333:role/emr-job-execution")
                .releaseLabel("emr-7.5.0-latest")
                .retryPolicyConfiguration(retry -> retry.maxAttempts(3))
                .jobDriver(driver -> driver.sparkSubmitJobDriver(spark -> spark.entryPoint("s3://bucket/orders.jar")))
                .build();
    }
}
