package io.emreks.internal.engine;

import io.emreks.error.ClientClosedException;
import io.emreks.error.ClientClosedException.Fate;
import io.emreks.error.EmrEksException;
import io.emreks.error.JobRunCancelledException;
import io.emreks.error.JobRunSubmissionException;
import io.emreks.error.JobRunSubmissionException.Acceptance;
import io.emreks.error.JobRunSubmissionException.Trace;
import io.emreks.error.MonitoringException;
import io.emreks.internal.aws.EmrApi.StartedRun;
import io.emreks.internal.calls.ApiCall;
import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.calls.ApiOperation;
import io.emreks.internal.launch.Claims;
import io.emreks.internal.launch.ClientTokens;
import io.emreks.internal.launch.KeyedRuns.Found;
import io.emreks.internal.launch.Lineage;
import io.emreks.internal.loop.Loop;
import io.emreks.internal.outcome.History;
import io.emreks.internal.validation.Plan;
import io.emreks.internal.watch.DriverRestart;
import io.emreks.internal.watch.Watcher;
import io.emreks.model.JobRunAttempt;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import io.emreks.model.SeenState;
import io.emreks.retry.FailureClass;
import io.emreks.retry.JobChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * One run of a handle, from its preparation to its end: found or started, made sure of, watched. Belongs to the loop; only
 * what is volatile is read from elsewhere.
 */
final class Attempt {
    /** Dates of the service come in whole seconds, and so does its clock. */
    private static final Duration SECONDS = Duration.ofSeconds(2);

    /** AWS refuses what was signed by a clock that is further off. */
    private static final Duration CLOCKS_APART = Duration.ofMinutes(5);

    /** A run that was just started may not be listed at once. */
    private static final List<Duration> LOOK_AGAIN = List.of(Duration.ofSeconds(5), Duration.ofSeconds(20));

    /** After how long a cancel is sent again of which it is not known whether it arrived. */
    private static final Duration CANCEL_AGAIN = Duration.ofMinutes(1);

    private enum Phase {
        /** Nothing was sent yet that could start a run. */
        PREPARING,
        /** The live run of the key is being ended. */
        REPLACING,
        /** StartJobRun is under way, waits, or is tried again. */
        LAUNCHING,
        /** No answer told whether a run was started: it is looked for. */
        RESOLVING,
        /** The service gave an id; the first look tells whether it is that of a new run. */
        VERIFYING,
        /** The run is looked at. */
        WATCHING,
        /** Nothing more happens. */
        OVER
    }

    /**
     * What is to be done.
     *
     * @param number 1 for the first run of a job
     * @param history what happened before
     * @param predecessor the run this one follows
     * @param changes what it does otherwise than the request says
     * @param lookUp whether the runs of the key must be looked for first
     * @param followEnded whether a run that is found to be over is followed by a new one
     * @param replace whether a live run is ended first, rather than joined
     */
    record Order(
            int number,
            History history,
            Optional<JobRunSnapshot> predecessor,
            List<JobChange> changes,
            boolean lookUp,
            boolean followEnded,
            boolean replace) {}

    private final ClientEngine engine;
    private final JobRunProcess process;
    private final Order order;
    private final String name;
    final Cancellation cancellation;

    private Phase phase = Phase.PREPARING;
    private String token = "";
    private String virtualClusterId = "";
    private List<String> candidates = List.of();
    private Optional<String> follows = Optional.empty();
    private Claims.@Nullable Waiting claimWish;
    private Claims.@Nullable Held claim;
    private @Nullable ApiCall<StartedRun> launch;
    private long launchedAt;
    private Instant launchedOn = Instant.EPOCH;
    /** When the launch began, by the clock of the service. */
    private Instant notOlderThan = Instant.EPOCH;

    private boolean reconsidered;
    private Loop.@Nullable Timer lookAgain;
    private Watcher.@Nullable Watch watch;
    private @Nullable JobRunRef candidate;
    private boolean joined;
    private @Nullable EmrEksException notStarted;
    private @Nullable EmrEksException unknown;
    private volatile @Nullable JobRunRef ref;
    private volatile @Nullable JobRunSnapshot latest;
    private volatile List<SeenState> states = List.of();
    private volatile @Nullable FailureClass failure;

    Attempt(ClientEngine engine, JobRunProcess process, Order order, String name) {
        this.engine = engine;
        this.process = process;
        this.order = order;
        this.name = name;
        this.cancellation = new Cancellation(engine, process, this);
    }

    // ---- what others may know

