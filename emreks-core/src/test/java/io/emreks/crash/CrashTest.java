package io.emreks.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.crash.Report.End;
import io.emreks.crash.Report.SeenRun;
import io.emreks.crash.Round.Life;
import io.emreks.crash.Round.Variant;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeJobRunState;
import io.emreks.testing.service.FakeRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Processes are killed with SIGKILL in the middle of everything, over and over, and started again: afterwards every key has
 * run once and no more, and its end is known.
 *
 * <p>{@code -Demreks.rounds=100} makes a hundred rounds instead of five; {@code -Demreks.seed=17} begins with the seed of a
 * round that failed.
 */
class CrashTest {
    @TempDir
    private Path folder;

    static LongStream seeds() {
        long first = Long.getLong("emreks.seed", 1);
        return LongStream.range(first, first + Integer.getInteger("emreks.rounds", 5));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyKeyRunsOnceWhoeverIsKilled(long seed) throws Exception {
        try (Round round = new Round(Variant.of(seed), folder)) {
            round.run();
            Figures.write(round);
            SoftAssertions soft = new SoftAssertions();
            survivorsEnded(soft, round);
            oneRunForEachAttempt(soft, round);
            neverTwoLiveRuns(soft, round);
            reportsAreTrue(soft, round);
            followedToTheEnd(soft, round);
            noStorm(soft, round);
            looksKeepTheirPause(soft, round);
            soft.assertAll();
        }
    }

    private static void survivorsEnded(SoftAssertions soft, Round round) {
        soft.assertThat(round.lives())
                .as("%s", round.variant())
                .isNotEmpty()
                .allSatisfy(life -> assertThat(life.killed() || life.exit() == 0)
                        .as("exit value %s, %s", life.exit(), life.errors())
                        .isTrue());
        soft.assertThat(round.survivors()).isNotEmpty();
    }

    private static void oneRunForEachAttempt(SoftAssertions soft, Round round) {
        Map<String, List<FakeJobRun>> runs = round.runsByKey();
        soft.assertThat(runs.keySet()).containsExactlyInAnyOrderElementsOf(Setup.ALL_KEYS);
        runs.forEach((key, its) -> {
            int last = Setup.failures(round.variant().seed(), key) + 1;
            soft.assertThat(its)
                    .as("attempts of %s", key)
                    .extracting(Round::attempt)
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, last).boxed().toList());
            soft.assertThat(its)
                    .as("states of %s", key)
                    .extracting(FakeJobRun::state)
                    .allMatch(FakeJobRunState::terminal)
                    .doesNotContain(FakeJobRunState.CANCELLED)
                    .endsWith(FakeJobRunState.COMPLETED);
        });
        soft.assertThat(round.runs()).extracting(FakeJobRun::clientToken).doesNotHaveDuplicates();
    }

    private static void neverTwoLiveRuns(SoftAssertions soft, Round round) {
        soft.assertThat(round.overlaps()).isEmpty();
        soft.assertThat(round.requests("CancelJobRun")).isEmpty();
    }

    /**
     * Each process that was left to end knows of every key that it is done, and by which run. Beside that a submission may
     * have returned a failed run which another handle was about to follow with the next one, or have been given up after as
     * many wrong answers as there are tries; the process has then looked again.
     */
    private static void reportsAreTrue(SoftAssertions soft, Round round) {
        Map<String, List<FakeJobRun>> runs = round.runsByKey();
        for (Life life : round.survivors()) {
            Map<String, List<End>> ends = life.report().ends().stream().collect(Collectors.groupingBy(End::key));
            for (String key : Setup.ALL_KEYS) {
                List<FakeJobRun> its = runs.getOrDefault(key, List.of());
                Set<End> known = ends.getOrDefault(key, List.of()).stream()
                        .filter(end -> !end.end().equals(Report.UNDECIDED))
                        .collect(Collectors.toSet());
                Set<End> possible = its.stream()
                        .map(run -> new End(key, run.state().name(), run.id()))
                        .collect(Collectors.toSet());
                soft.assertThat(possible).as("ends of %s", key).containsAll(known);
                soft.assertThat(known)
                        .as("ends of %s", key)
                        .anyMatch(end -> end.end().equals("COMPLETED"));
            }
        }
    }

    /** A process that works alone sees the end of every run that was live when it began, or later. */
    private static void followedToTheEnd(SoftAssertions soft, Round round) {
        if (round.variant().replicas()) {
            return;
        }
        Life last = round.last();
        List<SeenRun> live = round.runs().stream()
                .filter(run -> run.finishedAt()
                        .filter(end -> end.isBefore(last.began()))
                        .isEmpty())
                .map(run -> new SeenRun(Round.key(run), run.id(), run.state().name()))
                .toList();
        soft.assertThat(last.report().runs()).containsAll(live);
    }

    /**
     * How many calls there can be at most. A handle follows one key; of one key there are as many handles at a time as
     * {@link #handlesOfAKey} says. A call that went wrong may be made again once, and may cause a look-up.
     */
    private static void noStorm(SoftAssertions soft, Round round) {
        int runs = round.runs().size();
        int passes =
                round.lives().stream().mapToInt(life -> life.report().passes()).sum();
        int handles = handlesOfAKey(round);
        int wrongStarts = round.wrong("StartJobRun");
        soft.assertThat(round.requests("StartJobRun"))
                .as("one for each run and handle, and one more for each that went wrong")
                .hasSizeLessThanOrEqualTo(runs * handles + wrongStarts);

        int pagesOfAll = runs / 100 + 1;
        int lookUps = passes * Setup.KEYS + runs * handles + wrongStarts;
        soft.assertThat(round.requests("ListJobRuns"))
                .as("all pages for each recovery, one page for each submission and each further run")
                .hasSizeLessThanOrEqualTo(passes * pagesOfAll + lookUps + round.wrong("ListJobRuns"));

        double shortestPause = Setup.MIN_PAUSE.toMillis() * 0.8;
        double looks = round.runs().stream()
                .mapToDouble(run -> handles * life(run).toMillis() / shortestPause)
                .sum();
        int firstAndLastLooks = 2 * runs * handles * round.lives().size();
        int closerLooks = round.variant().listsTell() ? 0 : passes * runs + lookUps * ofOneName(round);
        int claimedLooks = round.variant().claims() ? lookUps : 0;
        soft.assertThat(round.requests("DescribeJobRun"))
                .as("each handle looks once at its beginning, once after the end, and no more often than once in the"
                        + " shortest pause in between; where lists tell nothing, at each run that is listed; with claims, at"
                        + " the last run that is written down")
                .hasSizeLessThanOrEqualTo(
                        (int) looks + firstAndLastLooks + closerLooks + claimedLooks + round.wrong("DescribeJobRun"));
        soft.assertThat(round.requests("ListVirtualClusters")).isEmpty();
    }

    /** Of as many handles of a key, and one more, some have looked twice. The log's clock may be set a little meanwhile. */
    private static void looksKeepTheirPause(SoftAssertions soft, Round round) {
        if (!round.variant().listsTell() || round.variant().claims()) {
            return;
        }
        int handles = handlesOfAKey(round);
        Duration pause = Setup.MIN_PAUSE.multipliedBy(8).dividedBy(10).minusMillis(2);
        round.requests("DescribeJobRun").stream()
                .collect(Collectors.groupingBy(
                        FakeRequest::path, Collectors.mapping(FakeRequest::at, Collectors.toList())))
                .forEach((path, looks) -> soft.assertThat(IntStream.range(handles, looks.size())
                                .filter(i -> looks.get(i - handles).plus(pause).isAfter(looks.get(i)))
                                .mapToObj(looks::get))
                        .as("looks at %s too soon", path)
                        .isEmpty());
    }

    private static int handlesOfAKey(Round round) {
        return (round.variant().submitsAll() ? 2 : 1) * (round.variant().replicas() ? 2 : 1);
    }

    private static int ofOneName(Round round) {
        Map<String, Integer> counts = new HashMap<>();
        round.runs().forEach(run -> counts.merge(run.name().orElse(""), 1, Integer::sum));
        return counts.values().stream().max(Integer::compare).orElse(0);
    }

    private static Duration life(FakeJobRun run) {
        return Duration.between(run.createdAt(), run.finishedAt().orElseThrow());
    }
}
