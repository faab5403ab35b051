package io.emreks.internal.engine;

import io.emreks.client.CancelResult;
import io.emreks.error.ClientClosedException;
import io.emreks.error.ClientClosedException.Fate;
import io.emreks.error.EmrEksException;
import io.emreks.error.JobRunCancelledException;
import io.emreks.error.JobRunFailedException;
import io.emreks.error.JobRunSubmissionException;
import io.emreks.error.JobRunSubmissionException.Acceptance;
import io.emreks.error.MonitoringException;
import io.emreks.event.JobRunEvent;
import io.emreks.event.JobRunListener;
import io.emreks.internal.aws.StartCommand;
import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.calls.ApiOperation;
import io.emreks.internal.engine.Attempt.Order;
import io.emreks.internal.launch.ClientTokens;
import io.emreks.internal.launch.Lineage;
import io.emreks.internal.launch.RunTags;
import io.emreks.internal.loop.Loop;
import io.emreks.internal.outcome.History;
import io.emreks.internal.outcome.JobChanges;
import io.emreks.internal.outcome.Resubmissions;
import io.emreks.internal.outcome.Resubmissions.Next;
import io.emreks.internal.validation.Plan;
import io.emreks.internal.validation.Validation;
import io.emreks.internal.watch.DriverRestart;
import io.emreks.metrics.RunTelemetry;
import io.emreks.model.IfKeyIsOver;
import io.emreks.model.JobRunAttempt;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunRequest;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import io.emreks.retry.FailureClass;
import io.emreks.retry.Resubmission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one handle: its attempts, one after the other, and the telling of them. Belongs to the loop; only what is
 * volatile is read from elsewhere.
 */
final class JobRunProcess {
    private static final Logger LOG = LoggerFactory.getLogger(JobRunProcess.class);

    /** No key is run that often within the time that the service remembers its tokens; a longer chain is a fault. */
    private static final int OLD_RUNS_PASSED = 1_000;

    private enum Phase {
        /** The present attempt is on its way. */
        ATTEMPT,
        /** A run has failed; why is being found out. */
        DECIDING,
        /** A run has failed; the next one will be submitted. */
        PAUSING,
        /** The last event was told. */
        OVER
    }

    /** What a submission does about a run of its key that is there already. */
    enum Mode {
        /** Joins a live one. */
        SUBMIT,
        /** Ends a live one and starts another. */
        REPLACE,
        /** Goes on with what is there, and starts nothing for the first time. */
        RESUME
    }

    private final ClientEngine engine;
    private final Optional<Plan> plan;
    private final Mode mode;
    private final Optional<String> key;
    private Lineage lineage;
    private @Nullable String specification;

    private final Telling telling;
    private final RunCounts.Place place;
    private volatile RunTelemetry telemetry = RunTelemetry.NONE;
    private final TimeLimits limits;
    final Promise<JobRunRef> accepted;
    final Promise<JobRunSnapshot> started;
    final Promise<JobRunSnapshot> completion;

    private Phase phase = Phase.ATTEMPT;
    private boolean closing;
    private boolean noMore;
    private int oldRunsPassed;
    private String cancelledBecause = "";
    private @Nullable JobRunEvent last;
    private @Nullable JobRunSnapshot lastEnd;
    private @Nullable EmrEksException lastFailure;
    private Loop.@Nullable Timer pause;
    private volatile boolean ended;
    private volatile String name;
    private volatile List<Attempt> attempts = List.of();

    JobRunProcess(ClientEngine engine, Plan plan, Mode mode) {
        this(engine, Optional.of(plan), plan.name(), mode, plan.request().key());
    }

    /** For a run that somebody else started. */
    static JobRunProcess attached(ClientEngine engine, String name, Optional<String> key) {
        return new JobRunProcess(engine, Optional.empty(), name, Mode.RESUME, key);
    }

