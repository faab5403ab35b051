package io.emreks.internal.engine;

import io.emreks.client.CancelResult;
import io.emreks.error.EmrEksException;
import io.emreks.error.MonitoringException;
import io.emreks.internal.calls.ApiCall;
import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.calls.ApiOperation;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The wish to cancel one attempt: kept until its run has an id, sent once, answered to everyone who asked. */
final class Cancellation {
    private final ClientEngine engine;
    private final JobRunProcess process;
    private final Attempt attempt;
    private final List<Promise<CancelResult>> asked = new ArrayList<>();
    private boolean underWay;
    private boolean taken;

    Cancellation(ClientEngine engine, JobRunProcess process, Attempt attempt) {
        this.engine = engine;
        this.process = process;
        this.attempt = attempt;
    }

    /** Whether somebody waits for an answer. */
    boolean wanted() {
        return !asked.isEmpty();
    }

    /** Whether a call is being made for it. */
    boolean underWay() {
        return underWay;
    }

    void ask(Promise<CancelResult> answer) {
        JobRunSnapshot latest = attempt.latest();
        JobRunRef run = attempt.candidate();
        EmrEksException unknown = attempt.unknown();
        asked.add(answer);
        if (latest != null && latest.state().terminal()) {
            answer(new CancelResult.AlreadyOver(latest));
        } else if (run != null && (taken || (latest != null && latest.state() == JobRunState.CANCEL_PENDING))) {
            answer(new CancelResult.Requested(run));
        } else if (run != null) {
            runIsKnown(run);
        } else if (unknown != null) {
            unknown(unknown);
        } else if (attempt.over()) {
            neverStarted();
        } else {
            attempt.cancelBeforeStart();
        }
    }

    /** Sends it if somebody asked and it is not being sent. */
    void runIsKnown(JobRunRef run) {
        if (!wanted() || underWay) {
            return;
        }
        ApiCall<JobRunRef> cancel = engine.calls.call(ApiOperation.CANCEL_JOB_RUN, () -> engine.emr.cancelJobRun(run));
        underWay = true;
        var unused = cancel.result().whenComplete((done, failure) -> {
            if (failure == null) {
                taken(run);
            } else {
                refused(run, ApiFailure.in(failure));
            }
        });
    }

    /** There is no run of this attempt; there may have been one before it. */
    void neverStarted() {
        answer(process.endBefore(attempt)
                .<CancelResult>map(CancelResult.AlreadyOver::new)
                .orElseGet(CancelResult.NeverStarted::new));
    }

    void unknown(EmrEksException reason) {
        answer(new CancelResult.Unknown(Optional.empty(), reason));
    }

    private void taken(JobRunRef run) {
        taken = true;
        process.cancelTaken(attempt, run);
        answer(new CancelResult.Requested(run));
    }

    /** A refused cancel usually means that the run has ended, or is being cancelled already: its state tells. */
    private void refused(JobRunRef run, ApiFailure failure) {
        if (failure.kind() != ApiFailure.Kind.INVALID && failure.kind() != ApiFailure.Kind.NOT_FOUND) {
            answer(notKnownToBeTaken(run, failure));
            return;
        }
        ApiCall<JobRunSnapshot> look =
                engine.calls.call(ApiOperation.DESCRIBE_JOB_RUN, () -> engine.emr.describeJobRun(run));
        var unused = look.result().whenComplete((snapshot, lookFailure) -> {
            if (lookFailure != null) {
                answer(new CancelResult.Unknown(Optional.of(run), reason(run, failure)));
                return;
            }
            attempt.alsoSeen(snapshot);
            if (attempt.over() && attempt.candidate() == null) {
                neverStarted();
            } else if (snapshot.state().terminal()) {
                answer(new CancelResult.AlreadyOver(snapshot));
            } else if (snapshot.state() == JobRunState.CANCEL_PENDING) {
                taken(run);
            } else {
                answer(new CancelResult.Refused(run, reason(run, failure)));
            }
        });
    }

    private CancelResult notKnownToBeTaken(JobRunRef run, ApiFailure failure) {
        return failure.mayHaveTakenEffect()
                ? new CancelResult.Unknown(Optional.of(run), reason(run, failure))
                : new CancelResult.Refused(run, reason(run, failure));
    }

    private EmrEksException reason(JobRunRef run, ApiFailure failure) {
        return new MonitoringException(
                "Job run " + run + " could not be cancelled: " + failure.getMessage() + engine.whereabouts.of(run),
                run,
                attempt.latest(),
                failure.kind().retryable(),
                failure);
    }

    private void answer(CancelResult result) {
        underWay = false;
        List<Promise<CancelResult>> everyone = List.copyOf(asked);
        asked.clear();
        everyone.forEach(promise -> promise.complete(result));
        process.cancelAnswered();
    }
}
