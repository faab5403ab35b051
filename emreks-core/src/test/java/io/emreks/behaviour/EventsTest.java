package io.emreks.behaviour;

import static io.emreks.behaviour.Bed.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.emreks.client.ClientHealth.Trouble;
import io.emreks.client.EmrEksClient;
import io.emreks.client.EmrEksClientBuilder;
import io.emreks.client.EventSettings;
import io.emreks.client.JobRunHandle;
import io.emreks.event.JobRunEvent;
import io.emreks.event.JobRunEvent.DriverRestarted;
import io.emreks.event.JobRunEvent.Ended;
import io.emreks.event.JobRunEvent.StateChanged;
import io.emreks.metrics.ClientTelemetry;
import io.emreks.model.JobRunState;
import io.emreks.model.SeenState;
import io.emreks.retry.DriverRetry;
import io.emreks.testing.service.FakeEventQueue;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeJobRunState;
import io.emreks.testing.service.Fault;
import io.emreks.testing.service.JobRunScript;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterTry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Events of the service, read from a queue. */
class EventsTest {
    private static final Duration LATENCY = Duration.ofMillis(500);
    private static final Duration HOUR = Duration.ofHours(1);

    private Bed bed = Bed.inMemory(fake -> fake.requestLog(100_000));
    private FakeEventQueue queue = bed.fake.events().queue("emreks-1");

    @AfterEach
    @AfterTry
    void closeBed() {
        bed.close();
    }

    private static Consumer<EmrEksClientBuilder> events(FakeEventQueue queue) {
        return client -> client.events(EventSettings.of(queue.url()));
    }

    private static JobRunScript running(Duration time) {
        return JobRunScript.completes()
                .pendingFor(Duration.ofSeconds(5))
                .submittedFor(Duration.ofSeconds(60))
                .runningFor(time);
    }

    private Duration noticedAfter(Recorder told) {
        JobRunEvent end = told.events().get(told.events().size() - 1);
        FakeJobRun run = bed.fake.jobRun(((Ended) end).ref().orElseThrow().id());
        return Duration.between(run.finishedAt().orElseThrow(), end.at());
    }

    @Test
    void anEndIsNoticedWhenItsEventArrivesAndOneLookConfirmsIt() throws InterruptedException {
        bed.script(running(Duration.ofMinutes(30)));
        try (EmrEksClient client = bed.client(events(queue))) {
            JobRunHandle run = client.submit(job("orders"));
            Recorder told = Recorder.on(run);
            run.await(HOUR);
            bed.time.advance(Duration.ofSeconds(1));

            assertThat(noticedAfter(told)).isEqualTo(LATENCY);
            assertThat(told.story())
                    .containsExactly("Accepted", "PENDING", "SUBMITTED", "RUNNING", "COMPLETED", "Ended COMPLETED");
            // one when it was new, one each ten minutes to reconcile, one at the end
            assertThat(bed.calls("DescribeJobRun") + bed.calls("ListJobRuns")).isLessThanOrEqualTo(6);
            assertThat(queue.size()).isZero();
        }
    }

    @Test
    void theTimelineSaysWhatEventsSaidOfWhenStatesBegan() throws InterruptedException {
        bed.script(running(Duration.ofMinutes(30)));
        try (EmrEksClient client = bed.client(events(queue))) {
            JobRunHandle run = client.submit(job("orders"));
            List<SeenState> timeline = run.await(HOUR).timeline();

            FakeJobRun truth = bed.runs().get(0);
            Map<JobRunState, Instant> began = timeline.stream()
                    .collect(Collectors.toMap(
                            SeenState::state, seen -> seen.since().orElseThrow()));
            truth.history()
                    .forEach(change -> assertThat(
                                    began.get(JobRunState.valueOf(change.state().name())))
                            .isEqualTo(change.at().truncatedTo(ChronoUnit.SECONDS)));
            assertThat(timeline.get(2).duration()).contains(Duration.ofMinutes(30));
            assertThat(timeline).isEqualTo(run.attempts().get(0).states());
        }
    }

    @Test
    void withoutEventsAnEndIsFoundWithinTheReconciliationPeriod() throws InterruptedException {
        bed.fake.events().lose(1, 1);
        bed.script(running(Duration.ofMinutes(30)));
        try (EmrEksClient client = bed.client(events(queue))) {
            Recorder told = Recorder.on(client.submit(job("orders")));
            bed.time.advance(HOUR);

            assertThat(noticedAfter(told)).isBetween(Duration.ofSeconds(31), Duration.ofMinutes(12));
        }
    }

