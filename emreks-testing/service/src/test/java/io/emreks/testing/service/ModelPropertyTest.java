package io.emreks.testing.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.emrcontainers.EmrContainersClient;
import software.amazon.awssdk.services.emrcontainers.model.JobRun;
import software.amazon.awssdk.services.emrcontainers.model.ValidationException;

/** Whatever clients do and however runs unfold, the service keeps its own rules. */
class ModelPropertyTest {
    /** EMR on EKS Development Guide, job run states: what may follow what. */
    private static final Map<FakeJobRunState, Set<FakeJobRunState>> FOLLOWS = Map.of(
            FakeJobRunState.PENDING,
                    Set.of(FakeJobRunState.SUBMITTED, FakeJobRunState.FAILED, FakeJobRunState.CANCEL_PENDING),
            FakeJobRunState.SUBMITTED,
                    Set.of(FakeJobRunState.RUNNING, FakeJobRunState.FAILED, FakeJobRunState.CANCEL_PENDING),
            FakeJobRunState.RUNNING,
                    Set.of(FakeJobRunState.COMPLETED, FakeJobRunState.FAILED, FakeJobRunState.CANCEL_PENDING),
            FakeJobRunState.CANCEL_PENDING, Set.of(FakeJobRunState.CANCELLED),
            FakeJobRunState.COMPLETED, Set.of(),
            FakeJobRunState.FAILED, Set.of(),
            FakeJobRunState.CANCELLED, Set.of());

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void runsMoveForwardAndTokensStartOneRunEach(
            @ForAll("steps") List<Step> steps,
            @ForAll("scripts") JobRunScript script,
            @ForAll @IntRange(min = 1, max = 5) int maxConcurrent) {
        try (FakeEmrEks fake = FakeEmrEks.create();
                EmrContainersClient client = Clients.inMemory(fake)) {
            String cluster = fake.createVirtualCluster("spark");
            fake.script(script);
            fake.limitJobRuns(cluster, maxConcurrent, 100);
            Map<String, String> idsByToken = new HashMap<>();
            for (Step step : steps) {
                switch (step.kind) {
                    case "start" -> {
                        String token = "t-" + step.number % 5;
                        String id = start(client, cluster, token);
                        assertThat(idsByToken.getOrDefault(token, id)).isEqualTo(id);
                        idsByToken.put(token, id);
                    }
                    case "cancel" -> cancel(fake, client, step.number);
                    case "lose" -> fake.faults().next("StartJobRun", Fault.dropAfter());
                    default -> fake.time().advance(Duration.ofSeconds(step.number));
                }
                check(fake, client, cluster, idsByToken);
                assertThat(fake.jobRuns())
                        .filteredOn(run ->
                                run.state() == FakeJobRunState.SUBMITTED || run.state() == FakeJobRunState.RUNNING)
                        .hasSizeLessThanOrEqualTo(maxConcurrent);
            }
        }
    }

    @Property(tries = 300)
    void idsAreUniqueGrowAndLookAsTheServicesDo(@ForAll("moments") List<Long> millis) {
        ServiceIds ids = new ServiceIds(7);
        Set<String> seen = new HashSet<>();
        String last = "";
        for (long moment : millis.stream().sorted().toList()) {
            String id = ids.jobRun(Instant.ofEpochMilli(moment));
            assertThat(id).matches("0{5,8}[0-9a-z]{11,14}").hasSize(19).isGreaterThan(last);
            assertThat(seen.add(id)).isTrue();
            assertThat(ids.virtualCluster()).matches("[0-9a-z]{25}");
            assertThat(ids.request()).matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
            last = id;
        }
    }

    @Property(tries = 200)
    void everyOperationOfTheModelHasItsRoute(@ForAll("labels") String label) throws Exception {
        JsonNode model = ServiceModel.JSON.readTree(ServiceModel.class.getResourceAsStream("service-model.json"));
        for (Map.Entry<String, JsonNode> operation : model.path("operations").properties()) {
            JsonNode http = operation.getValue().path("http");
            String path = http.path("requestUri").asText().replaceAll("\\{[a-zA-Z]+}", label);
            assertThat(ServiceModel.load().route(http.path("method").asText(), path))
                    .hasValueSatisfying(route -> assertThat(route.operation()).isEqualTo(operation.getKey()));
        }
    }

