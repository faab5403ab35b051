package io.emreks.model;

import io.emreks.retry.FailureClass;
import io.emreks.retry.JobChange;
import java.util.List;
import java.util.Optional;

/**
 * One run of a handle; a handle has several when its job was submitted again.
 *
 * @param number 1 for the first
 * @param ref where the run is found
 * @param joined whether another process, or an earlier submission, had started it
 * @param states the states it was seen in, in order
 * @param last what was last seen of it; empty before the first look
 * @param failure why it failed; empty as long as it did not, or nobody could tell yet
 * @param changes what was changed from the request
 */
public record JobRunAttempt(
        int number,
        JobRunRef ref,
        boolean joined,
        List<SeenState> states,
        Optional<JobRunSnapshot> last,
        Optional<FailureClass> failure,
        List<JobChange> changes) {
    /** Copies the lists. */
    public JobRunAttempt {
        states = List.copyOf(states);
        changes = List.copyOf(changes);
    }
}
