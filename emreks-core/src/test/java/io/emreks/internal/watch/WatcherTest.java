package io.emreks.internal.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.client.ApiQuotas;
import io.emreks.client.WatchSettings;
import io.emreks.internal.aws.EmrApi;
import io.emreks.internal.aws.StartCommand;
import io.emreks.internal.calls.AccountQuota;
import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.calls.Calls;
import io.emreks.internal.loop.Loop;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import io.emreks.retry.ApiRetry;
import io.emreks.testing.service.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What the watcher makes of what it is shown; the service shows states here that the fake never would. */
@NullMarked
class WatcherTest {
    private static final JobRunRef RUN = new JobRunRef("cluster", "run");
    private static final List<String> WORDS = List.of(
            "PENDING", "SUBMITTED", "RUNNING", "CANCEL_PENDING", "COMPLETED", "FAILED", "CANCELLED", "PAUSED", "MOVED");

    /** Shows a run in these states, one a look, and then in the last one for ever. */
    private static List<String> told(List<String> shown) {
        VirtualTime time = new VirtualTime();
        Loop loop = new Loop(time, time.clock(), time::nanoTime);
        Iterator<String> states = shown.iterator();
        String[] now = {"PENDING"};
        List<String> told = new ArrayList<>();
        var unused = watcher(loop, time, ref -> now[0] = states.hasNext() ? states.next() : now[0])
                .watch(RUN, Watcher.Hint.NONE, telling(told));
        time.advance(Duration.ofMinutes(shown.size() + 1L));
        return told.stream().distinct().toList();
    }

    private static Watcher.Observer telling(List<String> told) {
        return new Watcher.Observer() {
            @Override
            public void seen(JobRunSnapshot snapshot, Optional<Instant> since) {
                told.add(snapshot.serviceState());
            }

            @Override
            public void lost(String why, boolean retryable, ApiFailure cause) {
                throw new AssertionError(why, cause);
            }
        };
    }

    private static Watcher watcher(Loop loop, VirtualTime time, Function<JobRunRef, String> state) {
        return watcher(loop, time, state, () -> {});
    }

    private static Watcher watcher(
            Loop loop, VirtualTime time, Function<JobRunRef, String> state, Runnable whenListed) {
        EmrApi emr = new EmrApi() {
            @Override
            public CompletableFuture<JobRunSnapshot> describeJobRun(JobRunRef ref) {
                String now = state.apply(ref);
                return CompletableFuture.completedFuture(JobRunSnapshot.builder()
                        .ref(ref)
                        .state(JobRunState.ofServiceName(now))
                        .serviceState(now)
                        .observedAt(time.clock().instant())
                        .build());
            }

            @Override
            public CompletableFuture<StartedRun> startJobRun(StartCommand command) {
                throw new AssertionError();
            }

            @Override
            public String json(StartCommand command) {
                throw new AssertionError();
            }

            @Override
            public CompletableFuture<JobRunPage> listJobRuns(JobRunQuery query, Optional<String> nextToken) {
                whenListed.run();
                return CompletableFuture.completedFuture(new JobRunPage(List.of(), Optional.empty()));
            }

            @Override
            public CompletableFuture<Map<String, TemplateParameter>> jobTemplateParameters(String id) {
                throw new AssertionError();
            }

            @Override
            public CompletableFuture<JobRunRef> cancelJobRun(JobRunRef ref) {
                throw new AssertionError();
            }

            @Override
            public CompletableFuture<VirtualClusterPage> listVirtualClusters(Optional<String> nextToken) {
                throw new AssertionError();
            }
        };
        SplittableRandom random = new SplittableRandom(1);
        Calls calls = new Calls(
                loop,
                Runnable::run,
                new AccountQuota(loop, ApiQuotas.builder().build()),
                ApiRetry.builder().build(),
                random,
                failure -> {
                    throw new AssertionError(failure);
                },
                tried -> {});
        return new Watcher(loop, calls, emr, WatchSettings.builder().build(), late -> {}, random);
    }

