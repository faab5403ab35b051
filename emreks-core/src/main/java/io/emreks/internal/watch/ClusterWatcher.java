package io.emreks.internal.watch;

import io.emreks.client.WatchSettings;
import io.emreks.internal.aws.EmrApi;
import io.emreks.internal.aws.EmrApi.JobRunPage;
import io.emreks.internal.aws.EmrApi.ListedRun;
import io.emreks.internal.calls.ApiCall;
import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.calls.ApiOperation;
import io.emreks.internal.calls.Calls;
import io.emreks.internal.loop.Loop;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the watched runs of one virtual cluster until they end: at one after the other, or, where many of about the same
 * age are due, at a list of them. What a list shows is taken in; a run that it does not show is looked at by itself.
 */
final class ClusterWatcher {
    private static final double SPREAD = 0.2;
    /** A run whose pause is nearly over is looked at with others that are due. */
    private static final double NEARLY = 0.75;
    /** A run that was just started may not be visible at once. */
    private static final int NOT_FOUND_LOOKS = 3;

    private static final int LOOKS_AT_ONCE = 20;
    private static final Duration LISTS_AGAIN = Duration.ofMinutes(10);
    /** A run that has probably ended does not wait behind those that are merely late. */
    private static final long BEFORE_OTHERS = Duration.ofDays(1).toNanos();

    private final String virtualClusterId;
    private final Loop loop;
    private final Calls calls;
    private final EmrApi emr;
    private final WatchSettings settings;
    private final Pace pace;
    private final Consumer<Duration> looked;
    private final RandomGenerator random;
    private final Durations durations;
    private final Access access;
    private final Access lists;

    private final Map<String, RunWatch> runs = new HashMap<>();
    /** Those that wait to be looked at: watched closely, or in the long middle. */
    private final NavigableSet<RunWatch> close = new TreeSet<>(RunWatch.BY_DUE);

    private final NavigableSet<RunWatch> routine = new TreeSet<>(RunWatch.BY_DUE);
    private final NavigableSet<RunWatch> byAge = new TreeSet<>(RunWatch.BY_AGE);
    private final Set<RunWatch> ofUnknownAge = new HashSet<>();
    private final Crowd crowd = new Crowd();

    private Loop.@Nullable Timer wakeUp;
    private boolean working;
    private boolean lookWaits;
    private int looks;
    private @Nullable Reading reading;
    private boolean closeFirst;

    ClusterWatcher(
            String virtualClusterId,
            Loop loop,
            Calls calls,
            EmrApi emr,
            WatchSettings settings,
            Pace pace,
            Consumer<Duration> looked,
            RandomGenerator random,
            Durations durations) {
        this.virtualClusterId = virtualClusterId;
        this.loop = loop;
        this.calls = calls;
        this.emr = emr;
        this.settings = settings;
        this.pace = pace;
        this.looked = looked;
        this.random = random;
        this.durations = durations;
        this.access = new Access(loop, virtualClusterId, "DescribeJobRun", settings.minPause(), settings.maxPause());
        this.lists = new Access(loop, virtualClusterId, "ListJobRuns", settings.minPause(), LISTS_AGAIN);
    }

    /** The access to the service that is missing at the moment; read from anywhere. */
    List<Missing> missing() {
        List<Missing> all = new ArrayList<>();
        access.missing().ifPresent(all::add);
        lists.missing().ifPresent(all::add);
        return all;
    }

    // ---- who wants to know

    void add(Watcher.Watch watch, Watcher.Hint hint, Duration delay) {
        RunWatch run = runs.get(watch.ref().id());
        if (run == null) {
            run = new RunWatch(watch.ref(), hint.notOlderThan(), pace.first(), loop.nanos());
            runs.put(watch.ref().id(), run);
            ofUnknownAge.add(run);
            run.watches.add(watch);
            lookAfter(run, delay, spread());
        } else {
            run.watches.add(watch);
            hurry(run, delay, true);
        }
        if (hint.expected().isPresent()) {
            run.expected = hint.expected();
        }
        watch.of(run);
        work();
    }

    void remove(Watcher.Watch watch, RunWatch run) {
        run.watches.remove(watch);
        if (run.watches.isEmpty()) {
            forget(run);
            work();
        }
    }

    private void forget(RunWatch run) {
        if (!runs.remove(run.ref.id(), run)) {
            return;
        }
        takeOut(run);
        ofUnknownAge.remove(run);
        if (byAge.remove(run)) {
            RunWatch before = byAge.lower(run);
            if (before != null) {
                before.others += 1 + run.others;
            }
        }
        if (run.look != null) {
            ApiCall<JobRunSnapshot> underWay = run.look;
            run.look = null;
            looks--;
            underWay.abandon();
        }
    }

