package io.emreks.testing.assertj;

import io.emreks.model.FailureReason;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import io.emreks.model.SeenState;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractAssert;

/** Assertions about a state as the client saw it. */
public final class JobRunSnapshotAssert extends AbstractAssert<JobRunSnapshotAssert, JobRunSnapshot> {
    JobRunSnapshotAssert(JobRunSnapshot actual) {
        super(actual, JobRunSnapshotAssert.class);
    }

    /** The run was in this state. */
    public JobRunSnapshotAssert hasState(JobRunState state) {
        isNotNull();
        return expect(actual.state() == state, "to be " + state);
    }

    /** The run is COMPLETED. */
    public JobRunSnapshotAssert isCompleted() {
        return hasState(JobRunState.COMPLETED);
    }

    /** The run is CANCELLED. */
    public JobRunSnapshotAssert isCancelled() {
        return hasState(JobRunState.CANCELLED);
    }

    /** The run is FAILED for this reason. */
    public JobRunSnapshotAssert isFailed(FailureReason reason) {
        isNotNull();
        return expect(actual.failureReason().equals(Optional.of(reason)), "to be FAILED with " + reason);
    }

    /** Who followed the run saw it in these states, one after the other, and in no others; looks may miss some. */
    public JobRunSnapshotAssert wasSeenIn(JobRunState... states) {
        isNotNull();
        return expect(
                actual.timeline().stream().map(SeenState::state).toList().equals(List.of(states)),
                "to have been seen in " + List.of(states));
    }

    private JobRunSnapshotAssert expect(boolean fulfilled, String expectation) {
        if (!fulfilled) {
            failWithMessage("Expected %s %s", actual, expectation);
        }
        return this;
    }
}
