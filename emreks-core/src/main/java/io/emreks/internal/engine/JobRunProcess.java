package io.emreks.internal.engine;

import io.emreks.client.CancelResult;
import io.emreks.error.ClientClosedException;
import io.emreks.error.ClientClosedException.Fate;
import io.emreks.error.EmrEksException;
import io.emreks.error.JobRunCancelledException;
import io.emreks.error.JobRunSubmissionException;
import io.emreks.error.JobRunSubmissionException.Acceptance;
import io.emreks.error.MonitoringException;
import io.emreks.error.StagingException;
import io.emreks.event.JobRunEvent;
import io.emreks.event.JobRunListener;
import io.emreks.internal.calls.ApiCall;
import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.calls.ApiOperation;
import io.emreks.internal.outcome.Outcomes;
import io.emreks.internal.validation.Plan;
import io.emreks.internal.watch.Watcher;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one run through the rooms: staging, launch, watch, outcome. Belongs to the loop; only what is volatile is read
 * from elsewhere.
 */
final class JobRunProcess {
    private static final Logger LOG = LoggerFactory.getLogger(JobRunProcess.class);

    private enum Phase {
        /** Nothing was sent yet that could start a run. */
        STAGING,
        /** StartJobRun is under way, waits, or is tried again. */
        LAUNCHING,
        /** The run has an id and is looked at. */
        WATCHING,
        /** The last event was told. */
        OVER
    }

    private final ClientEngine engine;
    private final Plan plan;
    /** Drawn on the loop, as the random generator need not be safe for several threads. */
    private String clientToken = "";

    private final Telling telling;
    private final Cancellation cancellation;
    final Promise<JobRunRef> accepted;
    final Promise<JobRunSnapshot> started;
    final Promise<JobRunSnapshot> completion;

    private Phase phase = Phase.STAGING;
    private boolean closing;
    private @Nullable ApiCall<JobRunRef> launch;
    private Watcher.@Nullable Watch watch;
    private @Nullable JobRunEvent last;
    private volatile @Nullable JobRunRef ref;
    private volatile @Nullable JobRunSnapshot latest;

    JobRunProcess(ClientEngine engine, Plan plan) {
        this.engine = engine;
        this.plan = plan;
        this.telling = new Telling(engine.loop, engine.callbacks, () -> engine.progressed(this));
        this.cancellation = new Cancellation(engine, this);
        this.accepted = new Promise<>(engine.deliveries);
        this.started = new Promise<>(engine.deliveries);
        this.completion = new Promise<>(engine.deliveries);
    }

    Plan plan() {
        return plan;
    }

    String clientToken() {
        return clientToken;
    }

    @Nullable
    JobRunRef ref() {
        return ref;
    }

    @Nullable
    JobRunSnapshot latest() {
        return latest;
    }

    // ---- staging

    void begin(String token) {
        clientToken = token;
        CompletableFuture<String> virtualCluster = engine.virtualClusters.id(plan.virtualCluster());
        CompletableFuture<?> staged = CompletableFuture.allOf(plan.templates().stream()
                .map(template -> engine.stager.stage(plan.artifacts().orElseThrow(), template))
                .toArray(CompletableFuture<?>[]::new));
        var unused = virtualCluster
                .thenCombine(staged, (id, nothing) -> id)
                .whenComplete((id, failure) -> engine.loop.execute(() -> guarded(() -> {
                    if (phase != Phase.STAGING) {
                        return;
                    }
                    if (failure == null) {
                        launch(id);
                    } else {
                        endNeverStarted(unstarted(failure));
                    }
                })));
    }