    Order order() {
        return order;
    }

    String clientToken() {
        return token;
    }

    /** The run, once it is certain that it is this attempt's. */
    @Nullable
    JobRunRef ref() {
        return ref;
    }

    /** Whether this attempt's run is that one; the ids of runs differ everywhere. */
    boolean is(JobRunRef run) {
        JobRunRef own = ref;
        return own != null && own.id().equals(run.id());
    }

    /** The run, as soon as there is an id. */
    @Nullable
    JobRunRef candidate() {
        return candidate;
    }

    @Nullable
    JobRunSnapshot latest() {
        return latest;
    }

    boolean over() {
        return phase == Phase.OVER;
    }

    /** Why there is no run and will be none. */
    @Nullable
    EmrEksException notStarted() {
        return notStarted;
    }

    /** Why nobody knows whether there is a run. */
    @Nullable
    EmrEksException unknown() {
        return unknown;
    }

    List<SeenState> states() {
        return states;
    }

    void failedBecause(FailureClass known) {
        failure = known;
    }

    /** For users; empty as long as there is no run. */
    Optional<JobRunAttempt> view() {
        JobRunRef run = ref;
        return run == null
                ? Optional.empty()
                : Optional.of(new JobRunAttempt(
                        order.number(),
                        run,
                        joined,
                        states,
                        Optional.ofNullable(latest),
                        Optional.ofNullable(failure),
                        order.changes()));
    }

    // ---- preparing

    void begin(Plan plan, Lineage lineage, List<String> mayBeIn) {
        List<String> wanted = new ArrayList<>(List.of(plan.virtualCluster()));
        mayBeIn.stream().filter(other -> !wanted.contains(other)).forEach(wanted::add);
        List<CompletableFuture<?>> steps = new ArrayList<>();
        List<CompletableFuture<String>> clusters =
                wanted.stream().map(engine.virtualClusters::id).toList();
        steps.addAll(clusters);
        plan.templates()
                .forEach(template ->
                        steps.add(engine.stager.stage(plan.artifacts().orElseThrow(), template)));
        plan.storedTemplates().forEach(template -> steps.add(engine.storedTemplates.check(template)));
        plan.request().jobTemplate().ifPresent(use -> steps.add(engine.jobTemplates.check(use)));
        var unused = CompletableFuture.allOf(steps.toArray(CompletableFuture<?>[]::new))
                .whenComplete((nothing, problem) -> guarded(() -> {
                    if (phase != Phase.PREPARING) {
                        return;
                    }
                    if (problem != null) {
                        endNeverStarted(unprepared(problem));
                        return;
                    }
                    candidates = clusters.stream()
                            .map(CompletableFuture::join)
                            .distinct()
                            .toList();
                    virtualClusterId = candidates.get(0);
                    prepared(plan, lineage);
                }));
    }

    private void prepared(Plan plan, Lineage lineage) {
        if (lineage.keyed() && engine.claims.isPresent()) {
            claimThenLookUp(engine.claims.get(), plan, lineage);
        } else if (order.lookUp()) {
            lookUp(plan, lineage);
        } else {
            start(plan, lineage, order.predecessor().map(run -> run.ref().id()));
        }
    }

    private void claimThenLookUp(Claims claims, Plan plan, Lineage lineage) {
        Claims.Waiting wish = claims.acquire(lineage);
        claimWish = wish;
        var unused = wish.held()
                .whenComplete((held, problem) -> guarded(() -> {
                    if (phase != Phase.PREPARING) {
                        return;
                    }
                    claimWish = null;
                    if (problem != null) {
                        endNeverStarted(unprepared(problem));
                        return;
                    }
                    claim = held;
                    held.run().ifPresentOrElse(last -> lookAtLast(last, plan, lineage), () -> lookUp(plan, lineage));
                }));
    }

    private void lookAtLast(JobRunRef last, Plan plan, Lineage lineage) {
        var unused = engine.calls
                .call(ApiOperation.DESCRIBE_JOB_RUN, () -> engine.emr.describeJobRun(last))
                .result()
                .whenComplete((run, problem) -> guarded(() -> {
                    if (phase != Phase.PREPARING) {
                        return;
                    }
                    if (problem == null) {
                        lookedUp(new Found(List.of(run)), plan, lineage);
                    } else if (ApiFailure.in(problem).kind() == ApiFailure.Kind.NOT_FOUND) {
                        lookUp(plan, lineage);
                    } else {
                        endNeverStarted(unprepared(problem));
                    }
                }));
    }

