package io.emreks.internal.watch;

import io.emreks.internal.aws.EmrApi.JobRunQuery;
import io.emreks.model.JobRunState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A list to be read instead of looking at runs one by one.
 *
 * @param runs the watched runs it should tell of, by age as far as that is known
 * @param liveOnly whether those that have ended are left out; then a run that is not shown has probably ended
 * @param pages after how many pages looking one by one would have been cheaper
 */
record Sweep(List<RunWatch> runs, Optional<Instant> from, Optional<Instant> to, boolean liveOnly, int pages) {
    /**
     * What a page of a list costs in looks: it takes a fifth of a second's turns for lists, where a look takes a twentieth of
     * those for looks, and both take one of the twenty for everything.
     */
    static final double PAGE_COST = 2.5;

    /** A list's bounds may or may not belong to it, and dates come in whole seconds. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private static final Set<JobRunState> LIVE =
            Set.of(JobRunState.PENDING, JobRunState.SUBMITTED, JobRunState.RUNNING, JobRunState.CANCEL_PENDING);

    /**
     * For runs of which it is not known when they were created; all live ones are listed, and each that has ended is looked
     * at by itself after all.
     *
     * @param crowd what is known of such runs
     */
    static Optional<Sweep> ofUnknownAge(Collection<RunWatch> all, Predicate<RunWatch> due, Crowd crowd) {
        if (pagesFor(all.size(), crowd) == 0) {
            return Optional.empty();
        }
        List<RunWatch> runs = all.stream().filter(due).toList();
        int pages = pagesFor(runs.size(), crowd);
        Optional<Instant> from = runs.stream().map(run -> run.notOlderThan).min(Instant::compareTo);
        return pages == 0 ? Optional.empty() : Optional.of(new Sweep(runs, from, Optional.empty(), true, pages));
    }

    /** Whether even one page costs more than to look at each of so many runs. */
    static boolean costsMoreThanLooksAt(int runs) {
        return runs < PAGE_COST;
    }

    private static int pagesFor(int unseen, Crowd crowd) {
        return (int) (unseen * (1 - crowd.overAtFirstLook()) / PAGE_COST);
    }

    /**
     * For neighbours in age, if a list is cheaper: one page of all runs, which also tells how those have ended that did, or
     * one of the live ones, on which more of the watched runs find room.
     *
     * @param crowd what is known of the runs between them
     */
    static Optional<Sweep> ofNeighbours(Neighbours neighbours, Predicate<RunWatch> due, Crowd crowd) {
        List<RunWatch> all = neighbours.fitting(crowd.room(), run -> 1 + run.others);
        List<RunWatch> live = neighbours.fitting(crowd.room(), run -> crowd.livePerRun());
        long dueOfAll = all.stream().filter(due).count();
        long dueOfLive = live.stream().filter(due).count();
        double costOfAll = PAGE_COST
                * crowd.pages(all.stream().mapToInt(run -> 1 + run.others).sum());
        double costOfLive = PAGE_COST
                + live.stream()
                        .mapToDouble(run -> run.endTold ? 1 : crowd.endsPerRun())
                        .sum();
        boolean liveOnly = costOfLive / dueOfLive < costOfAll / dueOfAll;
        if (liveOnly ? dueOfLive <= costOfLive : dueOfAll <= costOfAll) {
            return Optional.empty();
        }
        return Optional.of(between(liveOnly ? live : all, liveOnly, liveOnly ? dueOfLive : dueOfAll));
    }

    private static Sweep between(List<RunWatch> byAge, boolean liveOnly, long due) {
        Instant from = byAge.get(0).createdAt().orElseThrow();
        Instant to = byAge.get(byAge.size() - 1).createdAt().orElseThrow();
        return new Sweep(
                List.copyOf(byAge),
                Optional.of(from.minus(MARGIN)),
                Optional.of(to.plus(MARGIN)),
                liveOnly,
                Math.max(1, (int) (due / PAGE_COST)));
    }

    JobRunQuery query(String virtualClusterId) {
        return new JobRunQuery(virtualClusterId, Optional.empty(), from, to, liveOnly ? LIVE : Set.of());
    }
}
