package io.emreks.internal.engine;

import io.emreks.event.JobRunEvent;
import io.emreks.internal.loop.Loop;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.TimeLimit;
import io.emreks.retry.FailureClass;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The limits of the present attempt: one at a time, first for its start, then for its run. Belongs to the loop. */
final class TimeLimits {
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final Loop loop;
    private final JobRunProcess process;
    private Loop.@Nullable Timer timer;
    private Loop.@Nullable Timer again;
    private @Nullable FailureClass passed;

    TimeLimits(Loop loop, JobRunProcess process) {
        this.loop = loop;
        this.process = process;
    }

    /** From the acceptance on, as far as it is known when that was; a run that others started has used up some of it. */
    void toStart(Attempt attempt, TimeLimit limit) {
        Duration gone = Optional.ofNullable(attempt.latest())
                .flatMap(JobRunSnapshot::createdAt)
                .map(created -> Duration.between(created, loop.now()))
                .filter(elapsed -> !elapsed.isNegative())
                .orElse(Duration.ZERO);
        Duration left = limit.limit().minus(gone);
        set(left.isNegative() ? Duration.ZERO : left, attempt, FailureClass.START_TIMEOUT, limit);
    }

    /** From the first sight of RUNNING on. */
    void toEnd(Attempt attempt, TimeLimit limit) {
        set(limit.limit(), attempt, FailureClass.RUN_TIMEOUT, limit);
    }

    void tryAgain(Runnable task) {
        again = loop.after(AGAIN, task);
    }

    /** The run has started: that limit is past. */
    void started() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** The run is over. */
    void stop() {
        started();
        if (again != null) {
            again.cancel();
            again = null;
        }
    }

    /** The limit whose passing is to count as a failure. */
    Optional<FailureClass> takePassed() {
        Optional<FailureClass> taken = Optional.ofNullable(passed);
        passed = null;
        return taken;
    }

    private void set(Duration left, Attempt attempt, FailureClass which, TimeLimit limit) {
        started();
        timer = loop.after(left, () -> process.guarded(() -> hasPassed(attempt, which, limit)));
    }

    private void hasPassed(Attempt attempt, FailureClass which, TimeLimit limit) {
        JobRunRef run = attempt.ref();
        if (run == null || attempt.over()) {
            return;
        }
        String reason = Optional.ofNullable(attempt.latest())
                .flatMap(JobRunSnapshot::stateDetails)
                .orElse("reason unknown");
        process.tell(new JobRunEvent.TimeLimitPassed(loop.now(), process.name(), run, which, limit, reason));
        if (limit.then() != TimeLimit.Then.TELL) {
            boolean resubmit = limit.then() == TimeLimit.Then.CANCEL_AND_RESUBMIT;
            passed = resubmit ? which : null;
            process.cancelBecause(
                    attempt, " because " + which + " " + limit.limit() + " had passed: " + reason, resubmit);
        }
    }
}