    private void lookUp(Plan plan, Lineage lineage) {
        var unused = engine.keyedRuns
                .find(
                        lineage,
                        plan.name(),
                        candidates,
                        engine.lookBack(plan.request().longRunning()))
                .whenComplete((found, problem) -> guarded(() -> {
                    if (phase != Phase.PREPARING) {
                        return;
                    }
                    if (problem == null) {
                        lookedUp(found, plan, lineage);
                    } else {
                        endNeverStarted(unprepared(problem));
                    }
                }));
    }

    private void lookedUp(Found found, Plan plan, Lineage lineage) {
        List<JobRunSnapshot> live =
                found.live().stream().filter(this::isAfterPredecessor).toList();
        if (!live.isEmpty()) {
            JobRunSnapshot first = live.get(0);
            live.subList(1, live.size()).forEach(more -> process.duplicate(first.ref(), more.ref()));
            if (order.replace()) {
                endLive(first.ref(), plan, lineage);
            } else {
                lookAtLive(first.ref());
            }
            return;
        }
        Optional<JobRunSnapshot> last = found.newest().filter(this::isAfterPredecessor);
        if (last.isPresent() && !order.followEnded()) {
            leaveTo(last.get());
        } else {
            start(
                    plan,
                    lineage,
                    last.or(order::predecessor).map(run -> run.ref().id()));
        }
    }

    /** A list that lags can show an earlier run as the last. */
    private boolean isAfterPredecessor(JobRunSnapshot run) {
        if (order.predecessor().isEmpty()) {
            return true;
        }
        JobRunSnapshot before = order.predecessor().get();
        boolean earlier = run.createdAt()
                .orElse(Instant.EPOCH)
                .isBefore(before.createdAt().orElse(Instant.EPOCH));
        boolean itsPredecessor = engine.tags
                .predecessor(before.tags())
                .filter(run.ref().id()::equals)
                .isPresent();
        return !run.ref().equals(before.ref()) && !earlier && !itsPredecessor;
    }

    private void endLive(JobRunRef live, Plan plan, Lineage lineage) {
        phase = Phase.REPLACING;
        watch = engine.watcher.watchNow(live, Watcher.Hint.NONE, new Watcher.Observer() {
            @Override
            public void seen(JobRunSnapshot snapshot, Optional<Instant> since) {
                if (phase == Phase.REPLACING && snapshot.state().terminal()) {
                    guarded(() -> start(plan, lineage, Optional.of(live.id())));
                }
            }

            @Override
            public void lost(String why, boolean retryable, ApiFailure cause) {
                endNeverStarted(noLongerWatched(live, why, retryable, cause));
            }
        });
        cancelLive(live);
    }

    /** A cancel that may not have arrived is sent again; one that was refused is right only if the run is ending. */
    private void cancelLive(JobRunRef live) {
        lookAgain = null;
        var unused = engine.calls
                .call(ApiOperation.CANCEL_JOB_RUN, () -> engine.emr.cancelJobRun(live))
                .result()
                .whenComplete((done, problem) -> guarded(() -> {
                    if (phase != Phase.REPLACING || problem == null) {
                        return;
                    }
                    ApiFailure failure = ApiFailure.in(problem);
                    if (failure.mayHaveTakenEffect()) {
                        lookAgain = engine.loop.after(CANCEL_AGAIN, () -> cancelLive(live));
                    } else if (failure.kind() == ApiFailure.Kind.INVALID) {
                        endUnlessEnding(live, failure);
                    } else {
                        endNeverStarted(unprepared(failure));
                    }
                }));
    }

    private void endUnlessEnding(JobRunRef live, ApiFailure refused) {
        var unused = engine.calls
                .call(ApiOperation.DESCRIBE_JOB_RUN, () -> engine.emr.describeJobRun(live))
                .result()
                .whenComplete((snapshot, problem) -> guarded(() -> {
                    if (phase != Phase.REPLACING) {
                        return;
                    }
                    if (problem != null) {
                        lookAgain = engine.loop.after(CANCEL_AGAIN, () -> cancelLive(live));
                        return;
                    }
                    alsoSeen(snapshot);
                    if (phase == Phase.REPLACING && snapshot.state() != JobRunState.CANCEL_PENDING) {
                        endNeverStarted(unprepared(refused));
                    }
                }));
    }