    private EmrEksException unstarted(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof StagingException staging) {
            return staging;
        }
        ApiFailure lookUp = ApiFailure.in(cause);
        return new JobRunSubmissionException(
                "Job run " + plan.name() + " was not submitted: " + lookUp.getMessage(),
                Acceptance.NOT_ACCEPTED,
                clientToken,
                0,
                lookUp.kind().retryable(),
                lookUp);
    }

    /** A fault of ours must not leave a run hanging without a word. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.error("Job run {} is no longer followed because of a fault in emreks", plan.name(), e);
            stopped(new MonitoringException(
                    "Job run " + plan.name() + " is no longer followed because of a fault in emreks: " + e,
                    ref,
                    latest,
                    false,
                    e));
        }
    }

    // ---- launch

    private void launch(String virtualClusterId) {
        phase = Phase.LAUNCHING;
        var command = plan.command(virtualClusterId, clientToken);
        ApiCall<JobRunRef> call = engine.calls.call(ApiOperation.START_JOB_RUN, () -> engine.emr.startJobRun(command));
        launch = call;
        var unused = call.result()
                .whenComplete((started, failure) -> guarded(() -> {
                    if (failure == null) {
                        launched(started);
                    } else {
                        refused(ApiFailure.in(failure));
                    }
                }));
    }

    private void launched(JobRunRef run) {
        launch = null;
        ref = run;
        phase = Phase.WATCHING;
        tell(new JobRunEvent.Accepted(engine.loop.now(), plan.name(), run));
        accepted.complete(run);
        watch = engine.watcher.watch(run, new Watcher.Observer() {
            @Override
            public void seen(JobRunSnapshot snapshot) {
                guarded(() -> observed(snapshot));
            }

            @Override
            public void lost(MonitoringException reason) {
                stopped(reason);
            }
        });
        cancellation.runIsKnown(run);
        continueClosing();
    }

    private void refused(ApiFailure failure) {
        launch = null;
        boolean unknown = failure.mayHaveTakenEffect();
        if (!unknown && failure.kind() == ApiFailure.Kind.STOPPED) {
            endNeverStarted(closing && !cancellation.wanted() ? closedBeforeStart() : cancelledBeforeStart());
            return;
        }
        JobRunSubmissionException refusal = refusal(failure, unknown, "");
        if (failure.kind() == ApiFailure.Kind.NOT_FOUND || failure.kind() == ApiFailure.Kind.INVALID) {
            engine.virtualClusters.forget(plan.virtualCluster());
        }
        if (failure.kind() == ApiFailure.Kind.NOT_FOUND && !closing) {
            var unused = engine.virtualClusters
                    .existing()
                    .whenComplete((existing, nothing) -> guarded(() -> endRefused(refusal(
                            failure,
                            unknown,
                            existing.map(names -> "; " + names).orElse("")))));
        } else {
            endRefused(refusal);
        }
    }

    private JobRunSubmissionException refusal(ApiFailure failure, boolean unknown, String hint) {
        return new JobRunSubmissionException(
                unknown
                        ? "It is not known whether job run " + plan.name()
                                + " was started: no answer to StartJobRun, last " + failure.getMessage()
                                + "; a run that was has the client token " + clientToken
                        : "Job run " + plan.name() + " was refused: " + failure.getMessage() + hint,
                unknown ? Acceptance.UNKNOWN : Acceptance.NOT_ACCEPTED,
                clientToken,
                failure.tries(),
                failure.kind().retryable(),
                failure);
    }

    private void endRefused(JobRunSubmissionException reason) {
        if (phase == Phase.OVER) {
            return;
        }
        if (reason.acceptance() == Acceptance.NOT_ACCEPTED) {
            endNeverStarted(reason);
        } else if (closing) {
            stopped(new ClientClosedException(
                    "The client was closed while job run " + plan.name()
                            + " was being submitted; a run that was started has the client token " + clientToken,
                    Fate.UNKNOWN,
                    null));
        } else {
            stopped(reason);
        }
    }

    // ---- watch

    private void observed(JobRunSnapshot snapshot) {
        if (phase != Phase.WATCHING) {
            return;
        }
        JobRunSnapshot before = latest;
        latest = snapshot;
        if (before == null || !before.serviceState().equals(snapshot.serviceState())) {
            tell(new JobRunEvent.StateChanged(
                    engine.loop.now(),
                    plan.name(),
                    snapshot,
                    Optional.ofNullable(before).map(JobRunSnapshot::state)));
        }
        if (snapshot.state() == JobRunState.RUNNING || snapshot.state() == JobRunState.COMPLETED) {
            started.complete(snapshot);
        }
        if (snapshot.state().terminal()) {
            ended(snapshot);
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

    void stopWatching() {
        switch (phase) {
            case WATCHING ->
                stopped(new MonitoringException(
                        "Watching job run " + ref + " was stopped by the caller; the run was left alone",
                        ref,
                        latest,
                        false,
                        null));
            case STAGING, LAUNCHING -> {
                var unused = accepted.settled()
                        .whenComplete((run, failure) -> engine.loop.execute(() -> {
                            if (phase == Phase.WATCHING) {
                                stopWatching();
                            }
                        }));
            }
            case OVER -> {}
        }
    }

    // ---- outcome

    private void ended(JobRunSnapshot end) {
        Optional<EmrEksException> failure = Outcomes.failureOf(end);
        over(new JobRunEvent.Ended(engine.loop.now(), plan.name(), Optional.of(end), failure));
        if (failure.isPresent()) {
            failAll(failure.get());
        } else {
            completion.complete(end);
        }
        engine.progressed(this);
    }

    private void endNeverStarted(EmrEksException reason) {
        over(new JobRunEvent.Ended(engine.loop.now(), plan.name(), Optional.empty(), Optional.of(reason)));
        failAll(reason);
        cancellation.neverStarted();
        engine.progressed(this);
    }

    private void stopped(EmrEksException reason) {
        if (phase == Phase.OVER) {
            return;
        }
        over(new JobRunEvent.WatchStopped(engine.loop.now(), plan.name(), Optional.ofNullable(ref), reason));
        failAll(reason);
        if (ref == null) {
            cancellation.unknown(reason);
        }
        engine.progressed(this);
    }

    private void over(JobRunEvent end) {
        phase = Phase.OVER;
        if (watch != null) {
            watch.stop();
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
        telling.add(listener, last == null || phase == Phase.OVER ? last : present());
    }

    private JobRunEvent present() {
        JobRunSnapshot snapshot = latest;
        return snapshot == null
                ? Objects.requireNonNull(last)
                : new JobRunEvent.StateChanged(engine.loop.now(), plan.name(), snapshot, Optional.empty());
    }

    void tell(JobRunEvent event) {
        last = event;
        telling.tell(event);
    }

    // ---- cancel

    void cancel(Promise<CancelResult> answer) {
        if (engine.closed()) {
            answer.fail(new ClientClosedException(
                    "The client was closed before job run " + plan.name() + " was asked to cancel",
                    ref == null ? Fate.UNKNOWN : Fate.STARTED,
                    ref));
        } else {
            cancellation.ask(answer);
        }
    }

    /** For the cancellation: stops what has not begun; it is told how that ends. */
    void cancelBeforeStart() {
        if (phase == Phase.STAGING) {
            endNeverStarted(cancelledBeforeStart());
        } else if (launch != null) {
            launch.stopUnlessUncertain();
        }
    }

    void cancelTaken(JobRunRef run) {
        if (phase == Phase.WATCHING) {
            tell(new JobRunEvent.CancelRequested(engine.loop.now(), plan.name(), run));
            lookSoon();
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

    private JobRunCancelledException cancelledBeforeStart() {
        return JobRunCancelledException.neverStarted(plan.name());
    }

    // ---- close

    /** The client is closing: starts nothing more, finds out what is under way. */
    void close() {
        closing = true;
        switch (phase) {
            case STAGING -> endNeverStarted(closedBeforeStart());
            case LAUNCHING -> {
                if (launch != null) {
                    launch.stopUnlessUncertain();
                }
            }
            case WATCHING -> continueClosing();
            case OVER -> {}
        }
    }

    private void continueClosing() {
        if (closing && phase == Phase.WATCHING && !cancellation.underWay()) {
            stopped(new ClientClosedException(
                    "The client was closed while it followed job run " + ref + "; the run was left alone",
                    Fate.STARTED,
                    ref));
        }
    }

    private ClientClosedException closedBeforeStart() {
        return new ClientClosedException(
                "The client was closed before job run " + plan.name() + " was started", Fate.NEVER_STARTED, null);
    }

    /** Whether there is nothing left to find out or to tell. */
    boolean settled() {
        return answered() && telling.quiet();
    }

    /** Whether there is nothing left to find out. */
    boolean answered() {
        return phase == Phase.OVER && !cancellation.underWay();
    }
}