    @Test
    void eachOfTwoClientsWithAQueueOfItsOwnSeesAllEvents() {
        FakeEventQueue other = bed.fake.events().queue("emreks-2");
        bed.script(running(Duration.ofMinutes(30)));
        try (EmrEksClient first = bed.client(events(queue));
                EmrEksClient second = bed.client(events(other))) {
            List<Recorder> told = new ArrayList<>();
            IntStream.range(0, 20).forEach(i -> {
                JobRunHandle run = first.submit(job("orders-" + i));
                bed.time.await(run.accepted());
                told.add(Recorder.on(run));
                told.add(Recorder.on(second.attach(run.ref().orElseThrow())));
            });
            bed.time.advance(HOUR);

            assertThat(told).allSatisfy(one -> assertThat(noticedAfter(one)).isLessThan(Duration.ofSeconds(1)));
            assertThat(queue.size() + other.size()).isZero();
        }
    }

    @Test
    void messagesThatAreNoEventsAreCountedAndLeftToTheRedrivePolicy() {
        List<String> counted = new ArrayList<>();
        ClientTelemetry counting = new ClientTelemetry() {
            @Override
            public void eventNotUnderstood() {
                counted.add("poison");
            }
        };
        bed.script(running(HOUR));
        String withoutId = "{\"source\":\"aws.emr-containers\",\"detail-type\":\"EMR Job Run State Change\","
                + "\"time\":\"2026-11-22T00:00:00Z\",\"detail\":{\"state\":\"RUNNING\"}}";
        List<String> poison =
                List.of("", "no JSON", "[]", "{", "{}", "{} {}", withoutId, "{\"detail\":[{\"a\":[1,{}]}]}");
        try (EmrEksClient client = bed.client(events(queue).andThen(c -> c.telemetry(counting)))) {
            JobRunHandle run = client.submit(job("orders"));
            poison.forEach(queue::send);
            queue.send(
                    "{\"source\":\"aws.ec2\",\"detail-type\":\"EC2 Instance State-change Notification\",\"detail\":{}}");
            bed.time.advance(Duration.ofMinutes(30));

            assertThat(queue.deadLetters()).containsExactlyInAnyOrderElementsOf(poison);
            assertThat(counted).hasSize(poison.size() * FakeEventQueue.RECEIVES);
            bed.time.advance(HOUR);
            assertThat(run.completion()).isCompleted();
        }
    }

