package io.emreks.behaviour;

import static io.emreks.behaviour.Bed.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emreks.client.ClientHealth;
import io.emreks.client.EmrEksClient;
import io.emreks.client.EmrEksClientBuilder;
import io.emreks.client.JobRunHandle;
import io.emreks.client.WatchSettings;
import io.emreks.error.MonitoringException;
import io.emreks.event.JobRunEvent;
import io.emreks.model.JobRunRef;
import io.emreks.testing.service.FakeRequest;
import io.emreks.testing.service.Fault;
import io.emreks.testing.service.JobRunScript;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterTry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;

/** Many runs of one virtual cluster, followed together. */
class ManyRunsTest {
    private static final Duration DAY = Duration.ofDays(1);

    private @Nullable Bed bed;
    private final Map<String, Instant> noticed = new HashMap<>();

    @AfterEach
    @AfterTry
    void closeBed() {
        if (bed != null) {
            bed.close();
        }
        noticed.clear();
    }

    private Bed bed(int pageSize) {
        Bed made = Bed.inMemory(fake -> fake.pageSize(pageSize).requestLog(200_000));
        bed = made;
        return made;
    }

    /** Runs that go on, one created each second; they end between one second and an hour after the last. */
    private static List<JobRunRef> running(Bed bed, int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<JobRunRef> runs = new ArrayList<>();
        try (EmrContainersAsyncClient aws = EmrContainersAsyncClient.builder()
                .region(Region.of(bed.fake.region()))
                .credentialsProvider(Bed.CREDENTIALS)
                .httpClient(bed.fake.asyncHttpClient())
                .build()) {
            for (int i = 0; i < count; i++) {
                bed.script(JobRunScript.completes()
                        .pendingFor(Duration.ZERO)
                        .submittedFor(Duration.ZERO)
                        .runningFor(Duration.ofSeconds(count - i + 1 + random.nextInt(3_600))));
                String id = aws.startJobRun(start -> start.virtualClusterId(bed.cluster())
                                .name("orders")
                                .executionRoleArn(Bed.ROLE)
                                .releaseLabel("emr-7.5.0-latest")
                                .jobDriver(driver ->
                                        driver.sparkSubmitJobDriver(submit -> submit.entryPoint("s3://jobs/job.jar"))))
                        .join()
                        .id();
                runs.add(new JobRunRef(bed.cluster(), id));
                bed.time.advance(Duration.ofSeconds(1));
            }
        }
        return runs;
    }

    private List<JobRunHandle> follow(EmrEksClient client, List<JobRunRef> runs) {
        List<JobRunHandle> handles = new ArrayList<>();
        for (JobRunRef run : runs) {
            JobRunHandle handle = client.attach(run);
            handle.addListener(event -> {
                if (event instanceof JobRunEvent.Ended) {
                    assertThat(noticed.put(run.id(), event.at()))
                            .as("an end before")
                            .isNull();
                }
            });
            handles.add(handle);
        }
        return handles;
    }

