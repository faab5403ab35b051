package io.emreks.testing.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.emreks.testing.service.VirtualTime.Hold;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.emrcontainers.EmrContainersClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;

class FakeEmrEksTest {
    @Test
    void theSameSeedGivesTheSameIds() {
        String first = FakeEmrEks.builder().seed(3).build().createVirtualCluster("a");
        assertThat(FakeEmrEks.builder().seed(3).build().createVirtualCluster("a"))
                .isEqualTo(first);
        assertThat(FakeEmrEks.builder().seed(4).build().createVirtualCluster("a"))
                .isNotEqualTo(first);
    }

    @Test
    void badNamesAndSettingsAreRefused() {
        FakeEmrEks fake = FakeEmrEks.create();
        assertThatThrownBy(() -> fake.createVirtualCluster("No Name"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'No Name' at 'name'");
        fake.createVirtualCluster("taken");
        assertThatThrownBy(() -> fake.createVirtualCluster("taken")).hasMessageContaining("already exists");
        assertThatThrownBy(() -> fake.jobRun("none")).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> fake.faults().next("StartJobrun", Fault.throttle()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("StartJobRun");
        assertThatThrownBy(() -> fake.faults().withRate(1, 1.5, "StartJobRun", Fault.throttle()))
                .hasMessageContaining("0 to 1");
        assertThatThrownBy(() -> fake.faults().next("StartJobRun", 0, Fault.throttle()))
                .hasMessageContaining("1 or more");
        assertThatThrownBy(() -> Fault.error(200, "Fine", "")).hasMessageContaining("400 to 599");
        assertThatThrownBy(() -> Fault.delay(Duration.ofSeconds(-1), Duration.ZERO))
                .hasMessageContaining("zero or more");
        assertThatThrownBy(() -> FakeEmrEks.builder().accountId("12")).hasMessageContaining("12 digits");
        assertThatThrownBy(() -> FakeEmrEks.builder().pageSize(0)).hasMessageContaining("pageSize is 0");
        assertThatThrownBy(() -> JobRunScript.completes().runningFor(Duration.ofSeconds(-1)))
                .hasMessageContaining("zero to 36500 days");
        assertThatThrownBy(() -> JobRunScript.completes().driverFails(-1, Duration.ZERO))
                .hasMessageContaining("zero or more");
        assertThatThrownBy(() -> JobRunScript.completes().failsWhile(FakeJobRunState.RUNNING))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> JobRunScript.fails().failsWhile(FakeJobRunState.COMPLETED))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JobRunScript.fails(FakeFailureReason.USER_ERROR, ""))
                .hasMessageContaining("1 to 256");
    }

    @Test
    void aRunIsSeenAsTheSameObjectUntilItChanges() {
        FakeEmrEks fake = FakeEmrEks.create();
        String cluster = fake.createVirtualCluster("spark");
        try (EmrContainersClient client = Clients.inMemory(fake)) {
            String arn = client.startJobRun(r -> r.virtualClusterId(cluster)
                            .clientToken("t")
                            .executionRoleArn(ServiceBed.ROLE)
                            .releaseLabel("emr-7.5.0-latest")
                            .retryPolicyConfiguration(p -> p.maxAttempts(2))
                            .jobDriver(d -> d.sparkSubmitJobDriver(s -> s.entryPoint("local:///job.jar"))))
                    .arn();
            FakeJobRun pending = fake.jobRuns().get(0);
            assertThat(fake.jobRuns().get(0)).isSameAs(pending);
            assertThat(fake.jobRun(pending.id())).isSameAs(pending);
            fake.time().advance(Duration.ofSeconds(3));
            FakeJobRun submitted = fake.jobRuns().get(0);
            assertThat(pending.state()).isEqualTo(FakeJobRunState.PENDING);
            assertThat(submitted.state()).isEqualTo(FakeJobRunState.SUBMITTED);
            client.tagResource(r -> r.resourceArn(arn).tags(Map.of("a", "b")));
            assertThat(submitted.tags()).isEmpty();
            assertThat(fake.jobRun(pending.id()).tags()).containsEntry("a", "b");
            fake.time().advance(Duration.ofHours(1));
            assertThat(fake.jobRun(pending.id()).finishedAt()).isPresent();
        }
    }

    @Test
    void whatIsOutOfRetentionIsForgotten() {
        ClientTokens tokens = new ClientTokens(Duration.ofHours(1), ClientTokenReuse.RETURN_FIRST);
        for (int i = 0; i < 1000; i++) {
            Instant now = VirtualTime.DEFAULT_START.plus(Duration.ofMinutes(i));
            ObjectNode input = ServiceModel.JSON.createObjectNode().put("clientToken", "t-" + i);
            assertThat(tokens.made("StartJobRun", input, now)).isEmpty();
            tokens.remember("StartJobRun", input, "run-" + i, now);
            assertThat(tokens.made("StartJobRun", input, now)).contains("run-" + i);
            assertThat(tokens.made("CreateJobTemplate", input, now)).isEmpty();
            assertThat(tokens.size()).isEqualTo(Math.min(i + 1, 60));
        }
    }

    @Test
    void onlyTheNewestRequestsAreKept() {
        FakeEmrEks fake = FakeEmrEks.builder().requestLog(2).build();
        try (EmrContainersClient client = Clients.inMemory(fake)) {
            client.listVirtualClusters(r -> {});
            client.listVirtualClusters(r -> r.maxResults(1));
            client.listVirtualClusters(r -> r.maxResults(2));
        }
        assertThat(fake.requests()).extracting(FakeRequest::query).containsExactly("maxResults=1", "maxResults=2");
        assertThat(fake.requests().get(0))
                .hasToString("2026-01-01T00:00:00Z ListVirtualClusters GET /virtualclusters?maxResults=1 -> 200");
    }

    @Test
    void faultsWithARateComeTheSameWayForTheSameSeed() {
        assertThat(refusals(5)).isEqualTo(refusals(5)).isNotEqualTo(refusals(6)).contains(true, false);
    }

    private static List<Boolean> refusals(long seed) {
        Faults faults = new Faults(ServiceModel.load().operations());
        faults.withRate(seed, 0.5, "StartJobRun", Fault.throttle());
        return IntStream.range(0, 40)
                .mapToObj(i ->
                        faults.take("StartJobRun", FakeEmrEksTest::noRequest).isPresent())
                .toList();
    }

    @Test
    void aBucketCanBeRequiredToExist() {
        FakeEmrEks fake = FakeEmrEks.builder().createBucketsOnPut(false).build();
        try (S3Client s3 = Clients.s3(fake)) {
            assertThatThrownBy(() -> s3.putObject(r -> r.bucket("missing").key("k"), RequestBody.fromString("x")))
                    .isInstanceOf(NoSuchBucketException.class);
            s3.createBucket(r -> r.bucket("missing"));
            s3.putObject(r -> r.bucket("missing").key("k"), RequestBody.fromString("x"));
        }
        assertThat(fake.s3().list("missing", "")).containsExactly("k");
    }

    @Test
    void arnsHaveRegionAccountAndPartition() {
        FakeEmrEks fake = FakeEmrEks.builder()
                .region("cn-north-1")
                .accountId("111122223333")
                .build();
        String id = fake.createVirtualCluster("spark");
        try (EmrContainersClient client = Clients.inMemory(fake)) {
            assertThat(client.describeVirtualCluster(r -> r.id(id))
                            .virtualCluster()
                            .arn())
                    .isEqualTo("arn:aws-cn:emr-containers:cn-north-1:111122223333:/virtualclusters/" + id);
        }
    }

    @Test
    void realTimeWorksTooAndLeavesNoThread() throws InterruptedException {
        Instant before = Instant.now();
        FakeEmrEks fake = FakeEmrEks.builder().realTime().build();
        assertThatThrownBy(fake::time).isInstanceOf(IllegalStateException.class);
        assertThat(fake.clock().instant()).isAfterOrEqualTo(before);
        fake.faults().always("ListVirtualClusters", Fault.delay(Duration.ofMillis(1), Duration.ofMillis(1)));
        Thread own;
        try (EmrContainersAsyncClient async = Clients.async(fake);
                EmrContainersClient sync = Clients.inMemory(fake)) {
            assertThat(async.listVirtualClusters(r -> {}).join().virtualClusters())
                    .isEmpty();
            assertThat(sync.listVirtualClusters(r -> {}).virtualClusters()).isEmpty();
            own = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("emreks-fake-service"))
                    .findAny()
                    .orElseThrow();
        }
        fake.close();
        fake.close();
        own.join(10_000);
        assertThat(own.isAlive()).isFalse();
    }

