package com.acme.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.emreks.client.AwsService;
import io.emreks.client.EmrEksClient;
import io.emreks.client.EmrEksClientBuilder;
import io.emreks.client.EventSettings;
import io.emreks.client.JobRunHandle;
import io.emreks.client.WatchSettings;
import io.emreks.metrics.MicrometerTelemetry;
import io.emreks.metrics.ObservationTelemetry;
import io.emreks.model.JobRunState;
import io.emreks.testing.EmrEksTestBed;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeServer;
import io.emreks.testing.service.JobRunScript;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.util.VersionInfo;

class OrdersServiceTest {
    private final MeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void runsAJobInVirtualTime() throws Exception {
        try (EmrEksTestBed bed =
                        EmrEksTestBed.builder().client(this::observed).build();
                ConfigurableApplicationContext host = start(bed.client())) {
            OrdersService orders = host.getBean(OrdersService.class);
            JobRunHandle run = orders.migrate("2026-11-22");
            assertEquals(JobRunState.COMPLETED, run.await(Duration.ofHours(1)).state());
            assertEquals(
                    new ObjectMapper().readTree("{\"name\": \"orders/2026-11-22\", \"state\": \"COMPLETED\"}"),
                    new ObjectMapper().readTree(orders.report(run)));
            bed.client().close();
            bed.time().runUntilIdle();
            assertEquals(1, completed());
            assertEquals(1, submissions());
            assertEquals(1, timeOf("emreks.job.run"));
        }
    }

    @Test
    void eventsWithoutTheirLibrarySayWhichOneIsMissing() {
        EmrEksClientBuilder emr = EmrEksClient.builder()
                .region("us-east-1")
                .events(EventSettings.of("https://sqs.us-east-1.amazonaws.com/111122223333/orders-1"));
        IllegalStateException missing = assertThrows(IllegalStateException.class, emr::build);
        assertTrue(missing.getMessage().contains("software.amazon.awssdk:sqs"), missing.getMessage());
    }

    @Test
    void runsAJobOverTheHttpClientOfTheHostsOwnSdk() throws Exception {
        Duration instant = Duration.ofMillis(1);
        try (FakeEmrEks fake = FakeEmrEks.builder().realTime().build();
                FakeServer server = fake.startServer()) {
            fake.script(JobRunScript.completes()
                    .pendingFor(instant)
                    .submittedFor(instant)
                    .runningFor(instant));
            fake.createVirtualCluster("analytics");
            try (EmrEksClient emr = client(server.endpoint());
                    ConfigurableApplicationContext host = start(emr)) {
                JobRunHandle run = host.getBean(OrdersService.class).migrate("2026-11-22");
                assertEquals(JobRunState.COMPLETED, run.await(Duration.ofMinutes(1)).state());
                emr.close();
                assertEquals(1, completed());
                assertEquals(1, submissions());
            }
        }
    }

    @Test
    void theHostsVersionsAreTheOnesThatRun() {
        assertEquals(System.getProperty("aws.version"), VersionInfo.SDK_VERSION);
        assertEquals("2.15.4", new ObjectMapper().version().toString());
        assertEquals("1.12.13", MeterRegistry.class.getPackage().getImplementationVersion());
        assertEquals("spark", OrdersService.nodes().getSpec().getNodeSelector().get("pool"));
    }

    private double completed() {
        return meters.counter("orders.runs", "state", "COMPLETED").count();
    }

    private double submissions() {
        return meters.get("emreks.job.run.submissions")
                .tag("outcome", "ACCEPTED")
                .counter()
                .count();
    }

    private long timeOf(String observation) {
        return meters.get(observation).timer().count();
    }

    /** Meters and observations of the host's own, older Micrometer. */
    private EmrEksClientBuilder observed(EmrEksClientBuilder emr) {
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
        return emr.telemetry(MicrometerTelemetry.of(meters)).telemetry(ObservationTelemetry.of(observations));
    }

    private EmrEksClient client(URI endpoint) {
        return observed(EmrEksClient.builder())
                .region("us-east-1")
                .credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .endpoint(AwsService.EMR_CONTAINERS, endpoint)
                .endpoint(AwsService.S3, endpoint)
                .virtualCluster("analytics")
                .executionRole("arn:aws:iam::123456789012:role/emr-job-execution")
                .artifacts("s3://artifacts/")
                .watch(WatchSettings.builder()
                        .minPause(Duration.ofMillis(1))
                        .maxPause(Duration.ofMillis(10))
                        .build())
                .build();
    }

    private ConfigurableApplicationContext start(EmrEksClient emr) {
        return new SpringApplicationBuilder(OrdersService.class)
                .initializers(context -> {
                    context.getBeanFactory().registerSingleton("emr", emr);
                    context.getBeanFactory().registerSingleton("meters", meters);
                })
                .run();
    }
}