    private JobRunProcess(ClientEngine engine, Optional<Plan> plan, String name, Mode mode, Optional<String> key) {
        this.engine = engine;
        this.plan = plan;
        this.name = name;
        this.mode = mode;
        this.key = key;
        this.lineage = new Lineage(engine.owner, key.orElse(""), key.isPresent());
        this.place = engine.counts.new Place();
        CallbackContext context = new CallbackContext(this);
        this.telling = new Telling(
                engine.loop, engine.callbacks, context, engine.counts.waitingEvents, () -> engine.progressed(this));
        this.limits = new TimeLimits(engine.loop, this);
        this.accepted = new Promise<>(engine.deliveries, context::around);
        this.started = new Promise<>(engine.deliveries, context::around);
        this.completion = new Promise<>(engine.deliveries, context::around);
    }

    Optional<Plan> plan() {
        return plan;
    }

    String name() {
        return name;
    }

    Optional<String> key() {
        return key;
    }

    /** The present run, or else the last one. */
    @Nullable
    JobRunRef ref() {
        List<Attempt> all = attempts;
        for (int i = all.size() - 1; i >= 0; i--) {
            JobRunRef ref = all.get(i).ref();
            if (ref != null) {
                return ref;
            }
        }
        return null;
    }

    @Nullable
    JobRunSnapshot latest() {
        List<Attempt> all = attempts;
        for (int i = all.size() - 1; i >= 0; i--) {
            JobRunSnapshot latest = all.get(i).latest();
            if (latest != null) {
                return latest;
            }
        }
        return null;
    }

    /** Lets telemetry see the context of the calling thread. */
    void begunHere() {
        telemetry = engine.telemetry.begun(name, key);
    }

    /** The loop has ended meanwhile. */
    void neverBegun(ClientClosedException why) {
        telemetry.told(new JobRunEvent.Ended(engine.loop.now(), name, Optional.empty(), Optional.of(why)));
    }

    RunTelemetry telemetry() {
        return telemetry;
    }

    /** Which of the handle's runs that is; 0 if none. */
    int numberOf(JobRunRef run) {
        return attempts.stream()
                .filter(attempt -> attempt.is(run))
                .mapToInt(attempt -> attempt.order().number())
                .findFirst()
                .orElse(0);
    }

    List<JobRunAttempt> attempts() {
        return attempts.stream().map(Attempt::view).flatMap(Optional::stream).toList();
    }

    /** Whether it is certain that nothing of this job is live; read from anywhere. */
    boolean ended() {
        return ended;
    }

    String clientToken() {
        return current().clientToken();
    }

    boolean closing() {
        return closing;
    }

    private Attempt current() {
        return attempts.get(attempts.size() - 1);
    }

    private Optional<JobRunRequest> request() {
        return plan.map(Plan::request);
    }

    private Resubmission policy() {
        return request()
                .map(request -> Resubmissions.policy(request.resubmission(), request.longRunning()))
                .orElseGet(Resubmission::none);
    }

    // ---- beginnings

    void begin() {
        if (!lineage.keyed()) {
            lineage = Lineage.unkeyed(engine.owner, engine.random);
        }
        boolean again = mode == Mode.REPLACE
                || request().map(JobRunRequest::ifKeyIsOver).orElse(IfKeyIsOver.RUN_AGAIN) == IfKeyIsOver.RUN_AGAIN;
        next(
                new Order(1, History.NONE, Optional.empty(), List.of(), lineage.keyed(), again, mode == Mode.REPLACE),
                plan.orElseThrow());
    }

    /** The client was closed before this could begin. */
    void refuse() {
        closing = true;
        add(new Order(1, History.NONE, Optional.empty(), List.of(), false, false, false))
                .close();
    }

    private void next(Order order, Plan changed) {
        phase = Phase.ATTEMPT;
        place.pending();
        Attempt attempt = add(order);
        attempt.begin(changed, lineage, lineage.keyed() ? candidates() : List.of());
    }

    private Attempt add(Order order) {
        Attempt attempt = new Attempt(engine, this, order, name);
        List<Attempt> all = new ArrayList<>(attempts);
        all.removeIf(earlier -> earlier.ref() == null);
        all.add(attempt);
        attempts = List.copyOf(all);
        return attempt;
    }