    /** Looks at it alone, and soon. */
    void lookSoon(RunWatch run) {
        run.pause = pace.first();
        hurry(run, run.pause, true);
        work();
    }

    /** @param alone whether only a look at it alone will do */
    private void hurry(RunWatch run, Duration delay, boolean alone) {
        if (run.look == null && !run.listed) {
            takeOut(run);
            run.alone = alone;
            lookAfter(run, delay, spread());
        }
    }

    /** Takes in an answer that somebody else got. */
    void seen(RunWatch run, JobRunSnapshot snapshot) {
        learn(run, snapshot, spread(), Optional.empty());
        work();
    }

    /**
     * An event told of a state: a look confirms an end and brings its reasons; what comes before is believed, and saves a
     * look. The first look at a run is needed in any case.
     */
    void told(String runId, JobRunState state, String serviceState, Instant since) {
        RunWatch run = runs.get(runId);
        if (run == null) {
            return;
        }
        JobRunSnapshot last = run.last();
        if (state.terminal()) {
            run.endTold = true;
            hurry(run, Duration.ZERO, false);
        } else if (last != null) {
            learn(run, last.in(state, serviceState, loop.now()), spread(), Optional.of(since));
        }
        work();
    }

    /** An event told that the driver was started again. */
    void told(String runId, DriverRestart restart) {
        RunWatch run = runs.get(runId);
        if (run != null) {
            List.copyOf(run.watches).forEach(watch -> watch.driverRestarted(restart));
        }
    }

    /** Events do not come any more: whoever relied on them is looked at again within the usual time. */
    void eventsEnded() {
        long now = loop.nanos();
        long usual = settings.maxPause().toNanos();
        for (RunWatch run : List.copyOf(routine)) {
            if (run.due - now > usual) {
                takeOut(run);
                run.pause = settings.maxPause();
                lookAfter(run, run.pause, random.nextDouble());
            }
        }
        work();
    }

    boolean hasRuns() {
        return !runs.isEmpty();
    }

    /** @param factor the same for all of one list, so that they are due together again */
    private void learn(RunWatch run, JobRunSnapshot snapshot, double factor, Optional<Instant> since) {
        Duration unseen = run.unseen(loop.nanos());
        Duration before = unseen.compareTo(run.pause) > 0 ? unseen : run.pause;
        if (run.last() == null) {
            crowd.firstSeen(snapshot.state().terminal());
        }
        Optional<Boolean> changed = run.learn(snapshot, loop.nanos());
        if (changed.isPresent()) {
            aged(run);
        }
        if (changed.isPresent() && snapshot.state().terminal()) {
            durations.ended(snapshot);
            forget(run);
        } else {
            Duration pause =
                    changed.map(news -> pauseAfter(run, snapshot, news, before)).orElseGet(() -> pace.grown(run.pause));
            lookAgain(run, pause, factor);
        }
        if (changed.isPresent()) {
            List.copyOf(run.watches).forEach(watch -> watch.tell(snapshot, since));
        }
    }

    private Duration pauseAfter(RunWatch run, JobRunSnapshot snapshot, boolean changed, Duration before) {
        Optional<Instant> expectedEnd = run.createdAt()
                .flatMap(created -> run.expected
                        .or(() -> snapshot.name().flatMap(durations::of))
                        .map(created::plus));
        return pace.after(changed, before, expectedEnd, run.endTold, loop.now());
    }

    private void lookAgain(RunWatch run, Duration pause, double factor) {
        run.pause = pause;
        run.alone = run.endTold;
        if (run.look == null && !run.listed) {
            takeOut(run);
            lookAfter(run, run.pause, factor);
        }
    }

    private void aged(RunWatch run) {
        if (run.createdAt().isPresent() && ofUnknownAge.remove(run)) {
            byAge.add(run);
        }
    }

    private double spread() {
        return 1 - SPREAD + 2 * SPREAD * random.nextDouble();
    }

    private void lookAfter(RunWatch run, Duration delay, double factor) {
        run.plan(loop.nanos() + (long) (delay.toNanos() * factor));
        putIn(run);
    }

    private void putIn(RunWatch run) {
        if (runs.get(run.ref.id()) == run) {
            (run.alone || run.endTold || !pace.longest(run.pause) ? close : routine).add(run);
        }
    }

    private void takeOut(RunWatch run) {
        close.remove(run);
        routine.remove(run);
    }

    // ---- what to do next

    private void work() {
        if (working) {
            return;
        }
        working = true;
        try {
            if (access.open()) {
                readList();
                lookAtRuns();
            } else {
                probe();
            }
        } finally {
            working = false;
        }
        sleep();
    }

