package io.emreks.metrics;

import io.emreks.model.JobRunState;

/** How much of what a client has at the moment; read from any thread, never blocks. */
public interface ClientGauges {
    /** Followed runs that were last seen in this state; terminal ones are not followed any more, so 0 for those. */
    int activeRuns(JobRunState state);

    /** Handles without a run that has been looked at: those being submitted, or waiting to be submitted again. */
    int pendingHandles();

    /** Calls of this client that wait for their turn within the quotas, which it may share with other clients. */
    int waitingCalls();

    /** Events that listeners have not heard yet. */
    int waitingEvents();
}