    private List<String> candidates() {
        List<String> all =
                new ArrayList<>(plan.stream().map(Plan::virtualCluster).toList());
        all.addAll(policy().virtualClusters());
        return all;
    }

    /** Follows a run that somebody else started. */
    void follow(JobRunRef run) {
        add(new Order(1, History.NONE, Optional.empty(), List.of(), false, false, false))
                .follow(run);
    }

    /** Goes on with the last run of a key, live or not. */
    void resume(JobRunSnapshot head) {
        History history = engine.tags.history(head.tags()).orElse(History.NONE);
        Attempt attempt = add(new Order(
                history.attempts() + 1,
                history,
                Optional.empty(),
                Resubmissions.changes(policy(), history),
                false,
                false,
                false));
        guarded(() -> {
            if (head.state().terminal()) {
                attempt.adopt(head);
            } else {
                attempt.join(head);
            }
        });
    }

    /** What would be sent for the first run. */
    StartCommand firstCommand(String virtualClusterId) {
        Lineage whose = lineage.keyed() ? lineage : Lineage.unkeyed(engine.owner, engine.random);
        Map<String, String> ownTags =
                whose.keyed() ? engine.tags.of(whose, History.NONE, Optional.empty(), specification()) : Map.of();
        return plan.orElseThrow().command(virtualClusterId, ClientTokens.first(whose, virtualClusterId), ownTags);
    }

    /** Where to look further, if there is a run. */
    private String whereabouts() {
        JobRunRef run = ref();
        return run == null ? "" : engine.whereabouts.of(run);
    }

    // ---- what attempts tell