    @Test
    void timeThatPassesWhileTheWatcherWorksLeavesNobodyWaiting() {
        VirtualTime time = new VirtualTime();
        long[] passed = {0};
        Loop loop = new Loop(time, time.clock(), () -> time.nanoTime() + (passed[0] += 40_000_000));
        Map<String, Integer> looks = new HashMap<>();
        Watcher watcher =
                watcher(loop, time, ref -> looks.merge(ref.id(), 1, Integer::sum) > 5 ? "COMPLETED" : "RUNNING");
        List<String> told = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            var unused = watcher.watch(new JobRunRef("cluster", "run-" + i), Watcher.Hint.NONE, telling(told));
        }
        time.advance(Duration.ofHours(1));
        assertThat(told).filteredOn("COMPLETED"::equals).hasSize(30);
    }

    /** Lists that are read while ten runs after ten are watched, each ten a minute after the ones before. */
    private static List<Integer> listsOfEachTen(String stateAtFirstLook) {
        VirtualTime time = new VirtualTime();
        Loop loop = new Loop(time, time.clock(), time::nanoTime);
        int[] lists = {0};
        Map<String, Integer> looks = new HashMap<>();
        Watcher watcher = watcher(
                loop,
                time,
                ref -> looks.merge(ref.id(), 1, Integer::sum) > 1 ? "COMPLETED" : stateAtFirstLook,
                () -> lists[0]++);
        List<Integer> counted = new ArrayList<>();
        for (int ten = 0; ten < 10; ten++) {
            lists[0] = 0;
            for (int i = 0; i < 10; i++) {
                var unused = watcher.watch(
                        new JobRunRef("cluster", "run-" + ten + "-" + i),
                        Watcher.Hint.NONE,
                        telling(new ArrayList<>()));
            }
            time.advance(Duration.ofMinutes(1));
            counted.add(lists[0]);
        }
        return counted;
    }

    @Test
    void whereRunsAreOverWhenFirstLookedAtNoListIsReadForThemAnyMore() {
        List<Integer> lists = listsOfEachTen("FAILED");
        assertThat(lists.get(0)).isPositive();
        assertThat(lists.subList(5, 10)).containsOnly(0);
        assertThat(listsOfEachTen("RUNNING")).as("where they are not, it is").doesNotContain(0);
    }

    @Test
    void aStateNobodyKnowsIsNeitherAnEndNorAnError() {
        assertThat(told(List.of("RUNNING", "PAUSED", "COMPLETED"))).containsExactly("RUNNING", "PAUSED", "COMPLETED");
    }

    @Test
    void observationsThatGoBackwardsAreIgnored() {
        assertThat(told(List.of("SUBMITTED", "PENDING", "RUNNING", "SUBMITTED", "PAUSED", "PENDING", "FAILED")))
                .containsExactly("SUBMITTED", "RUNNING", "PAUSED", "FAILED");
    }

    @Property(tries = 300)
    void whateverIsShownOnlyForwardIsToldAndNothingAfterTheEnd(@ForAll @Size(max = 12) List<Integer> picks) {
        List<String> shown = picks.stream()
                .map(pick -> WORDS.get(Math.floorMod(pick, WORDS.size())))
                .toList();
        List<String> told = told(shown);
        List<String> path = Arrays.asList("PENDING", "SUBMITTED", "RUNNING", "CANCEL_PENDING");
        int furthest = 0;
        for (int i = 0; i < told.size(); i++) {
            JobRunState state = JobRunState.ofServiceName(told.get(i));
            if (state.terminal()) {
                assertThat(i).isEqualTo(told.size() - 1);
            } else if (state != JobRunState.UNKNOWN) {
                assertThat(path.indexOf(told.get(i))).isGreaterThanOrEqualTo(furthest);
                furthest = path.indexOf(told.get(i));
            }
        }
    }
}