    /** Whoever is due already and could not be looked at waits for what is under way, and that brings us back to work. */
    private void sleep() {
        if (wakeUp != null) {
            wakeUp.cancel();
            wakeUp = null;
        }
        long now = loop.nanos();
        boolean underWay = lookWaits || looks > 0 || reading != null;
        long next = access.open() ? Math.min(dueOf(close), dueOf(routine)) : access.nextProbe();
        if (next != Long.MAX_VALUE && !runs.isEmpty() && (next > now || !underWay)) {
            wakeUp = loop.after(Duration.ofNanos(Math.max(0, next - now)), () -> {
                wakeUp = null;
                work();
            });
        }
    }

    private static long dueOf(NavigableSet<RunWatch> waiting) {
        return waiting.isEmpty() ? Long.MAX_VALUE : waiting.first().due;
    }

    private static @Nullable RunWatch first(NavigableSet<RunWatch> waiting) {
        return waiting.isEmpty() ? null : waiting.first();
    }

    private static Optional<RunWatch> due(NavigableSet<RunWatch> waiting, long now) {
        return Optional.ofNullable(first(waiting)).filter(run -> run.due <= now);
    }

    private void probe() {
        long now = loop.nanos();
        if (lookWaits || looks > 0 || runs.isEmpty() || access.nextProbe() > now) {
            return;
        }
        Optional.ofNullable(first(close))
                .or(() -> Optional.ofNullable(first(routine)))
                .ifPresent(this::look);
    }

    // ---- one by one

    private void lookAtRuns() {
        while (!lookWaits && looks < LOOKS_AT_ONCE) {
            Optional<RunWatch> next = nextToLookAt();
            if (next.isEmpty()) {
                return;
            }
            look(next.get());
        }
    }

    private Optional<RunWatch> nextToLookAt() {
        long now = loop.nanos();
        return due(close, now)
                .or(() -> due(routine, now).filter(run -> sweepAround(run, now).isEmpty()));
    }

    private void look(RunWatch run) {
        takeOut(run);
        lookWaits = true;
        looks++;
        ApiCall<JobRunSnapshot> call =
                calls.watch(ApiOperation.DESCRIBE_JOB_RUN, () -> emr.describeJobRun(run.ref), () -> {
                    lookWaits = false;
                    work();
                });
        run.look = call;
        var unused = call.result().whenComplete((snapshot, failure) -> {
            if (run.look != call) {
                return;
            }
            run.look = null;
            looks--;
            crowd.forget();
            if (failure == null) {
                access.granted();
                looked.accept(run.late(loop.nanos()));
                learn(run, snapshot, spread(), Optional.empty());
            } else {
                failed(run, ApiFailure.in(failure));
            }
            work();
        });
    }

    private void failed(RunWatch run, ApiFailure failure) {
        Duration failing = run.failing(loop.nanos());
        run.pause = pace.grown(run.pause);
        run.notFound = failure.kind() == ApiFailure.Kind.NOT_FOUND ? run.notFound + 1 : 0;
        if (run.notFound >= NOT_FOUND_LOOKS || failure.kind() == ApiFailure.Kind.INVALID) {
            giveUp(run, "the service does not know it: " + failure.getMessage(), false, failure);
            return;
        }
        if (Access.concerns(failure)) {
            access.failed(failure);
            putIn(run);
            if (access.longerThan(settings.giveUpAfter())) {
                List.copyOf(runs.values()).forEach(lost -> giveUp(lost, noLook(failure), true, failure));
                access.granted();
            }
            return;
        }
        if (failing.compareTo(settings.giveUpAfter()) >= 0) {
            giveUp(run, noLook(failure), true, failure);
            return;
        }
        lookAfter(run, run.pause, spread());
        Instant next = loop.now().plusNanos(run.due - loop.nanos());
        List.copyOf(run.watches).forEach(watch -> watch.failed(failure, next));
    }

    private String noLook(ApiFailure failure) {
        return "no look succeeded for " + settings.giveUpAfter() + ", last " + failure.getMessage();
    }

    private void giveUp(RunWatch run, String why, boolean retryable, ApiFailure cause) {
        forget(run);
        List.copyOf(run.watches).forEach(watch -> watch.lost(why, retryable, cause));
    }

    // ---- lists

    private void readList() {
        if (reading != null) {
            return;
        }
        long now = loop.nanos();
        closeFirst = !closeFirst;
        Optional<Sweep> next = closeFirst
                ? sweepOf(close, now).or(() -> sweepOf(routine, now))
                : sweepOf(routine, now).or(() -> sweepOf(close, now));
        next.ifPresent(sweep -> {
            reading = new Reading(sweep);
            reading.next(Optional.empty());
        });
    }

    private Optional<Sweep> sweepOf(NavigableSet<RunWatch> waiting, long now) {
        return due(waiting, now).filter(run -> !run.alone).flatMap(run -> sweepAround(run, now));
    }