    private EmrEksException unprepared(Throwable problem) {
        Throwable cause =
                problem instanceof CompletionException && problem.getCause() != null ? problem.getCause() : problem;
        if (cause instanceof EmrEksException known) {
            return known;
        }
        ApiFailure call = ApiFailure.in(cause);
        return new JobRunSubmissionException(
                "Job run " + name + " was not submitted: " + call.getMessage(),
                Acceptance.NOT_ACCEPTED,
                token,
                0,
                call.kind().retryable(),
                Optional.empty(),
                call);
    }

    // ---- launch

    private void start(Plan plan, Lineage lineage, Optional<String> predecessorId) {
        stopWatch();
        stopLookAgain();
        phase = Phase.LAUNCHING;
        follows = predecessorId;
        token = predecessorId
                .map(id -> ClientTokens.following(lineage, virtualClusterId, id))
                .orElseGet(() -> ClientTokens.first(lineage, virtualClusterId));
        Map<String, String> ownTags = lineage.keyed()
                ? engine.tags.of(lineage, order.history(), predecessorId, process.specification())
                : Map.of();
        var command = engine.taggable(plan.command(virtualClusterId, token, ownTags));
        if (launchedAt == 0) {
            launchedAt = engine.loop.nanos();
            launchedOn = engine.loop.now();
        }
        ApiCall<StartedRun> call = engine.calls.call(ApiOperation.START_JOB_RUN, () -> engine.emr.startJobRun(command));
        launch = call;
        var unused = call.result()
                .whenComplete((started, problem) -> guarded(() -> {
                    launch = null;
                    if (problem == null) {
                        launched(started, lineage);
                    } else {
                        refused(ApiFailure.in(problem), plan, lineage);
                    }
                }));
    }

    private void launched(StartedRun started, Lineage lineage) {
        Duration since = Duration.ofNanos(engine.loop.nanos() - launchedAt);
        notOlderThan = started.serviceTime()
                .map(answered -> answered.minus(since).minus(SECONDS))
                .orElseGet(() -> launchedOn.minus(CLOCKS_APART));
        known(started.ref(), lineage);
    }

    /** There is an id: a keyed run is looked at first, as a repeated token can be answered with an old run. */
    private void known(JobRunRef run, Lineage lineage) {
        releaseClaim(Optional.of(run));
        candidate = run;
        if (lineage.keyed()) {
            phase = Phase.VERIFYING;
            watch = engine.watcher.watchNow(run, hint(), observer());
        } else {
            accept(run, Optional.empty());
            watch = engine.watcher.watch(run, hint(), observer());
        }
        cancellation.runIsKnown(run);
        process.continueClosing();
    }

    private Watcher.Hint hint() {
        return new Watcher.Hint(notOlderThan, process.expectedDuration());
    }

    private Watcher.Observer observer() {
        return new Watcher.Observer() {
            @Override
            public void seen(JobRunSnapshot snapshot, Optional<Instant> since) {
                guarded(() -> {
                    if (phase == Phase.VERIFYING) {
                        verify(snapshot);
                    }
                    if (phase == Phase.WATCHING) {
                        observed(snapshot, since);
                    }
                });
            }

            @Override
            public void failed(ApiFailure problem, Instant next) {
                process.pollFailed(Attempt.this, problem, next);
            }

            @Override
            public void driverRestarted(DriverRestart restart) {
                process.driverRestarted(Attempt.this, restart);
            }

            @Override
            public void lost(String why, boolean retryable, ApiFailure cause) {
                endLost(noLongerWatched(Objects.requireNonNull(candidate), why, retryable, cause));
            }
        };
    }

    private MonitoringException noLongerWatched(JobRunRef run, String why, boolean retryable, ApiFailure cause) {
        return new MonitoringException(
                "Job run " + run + " is no longer watched: " + why + engine.whereabouts.of(run),
                run,
                latest,
                retryable,
                cause);
    }

    private void verify(JobRunSnapshot first) {
        joined |= first.createdAt().filter(at -> at.isBefore(notOlderThan)).isPresent();
        if (joined && first.state().terminal()) {
            joined = false;
            candidate = null;
            leaveTo(first);
        } else {
            accept(first.ref(), process.differs(first.tags()));
        }
    }

    private void accept(JobRunRef run, Optional<Boolean> differs) {
        phase = Phase.WATCHING;
        ref = run;
        process.accepted(this, run, joined, differs);
    }

