package io.emreks.testing.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.services.emrcontainers.EmrContainersClient;
import software.amazon.awssdk.services.emrcontainers.model.Configuration;
import software.amazon.awssdk.services.emrcontainers.model.JobRun;
import software.amazon.awssdk.services.emrcontainers.model.ResourceNotFoundException;
import software.amazon.awssdk.services.emrcontainers.model.StartJobRunRequest;

/** A fake with a virtual cluster, and a client of the AWS SDK without retries. */
@SuppressWarnings("NullAway.Init") // set up before each test
abstract class ServiceBed {
    static final String ROLE = "arn:aws:iam::123456789012:role/job";

    FakeEmrEks fake;
    EmrContainersClient client;
    String cluster;

    /** Which face of the fake the client talks to. */
    abstract boolean overHttp();

    void setUp(FakeEmrEks service) {
        fake = service;
        client = overHttp() ? Clients.overHttp(service.startServer().endpoint()) : Clients.inMemory(service);
        cluster = service.createVirtualCluster("spark");
    }

    @BeforeEach
    void open() {
        setUp(FakeEmrEks.builder().script(JobRunScript.completes()).build());
    }

    @AfterEach
    void close() {
        client.close();
        fake.close();
    }

    /** Goes on with another fake. */
    void replace(FakeEmrEks.Builder settings) {
        close();
        setUp(settings.script(JobRunScript.completes()).build());
    }

    String start() {
        return start("orders", "t-1");
    }

    String start(String name, String token) {
        return client.startJobRun(request(name, token)).id();
    }

    JobRun describe(String id) {
        return client.describeJobRun(r -> r.id(id).virtualClusterId(cluster)).jobRun();
    }

    String cancel(String id) {
        return client.cancelJobRun(r -> r.id(id).virtualClusterId(cluster)).id();
    }

    StartJobRunRequest request(String name, String token) {
        return StartJobRunRequest.builder()
                .virtualClusterId(cluster)
                .name(name)
                .clientToken(token)
                .executionRoleArn(ROLE)
                .releaseLabel("emr-7.5.0-latest")
                .tags(Map.of("team", "data"))
                .jobDriver(d -> d.sparkSubmitJobDriver(s -> s.entryPoint("s3://bucket/jobs/orders.jar")
                        .entryPointArguments("--date", "x y")
                        .sparkSubmitParameters("--class com.acme.Orders")))
                .configurationOverrides(c -> c.applicationConfiguration(Configuration.builder()
                                .classification("spark-defaults")
                                .properties(Map.of("spark.executor.instances", "2"))
                                .build())
                        .monitoringConfiguration(m -> m.s3MonitoringConfiguration(s -> s.logUri("s3://bucket/logs/"))))
                .build();
    }

    static void notFound(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ResourceNotFoundException.class,
                        e -> assertThat(e.statusCode()).isEqualTo(400))
                .hasMessageContaining(message);
    }

    static Map<String, String> numbered(int count) {
        return IntStream.range(0, count).boxed().collect(Collectors.toMap(i -> "key-" + i, i -> "value"));
    }
}