    /** A fault of ours must not leave a run hanging without a word. */
    void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.error("Job run {} is no longer followed because of a fault in emreks", name, e);
            stopped(new MonitoringException(
                    "Job run " + name + " is no longer followed because of a fault in emreks: " + e + whereabouts(),
                    ref(),
                    latest(),
                    false,
                    e));
        }
    }

    void accepted(Attempt attempt, JobRunRef run, boolean joined, Optional<Boolean> differs) {
        if (differs.orElse(false)) {
            LOG.warn("Job run {} ({}) was asked for otherwise than the request that joined it", run, name);
        }
        tell(
                joined
                        ? new JobRunEvent.Joined(engine.loop.now(), name, run, differs)
                        : new JobRunEvent.Accepted(engine.loop.now(), name, run));
        accepted.complete(run);
        request().flatMap(JobRunRequest::startTimeout).ifPresent(limit -> limits.toStart(attempt, limit));
    }

    void seen(JobRunSnapshot snapshot, boolean changed, Optional<JobRunSnapshot> before) {
        if (plan.isEmpty()) {
            snapshot.name().ifPresent(known -> name = known);
        }
        if (!snapshot.state().terminal()) {
            place.in(snapshot.state());
        }
        if (changed) {
            tell(new JobRunEvent.StateChanged(engine.loop.now(), name, snapshot, before.map(JobRunSnapshot::state)));
        }
        if (before.isEmpty() && !snapshot.state().terminal()) {
            request().flatMap(JobRunRequest::startTimeout).ifPresent(limit -> limits.toStart(current(), limit));
        }
        if (snapshot.state() == JobRunState.RUNNING && changed) {
            limits.started();
            request().flatMap(JobRunRequest::runTimeout).ifPresent(limit -> limits.toEnd(current(), limit));
        }
        if (snapshot.state() == JobRunState.RUNNING || snapshot.state() == JobRunState.COMPLETED) {
            started.complete(snapshot);
        }
    }

    void driverRestarted(Attempt attempt, DriverRestart restart) {
        JobRunRef run = attempt.ref();
        if (run != null) {
            inform(new JobRunEvent.DriverRestarted(
                    engine.loop.now(), name, run, restart.attempt(), restart.driverPod(), restart.reason()));
        }
    }

    Optional<Duration> expectedDuration() {
        return request().flatMap(JobRunRequest::expectedDuration);
    }

    /** Not news about the run, so nothing that a late listener needs to hear. */
    void pollFailed(Attempt attempt, ApiFailure problem, Instant next) {
        JobRunRef run = attempt.ref();
        if (run != null) {
            inform(new JobRunEvent.PollFailed(engine.loop.now(), name, run, problem.getMessage(), next));
        }
    }

    void ended(Attempt attempt, JobRunSnapshot end) {
        limits.stop();
        Optional<FailureClass> passed = limits.takePassed();
        switch (end.state()) {
            case COMPLETED -> finish(end, Optional.empty());
            case CANCELLED -> {
                EmrEksException cancelled =
                        JobRunCancelledException.of(end, cancelledBecause + engine.whereabouts.of(end.ref()));
                if (passed.isPresent()) {
                    decide(attempt, end, passed.get(), cancelled);
                } else {
                    finish(end, Optional.of(cancelled));
                }
            }
            case FAILED -> classify(attempt, end);
            case PENDING, SUBMITTED, RUNNING, CANCEL_PENDING, UNKNOWN ->
                throw new IllegalArgumentException(end.state() + " is no end");
        }
    }

    /** The attempt found its key's last run over, and started none. */
    void keyIsOver(Attempt attempt, JobRunSnapshot head) {
        if (noMore || closing) {
            notStarted(
                    attempt,
                    noMore
                            ? JobRunCancelledException.neverStarted(name)
                            : new ClientClosedException(
                                    "The client was closed before job run " + name + " was started",
                                    Fate.NEVER_STARTED,
                                    null));
            return;
        }
        boolean goesOn = attempt.order().number() > 1 || mode == Mode.RESUME;
        IfKeyIsOver then = plan.orElseThrow().request().ifKeyIsOver();
        if (goesOn || (then == IfKeyIsOver.RETURN_RESULT && mode != Mode.REPLACE)) {
            noMore = !goesOn;
            add(orderAfter(attempt, Optional.of(head))).adopt(head);
        } else if (then == IfKeyIsOver.REFUSE && mode != Mode.REPLACE) {
            notStarted(attempt, keyIsOver(head));
        } else if (++oldRunsPassed > OLD_RUNS_PASSED) {
            notStarted(
                    attempt,
                    refusal("is not started, as the service answers each new client token with an older run", true));
        } else {
            next(orderAfter(attempt, Optional.of(head)), plan.orElseThrow());
        }
    }

    private static Order orderAfter(Attempt attempt, Optional<JobRunSnapshot> predecessor) {
        Order order = attempt.order();
        return new Order(
                order.number(), order.history(), predecessor, order.changes(), false, order.followEnded(), false);
    }

    private EmrEksException keyIsOver(JobRunSnapshot head) {
        return refusal(
                "is not started: the last run of key '" + lineage.key() + "', " + head.ref() + ", is "
                        + head.serviceState() + ", and the request says " + IfKeyIsOver.REFUSE,
                false);
    }

    private JobRunSubmissionException refusal(String why, boolean retryable) {
        return new JobRunSubmissionException(
                "Job run " + name + " " + why,
                Acceptance.NOT_ACCEPTED,
                clientToken(),
                0,
                retryable,
                Optional.empty(),
                null);
    }

    void notStarted(Attempt attempt, EmrEksException reason) {
        JobRunSnapshot before = lastEnd;
        if (before == null) {
            over(new JobRunEvent.Ended(engine.loop.now(), name, Optional.empty(), Optional.of(reason)));
            failAll(reason);
        } else if (reason instanceof ClientClosedException) {
            stopped(awaitingResubmission(before));
        } else {
            EmrEksException failure = Objects.requireNonNull(lastFailure);
            if (!(reason instanceof JobRunCancelledException)) {
                failure.addSuppressed(reason);
            }
            finish(before, Optional.of(failure));
        }
        attempt.cancellation.neverStarted();
        engine.progressed(this);
    }

    void unknown(Attempt attempt, EmrEksException reason) {
        stopped(closing ? closedWhileSubmitting() : reason);
        attempt.cancellation.unknown(reason);
        engine.progressed(this);
    }

    void closedWhileUnknown() {
        EmrEksException reason = closedWhileSubmitting();
        stopped(reason);
        current().cancellation.unknown(reason);
        engine.progressed(this);
    }

    private ClientClosedException closedWhileSubmitting() {
        return new ClientClosedException(
                "The client was closed while job run " + name
                        + " was being submitted; a run that was started has the client token " + clientToken(),
                Fate.UNKNOWN,
                null);
    }

    void lost(Attempt attempt, EmrEksException reason) {
        stopped(reason);
        if (attempt.ref() == null) {
            attempt.cancellation.unknown(reason);
        }
    }

    /** Another live run of the key: the first one stays. */
    void duplicate(JobRunRef kept, JobRunRef more) {
        LOG.warn("Two live runs of key '{}': {} is kept, {} is cancelled", lineage.key(), kept, more);
        tell(new JobRunEvent.DuplicateCancelled(engine.loop.now(), name, kept, more));
        var unused = engine.calls
                .call(ApiOperation.CANCEL_JOB_RUN, () -> engine.emr.cancelJobRun(more))
                .result()
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.warn(
                                "Job run {} could not be cancelled: {}",
                                more,
                                ApiFailure.in(failure).getMessage());
                    }
                });
    }

    /** A hash of what the request asks for, without what differs between its attempts. */
    String specification() {
        if (specification == null) {
            specification =
                    RunTags.specification(engine.emr.json(plan.orElseThrow().command("", "", Map.of())));
        }
        return specification;
    }

    /** Whether a run was asked for otherwise, as far as its tags tell. */
    Optional<Boolean> differs(Map<String, String> tags) {
        return plan.isEmpty()
                ? Optional.empty()
                : engine.tags.specification(tags).map(its -> !its.equals(specification()));
    }

    /** How the run before an attempt ended. */
    Optional<JobRunSnapshot> endBefore(Attempt attempt) {
        return attempt.ref() == null ? Optional.ofNullable(lastEnd) : Optional.empty();
    }

    // ---- resubmission

    private void classify(Attempt attempt, JobRunSnapshot end) {
        phase = Phase.DECIDING;
        JobRunAttempt failed = attempt.view().orElseThrow();
        engine.classify(
                failed,
                policy().diagnosisLimit(),
                known -> guarded(() -> decide(attempt, end, known, failedWith(end, known))));
    }

    private EmrEksException failedWith(JobRunSnapshot end, FailureClass known) {
        return new JobRunFailedException(end, known, engine.whereabouts.of(end.ref()));
    }

    private void decide(Attempt attempt, JobRunSnapshot end, FailureClass known, EmrEksException failure) {
        if (phase == Phase.OVER) {
            return;
        }
        attempt.failedBecause(known);
        Optional<Next> next = noMore || plan.isEmpty()
                ? Optional.empty()
                : Resubmissions.next(
                        policy(),
                        plan.get().request().idempotent(),
                        engine.tags.history(end.tags()).orElse(attempt.order().history()),
                        known,
                        running(attempt),
                        engine.loop.now(),
                        engine.random);
        if (next.isEmpty()) {
            finish(end, Optional.of(failure));
            return;
        }
        lastEnd = end;
        lastFailure = failure;
        if (closing) {
            stopped(awaitingResubmission(end));
            return;
        }
        pauseBefore(next.get(), end, known, failure);
    }

    private void pauseBefore(Next next, JobRunSnapshot end, FailureClass known, EmrEksException failure) {
        Plan changed;
        try {
            changed = Validation.plan(
                    JobChanges.apply(next.changes(), plan.orElseThrow().request()), engine.defaults);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
            finish(end, Optional.of(failure));
            return;
        }
        phase = Phase.PAUSING;
        place.pending();
        tell(new JobRunEvent.AttemptEnded(engine.loop.now(), name, end, known, next.pause(), next.changes()));
        pause = engine.loop.after(
                next.pause(),
                () -> guarded(() -> {
                    pause = null;
                    next(
                            new Order(
                                    next.history().attempts() + 1,
                                    next.history(),
                                    Optional.of(end),
                                    next.changes(),
                                    lineage.keyed(),
                                    false,
                                    false),
                            changed);
                }));
    }

    private Duration running(Attempt attempt) {
        return attempt.states().stream()
                .filter(seen -> seen.state() == JobRunState.RUNNING)
                .findFirst()
                .map(seen -> Duration.between(seen.firstSeen(), engine.loop.now()))
                .orElse(Duration.ZERO);
    }

    private ClientClosedException awaitingResubmission(JobRunSnapshot end) {
        return new ClientClosedException(
                "The client was closed before the job of " + end.ref() + " (" + name
                        + "), which FAILED, was submitted again" + engine.whereabouts.of(end.ref()),
                Fate.AWAITING_RESUBMISSION,
                end.ref());
    }

    // ---- outcome

    private void finish(JobRunSnapshot end, Optional<EmrEksException> failure) {
        if (phase == Phase.OVER) {
            return;
        }
        over(new JobRunEvent.Ended(engine.loop.now(), name, Optional.of(end), failure));
        if (failure.isPresent()) {
            failAll(failure.get());
        } else {
            completion.complete(end);
        }
        engine.progressed(this);
    }

    private void stopped(EmrEksException reason) {
        if (phase == Phase.OVER) {
            return;
        }
        over(new JobRunEvent.WatchStopped(
                engine.loop.now(), name, reason.jobRun().or(() -> Optional.ofNullable(ref())), reason));
        failAll(reason);
        engine.progressed(this);
    }

    private void over(JobRunEvent end) {
        phase = Phase.OVER;
        ended = end instanceof JobRunEvent.Ended;
        limits.stop();
        place.leave();
        if (pause != null) {
            pause.cancel();
            pause = null;
        }
        if (!current().over()) {
            current().stop();
        }
        tell(end);
    }

    private void failAll(EmrEksException reason) {
        accepted.fail(reason);
        started.fail(reason);
        completion.fail(reason);
    }

    // ---- telling

    void addListener(JobRunListener listener) {
        boolean asTold = last == null || phase == Phase.PAUSING || phase == Phase.OVER;
        telling.add(listener, asTold ? last : present());
    }

    private JobRunEvent present() {
        JobRunSnapshot snapshot = current().latest();
        return snapshot == null
                ? Objects.requireNonNull(last)
                : new JobRunEvent.StateChanged(engine.loop.now(), name, snapshot, Optional.empty());
    }

    void tell(JobRunEvent event) {
        last = event;
        inform(event);
    }

    private void inform(JobRunEvent event) {
        telemetry.told(event);
        telling.tell(event);
    }

    // ---- cancel

    void cancel(Promise<CancelResult> answer) {
        if (engine.closed()) {
            answer.fail(new ClientClosedException(
                    "The client was closed before job run " + name + " was asked to cancel",
                    ref() == null ? Fate.UNKNOWN : Fate.STARTED,
                    ref()));
            return;
        }
        noMore = true;
        if (phase == Phase.DECIDING || phase == Phase.PAUSING) {
            JobRunSnapshot end = Objects.requireNonNull(current().latest());
            finish(
                    end,
                    Optional.of(Objects.requireNonNullElseGet(
                            phase == Phase.PAUSING ? lastFailure : null, () -> failedWith(end, FailureClass.UNKNOWN))));
        }
        current().cancellation.ask(answer);
    }

    /** Cancels, and waits for the end. */
    void cancelAndConfirm(Promise<CancelResult> answer) {
        Promise<CancelResult> asked = new Promise<>(engine.deliveries);
        cancel(asked);
        var unused = asked.settled().whenComplete((result, failure) -> {
            if (failure != null) {
                answer.fail(failure);
            } else if (result instanceof CancelResult.Requested requested) {
                var unused2 = completion.settled().whenComplete((end, ended) -> answer.complete(confirmed(requested)));
            } else {
                answer.complete(result);
            }
        });
    }

    private CancelResult confirmed(CancelResult.Requested requested) {
        JobRunSnapshot end = latest();
        if (end != null && end.state() == JobRunState.CANCELLED) {
            return new CancelResult.Confirmed(end);
        }
        return end != null && end.state().terminal()
                ? new CancelResult.AlreadyOver(end)
                : new CancelResult.Unknown(
                        Optional.of(requested.run()),
                        new MonitoringException(
                                "Job run " + requested.run() + " was asked to cancel and is no longer followed"
                                        + engine.whereabouts.of(requested.run()),
                                requested.run(),
                                end,
                                true,
                                null));
    }

    /** A limit has passed: asks the service until the run ends. */
    void cancelBecause(Attempt attempt, String why, boolean resubmit) {
        cancelledBecause = why;
        noMore |= !resubmit;
        askFor(attempt);
    }

    private void askFor(Attempt attempt) {
        if (phase != Phase.ATTEMPT || attempt != current() || closing) {
            return;
        }
        Promise<CancelResult> answer = new Promise<>(engine.deliveries);
        attempt.cancellation.ask(answer);
        var unused = answer.settled().thenAccept(result -> {
            if (result instanceof CancelResult.Refused || result instanceof CancelResult.Unknown) {
                LOG.warn("Job run {} ({}) could not be cancelled, which is tried again: {}", ref(), name, result);
                limits.tryAgain(() -> askFor(attempt));
            }
        });
    }

    void cancelTaken(Attempt attempt, JobRunRef run) {
        if (phase == Phase.ATTEMPT && !attempt.over()) {
            tell(new JobRunEvent.CancelRequested(engine.loop.now(), name, run));
            attempt.lookSoon();
        }
    }

    /** The cancellation has its answer. */
    void cancelAnswered() {
        continueClosing();
        engine.progressed(this);
    }

    /** How the process ended without a run, or why nobody knows; null while it has not. */
    @Nullable
    JobRunEvent end() {
        return phase == Phase.OVER ? last : null;
    }

    // ---- letting go

    void stopWatching() {
        switch (phase) {
            case ATTEMPT -> {
                if (current().ref() == null) {
                    var unused = accepted.settled()
                            .whenComplete((run, failure) -> engine.loop.execute(() -> {
                                if (phase == Phase.ATTEMPT && current().ref() != null) {
                                    stopWatching();
                                }
                            }));
                } else {
                    letGo();
                }
            }
            case DECIDING, PAUSING -> letGo();
            case OVER -> {}
        }
    }

    private void letGo() {
        stopped(new MonitoringException(
                "Watching job run " + ref() + " was stopped by the caller; the run was left alone" + whereabouts(),
                ref(),
                latest(),
                false,
                null));
    }

    /** The client is closing: starts nothing more, finds out what is under way. */
    void close() {
        closing = true;
        switch (phase) {
            case ATTEMPT -> current().close();
            case DECIDING -> {
                JobRunSnapshot end = Objects.requireNonNull(current().latest());
                if (policy().possible()) {
                    stopped(awaitingResubmission(end));
                } else {
                    finish(end, Optional.of(failedWith(end, FailureClass.UNKNOWN)));
                }
            }
            case PAUSING -> stopped(awaitingResubmission(Objects.requireNonNull(lastEnd)));
            case OVER -> {}
        }
    }

    void continueClosing() {
        JobRunRef run = current().candidate();
        if (closing
                && phase == Phase.ATTEMPT
                && run != null
                && !current().over()
                && !current().cancellation.underWay()) {
            stopped(new ClientClosedException(
                    "The client was closed while it followed job run " + run + "; the run was left alone"
                            + engine.whereabouts.of(run),
                    Fate.STARTED,
                    run));
        }
    }

    /** Whether there is nothing left to find out or to tell. */
    boolean settled() {
        return answered() && telling.quiet();
    }

    /** Whether there is nothing left to find out. */
    boolean answered() {
        return phase == Phase.OVER && !current().cancellation.underWay();
    }
}