    /** Starts a run as careful clients do: while answers are lost, again with the same token. */
    private static String start(EmrContainersClient client, String cluster, String token) {
        while (true) {
            try {
                return client.startJobRun(r -> r.virtualClusterId(cluster)
                                .clientToken(token)
                                .executionRoleArn(ServiceBed.ROLE)
                                .releaseLabel("emr-7.5.0-latest")
                                .retryPolicyConfiguration(p -> p.maxAttempts(3))
                                .jobDriver(d -> d.sparkSubmitJobDriver(s -> s.entryPoint("local:///j.jar"))))
                        .id();
            } catch (SdkClientException answerLost) {
                assertThat(answerLost).hasMessageContaining("Connection reset");
            }
        }
    }

    private static void cancel(FakeEmrEks fake, EmrContainersClient client, int number) {
        List<FakeJobRun> runs = fake.jobRuns();
        if (runs.isEmpty()) {
            return;
        }
        FakeJobRun run = runs.get(number % runs.size());
        boolean accepted;
        try {
            client.cancelJobRun(r -> r.id(run.id()).virtualClusterId(run.virtualClusterId()));
            accepted = true;
        } catch (ValidationException e) {
            assertThat(e).hasMessageContaining("is not in a cancellable state");
            accepted = false;
        }
        assertThat(accepted)
                .isEqualTo(Set.of(FakeJobRunState.PENDING, FakeJobRunState.SUBMITTED, FakeJobRunState.RUNNING)
                        .contains(run.state()));
    }

    private static void check(
            FakeEmrEks fake, EmrContainersClient client, String cluster, Map<String, String> idsByToken) {
        List<FakeJobRun> runs = fake.jobRuns();
        assertThat(runs).hasSize(idsByToken.size());
        for (FakeJobRun run : runs) {
            List<FakeJobRun.Change> history = run.history();
            assertThat(history.get(0)).isEqualTo(new FakeJobRun.Change(FakeJobRunState.PENDING, run.createdAt()));
            for (int i = 1; i < history.size(); i++) {
                assertThat(FOLLOWS.get(history.get(i - 1).state()))
                        .contains(history.get(i).state());
                assertThat(history.get(i).at())
                        .isAfterOrEqualTo(history.get(i - 1).at())
                        .isBeforeOrEqualTo(fake.clock().instant());
            }
            assertThat(run.finishedAt().isPresent()).isEqualTo(run.state().terminal());
            assertThat(run.failureReason().isPresent()).isEqualTo(run.state() == FakeJobRunState.FAILED);
            assertThat(run.currentAttemptCount()).isBetween(1, 3);
            assertThat(idsByToken).containsEntry(run.clientToken(), run.id());
        }
        Map<String, String> listed = new HashMap<>();
        for (JobRun run : client.listJobRunsPaginator(
                        r -> r.virtualClusterId(cluster).maxResults(2))
                .jobRuns()) {
            assertThat(listed.put(run.id(), run.stateAsString())).isNull();
        }
        Map<String, String> expected = new HashMap<>();
        runs.forEach(run -> expected.put(run.id(), run.state().name()));
        assertThat(listed).isEqualTo(expected);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of("start", "cancel", "lose", "wait"),
                        Arbitraries.integers().between(0, 400))
                .as(Step::new)
                .list()
                .ofMaxSize(12);
    }

    @Provide
    Arbitrary<JobRunScript> scripts() {
        Arbitrary<JobRunScript> ends = Arbitraries.of(Stream.concat(
                        Stream.of(JobRunScript.completes(), JobRunScript.neverStarts(), JobRunScript.runsForever()),
                        Stream.of(FakeJobRunState.PENDING, FakeJobRunState.SUBMITTED, FakeJobRunState.RUNNING)
                                .map(phase -> JobRunScript.fails().failsWhile(phase)))
                .toList());
        Arbitrary<Duration> times = Arbitraries.integers().between(0, 300).map(Duration::ofSeconds);
        return Combinators.combine(ends, times, times, Arbitraries.integers().between(0, 4), times)
                .as((end, first, second, failures, each) ->
                        end.pendingFor(first).cancelTakes(second).driverFails(failures, each));
    }

    @Provide
    Arbitrary<List<Long>> moments() {
        return Arbitraries.longs().between(0, 4_000_000_000_000L).list().ofMaxSize(30);
    }

    @Provide
    Arbitrary<String> labels() {
        return Arbitraries.strings()
                .alpha()
                .numeric()
                .withChars("%.:-")
                .ofMinLength(1)
                .ofMaxLength(20);
    }

    record Step(String kind, int number) {}
}
