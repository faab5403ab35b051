package io.emreks.behaviour;

import static io.emreks.behaviour.Bed.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.client.EmrEksClient;
import io.emreks.client.JobRunHandle;
import io.emreks.client.Recovery;
import io.emreks.error.JobRunCancelledException;
import io.emreks.error.JobRunFailedException;
import io.emreks.error.JobRunSubmissionException;
import io.emreks.error.MonitoringException;
import io.emreks.metrics.EmrEksMeter;
import io.emreks.metrics.MicrometerTelemetry;
import io.emreks.metrics.ObservationTelemetry;
import io.emreks.model.TimeLimit;
import io.emreks.retry.ApiRetry;
import io.emreks.retry.FailureClass;
import io.emreks.retry.Resubmission;
import io.emreks.testing.service.FakeFailureReason;
import io.emreks.testing.service.FakeJobRunState;
import io.emreks.testing.service.Fault;
import io.emreks.testing.service.JobRunScript;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a tracer is told of runs. */
class ObservationsTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final JobRunScript UNREACHABLE = JobRunScript.fails(
                    FakeFailureReason.CLUSTER_UNAVAILABLE, "Cluster c1 is currently not reachable.")
            .failsWhile(FakeJobRunState.SUBMITTED);

    private final Bed bed = Bed.inMemory();
    private final ObservationRegistry registry = ObservationRegistry.create();
    private final Kept kept = new Kept();

    @BeforeEach
    void observe() {
        registry.observationConfig().observationHandler(kept);
    }

    @AfterEach
    void close() {
        assertThat(registry.getCurrentObservation()).as("left open").isNull();
        bed.close();
    }

    private EmrEksClient client() {
        return bed.client(builder -> builder.telemetry(ObservationTelemetry.of(registry)));
    }

    private void runToItsEnd(JobRunHandle run) {
        bed.time.runUntil(run.completion()::isDone, DAY);
        bed.time.runUntilIdle();
        assertThat(run.completion()).isDone();
    }

    @Test
    void aHandleIsASpanWithAChildForEachRun() {
        bed.script(run -> bed.runs().size() == 1, UNREACHABLE);
        try (EmrEksClient client = client()) {
            Observation request = Observation.start("http.request", registry);
            JobRunHandle run = request.scoped(() -> client.submit(job("orders")
                    .andThen(job -> job.key("orders/1")
                            .resubmission(Resubmission.upTo(2).onInfrastructureFailure()))));
            request.stop();
            runToItsEnd(run);

            assertThat(kept.stopped("http.request")).hasSize(1);
            Observation.Context handle =
                    kept.stopped(ObservationTelemetry.HANDLE).get(0);
            assertThat(parentOf(handle)).isEqualTo("http.request");
            assertThat(low(handle)).isEqualTo(KeyValues.of("outcome", "COMPLETED", "failure.class", "none"));
            assertThat(high(handle)).isEqualTo(KeyValues.of("emreks.job.name", "orders", "emreks.key", "orders/1"));
            assertThat(handle.getError()).isNull();

            List<Observation.Context> attempts = kept.stopped(ObservationTelemetry.ATTEMPT);
            assertThat(attempts)
                    .hasSize(2)
                    .allMatch(attempt -> parentOf(attempt).equals(ObservationTelemetry.HANDLE));
            assertThat(low(attempts.get(0)))
                    .isEqualTo(KeyValues.of("outcome", "FAILED", "failure.class", "CLUSTER_UNAVAILABLE"));
            assertThat(low(attempts.get(1))).isEqualTo(KeyValues.of("outcome", "COMPLETED", "failure.class", "none"));
            assertThat(high(attempts.get(1)))
                    .isEqualTo(KeyValues.of(
                            "emreks.job.run.id", bed.runs().get(1).id(), "emreks.virtual.cluster.id", bed.cluster()));
            assertThat(kept.events)
                    .extracting(Observation.Event::getName)
                    .containsExactly("PENDING", "SUBMITTED", "FAILED", "PENDING", "SUBMITTED", "RUNNING", "COMPLETED");
            assertThat(kept.events.get(6).getWallTime())
                    .as("by the client's clock")
                    .isEqualTo(run.latest().orElseThrow().observedAt().toEpochMilli());
        }
        assertThat(kept.open()).isEmpty();
    }

    @Test
    void whatAUserHangsOnARunIsInsideItsSpan() {
        List<String> seen = new ArrayList<>();
        try (EmrEksClient client = client()) {
            JobRunHandle run = client.submit(job("orders"));
            run.addListener(event -> seen.add("listener in " + current()));
            var unused = run.accepted().thenAccept(ref -> seen.add("accepted in " + current()));
            var unused2 = run.started()
                    .thenAccept(
                            ref -> Observation.start("after.start", registry).stop());
            var unused3 = run.completion().thenAccept(end -> seen.add("completion in " + current()));
            runToItsEnd(run);
            assertThat(seen)
                    .contains("accepted in emreks.job.run", "completion in emreks.job.run")
                    .filteredOn(where -> where.startsWith("listener"))
                    .hasSizeGreaterThan(3)
                    .allMatch("listener in emreks.job.run"::equals);
            assertThat(parentOf(kept.stopped("after.start").get(0))).isEqualTo(ObservationTelemetry.HANDLE);
        }
    }

    private String current() {
        Observation current = registry.getCurrentObservation();
        return current == null
                ? "nothing"
                : Objects.requireNonNull(current.getContext().getName());
    }

    @Test
    void aRunThatFailsCarriesItsError() {
        bed.script(JobRunScript.fails());
        try (EmrEksClient client = client()) {
            runToItsEnd(client.submit(job("job")));
            for (String name : List.of(ObservationTelemetry.HANDLE, ObservationTelemetry.ATTEMPT)) {
                Observation.Context context = kept.stopped(name).get(0);
                assertThat(context.getError()).isInstanceOf(JobRunFailedException.class);
                assertThat(low(context)).isEqualTo(KeyValues.of("outcome", "FAILED", "failure.class", "APPLICATION"));
            }
        }
    }

    @Test
    void aCancelByWishIsNoErrorAndOneByALimitIs() {
        bed.script(JobRunScript.runsForever());
        try (EmrEksClient client = client()) {
            JobRunHandle wished = client.submit(job("wished"));
            bed.time.await(wished.started());
            bed.time.await(wished.cancel());
            runToItsEnd(wished);
            Observation.Context byWish =
                    kept.stopped(ObservationTelemetry.HANDLE).get(0);
            assertThat(byWish.getError()).isNull();
            assertThat(low(byWish)).isEqualTo(KeyValues.of("outcome", "CANCELLED", "failure.class", "none"));
            assertThat(kept.events)
                    .extracting(Observation.Event::getName)
                    .containsSubsequence("RUNNING", "CANCEL_REQUESTED", "CANCELLED");

            runToItsEnd(client.submit(
                    job("limited").andThen(job -> job.runTimeout(Duration.ofHours(1), TimeLimit.Then.CANCEL))));
            Observation.Context byLimit =
                    kept.stopped(ObservationTelemetry.HANDLE).get(1);
            assertThat(byLimit.getError()).isInstanceOf(JobRunCancelledException.class);
            assertThat(low(byLimit)).isEqualTo(KeyValues.of("outcome", "CANCELLED", "failure.class", "RUN_TIMEOUT"));
            assertThat(kept.events).extracting(Observation.Event::getName).contains("RUN_TIMEOUT_PASSED");
        }
    }

    @Test
    void whatNeverRanHasNoAttempt() {
        try (EmrEksClient client = client()) {
            bed.fake.faults().next("StartJobRun", Fault.error(400, "ValidationException", "no"));
            runToItsEnd(client.submit(job("refused")));
            Observation.Context refused =
                    kept.stopped(ObservationTelemetry.HANDLE).get(0);
            assertThat(low(refused)).isEqualTo(KeyValues.of("outcome", "NOT_STARTED", "failure.class", "none"));
            assertThat(refused.getError()).isInstanceOf(JobRunSubmissionException.class);
            assertThat(kept.stopped(ObservationTelemetry.ATTEMPT)).isEmpty();
        }
    }

    @Test
    void whatIsLetGoOfIsNotFollowedAndNoErrorUnlessItWasLost() {
        bed.script(JobRunScript.runsForever());
        JobRunHandle lost;
        try (EmrEksClient client = client()) {
            JobRunHandle let = client.submit(job("let-go"));
            bed.time.await(let.started());
            let.stopWatching();
            runToItsEnd(let);
            bed.time.await(client.submit(job("closed")).started());
            lost = client.submit(job("lost"));
            bed.time.await(lost.started());
            bed.fake.faults().always("DescribeJobRun", Fault.internalError());
            bed.fake.faults().always("ListJobRuns", Fault.internalError());
            bed.time.runUntil(() -> kept.stopped(ObservationTelemetry.HANDLE).size() == 3, DAY);
        }
        List<Observation.Context> handles = kept.stopped(ObservationTelemetry.HANDLE);
        assertThat(handles)
                .hasSize(3)
                .allMatch(
                        handle -> low(handle).equals(KeyValues.of("outcome", "NOT_FOLLOWED", "failure.class", "none")));
        assertThat(handles.get(0).getError()).isNull();
        assertThat(handles.get(2).getError()).isInstanceOf(MonitoringException.class);
        assertThat(kept.open()).isEmpty();
    }

    @Test
    void whatTheCloseLetsGoOfIsNoError() {
        try (EmrEksClient client = client()) {
            bed.time.await(client.submit(job("job")).started());
        }
        assertThat(kept.stopped(ObservationTelemetry.HANDLE))
                .singleElement()
                .satisfies(handle -> assertThat(handle.getError()).isNull());
        assertThat(kept.open()).isEmpty();
    }

    @Test
    void anUnknownSubmissionIsAnError() {
        try (EmrEksClient client = bed.client(builder -> builder.telemetry(ObservationTelemetry.of(registry))
                .apiRetry(ApiRetry.builder().maxAttempts(1).build()))) {
            bed.fake.faults().next("StartJobRun", Fault.dropBefore());
            runToItsEnd(client.submit(job("job")));
            assertThat(kept.stopped(ObservationTelemetry.HANDLE).get(0).getError())
                    .isInstanceOf(JobRunSubmissionException.class);
        }
    }

    @Test
    void whatIsFoundAgainHasASpanToo() {
        try (EmrEksClient dead = bed.client();
                EmrEksClient client = client()) {
            bed.time.await(dead.submit(job("job").andThen(job -> job.key("k"))).started());
            CompletableFuture<Recovery> recovery =
                    client.recover(key -> Optional.of(client.request(job("job").andThen(job -> job.key(key)))));
            runToItsEnd(bed.time.await(recovery).handles().get(0));
            Observation.Context handle =
                    kept.stopped(ObservationTelemetry.HANDLE).get(0);
            assertThat(high(handle)).isEqualTo(KeyValues.of("emreks.job.name", "job", "emreks.key", "k"));
            assertThat(handle.getParentObservation()).isNull();
        }
    }

    /** Spring Boot makes meters of observations, in the registry that has ours. */
    @Test
    void metersMadeOfObservationsHaveClosedTagsAndOtherNames() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        registry.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
        bed.script(run -> bed.runs().size() == 1, JobRunScript.fails());
        try (EmrEksClient client = bed.client(builder ->
                builder.telemetry(ObservationTelemetry.of(registry)).telemetry(MicrometerTelemetry.of(meters)))) {
            runToItsEnd(client.submit(job("one")));
            runToItsEnd(client.submit(job("two")));
        }
        List<Meter> made = meters.getMeters().stream()
                .filter(meter -> Arrays.stream(EmrEksMeter.values())
                        .noneMatch(ours -> ours.meterName().equals(meter.getId().getName())))
                .toList();
        assertThat(made.stream().map(meter -> meter.getId().getName()))
                .contains(ObservationTelemetry.HANDLE, ObservationTelemetry.HANDLE + ".active");
        List<String> closed = Stream.concat(
                        Stream.of(
                                "none",
                                "COMPLETED",
                                "FAILED",
                                "JobRunFailedException",
                                "PENDING",
                                "SUBMITTED",
                                "RUNNING"),
                        Arrays.stream(FailureClass.values()).map(Enum::name))
                .toList();
        assertThat(made.stream()
                        .flatMap(meter -> meter.getId().getTags().stream())
                        .map(tag -> tag.getValue())
                        .distinct())
                .isSubsetOf(closed);
    }

    @Test
    void aRegistryThatObservesNothingCostsNothing() {
        try (EmrEksClient client =
                bed.client(builder -> builder.telemetry(ObservationTelemetry.of(ObservationRegistry.NOOP)))) {
            runToItsEnd(client.submit(job("job")));
        }
        assertThat(kept.started).isEmpty();
    }

    private static String parentOf(Observation.Context context) {
        ObservationView parent = context.getParentObservation();
        return parent == null
                ? "nothing"
                : Objects.requireNonNull(parent.getContextView().getName());
    }

    private static KeyValues low(Observation.Context context) {
        return context.getLowCardinalityKeyValues();
    }

    private static KeyValues high(Observation.Context context) {
        return context.getHighCardinalityKeyValues();
    }

    /** Keeps what it is told. */
    private static final class Kept implements ObservationHandler<Observation.Context> {
        final List<Observation.Context> started = new ArrayList<>();
        final List<Observation.Context> ended = new ArrayList<>();
        final List<Observation.Event> events = new ArrayList<>();

        @Override
        public void onStart(Observation.Context context) {
            started.add(context);
        }

        @Override
        public void onEvent(Observation.Event event, Observation.Context context) {
            events.add(event);
        }

        @Override
        public void onStop(Observation.Context context) {
            ended.add(context);
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }

        List<Observation.Context> stopped(String name) {
            return ended.stream()
                    .filter(context -> name.equals(context.getName()))
                    .toList();
        }

        List<Observation.Context> open() {
            return started.stream().filter(context -> !ended.contains(context)).toList();
        }
    }
}
