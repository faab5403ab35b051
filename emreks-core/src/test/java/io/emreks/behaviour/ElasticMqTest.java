package io.emreks.behaviour;

import static io.emreks.behaviour.Bed.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.client.AwsService;
import io.emreks.client.EmrEksClient;
import io.emreks.client.EventSettings;
import io.emreks.client.JobRunHandle;
import io.emreks.client.WatchSettings;
import io.emreks.metrics.ApiTry;
import io.emreks.metrics.ClientTelemetry;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.JobRunScript;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Events from a real queue server, in real time. Nothing but an event can end these watches: looks are hours apart. */
@Timeout(60)
class ElasticMqTest {
    private static final Duration HOURS = Duration.ofHours(5);

    private static SQSRestServer server;
    private static URI endpoint;
    private static SqsAsyncClient sqs;
    private static FakeEmrEks fake;
    private static EmrContainersAsyncClient emr;
    private static String virtualCluster;

    @BeforeAll
    static void start() {
        server = SQSRestServerBuilder.withDynamicPort()
                .withInterface("127.0.0.1")
                .start();
        endpoint = URI.create(
                "http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort());
        sqs = SqsAsyncClient.builder()
                .region(Region.US_EAST_1)
                .credentialsProvider(Bed.CREDENTIALS)
                .endpointOverride(endpoint)
                .build();
        fake = FakeEmrEks.builder().realTime().script(JobRunScript.completes()).build();
        virtualCluster = fake.createVirtualCluster("real-time");
        emr = EmrContainersAsyncClient.builder()
                .region(Region.US_EAST_1)
                .credentialsProvider(Bed.CREDENTIALS)
                .httpClient(fake.asyncHttpClient())
                .overrideConfiguration(c -> c.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build();
        fake.events().latency(Duration.ZERO);
    }

    @AfterAll
    static void stop() {
        emr.close();
        fake.close();
        sqs.close();
        var unused = server.stopAndGetFuture();
    }

    private static String queue(String name, Map<QueueAttributeName, String> attributes) {
        String url = sqs.createQueue(r -> r.queueName(name).attributes(attributes))
                .join()
                .queueUrl();
        fake.events().deliverTo(event -> send(url, event));
        return url;
    }

    private static void send(String url, String body) {
        sqs.sendMessage(r -> r.queueUrl(url).messageBody(body)).join();
    }

    private static EmrEksClient client(String queueUrl, ClientTelemetry telemetry) {
        return EmrEksClient.builder()
                .region("us-east-1")
                .credentials(Bed.CREDENTIALS)
                .emrContainersClient(emr)
                .endpoint(AwsService.SQS, endpoint)
                .virtualCluster(virtualCluster)
                .executionRole(Bed.ROLE)
                .defaults(job -> job.releaseLabel("emr-7.5.0-latest"))
                .watch(WatchSettings.builder().minPause(HOURS).maxPause(HOURS).build())
                .events(EventSettings.builder()
                        .queueUrl(URI.create(queueUrl))
                        .reconcileEvery(HOURS)
                        .build())
                .telemetry(telemetry)
                .build();
    }

    private static void endsWithin(Duration time) {
        fake.script(JobRunScript.completes()
                .pendingFor(Duration.ZERO)
                .submittedFor(Duration.ZERO)
                .runningFor(time));
    }

    @Test
    void bothOfTwoClientsHearOfEveryEndAndDeleteWhatTheyHeard() throws InterruptedException {
        endsWithin(Duration.ofMillis(500));
        CountDownLatch deleted = new CountDownLatch(2);
        ClientTelemetry counting = new ClientTelemetry() {
            @Override
            public void called(ApiTry call) {
                if (call.operation().equals("DeleteMessageBatch") && call.outcome() == ApiTry.Outcome.SUCCEEDED) {
                    deleted.countDown();
                }
            }
        };
        try (EmrEksClient first = client(queue("first", Map.of()), counting);
                EmrEksClient second = client(queue("second", Map.of()), counting)) {
            List<JobRunHandle> runs = IntStream.range(0, 25)
                    .mapToObj(i -> first.submit(job("orders-" + i)))
                    .toList();
            List<JobRunHandle> same = runs.stream()
                    .map(run -> second.attach(run.accepted().join()))
                    .toList();

            assertThat(Stream.concat(runs.stream(), same.stream()))
                    .allSatisfy(run -> assertThat(run.completion().join())
                            .extracting(JobRunSnapshot::state)
                            .isEqualTo(JobRunState.COMPLETED));
            assertThat(deleted.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whatIsNoEventEndsInTheDeadLetterQueue() throws InterruptedException {
        fake.script(JobRunScript.runsForever());
        String dead = sqs.createQueue(r -> r.queueName("dead")).join().queueUrl();
        String arn = sqs.getQueueAttributes(r -> r.queueUrl(dead).attributeNames(QueueAttributeName.QUEUE_ARN))
                .join()
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
        String url = queue(
                "poisoned",
                Map.of(
                        QueueAttributeName.VISIBILITY_TIMEOUT,
                        "0",
                        QueueAttributeName.REDRIVE_POLICY,
                        "{\"deadLetterTargetArn\":\"" + arn + "\",\"maxReceiveCount\":2}"));
        CountDownLatch notUnderstood = new CountDownLatch(2);
        ClientTelemetry counting = new ClientTelemetry() {
            @Override
            public void eventNotUnderstood() {
                notUnderstood.countDown();
            }
        };
        try (EmrEksClient client = client(url, counting)) {
            client.submit(job("orders")).accepted().join();
            send(url, "this is no event");

            assertThat(notUnderstood.await(30, TimeUnit.SECONDS)).isTrue();
            List<Message> letters = List.of();
            while (letters.isEmpty()) {
                letters = sqs.receiveMessage(r -> r.queueUrl(dead).waitTimeSeconds(1))
                        .join()
                        .messages();
            }
            assertThat(letters).extracting(Message::body).containsExactly("this is no event");
        }
    }
}
