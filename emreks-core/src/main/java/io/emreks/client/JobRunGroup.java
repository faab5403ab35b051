package io.emreks.client;

import io.emreks.event.JobRunListener;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Runs that were submitted together. Safe for use by many threads. */
public interface JobRunGroup {
    /** The runs, in the order of their requests. */
    List<JobRunHandle> handles();

    /** Adds a listener to each of them; calls for different runs may come at the same time. */
    void addListener(JobRunListener listener);

    /** How many of them stand where. Makes no call. */
    Progress progress();

    /** Completes when all have ended, however; {@link #failed()} tells which not well. Never fails. */
    CompletableFuture<Progress> completion();

    /** The runs whose {@code completion()} has failed so far. */
    List<JobRunHandle> failed();

    /** Cancels all that have not ended, as {@link JobRunHandle#cancel()} does; the results are in the order of the runs. */
    CompletableFuture<List<CancelResult>> cancelAll();

    /**
     * Submits the failed ones again, as {@link JobRunHandle#rerun()} does, as a group of their own.
     *
     * @throws IllegalStateException if one of them has no key and is not known to have ended; nothing was submitted then
     * @throws io.emreks.error.ClientClosedException if the client is closed
     */
    JobRunGroup rerunFailed();

    /**
     * How many runs stand where.
     *
     * @param total all of them
     * @param active not ended
     * @param completed ended COMPLETED
     * @param failed ended otherwise, never started, or no longer followed
     */
    record Progress(int total, int active, int completed, int failed) {}
}
