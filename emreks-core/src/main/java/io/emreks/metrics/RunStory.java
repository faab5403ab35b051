package io.emreks.metrics;

import io.emreks.error.ClientClosedException;
import io.emreks.error.EmrEksException;
import io.emreks.error.JobRunCancelledException;
import io.emreks.error.JobRunFailedException;
import io.emreks.error.JobRunSubmissionException;
import io.emreks.event.JobRunEvent;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import io.emreks.model.SeenState;
import io.emreks.model.TimeLimit;
import io.emreks.retry.FailureClass;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the events of one handle mean for meters. Keeps little, and nothing of the runs before the present one. */
final class RunStory {
    /** What became of a submission. */
    enum Submission {
        ACCEPTED,
        JOINED,
        NOT_ACCEPTED,
        UNKNOWN,
        CANCELLED,
        CLIENT_CLOSED
    }

    /** Hears what is to be counted. */
    interface Counter {
        void submitted(Submission outcome);

        void resubmittedAfter(FailureClass failure);

        void started(Duration afterAcceptance);

        void ended(JobRunState state, Duration afterAcceptance);

        void failed(FailureClass failure);
    }

    private final Counter counter;
    /** There is a run and it did not end. */
    private boolean live;

    private boolean joined;
    private boolean wasOver;
    private Instant accepted = Instant.EPOCH;
    private @Nullable FailureClass before;
    private @Nullable FailureClass passed;

    RunStory(Counter counter) {
        this.counter = counter;
    }

    void tell(JobRunEvent event) {
        if (event instanceof JobRunEvent.Accepted) {
            begins(event.at(), Submission.ACCEPTED);
        } else if (event instanceof JobRunEvent.Joined) {
            begins(event.at(), Submission.JOINED);
        } else if (event instanceof JobRunEvent.StateChanged changed) {
            sawState(changed);
        } else if (event instanceof JobRunEvent.TimeLimitPassed limit
                && limit.limit().then() != TimeLimit.Then.TELL) {
            passed = limit.which();
        } else if (event instanceof JobRunEvent.AttemptEnded ended) {
            ends(ended.at(), ended.snapshot(), Optional.of(ended.failure()));
            before = ended.failure();
        } else if (event instanceof JobRunEvent.Ended ended) {
            if (live && ended.snapshot().isPresent()) {
                ends(ended.at(), ended.snapshot().get(), failureOf(ended, passed));
            } else {
                ended.failure().flatMap(this::notSubmitted).ifPresent(counter::submitted);
            }
        } else if (event instanceof JobRunEvent.WatchStopped stopped && !live && unknown(stopped.reason())) {
            counter.submitted(Submission.UNKNOWN);
        }
    }

    private void begins(Instant at, Submission how) {
        counter.submitted(how);
        if (how == Submission.ACCEPTED && before != null) {
            counter.resubmittedAfter(before);
        }
        before = null;
        passed = null;
        live = true;
        wasOver = false;
        joined = how == Submission.JOINED;
        accepted = at;
    }

    private void sawState(JobRunEvent.StateChanged changed) {
        boolean atFirstSight = changed.previous().isEmpty();
        if (changed.state().terminal()) {
            wasOver = joined && atFirstSight;
        } else if (changed.state() == JobRunState.RUNNING) {
            Optional<SeenState> running = changed.snapshot().timeline().stream()
                    .filter(seen -> seen.state() == JobRunState.RUNNING)
                    .findFirst();
            boolean sinceIsKnown = running.flatMap(SeenState::since).isPresent();
            if (!joined || !atFirstSight || sinceIsKnown) {
                counter.started(sinceAcceptance(
                        changed.snapshot(), running.map(SeenState::began).orElse(changed.at())));
            }
        }
    }

    private void ends(Instant at, JobRunSnapshot end, Optional<FailureClass> failure) {
        live = false;
        if (!wasOver) {
            counter.ended(end.state(), sinceAcceptance(end, end.finishedAt().orElse(at)));
            failure.ifPresent(counter::failed);
        }
    }

    private Duration sinceAcceptance(JobRunSnapshot snapshot, Instant then) {
        Duration since = Duration.between(snapshot.createdAt().orElse(accepted), then);
        return since.isNegative() ? Duration.ZERO : since;
    }

    /** Why a run that ended did not complete, if that was no wish. */
    static Optional<FailureClass> failureOf(JobRunEvent.Ended ended, @Nullable FailureClass limitThatPassed) {
        EmrEksException failure = ended.failure().orElse(null);
        if (failure instanceof JobRunFailedException failed) {
            return Optional.of(failed.failureClass());
        }
        return failure instanceof JobRunCancelledException ? Optional.ofNullable(limitThatPassed) : Optional.empty();
    }

    /** A further run that was not submitted is told as the end of the run before; why it was not, beside that. */
    private Optional<Submission> notSubmitted(EmrEksException reason) {
        if (before != null) {
            return Stream.of(reason.getSuppressed()).findFirst().map(problem -> Submission.NOT_ACCEPTED);
        }
        if (reason instanceof JobRunCancelledException) {
            return Optional.of(Submission.CANCELLED);
        }
        return Optional.of(
                reason instanceof ClientClosedException ? Submission.CLIENT_CLOSED : Submission.NOT_ACCEPTED);
    }

    private boolean unknown(EmrEksException reason) {
        if (reason instanceof ClientClosedException closed) {
            return closed.fate() == ClientClosedException.Fate.UNKNOWN;
        }
        return before == null || reason instanceof JobRunSubmissionException;
    }
}