    @Test
    void whileTheQueueCannotBeReadRunsAreLookedAtAndTheClientSaysSo() {
        bed.script(running(HOUR));
        try (EmrEksClient client = bed.client(events(queue))) {
            Recorder told = Recorder.on(client.submit(job("orders")));
            bed.time.advance(Duration.ofMinutes(5));
            assertThat(client.health().troubles()).isEmpty();

            bed.fake.faults().always("ReceiveMessage", Fault.accessDenied());
            bed.time.advance(Duration.ofMinutes(5));
            assertThat(client.health().troubles())
                    .extracting(Trouble::operation, Trouble::where)
                    .containsExactly(tuple("ReceiveMessage", queue.url()));
            assertThat(client.health().healthy()).isTrue();
            bed.time.advance(Duration.ofMinutes(55));
            assertThat(told.story()).endsWith("Ended COMPLETED");
            assertThat(noticedAfter(told)).isLessThan(Duration.ofSeconds(40));

            bed.fake.faults().clear();
            Recorder next = Recorder.on(client.submit(job("orders-again")));
            bed.time.advance(HOUR.multipliedBy(2));
            assertThat(client.health().troubles()).isEmpty();
            assertThat(noticedAfter(next)).isLessThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void aNewDriverIsTold() {
        bed.script(JobRunScript.completes().runningFor(Duration.ofMinutes(30)).driverFails(1, Duration.ofMinutes(2)));
        try (EmrEksClient client = bed.client(events(queue))) {
            Recorder told =
                    Recorder.on(client.submit(job("orders").andThen(job -> job.driverRetry(DriverRetry.upTo(3)))));
            bed.time.advance(HOUR.multipliedBy(2));

            DriverRestarted restart = told.events().stream()
                    .filter(DriverRestarted.class::isInstance)
                    .map(DriverRestarted.class::cast)
                    .findFirst()
                    .orElseThrow();
            assertThat(restart.attempt()).hasValue(2);
            assertThat(restart.driverPod())
                    .get()
                    .asString()
                    .startsWith("spark-" + restart.run().id() + "-driver-");
            assertThat(restart.reason()).isPresent();
            assertThat(told.story()).endsWith("Ended COMPLETED");
        }
    }

    @Test
    void aQueueIsNotReadWhileThereIsNothingToFollow() {
        bed.script(running(Duration.ofMinutes(1)));
        try (EmrEksClient client = bed.client(events(queue))) {
            bed.time.advance(HOUR);
            assertThat(bed.calls("ReceiveMessage")).isZero();

            bed.time.await(client.submit(job("orders")).completion());
            bed.time.advance(Duration.ofMinutes(1));
            long before = bed.calls("ReceiveMessage");
            bed.time.advance(HOUR);
            assertThat(bed.calls("ReceiveMessage")).isEqualTo(before);
        }
    }

    @Test
    void manyEndsAtOnceAreConfirmedByListsAndNotOneByOne() {
        bed.script(running(Duration.ofMinutes(1)));
        bed.fake.holds().newJobRuns(FakeJobRunState.RUNNING);
        try (EmrEksClient client = bed.client(events(queue))) {
            List<Recorder> told = IntStream.range(0, 600)
                    .mapToObj(i -> Recorder.on(client.submit(job("orders-" + i))))
                    .toList();
            bed.time.advance(HOUR);
            long looks = bed.calls("DescribeJobRun");
            bed.fake.holds().releaseAll();
            Instant ended = bed.time.clock().instant();
            bed.time.advance(Duration.ofMinutes(1));

            assertThat(told).allSatisfy(one -> {
                assertThat(one.story()).endsWith("Ended COMPLETED");
                assertThat(one.events().get(one.events().size() - 1).at()).isBefore(ended.plusSeconds(15));
            });
            assertThat(bed.calls("DescribeJobRun") - looks).isLessThan(300);
        }
    }

    /** Whatever happens to events, and to the calls, everybody hears one end, and states only go forward. */
    @Property(tries = 40)
    void lostRepeatedLateEventsAndFailingCallsLoseNoEnd(@ForAll long seed) {
        bed = Bed.inMemory();
        queue = bed.fake.events().queue("emreks-1");
        bed.fake.events().lose(seed, 0.3);
        bed.fake.events().repeat(seed + 1, 0.3);
        bed.fake.events().delay(seed + 2, 0.3, Duration.ofMinutes(3));
        bed.fake.faults().withRate(seed + 3, 0.1, "ReceiveMessage", Fault.internalError());
        bed.fake.faults().withRate(seed + 4, 0.1, "ReceiveMessage", Fault.dropAfter());
        bed.fake.faults().withRate(seed + 5, 0.2, "DeleteMessageBatch", Fault.internalError());
        bed.fake.faults().withRate(seed + 6, 0.1, "DescribeJobRun", Fault.throttle());
        bed.script(running(Duration.ofMinutes(7)));
        try (EmrEksClient client = bed.client(events(queue))) {
            List<JobRunHandle> runs = new ArrayList<>();
            List<Recorder> told = new ArrayList<>();
            IntStream.range(0, 15).forEach(i -> {
                JobRunHandle run = client.submit(job("orders-" + i));
                runs.add(run);
                told.add(Recorder.on(run));
                bed.time.advance(Duration.ofSeconds(20));
            });
            bed.time.advance(HOUR);

            for (int i = 0; i < runs.size(); i++) {
                told.get(i).ranToItsEnd(runs.get(i));
                List<JobRunState> states = told.get(i).events().stream()
                        .filter(StateChanged.class::isInstance)
                        .map(event -> ((StateChanged) event).state())
                        .toList();
                assertThat(states).isSorted().endsWith(JobRunState.COMPLETED).doesNotHaveDuplicates();
                Optional<Instant> since = Optional.empty();
                for (SeenState seen : runs.get(i).attempts().get(0).states()) {
                    assertThat(since.orElse(Instant.EPOCH)).isBeforeOrEqualTo(seen.began());
                    since = seen.since();
                }
            }
        }
    }
}