    private void refused(ApiFailure problem, Plan plan, Lineage lineage) {
        boolean unclear = problem.mayHaveTakenEffect();
        if (problem.kind() == ApiFailure.Kind.NOT_FOUND || problem.kind() == ApiFailure.Kind.INVALID) {
            engine.virtualClusters.forget(plan.virtualCluster());
        }
        if (unclear) {
            phase = Phase.RESOLVING;
            resolve(0, problem, lineage);
        } else if (problem.kind() == ApiFailure.Kind.STOPPED) {
            endNeverStarted(process.closing() && !cancellation.wanted() ? closedBeforeStart() : cancelledBeforeStart());
        } else if (problem.kind() == ApiFailure.Kind.TAGGING_DENIED && engine.giveUpTags(problem)) {
            start(plan, lineage, follows);
        } else if (problem.kind() == ApiFailure.Kind.INVALID && lineage.keyed() && !reconsidered) {
            reconsider(problem, plan, lineage);
        } else if (problem.kind() == ApiFailure.Kind.NOT_FOUND && !process.closing()) {
            var unused = engine.virtualClusters
                    .existing()
                    .whenComplete((existing, nothing) -> guarded(() -> endRefused(
                            problem, existing.map(names -> "; " + names).orElse(""))));
        } else {
            endRefused(problem, "");
        }
    }

    /** The service may refuse a token that another process used with other parameters a moment ago: then there is a run. */
    private void reconsider(ApiFailure problem, Plan plan, Lineage lineage) {
        reconsidered = true;
        var unused = engine.keyedRuns
                .find(
                        lineage,
                        plan.name(),
                        candidates,
                        engine.lookBack(plan.request().longRunning()))
                .whenComplete((found, nothing) -> guarded(() -> {
                    if (phase == Phase.OVER) {
                        return;
                    }
                    Optional<JobRunSnapshot> last = found == null
                            ? Optional.empty()
                            : found.newest()
                                    .filter(this::isAfterPredecessor)
                                    .filter(run -> follows.filter(run.ref().id()::equals)
                                            .isEmpty());
                    if (last.isEmpty()) {
                        endRefused(problem, "");
                    } else if (last.get().state().terminal()) {
                        leaveTo(last.get());
                    } else {
                        lookAtLive(last.get().ref());
                    }
                }));
    }

    private void resolve(int round, ApiFailure problem, Lineage lineage) {
        lookAgain = null;
        var unused = engine.keyedRuns
                .byToken(token, name, virtualClusterId, launchedOn.minus(CLOCKS_APART))
                .whenComplete((found, lookProblem) -> guarded(() -> {
                    if (phase != Phase.RESOLVING) {
                        return;
                    }
                    if (found != null && found.isPresent()) {
                        notOlderThan = launchedOn.minus(CLOCKS_APART);
                        known(found.get().ref(), lineage);
                    } else if (round < LOOK_AGAIN.size() && !process.closing()) {
                        lookAgain =
                                engine.loop.after(LOOK_AGAIN.get(round), () -> resolve(round + 1, problem, lineage));
                    } else {
                        endUnknown(unanswered(problem));
                    }
                }));
    }

    private JobRunSubmissionException unanswered(ApiFailure problem) {
        return submissionFailure(
                "It is not known whether job run " + name + " was started: no answer to StartJobRun, last "
                        + problem.getMessage() + "; a run that was has the client token " + token
                        + ", and none with it is listed",
                Acceptance.UNKNOWN,
                problem);
    }

    private void endRefused(ApiFailure problem, String hint) {
        if (phase != Phase.OVER) {
            endNeverStarted(submissionFailure(
                    "Job run " + name + " was refused: " + problem.getMessage() + hint,
                    Acceptance.NOT_ACCEPTED,
                    problem));
        }
    }

    private JobRunSubmissionException submissionFailure(String message, Acceptance acceptance, ApiFailure problem) {
        return new JobRunSubmissionException(
                message + engine.whereabouts.ofUnknown(virtualClusterId, name),
                acceptance,
                token,
                problem.tries(),
                problem.kind().retryable(),
                Optional.of(new Trace(virtualClusterId, name, launchedOn)),
                problem);
    }

    // ---- runs that others started

    /** Follows a run that a list shows as live, if it still is: lists can lag. */
    private void lookAtLive(JobRunRef live) {
        releaseClaim(Optional.of(live));
        candidate = live;
        joined = true;
        phase = Phase.VERIFYING;
        watch = engine.watcher.watchNow(live, Watcher.Hint.NONE, observer());
        cancellation.runIsKnown(live);
        process.continueClosing();
    }

