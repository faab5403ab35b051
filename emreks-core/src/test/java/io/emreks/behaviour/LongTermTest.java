package io.emreks.behaviour;

import static io.emreks.behaviour.Bed.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.client.ApiQuotas;
import io.emreks.client.EmrEksClient;
import io.emreks.client.EventSettings;
import io.emreks.client.JobRunHandle;
import io.emreks.event.JobRunEvent;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeJobRunState;
import io.emreks.testing.service.Fault;
import io.emreks.testing.service.JobRunScript;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What one process does in a day, and what it keeps of it. */
class LongTermTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final double MEDIAN_SECONDS = 660;

    @Test
    void nothingIsKeptOfRunsThatAreOverAndWhoseHandlesAreGone() {
        forget(2_000);
    }

    @Tag("deep")
    @Test
    void nothingIsKeptOfAHundredThousandRuns() {
        forget(100_000);
    }

    private static void forget(int runs) {
        try (Bed bed = Bed.inMemory(fake -> fake.requestLog(1))) {
            bed.script(JobRunScript.completes().runningFor(Duration.ofMinutes(2)));
            String queue = bed.fake.events().queue("emreks-1").url();
            try (EmrEksClient client = bed.client(
                    builder -> builder.events(EventSettings.of(queue)),
                    runtime -> runtime.quotas(ApiQuotas.publishedTimes(1_000)))) {
                List<WeakReference<Object>> gone = new ArrayList<>();
                AtomicInteger ends = new AtomicInteger();
                for (int i = 0; i < runs; i++) {
                    JobRunHandle handle = client.submit(job("orders-" + i));
                    handle.addListener(event -> ends.addAndGet(Recorder.last(event) ? 1 : 0));
                    gone.add(new WeakReference<>(handle));
                    gone.add(new WeakReference<>(handle.completion()));
                    if (i % 500 == 499) {
                        bed.time.advance(Duration.ofMinutes(10));
                        handle.latest().ifPresent(last -> gone.add(new WeakReference<>(last)));
                    }
                }
                bed.time.advance(DAY);
                assertThat(ends).hasValue(runs);
                for (int i = 0; i < 20 && gone.stream().anyMatch(kept -> kept.get() != null); i++) {
                    System.gc();
                }
                assertThat(gone).allSatisfy(kept -> assertThat(kept.get()).isNull());
            }
        }
    }

    @Tag("deep")
    @Test
    void aDayOf80000RunsLosesNoEndAndTellsNoneTwice() {
        aDay(80_000);
    }

    @Test
    void anHourOfADayLosesNoEndAndTellsNoneTwice() {
        aDay(3_300);
    }

    /** As many as the published quota of StartJobRun lets through, with a little to spare for those tried again. */
    private static void aDay(int runs) {
        Duration between = DAY.dividedBy(80_000);
        SplittableRandom random = new SplittableRandom(runs);
        try (Bed bed = Bed.inMemory(fake -> fake.requestLog(1).pageSize(50))) {
            bed.fake.throttleByQuotas(1);
            bed.fake.faults().withRate(1, 0.005, "StartJobRun", Fault.throttle());
            bed.fake.faults().withRate(2, 0.005, "StartJobRun", Fault.internalError());
            bed.fake.faults().withRate(3, 0.005, "StartJobRun", Fault.dropAfter());
            for (String look : List.of("DescribeJobRun", "ListJobRuns")) {
                bed.fake.faults().withRate(4, 0.01, look, Fault.internalError());
                bed.fake.faults().withRate(5, 0.01, look, Fault.dropAfter());
                bed.fake.faults().withRate(6, 0.01, look, Fault.malformedBody());
            }
            Map<String, Instant> ends = new HashMap<>();
            AtomicInteger wrong = new AtomicInteger();
            try (EmrEksClient client = bed.client()) {
                client.addListener(event -> {
                    if (event instanceof JobRunEvent.Ended ended && ended.completed()) {
                        wrong.addAndGet(ends.put(ended.ref().orElseThrow().id(), ended.at()) == null ? 0 : 1);
                    } else if (Recorder.last(event)) {
                        wrong.incrementAndGet();
                    }
                });
                for (int i = 0; i < runs; i++) {
                    double seconds = MEDIAN_SECONDS * Math.exp(random.nextGaussian() / 2);
                    bed.script(JobRunScript.completes().runningFor(Duration.ofMillis((long) (seconds * 1e3))));
                    client.submit(job("orders-" + i % 500));
                    bed.time.advance(between);
                }
                bed.time.advance(Duration.ofHours(12));
            }
            List<FakeJobRun> started = bed.fake.jobRuns();
            assertThat(wrong)
                    .as("ends that were told twice, or were no completion")
                    .hasValue(0);
            assertThat(started).hasSize(runs).allMatch(run -> run.state() == FakeJobRunState.COMPLETED);
            List<Duration> lags = started.stream()
                    .map(run -> Duration.between(run.finishedAt().orElseThrow(), ends.get(run.id())))
                    .sorted()
                    .toList();
            System.out.printf(
                    "%,d runs: an end was noticed after %s (p50), %s (p99), %s (max)%n",
                    runs, lags.get(runs / 2), lags.get(runs * 99 / 100), lags.get(runs - 1));
            assertThat(lags.get(runs * 99 / 100)).isLessThan(Duration.ofSeconds(60));
        }
    }
}
