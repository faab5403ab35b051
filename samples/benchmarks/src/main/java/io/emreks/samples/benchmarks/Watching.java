package io.emreks.samples.benchmarks;

import io.emreks.client.EmrEksClient;
import io.emreks.client.EmrEksClientBuilder;
import io.emreks.client.EventSettings;
import io.emreks.event.JobRunEvent;
import io.emreks.model.JobRunRef;
import io.emreks.samples.benchmarks.Measurement.Better;
import io.emreks.samples.benchmarks.Measurement.Goal;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.JobRunScript;
import io.emreks.testing.service.VirtualTime;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;

/**
 * Runs of one virtual cluster are followed to their ends, in virtual time and inside the published quotas: how many calls
 * that takes, and how late an end is noticed. The runs are there already, one created each second, and go on for a time of
 * which the median is eleven minutes. Beside it, each run is described every thirty seconds.
 */
final class Watching implements Yardstick {
    private static final List<Integer> RUNS = List.of(100, 1_000, 10_000, 50_000);
    private static final List<Integer> PAGES = List.of(20, 50, 100);
    private static final int GOAL_RUNS = 10_000;
    private static final int GOAL_PAGE = 50;

    private static final double MEDIAN_SECONDS = 660;
    private static final double SPREAD = 0.5;
    private static final Duration EVERY = Duration.ofSeconds(30);
    private static final Duration LONG_ENOUGH = Duration.ofHours(12);
    private static final double LISTS_PER_SECOND = 5;

    @Override
    public String name() {
        return "watching";
    }

    @Override
    public List<Measurement> measure() {
        List<Measurement> goals = new ArrayList<>();
        System.out.println(Figures.HEADER);
        for (int runs : RUNS) {
            System.out.println(new World(runs, GOAL_PAGE).describingEach());
            for (int page : PAGES) {
                Figures emreks = new World(runs, page).emreks();
                System.out.println(emreks);
                Figures events = new World(runs, page).emreksWithEvents();
                System.out.println(events);
                if (runs == GOAL_RUNS && page == GOAL_PAGE) {
                    Figures naive = new World(runs, page).describingEach();
                    goals.add(new Measurement(
                            "How late the end of one of 10,000 runs is noticed, p99",
                            "s",
                            emreks.lag(0.99),
                            naive.lag(0.99),
                            Better.LESS,
                            new Goal.AtMost(75)));
                    goals.add(new Measurement(
                            "The same with events, p99",
                            "s",
                            events.lag(0.99),
                            naive.lag(0.99),
                            Better.LESS,
                            new Goal.AtMost(2)));
                }
            }
        }
        return goals;
    }

    /** A service with runs that go on, and the one who follows them. */
    private static final class World {
        private final int page;
        private final VirtualTime time = new VirtualTime();
        private final FakeEmrEks fake;
        private final CountingHttp http;
        private final EmrContainersAsyncClient aws;
        private final List<JobRunRef> runs = new ArrayList<>();
        private final Map<String, Instant> noticed = new HashMap<>();

        World(int count, int page) {
            this.page = page;
            fake = FakeEmrEks.builder()
                    .virtualTime(time)
                    .pageSize(page)
                    .requestLog(1)
                    .build();
            http = new CountingHttp(fake.asyncHttpClient(), time.clock());
            aws = Jobs.awsClient(http);
            String cluster = fake.createVirtualCluster("benchmarks");
            SplittableRandom random = new SplittableRandom(count);
            for (int i = 0; i < count; i++) {
                double remaining = MEDIAN_SECONDS * Math.exp(SPREAD * random.nextGaussian());
                fake.script(JobRunScript.completes()
                        .pendingFor(Duration.ZERO)
                        .submittedFor(Duration.ZERO)
                        .runningFor(Duration.ofMillis(Math.round((count - i + remaining) * 1e3))));
                String id = aws.startJobRun(Jobs.aws(cluster)).join().id();
                runs.add(new JobRunRef(cluster, id));
                time.advance(Duration.ofSeconds(1));
            }
            fake.throttleByQuotas(1);
            http.begin();
        }