    @Test
    void aHeldCallOverHttpAnswersInVirtualTime() throws InterruptedException {
        try (FakeEmrEks fake = FakeEmrEks.create();
                EmrContainersClient client = Clients.overHttp(fake.startServer().endpoint())) {
            fake.faults().next("ListVirtualClusters", Fault.delay(Duration.ofMinutes(5), Duration.ofMinutes(5)));
            CompletableFuture<Instant> answered = new CompletableFuture<>();
            Hold hold = fake.time().hold();
            Thread caller = new Thread(() -> {
                client.listVirtualClusters(r -> {});
                answered.complete(fake.clock().instant());
                hold.close();
            });
            caller.start();
            assertThat(fake.time().await(answered)).isEqualTo(VirtualTime.DEFAULT_START.plusSeconds(600));
            caller.join();
        }
    }

    @Test
    void anyHttpClientCanTalkToTheServer() throws IOException, InterruptedException {
        try (FakeEmrEks fake = FakeEmrEks.create();
                FakeServer server = fake.startServer()) {
            String id = fake.createVirtualCluster("spark");
            HttpResponse<String> list = get(server, "/virtualclusters?states=TERMINATED&maxResults=5&states=RUNNING");
            assertThat(list.statusCode()).isEqualTo(200);
            assertThat(list.body())
                    .contains("\"id\":\"" + id + "\"")
                    .contains("\"createdAt\":\"2026-01-01T00:00:00Z\"");
            HttpResponse<String> tags = get(
                    server, "/tags/arn%3Aaws%3Aemr-containers%3Aus-east-1%3A123456789012%3A%2Fvirtualclusters%2F" + id);
            assertThat(tags.body()).isEqualTo("{\"tags\":{}}");
            HttpResponse<String> unknown = get(server, "/no/such/%2e%2e/path");
            assertThat(unknown.statusCode()).isEqualTo(404);
            assertThat(unknown.headers().firstValue("x-amzn-ErrorType")).hasValue("UnknownOperationException");
            assertThat(unknown.body()).startsWith("{\"message\":");
            assertThat(server.wireMock().getAllServeEvents()).hasSize(3);
        }
    }