    private Optional<Sweep> sweepAround(RunWatch run, long now) {
        if (!lists.open() && lists.nextProbe() > now) {
            return Optional.empty();
        }
        Predicate<RunWatch> due = other -> isDue(other, now);
        if (run.createdAt().isEmpty()) {
            return Sweep.ofUnknownAge(ofUnknownAge, due, crowd);
        }
        if (Sweep.costsMoreThanLooksAt(byAge.size())) {
            return Optional.empty();
        }
        Neighbours neighbours = new Neighbours(byAge, run, crowd.pageSize(), due);
        return Sweep.ofNeighbours(neighbours, due, crowd);
    }

    private static boolean isDue(RunWatch run, long now) {
        return run.look == null && !run.listed && run.due - now <= run.pause.toNanos() * (1 - NEARLY);
    }

    /** A list while it is read. */
    private final class Reading {
        private final Sweep sweep;
        private final Set<RunWatch> expected;
        private final Map<String, ListedRun> shown = new HashMap<>();
        private final double factor = spread();
        private int pages;

        Reading(Sweep sweep) {
            this.sweep = sweep;
            this.expected = new HashSet<>(sweep.runs());
            sweep.runs().forEach(run -> {
                takeOut(run);
                run.listed = true;
            });
        }

        void next(Optional<String> token) {
            var unused = calls.watch(
                            ApiOperation.LIST_JOB_RUNS,
                            () -> emr.listJobRuns(sweep.query(virtualClusterId), token),
                            () -> {})
                    .result()
                    .whenComplete((page, failure) -> {
                        if (failure == null) {
                            read(page);
                        } else {
                            failed(ApiFailure.in(failure));
                        }
                        work();
                    });
        }

        private void read(JobRunPage page) {
            lists.granted();
            access.granted();
            pages++;
            page.runs().forEach(this::take);
            boolean more = page.nextToken().isPresent();
            if (more) {
                crowd.fullPage(page.runs().size());
            }
            if (more && pages < sweep.pages() && !expected.isEmpty()) {
                next(page.nextToken());
            } else {
                end(!more);
            }
        }

        private void take(ListedRun listed) {
            shown.put(listed.snapshot().ref().id(), listed);
            RunWatch run = runs.get(listed.snapshot().ref().id());
            if (run != null) {
                if (expected.remove(run)) {
                    run.listed = false;
                }
                looked.accept(run.late(loop.nanos()));
                learn(run, listed.snapshot(), factor, Optional.empty());
            }
        }

        /** Who is not shown has ended, or was missed because pages shift: only a look at it tells. */
        private void end(boolean complete) {
            reading = null;
            int missing = 0;
            for (RunWatch run : expected) {
                run.listed = false;
                if (runs.get(run.ref.id()) == run) {
                    missing++;
                    run.alone = true;
                    run.due = loop.nanos() - BEFORE_OTHERS;
                    putIn(run);
                }
            }
            int live = (int) shown.values().stream()
                    .filter(run -> !run.snapshot().state().terminal())
                    .count();
            int found = sweep.runs().size() - expected.size();
            if (!sweep.liveOnly()) {
                countOthers(complete);
            }
            if (!complete) {
                crowd.partlyListed(found, live);
                return;
            }
            int ended = missing
                    + (int) sweep.runs().stream()
                            .filter(run -> shown.containsKey(run.ref.id()) && !runs.containsKey(run.ref.id()))
                            .count();
            crowd.listed(sweep.runs().size(), live + (sweep.liveOnly() ? ended : 0), ended);
        }

        /** What was not read of a list may have held more. */
        private void countOthers(boolean complete) {
            List<RunWatch> watched = sweep.runs().stream()
                    .filter(run -> byAge.contains(run))
                    .sorted(RunWatch.BY_AGE)
                    .toList();
            Map<RunWatch, Integer> others = new HashMap<>();
            shown.values().stream()
                    .map(ListedRun::snapshot)
                    .filter(snapshot -> !runs.containsKey(snapshot.ref().id()))
                    .forEach(snapshot -> lastNotAfter(
                                    watched, snapshot.createdAt().orElse(Instant.EPOCH))
                            .ifPresent(run -> others.merge(run, 1, Integer::sum)));
            watched.forEach(run -> {
                int seen = others.getOrDefault(run, 0);
                run.others = complete ? seen : Math.max(run.others, seen);
            });
        }

        private void failed(ApiFailure failure) {
            reading = null;
            lists.failed(failure);
            for (RunWatch run : expected) {
                run.listed = false;
                putIn(run);
            }
        }
    }

    private static Optional<RunWatch> lastNotAfter(List<RunWatch> byAge, Instant at) {
        RunWatch last = byAge.isEmpty() ? null : byAge.get(0);
        for (RunWatch run : byAge) {
            if (run.createdAt().orElseThrow().isAfter(at)) {
                break;
            }
            last = run;
        }
        return Optional.ofNullable(last);
    }
}