        Figures emreks() {
            return emreks("emreks", client -> {});
        }

        /** The queue is there before anybody follows a run, and its calls are not EMR's. */
        Figures emreksWithEvents() {
            String queue = fake.events().queue("benchmarks").url();
            return emreks("emreks with events", client -> client.events(EventSettings.of(queue)));
        }

        private Figures emreks(String how, Consumer<EmrEksClientBuilder> settings) {
            EmrEksClientBuilder builder = EmrEksClient.builder()
                    .runtime(Jobs.runtime(time))
                    .region(Jobs.REGION)
                    .credentials(Jobs.CREDENTIALS)
                    .httpClient(http);
            settings.accept(builder);
            try (EmrEksClient client = builder.build()) {
                return follow(
                        how,
                        () -> runs.forEach(run -> client.attach(run).addListener(event -> {
                            if (event instanceof JobRunEvent.Ended) {
                                noticed.put(run.id(), event.at());
                            }
                        })));
            }
        }

        Figures describingEach() {
            return follow("described each 30 s", () -> {
                long spread = EVERY.toNanos() / runs.size();
                for (int i = 0; i < runs.size(); i++) {
                    describe(runs.get(i), i * spread);
                }
            });
        }

        private void describe(JobRunRef run, long afterNanos) {
            var unused = time.schedule(
                    () -> {
                        var unused2 = aws.describeJobRun(asked -> asked.virtualClusterId(run.virtualClusterId())
                                        .id(run.id()))
                                .whenComplete((answer, throttled) -> {
                                    if (answer != null && answer.jobRun().finishedAt() != null) {
                                        noticed.put(run.id(), time.clock().instant());
                                    } else {
                                        describe(run, EVERY.toNanos());
                                    }
                                });
                    },
                    afterNanos,
                    TimeUnit.NANOSECONDS);
        }

        private Figures follow(String how, Runnable begin) {
            Instant from = time.clock().instant();
            long cpuBefore = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            begin.run();
            if (!time.runUntil(() -> noticed.size() == runs.size(), LONG_ENOUGH)) {
                throw new IllegalStateException(
                        "Only " + noticed.size() + " of " + runs.size() + " ends were noticed in " + LONG_ENOUGH);
            }
            Duration cpu = Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuBefore);
            Duration took = Duration.between(from, time.clock().instant());
            List<Double> lags = fake.jobRuns().stream()
                    .mapToDouble(run -> Duration.between(run.finishedAt().orElseThrow(), noticed.get(run.id()))
                                    .toNanos()
                            / 1e9)
                    .sorted()
                    .boxed()
                    .toList();
            http.end();
            fake.close();
            return new Figures(how, runs.size(), page, lags, http, took, cpu);
        }
    }

    /** What came of following so many runs. */
    private record Figures(
            String how, int runs, int page, List<Double> lags, CountingHttp http, Duration took, Duration cpu) {
        static final String HEADER =
                "| runs | page | how | DescribeJobRun / min | ListJobRuns / min | busiest minute, calls / s"
                        + " | throttled | lag p50 | p99 | max | p99 × ideal | CPU |\n|---|---|---|---|---|---|---|---|---|---|---|---|";

        double lag(double quantile) {
            return lags.get((int) Math.ceil(quantile * lags.size()) - 1);
        }

        private double perMinute(String operation) {
            return http.calls(operation) / (took.toSeconds() / 60.0);
        }

        @Override
        public String toString() {
            double ideal = runs / (double) page / LISTS_PER_SECOND;
            return String.format(
                    Locale.ROOT,
                    "| %,d | %d | %s | %.0f | %.0f | %.1f | %.1f %% | %.1f s | %.1f s | %.1f s | %.1f | %.1f s |",
                    runs,
                    page,
                    how,
                    perMinute("DescribeJobRun"),
                    perMinute("ListJobRuns"),
                    http.busiestMinute() / 60.0,
                    100 * http.throttled(),
                    lag(0.5),
                    lag(0.99),
                    lag(1),
                    lag(0.99) / ideal,
                    cpu.toMillis() / 1e3);
        }
    }
}
