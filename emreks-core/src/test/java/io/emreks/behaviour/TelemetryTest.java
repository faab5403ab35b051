package io.emreks.behaviour;

import static io.emreks.behaviour.Bed.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.emreks.client.ApiQuotas;
import io.emreks.client.EmrEksClient;
import io.emreks.client.EmrEksClientBuilder;
import io.emreks.client.JobRunHandle;
import io.emreks.event.ConsoleProgress;
import io.emreks.event.JobRunEvent;
import io.emreks.logging.TestLogging;
import io.emreks.metrics.ApiTry;
import io.emreks.metrics.ClientGauges;
import io.emreks.metrics.ClientTelemetry;
import io.emreks.metrics.EmrEksMeter;
import io.emreks.metrics.MicrometerTelemetry;
import io.emreks.metrics.ObservationTelemetry;
import io.emreks.metrics.RunTelemetry;
import io.emreks.model.IfKeyIsOver;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunRequest;
import io.emreks.model.JobRunState;
import io.emreks.model.TimeLimit;
import io.emreks.retry.ApiRetry;
import io.emreks.retry.FailureClass;
import io.emreks.retry.Resubmission;
import io.emreks.testing.service.FakeFailureReason;
import io.emreks.testing.service.FakeJobRunState;
import io.emreks.testing.service.Fault;
import io.emreks.testing.service.JobRunScript;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** What the meters say of stories whose numbers are known. */
class TelemetryTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final JobRunScript UNREACHABLE = JobRunScript.fails(
                    FakeFailureReason.CLUSTER_UNAVAILABLE, "Cluster c1 is currently not reachable.")
            .failsWhile(FakeJobRunState.SUBMITTED);

    private final Bed bed = Bed.inMemory(settings -> settings.clientTokenRetention(Duration.ofDays(365)));
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @AfterEach
    void close() {
        bed.close();
    }

    private EmrEksClient client() {
        return client(settings -> {});
    }

    private EmrEksClient client(Consumer<EmrEksClientBuilder> settings) {
        return bed.client(builder -> {
            builder.telemetry(MicrometerTelemetry.of(registry));
            settings.accept(builder);
        });
    }

    private double count(EmrEksMeter meter, String... tags) {
        return registry.get(meter.meterName()).tags(tags).counter().count();
    }

    private double gauge(EmrEksMeter meter, String... tags) {
        return registry.get(meter.meterName()).tags(tags).gauge().value();
    }

    private Timer timer(EmrEksMeter meter, String... tags) {
        return registry.get(meter.meterName()).tags(tags).timer();
    }

    private static double seconds(Timer timer) {
        return timer.totalTime(TimeUnit.SECONDS);
    }

    private boolean hasTimer(EmrEksMeter meter) {
        return registry.find(meter.meterName()).timer() != null;
    }

    private void runToItsEnd(JobRunHandle run) {
        bed.time.runUntil(run.completion()::isDone, DAY);
        assertThat(run.completion()).isDone();
    }

    private static Consumer<JobRunRequest.Builder> keyed(String key) {
        return job("job").andThen(job -> job.key(key));
    }

    // ---- runs

    @Test
    void aRunThatCompletes() {
        bed.script(JobRunScript.completes()
                .pendingFor(Duration.ofSeconds(2))
                .submittedFor(Duration.ofSeconds(60))
                .runningFor(Duration.ofMinutes(11)));
        try (EmrEksClient client = client()) {
            JobRunHandle run = client.submit(job("orders"));
            bed.time.await(run.started());
            assertThat(gauge(EmrEksMeter.LIVE_RUNS, "state", "RUNNING")).isEqualTo(1);
            runToItsEnd(run);
            assertThat(count(EmrEksMeter.SUBMISSIONS, "outcome", "ACCEPTED")).isEqualTo(1);
            Timer duration = timer(EmrEksMeter.DURATION, "outcome", "COMPLETED");
            assertThat(duration.count()).isEqualTo(1);
            assertThat(seconds(duration)).isCloseTo(722, within(1.0));
            Timer toStart = timer(EmrEksMeter.TIME_TO_START);
            assertThat(toStart.count()).isEqualTo(1);
            assertThat(seconds(toStart))
                    .as("62 s, and up to a pause between two looks")
                    .isBetween(61.0, 99.0);
            assertThat(gauge(EmrEksMeter.LIVE_RUNS, "state", "RUNNING")).isZero();
            assertThat(registry.get(EmrEksMeter.FAILURES.meterName()).counters())
                    .hasSize(FailureClass.values().length)
                    .allMatch(counter -> counter.count() == 0);
        }
    }

    @Test
    void aRunThatFailsAndIsSubmittedAgain() {
        bed.script(run -> bed.runs().size() == 1, UNREACHABLE);
        try (EmrEksClient client = client()) {
            JobRunHandle run = client.submit(job("job")
                    .andThen(job -> job.resubmission(Resubmission.upTo(3).onInfrastructureFailure())));
            bed.time.runUntil(
                    () -> gauge(EmrEksMeter.PENDING_SUBMISSIONS) == 1
                            && bed.runs().size() == 1,
                    DAY);
            bed.time.runUntil(() -> count(EmrEksMeter.FAILURES, "failure.class", "CLUSTER_UNAVAILABLE") == 1, DAY);
            assertThat(count(EmrEksMeter.RESUBMISSIONS, "failure.class", "CLUSTER_UNAVAILABLE"))
                    .as("not before it happens")
                    .isZero();
            assertThat(gauge(EmrEksMeter.PENDING_SUBMISSIONS)).isEqualTo(1);
            runToItsEnd(run);
            assertThat(count(EmrEksMeter.SUBMISSIONS, "outcome", "ACCEPTED")).isEqualTo(2);
            assertThat(count(EmrEksMeter.RESUBMISSIONS, "failure.class", "CLUSTER_UNAVAILABLE"))
                    .isEqualTo(1);
            assertThat(count(EmrEksMeter.FAILURES, "failure.class", "CLUSTER_UNAVAILABLE"))
                    .isEqualTo(1);
            assertThat(timer(EmrEksMeter.DURATION, "outcome", "FAILED").count()).isEqualTo(1);
            assertThat(timer(EmrEksMeter.DURATION, "outcome", "COMPLETED").count())
                    .isEqualTo(1);
            assertThat(timer(EmrEksMeter.TIME_TO_START).count()).isEqualTo(1);
            assertThat(gauge(EmrEksMeter.PENDING_SUBMISSIONS)).isZero();
        }
    }

    @Test
    void aFurtherRunThatIsRefusedIsASubmissionThatWasNotAccepted() {
        bed.script(UNREACHABLE);
        try (EmrEksClient client = client()) {
            JobRunHandle run = client.submit(job("job")
                    .andThen(job -> job.resubmission(Resubmission.upTo(3).onInfrastructureFailure())));
            bed.time.await(run.accepted());
            bed.fake.faults().always("StartJobRun", Fault.error(400, "ValidationException", "no more"));
            runToItsEnd(run);
            assertThat(count(EmrEksMeter.SUBMISSIONS, "outcome", "ACCEPTED")).isEqualTo(1);
            assertThat(count(EmrEksMeter.SUBMISSIONS, "outcome", "NOT_ACCEPTED"))
                    .isEqualTo(1);
            assertThat(count(EmrEksMeter.FAILURES, "failure.class", "CLUSTER_UNAVAILABLE"))
                    .isEqualTo(1);
            assertThat(count(EmrEksMeter.RESUBMISSIONS, "failure.class", "CLUSTER_UNAVAILABLE"))
                    .isZero();
        }
    }

    @Test
    void aFurtherRunThatIsNotWantedIsNoSubmission() {
        bed.script(UNREACHABLE);
        try (EmrEksClient client = client()) {
            JobRunHandle run = client.submit(job("job")
                    .andThen(job -> job.resubmission(Resubmission.upTo(3).onInfrastructureFailure())));
            bed.time.runUntil(() -> count(EmrEksMeter.FAILURES, "failure.class", "CLUSTER_UNAVAILABLE") == 1, DAY);
            bed.time.await(run.cancel());
            runToItsEnd(run);
            assertThat(submissions()).isEqualTo(1);
        }
    }

    private double submissions() {
        return registry.get(EmrEksMeter.SUBMISSIONS.meterName()).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void aRunThatIsCancelledByWishHasNotFailed() {
        try (EmrEksClient client = client()) {
            JobRunHandle run = client.submit(job("job"));
            bed.time.await(run.started());
            bed.time.await(run.cancel());
            bed.time.runUntil(() -> gauge(EmrEksMeter.LIVE_RUNS, "state", "CANCEL_PENDING") == 1, DAY);
            runToItsEnd(run);
            assertThat(timer(EmrEksMeter.DURATION, "outcome", "CANCELLED").count())
                    .isEqualTo(1);
            assertThat(failures()).isZero();
        }
    }

    private double failures() {
        return registry.get(EmrEksMeter.FAILURES.meterName()).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void aRunThatIsCancelledByALimitHasFailed() {
        bed.script(JobRunScript.runsForever());
        try (EmrEksClient client = client()) {
            runToItsEnd(client.submit(
                    job("job").andThen(job -> job.runTimeout(Duration.ofHours(1), TimeLimit.Then.CANCEL))));
            assertThat(count(EmrEksMeter.FAILURES, "failure.class", "RUN_TIMEOUT"))
                    .isEqualTo(1);
            assertThat(failures()).isEqualTo(1);
            JobRunHandle told =
                    client.submit(job("told").andThen(job -> job.runTimeout(Duration.ofHours(1), TimeLimit.Then.TELL)));
            bed.time.advance(Duration.ofHours(2));
            bed.time.await(told.cancel());
            runToItsEnd(told);
            assertThat(failures()).as("a limit that only told is no failure").isEqualTo(1);
        }
    }

    @Test
    void submissionsByWhatBecameOfThem() {
        ApiRetry once = ApiRetry.builder().maxAttempts(1).build();
        try (EmrEksClient client = client(builder -> builder.apiRetry(once))) {
            bed.fake.faults().next("StartJobRun", Fault.error(400, "ValidationException", "no"));
            runToItsEnd(client.submit(job("refused")));
            assertThat(count(EmrEksMeter.SUBMISSIONS, "outcome", "NOT_ACCEPTED"))
                    .isEqualTo(1);

            bed.fake.faults().next("StartJobRun", Fault.dropBefore());
            runToItsEnd(client.submit(job("lost")));
            assertThat(count(EmrEksMeter.SUBMISSIONS, "outcome", "UNKNOWN")).isEqualTo(1);

            bed.fake.faults().next("ListJobRuns", Fault.delay(Duration.ofSeconds(20), Duration.ZERO));
            JobRunHandle cancelled = client.submit(keyed("cancelled"));
            bed.time.advance(Duration.ofSeconds(1));
            assertThat(gauge(EmrEksMeter.PENDING_SUBMISSIONS)).isEqualTo(1);
            bed.time.await(cancelled.cancel());
            assertThat(count(EmrEksMeter.SUBMISSIONS, "outcome", "CANCELLED")).isEqualTo(1);

            bed.fake.faults().clear();
            bed.fake.faults().next("ListJobRuns", Fault.delay(Duration.ofSeconds(20), Duration.ZERO));
            client.submit(keyed("closed"));
            bed.time.advance(Duration.ofSeconds(1));
            client.close(Duration.ofSeconds(1));
            assertThat(count(EmrEksMeter.SUBMISSIONS, "outcome", "CLIENT_CLOSED"))
                    .isEqualTo(1);
            assertThat(submissions()).isEqualTo(4);
        }
    }

    @Test
    void aRunThatIsJoinedCountsForWhoFollowsIt() {
        try (EmrEksClient other = bed.client();
                EmrEksClient client = client()) {
            bed.time.await(other.submit(keyed("k")).started());
            runToItsEnd(client.submit(keyed("k")));
            assertThat(count(EmrEksMeter.SUBMISSIONS, "outcome", "JOINED")).isEqualTo(1);
            assertThat(seconds(timer(EmrEksMeter.DURATION, "outcome", "COMPLETED")))
                    .isCloseTo(722, within(1.0));
            assertThat(hasTimer(EmrEksMeter.TIME_TO_START))
                    .as("it was RUNNING already, nobody knows since when")
                    .isFalse();
        }
    }

    @Test
    void aRunThatWasOverWhenItWasJoinedIsOldNews() {
        bed.script(UNREACHABLE);
        try (EmrEksClient client = client()) {
            runToItsEnd(client.submit(keyed("k")));
            assertThat(failures()).isEqualTo(1);
            runToItsEnd(client.submit(keyed("k").andThen(job -> job.ifKeyIsOver(IfKeyIsOver.RETURN_RESULT))));
            runToItsEnd(
                    client.attach(new JobRunRef(bed.cluster(), bed.runs().get(0).id())));
            assertThat(count(EmrEksMeter.SUBMISSIONS, "outcome", "JOINED")).isEqualTo(2);
            assertThat(bed.runs()).hasSize(1);
            assertThat(failures()).isEqualTo(1);
            assertThat(timer(EmrEksMeter.DURATION, "outcome", "FAILED").count()).isEqualTo(1);
        }
    }

    // ---- calls, looks, queues

    @Test
    void callsAreCountedAsTheServiceSeesThem() {
        Heard heard = new Heard();
        bed.fake.faults().next("StartJobRun", 2, Fault.throttle());
        bed.fake.faults().next("DescribeJobRun", 1, Fault.internalError());
        try (EmrEksClient client = client(builder -> builder.telemetry(heard))) {
            runToItsEnd(client.submit(job("job")));
            assertThat(timer(EmrEksMeter.API_CALLS, "operation", "StartJobRun", "outcome", "SUCCEEDED")
                            .count())
                    .isEqualTo(1);
            assertThat(timer(EmrEksMeter.API_CALLS, "operation", "StartJobRun", "outcome", "THROTTLED")
                            .count())
                    .isEqualTo(2);
            assertThat(count(EmrEksMeter.THROTTLES, "operation", "StartJobRun")).isEqualTo(2);
            assertThat(timer(EmrEksMeter.API_CALLS, "operation", "DescribeJobRun", "outcome", "UNANSWERED")
                            .count())
                    .isEqualTo(1);
            assertThat(
                            registry
                                    .get(EmrEksMeter.API_CALLS.meterName())
                                    .tag("operation", "DescribeJobRun")
                                    .timers()
                                    .stream()
                                    .mapToLong(Timer::count)
                                    .sum())
                    .isEqualTo(bed.calls("DescribeJobRun"));
            assertThat(timer(EmrEksMeter.ADMISSION_WAIT).count())
                    .as("tries of StartJobRun")
                    .isEqualTo(3);
            assertThat(timer(EmrEksMeter.POLL_LAG).count())
                    .isEqualTo(heard.looks.size())
                    .isPositive();
        }
    }

    @Test
    void whoWaitsForItsTurnIsSeen() {
        ApiQuotas narrow =
                ApiQuotas.builder().startJobRun(new ApiQuotas.Bucket(1, 0.1)).build();
        try (EmrEksClient client = bed.client(
                builder -> builder.telemetry(MicrometerTelemetry.of(registry)), runtime -> runtime.quotas(narrow))) {
            for (int i = 0; i < 3; i++) {
                client.submit(job("job-" + i));
            }
            bed.time.advance(Duration.ofSeconds(1));
            assertThat(gauge(EmrEksMeter.QUEUE_DEPTH, "queue", "CALLS")).isEqualTo(2);
            bed.time.advance(Duration.ofSeconds(10));
            assertThat(gauge(EmrEksMeter.QUEUE_DEPTH, "queue", "CALLS")).isEqualTo(1);
            bed.time.advance(Duration.ofSeconds(10));
            assertThat(gauge(EmrEksMeter.QUEUE_DEPTH, "queue", "CALLS")).isZero();
            Timer waited = timer(EmrEksMeter.ADMISSION_WAIT);
            assertThat(waited.count()).isEqualTo(3);
            assertThat(seconds(waited)).as("0 + 10 + 20").isCloseTo(30, within(0.1));
            assertThat(waited.max(TimeUnit.SECONDS)).isCloseTo(20, within(0.1));
        }
    }

    @Test
    void looksThatComeLateAreSeen() {
        ApiQuotas narrow = ApiQuotas.builder()
                .describeJobRun(new ApiQuotas.Bucket(1, 0.1))
                .listJobRuns(new ApiQuotas.Bucket(1, 0.01))
                .build();
        bed.script(JobRunScript.runsForever());
        try (EmrEksClient client = bed.client(
                builder -> builder.telemetry(MicrometerTelemetry.of(registry)), runtime -> runtime.quotas(narrow))) {
            for (int i = 0; i < 8; i++) {
                client.submit(job("job-" + i));
            }
            bed.time.advance(Duration.ofMinutes(10));
            assertThat(timer(EmrEksMeter.POLL_LAG).max(TimeUnit.SECONDS))
                    .as("a list every 100 s and a look every 10 s, due every 30 s")
                    .isBetween(20.0, 200.0);
        }
    }

    @Test
    void eventsThatNobodyHasHeardYetAreSeen() {
        List<Double> waiting = new ArrayList<>();
        try (EmrEksClient client = client()) {
            JobRunHandle run = client.submit(job("job"));
            bed.time.await(run.accepted());
            run.addListener(event -> {
                waiting.add(gauge(EmrEksMeter.QUEUE_DEPTH, "queue", "EVENTS"));
                if (waiting.size() == 1) {
                    bed.time.runUntil(run.completion()::isDone, DAY);
                }
            });
            runToItsEnd(run);
            bed.time.runUntilIdle();
            assertThat(waiting).startsWith(0.0).endsWith(0.0).anyMatch(depth -> depth >= 1);
            assertThat(gauge(EmrEksMeter.QUEUE_DEPTH, "queue", "EVENTS")).isZero();
        }
    }

    @Test
    void eventsOfTheQueueAreCounted() {
        MicrometerTelemetry telemetry = MicrometerTelemetry.of(registry);
        telemetry.eventReceived(Duration.ofSeconds(2));
        telemetry.eventReceived(Duration.ofSeconds(-1));
        telemetry.eventNotUnderstood();
        assertThat(timer(EmrEksMeter.EVENT_LAG).count()).isEqualTo(2);
        assertThat(seconds(timer(EmrEksMeter.EVENT_LAG)))
                .as("clocks that are apart make no time run backwards")
                .isEqualTo(2);
        assertThat(count(EmrEksMeter.UNREADABLE_EVENTS)).isEqualTo(1);
    }

    // ---- the whole

    /** Nothing is measured that is not declared, and nothing is declared that no story measures. */
    @Test
    void whatIsMeasuredIsWhatIsDeclared() {
        bed.script(run -> bed.runs().size() == 1, UNREACHABLE);
        bed.fake.faults().next("StartJobRun", Fault.throttle());
        try (EmrEksClient client = client()) {
            runToItsEnd(client.submit(job("job")
                    .andThen(job -> job.resubmission(Resubmission.upTo(3).onInfrastructureFailure()))));
        }
        eventsOfTheQueueAreCounted();
        MicrometerTelemetry.of(registry)
                .called(new ApiTry("BrandNew", ApiTry.Outcome.REFUSED, Duration.ZERO, Duration.ZERO));
        assertThat(timer(EmrEksMeter.API_CALLS, "operation", "other").count()).isEqualTo(1);

        for (EmrEksMeter declared : EmrEksMeter.values()) {
            assertThat(registry.find(declared.meterName()).meters())
                    .as("%s", declared)
                    .isNotEmpty()
                    .allSatisfy(meter -> assertDeclared(declared, meter.getId()));
            if (declared.type() == EmrEksMeter.Type.COUNTER) {
                assertThat(registry.get(declared.meterName()).counters())
                        .as("counters are there with 0 from the beginning: %s", declared)
                        .hasSize(
                                declared.tags().isEmpty()
                                        ? 1
                                        : declared.tags().get(0).values().size())
                        .anyMatch(counter -> counter.count() > 0);
            }
        }
        assertThat(registry.getMeters().stream()
                        .map(meter -> meter.getId().getName())
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(EmrEksMeter.values())
                        .map(EmrEksMeter::meterName)
                        .toList());
    }

    private static void assertDeclared(EmrEksMeter declared, Meter.Id id) {
        assertThat(id.getType()).isEqualTo(Meter.Type.valueOf(declared.type().name()));
        assertThat(id.getBaseUnit()).isEqualTo(declared.unit());
        assertThat(id.getDescription()).isEqualTo(declared.description());
        assertThat(id.getTags().stream().map(Tag::getKey))
                .containsExactlyInAnyOrderElementsOf(
                        declared.tags().stream().map(EmrEksMeter.Tag::key).toList());
        for (EmrEksMeter.Tag tag : declared.tags()) {
            assertThat(tag.values()).contains(id.getTag(tag.key()));
        }
    }

    @Test
    void clientsOfOneRegistryAddUpAndLeaveWhenTheyAreClosed() {
        bed.script(JobRunScript.runsForever());
        try (EmrEksClient one = client()) {
            EmrEksClient two = client();
            JobRunHandle first = one.submit(job("one"));
            JobRunHandle second = two.submit(job("two"));
            bed.time.await(first.started());
            bed.time.await(second.started());
            assertThat(gauge(EmrEksMeter.LIVE_RUNS, "state", "RUNNING")).isEqualTo(2);
            two.close();
            assertThat(gauge(EmrEksMeter.LIVE_RUNS, "state", "RUNNING")).isEqualTo(1);
            assertThat(count(EmrEksMeter.SUBMISSIONS, "outcome", "ACCEPTED")).isEqualTo(2);
        }
        assertThat(gauge(EmrEksMeter.LIVE_RUNS, "state", "RUNNING")).isZero();
    }

    @Test
    void anotherRegistryHasItsOwnMeters() {
        SimpleMeterRegistry other = new SimpleMeterRegistry();
        assertThat(MicrometerTelemetry.of(registry))
                .isSameAs(MicrometerTelemetry.of(registry))
                .isNotSameAs(MicrometerTelemetry.of(other));
        MicrometerTelemetry.of(other).eventNotUnderstood();
        assertThat(count(EmrEksMeter.UNREADABLE_EVENTS)).isZero();
    }

    /** Else a service that makes registries and forgets them, as tests do, would keep them all. */
    @Test
    void aForgottenRegistryIsNotKept() {
        WeakReference<SimpleMeterRegistry> forgotten = new WeakReference<>(new SimpleMeterRegistry());
        MicrometerTelemetry.of(Objects.requireNonNull(forgotten.get())).eventNotUnderstood();
        for (int round = 0; round < 50 && forgotten.get() != null; round++) {
            System.gc();
        }
        assertThat(forgotten.get()).isNull();
    }

    @Test
    void theRegistryKeepsItsGauges() {
        try (EmrEksClient client = client()) {
            bed.time.await(client.submit(job("job")).started());
            System.gc();
            assertThat(gauge(EmrEksMeter.LIVE_RUNS, "state", "RUNNING")).isEqualTo(1);
        }
    }

    @Test
    void nothingIsKeptOfHandlesThatAreForgotten() {
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(registry));
        try (EmrEksClient client = client(builder -> builder.telemetry(ObservationTelemetry.of(observations))
                .listener(ConsoleProgress.onTerminal(new PrintStream(OutputStream.nullOutputStream()), 80, 24)))) {
            List<WeakReference<JobRunHandle>> handles = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                handles.add(new WeakReference<>(client.submit(job("job-" + i))));
            }
            bed.time.advance(DAY);
            for (int round = 0; round < 50 && handles.stream().anyMatch(handle -> handle.get() != null); round++) {
                System.gc();
            }
            assertThat(handles).allMatch(handle -> handle.get() == null);
            assertThat(timer(EmrEksMeter.DURATION, "outcome", "COMPLETED").count())
                    .isEqualTo(20);
        }
    }

    @Test
    void telemetryThatThrowsHurtsNobody() {
        Broken broken = new Broken();
        try (TestLogging.Warnings warnings = new TestLogging.Warnings();
                EmrEksClient client = bed.client(builder -> builder.telemetry(broken)
                        .telemetry(new Heard())
                        .telemetry(new BrokenRun())
                        .telemetry(MicrometerTelemetry.of(registry)))) {
            JobRunHandle run = client.submit(job("job"));
            Recorder heard = Recorder.on(run);
            List<JobRunState> seen = new ArrayList<>();
            var unused = run.completion().thenAccept(end -> seen.add(end.state()));
            runToItsEnd(run);
            bed.time.runUntilIdle();
            heard.ranToItsEnd(run);
            assertThat(seen).containsExactly(JobRunState.COMPLETED);
            assertThat(count(EmrEksMeter.SUBMISSIONS, "outcome", "ACCEPTED")).isEqualTo(1);
            assertThat(broken.calls).isGreaterThan(5);
            assertThat(warnings.messages().stream().filter(message -> message.contains("Telemetry failed")))
                    .hasSize(1);
            assertThat(MDC.get("emreks.jobRunId")).isNull();
        }
    }

    /** Keeps what it hears. */
    private static final class Heard implements ClientTelemetry {
        final List<Duration> looks = new ArrayList<>();

        @Override
        public void looked(Duration late) {
            looks.add(late);
        }
    }

    /** Throws, whatever it is told. */
    private static final class Broken implements ClientTelemetry {
        int calls;

        private RuntimeException broken() {
            calls++;
            return new IllegalStateException("on purpose");
        }

        @Override
        public void opened(ClientGauges client) {
            throw broken();
        }

        @Override
        public void closed(ClientGauges client) {
            throw broken();
        }

        @Override
        public RunTelemetry begun(String jobName, Optional<String> key) {
            throw broken();
        }

        @Override
        public void called(ApiTry call) {
            throw broken();
        }

        @Override
        public void looked(Duration late) {
            throw new StackOverflowError("on purpose");
        }
    }

    /** Makes telemetry of runs that throws, and one that is not there. */
    private static final class BrokenRun implements ClientTelemetry {
        @Override
        public RunTelemetry begun(String jobName, Optional<String> key) {
            return new RunTelemetry() {
                @Override
                public void told(JobRunEvent event) {
                    throw new IllegalStateException("on purpose");
                }

                @Override
                @SuppressWarnings("NullAway") // as code without checks of null may do
                public Scope around() {
                    return null;
                }
            };
        }
    }
}
