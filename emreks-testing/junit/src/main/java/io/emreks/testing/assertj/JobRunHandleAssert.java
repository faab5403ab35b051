package io.emreks.testing.assertj;

import io.emreks.client.JobRunHandle;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;

/** Assertions about a job as the client follows it. None of them waits. */
public final class JobRunHandleAssert extends AbstractAssert<JobRunHandleAssert, JobRunHandle> {
    JobRunHandleAssert(JobRunHandle actual) {
        super(actual, JobRunHandleAssert.class);
    }

    /** The last state that the client saw is this one. */
    public JobRunHandleAssert isSeenIn(JobRunState state) {
        isNotNull();
        return expect(actual.latest().map(JobRunSnapshot::state).equals(Optional.of(state)), "to be seen in " + state);
    }

    /** It ended, and the last run COMPLETED. */
    public JobRunHandleAssert isCompleted() {
        isNotNull();
        return expect(
                actual.completion().isDone() && !actual.completion().isCompletedExceptionally(), "to be completed");
    }

    /** It has not ended, and is followed. */
    public JobRunHandleAssert isLive() {
        isNotNull();
        return expect(!actual.completion().isDone(), "to be live");
    }

    /** It needed so many runs up to now. */
    public JobRunHandleAssert hasAttempts(int attempts) {
        isNotNull();
        return expect(actual.attempts().size() == attempts, "to have " + attempts + " attempts");
    }

    /** It is over without having completed; goes on with what {@link JobRunHandle#completion} failed with. */
    public AbstractThrowableAssert<?, ? extends Throwable> failure() {
        isNotNull();
        expect(actual.completion().isCompletedExceptionally(), "to be over without having completed");
        Throwable failure = actual.completion()
                .handle((end, reason) -> reason instanceof CompletionException ? reason.getCause() : reason)
                .join();
        return Assertions.assertThat(failure).as("the failure of job %s", actual.name());
    }

    private JobRunHandleAssert expect(boolean fulfilled, String expectation) {
        if (!fulfilled) {
            failWithMessage(
                    "Expected job %s %s, but it %s, was seen in %s and has %s attempts",
                    actual.name(),
                    expectation,
                    actual.completion().isDone()
                            ? actual.completion().isCompletedExceptionally() ? "failed" : "completed"
                            : "is live",
                    actual.latest()
                            .map(JobRunSnapshot::state)
                            .map(JobRunState::name)
                            .orElse("no state yet"),
                    actual.attempts().size());
        }
        return this;
    }
}