    @Test
    void theJsonOfTheServiceCanLimitJobRuns() throws IOException, InterruptedException {
        try (FakeEmrEks fake = FakeEmrEks.create();
                FakeServer server = fake.startServer()) {
            String id = ServiceModel.parse(
                            send(server, "POST", "/virtualclusters", """
                            {"name": "spark", "clientToken": "c-1",
                             "containerProvider": {"type": "EKS", "id": "eks", "info": {"eksInfo": {"namespace": "a"}}},
                             "schedulerConfiguration": {"maxConcurrentJobRuns": 1, "maxInQueueJobRuns": 100}}""").body().getBytes(StandardCharsets.UTF_8))
                    .path("id")
                    .asText();
            String path = "/virtualclusters/" + id;
            for (int i = 0; i < 3; i++) {
                assertThat(send(server, "POST", path + "/jobruns", """
                                {"clientToken": "t-%s", "executionRoleArn": "%s", "releaseLabel": "emr-7.5.0-latest",
                                 "jobDriver": {"sparkSubmitJobDriver": {"entryPoint": "local:///job.jar"}}}""".formatted(i, ServiceBed.ROLE))
                                .statusCode())
                        .isEqualTo(200);
            }
            assertThat(get(server, path).body())
                    .contains("\"schedulerConfiguration\":{\"maxConcurrentJobRuns\":1,\"maxInQueueJobRuns\":100}")
                    .contains("\"schedulerStatus\":{\"currentInQueueJobRuns\":2,\"currentConcurrentJobRuns\":1}");

            String raised = "{\"clientToken\": \"u-1\", \"schedulerConfiguration\": {\"maxConcurrentJobRuns\": 2}}";
            assertThat(send(server, "PATCH", path, raised).body())
                    .startsWith("{\"virtualCluster\":{\"id\":\"" + id)
                    .contains("\"schedulerConfiguration\":{\"maxConcurrentJobRuns\":2}")
                    .contains("\"currentInQueueJobRuns\":1");
            assertThat(send(server, "PATCH", path, "{\"clientToken\": \"u-2\"}").body())
                    .contains("\"schedulerConfiguration\":{\"maxConcurrentJobRuns\":2}");
            assertThat(send(server, "PATCH", path, "{\"clientToken\": \"u-3\", \"schedulerConfiguration\": {}}")
                            .body())
                    .doesNotContain("scheduler");
            assertThat(send(server, "PATCH", path, raised).body())
                    .as("a token that came before is ignored")
                    .doesNotContain("scheduler");
            HttpResponse<String> refused = send(
                    server,
                    "PATCH",
                    path,
                    "{\"clientToken\": \"u-4\", \"schedulerConfiguration\": {\"maxInQueueJobRuns\": 99}}");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("schedulerConfiguration.maxInQueueJobRuns", "equal to 100");
            assertThat(send(server, "PATCH", "/virtualclusters/none", "{\"clientToken\": \"u-5\"}")
                            .headers()
                            .firstValue("x-amzn-ErrorType"))
                    .hasValue("ResourceNotFoundException");
        }
    }

    private static HttpResponse<String> send(FakeServer server, String method, String path, String body)
            throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(server.endpoint() + path))
                                .method(method, HttpRequest.BodyPublishers.ofString(body))
                                .headers(Clients.SIGNED)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(FakeServer server, String pathAndQuery)
            throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(server.endpoint() + pathAndQuery))
                                .headers(Clients.SIGNED)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static FakeRequest noRequest() {
        throw new AssertionError("No fault looks at requests");
    }
}