    /** Follows a live run. */
    void join(JobRunSnapshot live) {
        candidate = live.ref();
        joined = true;
        accept(live.ref(), process.differs(live.tags()));
        observed(live, Optional.empty());
        if (phase == Phase.WATCHING) {
            watch = engine.watcher.watch(live.ref(), Watcher.Hint.NONE, observer());
            cancellation.runIsKnown(live.ref());
            process.continueClosing();
        }
    }

    /** Follows a run of which only the id is known. */
    void follow(JobRunRef run) {
        candidate = run;
        joined = true;
        accept(run, Optional.empty());
        watch = engine.watcher.watchNow(run, Watcher.Hint.NONE, observer());
    }

    /** Takes an ended run for this attempt's. */
    void adopt(JobRunSnapshot end) {
        candidate = end.ref();
        joined = true;
        accept(end.ref(), process.differs(end.tags()));
        observed(end, Optional.empty());
    }

    /** There is no new run: the last one of the key is over, and the process says what follows. */
    private void leaveTo(JobRunSnapshot last) {
        releaseClaim(Optional.of(last.ref()));
        stop();
        process.keyIsOver(this, last);
    }

    // ---- watch

    /** @param since when the state began, if an event told */
    private void observed(JobRunSnapshot seen, Optional<Instant> since) {
        JobRunSnapshot before = latest;
        boolean changed = before == null || !before.serviceState().equals(seen.serviceState());
        if (changed) {
            states = Timelines.and(states, seen, since, engine.loop.now());
        }
        JobRunSnapshot snapshot = seen.withTimeline(states);
        latest = snapshot;
        process.seen(snapshot, changed, Optional.ofNullable(before));
        if (snapshot.state().terminal() && phase == Phase.WATCHING) {
            stop();
            process.ended(this, snapshot);
        }
    }

    /** Takes in an answer that somebody else got. */
    void alsoSeen(JobRunSnapshot snapshot) {
        if (watch != null) {
            watch.seen(snapshot);
        }
    }

    void lookSoon() {
        if (watch != null) {
            watch.lookSoon();
        }
    }

    // ---- the ends

    private void endNeverStarted(EmrEksException reason) {
        if (phase == Phase.OVER) {
            return;
        }
        stop();
        notStarted = reason;
        process.notStarted(this, reason);
    }

    private void endUnknown(EmrEksException reason) {
        stop();
        unknown = reason;
        process.unknown(this, reason);
    }

    private void endLost(EmrEksException reason) {
        if (phase != Phase.OVER) {
            stop();
            process.lost(this, reason);
        }
    }

    /** Lets go of everything; nobody is told. */
    void stop() {
        boolean maybeStarted = phase == Phase.LAUNCHING || phase == Phase.RESOLVING;
        phase = Phase.OVER;
        stopWatch();
        stopLookAgain();
        releaseClaim(maybeStarted || claim == null ? Optional.empty() : claim.run());
    }

    private void stopLookAgain() {
        if (lookAgain != null) {
            lookAgain.cancel();
            lookAgain = null;
        }
    }

    private void stopWatch() {
        if (watch != null) {
            watch.stop();
        }
    }

    private void releaseClaim(Optional<JobRunRef> lastRun) {
        if (claimWish != null) {
            claimWish.giveUp();
            claimWish = null;
        }
        if (claim != null) {
            claim.release(lastRun);
            claim = null;
        }
    }

    /** For the cancellation: stops what has not begun; it is told how that ends. */
    void cancelBeforeStart() {
        switch (phase) {
            case PREPARING, REPLACING -> endNeverStarted(cancelledBeforeStart());
            case LAUNCHING -> {
                if (launch != null) {
                    launch.stopUnlessUncertain();
                }
            }
            case RESOLVING, VERIFYING, WATCHING, OVER -> {}
        }
    }

    /** The client is closing: starts nothing more, finds out what is under way. */
    void close() {
        switch (phase) {
            case PREPARING, REPLACING -> endNeverStarted(closedBeforeStart());
            case LAUNCHING -> {
                if (launch != null) {
                    launch.stopUnlessUncertain();
                }
            }
            case RESOLVING -> {
                if (lookAgain != null) {
                    stop();
                    process.closedWhileUnknown();
                }
            }
            case VERIFYING, WATCHING -> process.continueClosing();
            case OVER -> {}
        }
    }

    private JobRunCancelledException cancelledBeforeStart() {
        return JobRunCancelledException.neverStarted(name);
    }

    private ClientClosedException closedBeforeStart() {
        return new ClientClosedException(
                "The client was closed before job run " + name + " was started", Fate.NEVER_STARTED, null);
    }

    private void guarded(Runnable step) {
        process.guarded(step);
    }
}