    private static Duration longestLag(Bed bed, Map<String, Instant> noticed) {
        return noticed.entrySet().stream()
                .map(entry -> Duration.between(
                        bed.fake.jobRun(entry.getKey()).finishedAt().orElseThrow(), entry.getValue()))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private static long throttled(Bed bed) {
        return bed.fake.requests().stream().filter(call -> call.status() == 400).count();
    }

    @Test
    void listsReplaceMostLooksAndNothingIsThrottled() {
        Bed bed = bed(50);
        List<JobRunRef> runs = running(bed, 400, 1);
        bed.fake.throttleByQuotas(1);
        Instant begin = bed.time.clock().instant();
        int before = bed.fake.requests().size();
        try (EmrEksClient client = bed.client()) {
            follow(client, runs);
            bed.time.advance(Duration.ofHours(2));
            assertThat(noticed).hasSize(400);
            assertThat(longestLag(bed, noticed)).isLessThan(Duration.ofSeconds(50));
            assertThat(throttled(bed)).isZero();
            long perRunEach30s = noticed.values().stream()
                    .mapToLong(end -> Duration.between(begin, end).toSeconds() / 30)
                    .sum();
            assertThat(bed.fake.requests().size() - before)
                    .as("calls, beside those that look at each run every 30 s")
                    .isLessThan((int) (perRunEach30s / 4));
        }
    }

    @Test
    void runsThatNobodyWatchesDoNotMakeListsLonger() {
        Bed bed = bed(20);
        List<JobRunRef> runs = running(bed, 300, 2);
        List<JobRunRef> watched = new ArrayList<>();
        for (int i = 0; i < runs.size(); i += 15) {
            watched.add(runs.get(i));
        }
        try (EmrEksClient client = bed.client()) {
            follow(client, watched);
            bed.time.advance(Duration.ofHours(2));
            assertThat(noticed).hasSize(watched.size());
            assertThat(longestLag(bed, noticed)).isLessThan(Duration.ofSeconds(40));
            assertThat(bed.calls("ListJobRuns")).isLessThan(bed.calls("DescribeJobRun") / 4);
        }
    }

    @Test
    void withoutListsRunsAreLookedAtOneByOne() {
        Bed bed = bed(50);
        List<JobRunRef> runs = running(bed, 100, 3);
        bed.fake.faults().always("ListJobRuns", Fault.accessDenied());
        try (EmrEksClient client = bed.client()) {
            follow(client, runs);
            bed.time.advance(Duration.ofMinutes(5));
            assertThat(client.health().healthy()).isTrue();
            assertThat(client.health().troubles())
                    .singleElement()
                    .satisfies(trouble -> assertThat(trouble.operation()).isEqualTo("ListJobRuns"));
            bed.time.advance(Duration.ofHours(2));
            assertThat(noticed).hasSize(100);
            assertThat(longestLag(bed, noticed)).isLessThan(Duration.ofSeconds(40));
            assertThat(bed.calls("ListJobRuns")).as("tried now and then").isBetween(2L, 40L);
        }
    }

    @Test
    void listsThatLagOrLoseRunsAreOnlyHints() {
        bed = Bed.inMemory(fake -> fake.pageSize(10).listLag(Duration.ofMinutes(3)));
        Bed here = bed;
        List<JobRunRef> runs = running(here, 120, 4);
        try (EmrEksClient client = here.client()) {
            follow(client, runs);
            here.time.advance(Duration.ofHours(3));
            assertThat(noticed).hasSize(120);
            assertThat(longestLag(here, noticed)).isLessThan(Duration.ofMinutes(5));
        }
    }

    @Test
    void deniedAccessPausesEverythingIsToldOnceAndEndsByItself() {
        Bed bed = bed(50);
        List<JobRunRef> runs = running(bed, 120, 5);
        try (EmrEksClient client = bed.client()) {
            List<JobRunHandle> handles = follow(client, runs);
            bed.time.advance(Duration.ofMinutes(1));
            assertThat(client.health()).isEqualTo(new ClientHealth(List.of()));
            Instant from = bed.time.clock().instant();
            bed.fake.faults().always("DescribeJobRun", Fault.accessDenied());
            bed.fake.faults().always("ListJobRuns", Fault.accessDenied());
            bed.time.advance(Duration.ofMinutes(40));
            assertThat(callsSince(bed, from)).as("probes in 40 minutes").isLessThan(150);
            assertThat(client.health().healthy()).isFalse();
            assertThat(client.health().troubles())
                    .extracting(ClientHealth.Trouble::operation)
                    .contains("DescribeJobRun");
            bed.fake.faults().clear();
            bed.time.advance(Duration.ofMinutes(20));
            assertThat(client.health()).isEqualTo(new ClientHealth(List.of()));
            assertThat(handles).noneMatch(handle -> handle.completion().isCompletedExceptionally());
            bed.time.advance(Duration.ofHours(2));
            assertThat(noticed).hasSize(120);
        }
    }

    @Test
    void accessThatDoesNotReturnEndsEveryWatchAfterItsLimit() {
        Bed bed = bed(50);
        List<JobRunRef> runs = running(bed, 50, 6);
        Consumer<EmrEksClientBuilder> patience = builder -> builder.watch(
                WatchSettings.builder().giveUpAfter(Duration.ofMinutes(10)).build());
        try (EmrEksClient client = bed.client(patience)) {
            bed.fake.faults().always("DescribeJobRun", Fault.expiredToken());
            bed.fake.faults().always("ListJobRuns", Fault.expiredToken());
            List<JobRunHandle> handles = follow(client, runs);
            bed.time.advance(Duration.ofMinutes(9));
            assertThat(handles).noneMatch(handle -> handle.completion().isDone());
            bed.time.advance(Duration.ofMinutes(3));
            assertThat(handles)
                    .allSatisfy(handle -> assertThatThrownBy(() -> bed.time.await(handle.completion()))
                            .hasCauseInstanceOf(MonitoringException.class));
            long calls = bed.fake.requests().size();
            bed.time.advance(DAY);
            assertThat(bed.fake.requests()).as("nobody is watched any more").hasSize((int) calls);
        }
    }

    @Test
    void aFailedLookIsToldWithItsNextTry() {
        Bed bed = bed(50);
        bed.script(JobRunScript.completes());
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("orders"));
            Recorder recorder = Recorder.on(run);
            bed.time.await(run.accepted());
            bed.fake.faults().next("DescribeJobRun", 2, Fault.internalError());
            bed.time.await(run.completion());
            bed.time.runUntilIdle();
            assertThat(recorder.events())
                    .filteredOn(event -> event instanceof JobRunEvent.PollFailed)
                    .hasSize(2)
                    .allSatisfy(event -> {
                        JobRunEvent.PollFailed failed = (JobRunEvent.PollFailed) event;
                        assertThat(failed.next()).isAfter(failed.at());
                        assertThat(failed.reason()).contains("InternalServerException");
                    });
        }
    }

    @Test
    void aRunIsLookedAtMoreOftenWhenItsEndIsExpected() {
        Bed bed = bed(50);
        bed.script(JobRunScript.completes()
                .pendingFor(Duration.ofSeconds(10))
                .submittedFor(Duration.ofSeconds(50))
                .runningFor(Duration.ofMinutes(40)));
        try (EmrEksClient client = bed.client()) {
            List<Duration> lags = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Recorder told = Recorder.on(client.submit(
                        job("orders-" + i).andThen(request -> request.expectedDuration(Duration.ofMinutes(41)))));
                bed.time.advance(Duration.ofHours(1));
                JobRunEvent.Ended end =
                        (JobRunEvent.Ended) told.events().get(told.events().size() - 1);
                Instant ended = bed.fake
                        .jobRun(end.ref().orElseThrow().id())
                        .finishedAt()
                        .orElseThrow();
                lags.add(Duration.between(ended, end.at()));
            }
            assertThat(lags).allSatisfy(lag -> assertThat(lag).isLessThan(Duration.ofSeconds(5)));
        }
    }

    /** Whatever goes wrong on the way, every end is told once, and soon after nothing goes wrong any more. */
    @Property(tries = 15)
    void everyEndIsNoticedOnce(
            @ForAll @IntRange(min = 1, max = 120) int count,
            @ForAll @IntRange(min = 1, max = 60) int pageSize,
            @ForAll long seed) {
        Bed here = bed(pageSize);
        SplittableRandom random = new SplittableRandom(seed);
        List<JobRunRef> runs = running(here, count, seed);
        here.fake.throttleByQuotas(1);
        try (EmrEksClient client = here.client()) {
            List<JobRunHandle> handles = follow(client, runs);
            List<Fault> faults = List.of(
                    Fault.throttle(),
                    Fault.internalError(),
                    Fault.dropBefore(),
                    Fault.dropAfter(),
                    Fault.malformedBody(),
                    Fault.delay(Duration.ZERO, Duration.ofSeconds(40)));
            for (int i = 0; i < 25; i++) {
                here.fake
                        .faults()
                        .next(
                                random.nextBoolean() ? "ListJobRuns" : "DescribeJobRun",
                                1 + random.nextInt(6),
                                faults.get(random.nextInt(faults.size())));
                if (random.nextInt(8) == 0) {
                    handles.get(random.nextInt(handles.size())).stopWatching();
                }
                here.time.advance(Duration.ofSeconds(1 + random.nextInt(120)));
            }
            here.fake.faults().clear();
            Instant allIsWell = here.time.clock().instant();
            here.time.advance(Duration.ofHours(3));
            assertThat(handles)
                    .allSatisfy(handle -> assertThat(handle.completion()).isDone());
            handles.stream()
                    .filter(handle -> !handle.completion().isCompletedExceptionally())
                    .forEach(handle -> assertThat(noticed)
                            .containsKey(handle.ref().orElseThrow().id()));
            assertThat(noticed).allSatisfy((id, at) -> {
                Instant ended = here.fake.jobRun(id).finishedAt().orElseThrow();
                assertThat(at).isBefore((ended.isAfter(allIsWell) ? ended : allIsWell).plus(Duration.ofMinutes(3)));
            });
        }
    }

    private static long callsSince(Bed bed, Instant from) {
        return bed.fake.requests().stream()
                .map(FakeRequest::at)
                .filter(at -> !at.isBefore(from))
                .count();
    }
}
