package io.emreks.client;

import io.emreks.event.JobRunListener;
import io.emreks.internal.engine.DefaultEmrEksClientBuilder;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Submits Spark job runs to Amazon EMR on EKS and follows them. One client serves any number of runs and threads; it has
 * one thread of its own and a few workers, however many runs there are.
 */
public interface EmrEksClient extends AutoCloseable {
    /** Starts a client. */
    static EmrEksClientBuilder builder() {
        return new DefaultEmrEksClientBuilder();
    }

    /** Submits what the consumer adds to the client's defaults; see {@link #submit(JobRunRequest)}. */
    JobRunHandle submit(Consumer<JobRunRequest.Builder> job);

    /**
     * Submits a job run and returns its handle at once: no call to AWS is waited for. The request is taken as it is; of the
     * client's settings only virtual cluster and execution role are filled in where it has none.
     *
     * @throws io.emreks.error.InvalidJobRunRequestException with everything that is wrong, before any call
     * @throws io.emreks.error.ClientClosedException if the client is closed
     */
    JobRunHandle submit(JobRunRequest request);

    /**
     * Submits several, after all of them were found right.
     *
     * @throws io.emreks.error.InvalidJobRunRequestException with everything that is wrong with any of them, each field with
     *     the place of its request in front; nothing was submitted then
     * @throws io.emreks.error.ClientClosedException if the client is closed
     */
    JobRunGroup submitAll(List<JobRunRequest> requests);

    /**
     * Cancels the live run of the request's key, waits until it has ended, and submits the request. Without a live run it
     * is {@link #submit(JobRunRequest)}.
     *
     * @throws io.emreks.error.InvalidJobRunRequestException if something is wrong with the request, or it has no key
     */
    JobRunHandle replace(JobRunRequest request);

    /**
     * What {@link #submit(JobRunRequest)} would send, for the first run of its key. Makes no call, but looks up the id of a
     * virtual cluster that is given by name; stages nothing.
     *
     * @throws io.emreks.error.InvalidJobRunRequestException as {@code submit} does
     */
    CompletableFuture<DryRun> dryRun(JobRunRequest request);

    /** Follows a run that somebody started. It is never submitted again, as its request is not known. */
    JobRunHandle attach(JobRunRef run);

    /**
     * Follows the live run of a key, or else gives its last one, within {@link SubmissionSettings#lookBack()}; looks in the
     * client's virtual cluster. Empty if there is none. Like {@link #attach} it never submits.
     */
    CompletableFuture<Optional<JobRunHandle>> findByKey(String key);

    /**
     * Finds what this owner left behind in the client's virtual cluster, after a crash or a redeploy: for every key with a
     * run within {@link SubmissionSettings#lookBack()} the function is asked for the request. If it gives one, the live run
     * is followed, or, if the last one FAILED, its resubmission goes on where it stood; a key whose last run COMPLETED or was
     * CANCELLED gives a handle that has ended. Nothing is started for a key for the first time. Several processes may recover
     * at once. A job that may go to other virtual clusters is looked for there, too. A run that was cancelled for a limit of
     * time just before the crash counts as cancelled.
     *
     * <p>Costs ListJobRuns pages over the look-back time, and a DescribeJobRun for each run whose tags the list does not
     * show.
     *
     * @param requests by key; called on a callback worker, once for each key
     */
    CompletableFuture<Recovery> recover(Function<String, Optional<JobRunRequest>> requests);

    /**
     * Whether runs can be followed at the moment; for health endpoints. Makes no call and never blocks. While access to the
     * service is denied, or credentials have expired, looks pause, a probe is made now and then, at least every {@link
     * WatchSettings#maxPause()}, and everything goes on by itself when it succeeds; after {@link
     * WatchSettings#giveUpAfter()} the watches are given up.
     */
    ClientHealth health();

    /**
     * Adds a listener that hears of every run of this client: of those that are followed now first the present state. See
     * {@link JobRunListener} for how; calls for different runs may come at the same time.
     */
    void addListener(JobRunListener listener);

    /** Live runs of this owner, in the client's virtual cluster, whose key is not a known one. Changes nothing. */
    CompletableFuture<List<Recovery.Orphan>> orphans(Predicate<String> knownKeys);

    /** A request that starts from the client's defaults, to look at, keep or submit. */
    JobRunRequest request(Consumer<JobRunRequest.Builder> job);

    /**
     * Lets go of all runs and ends the client's threads. Leaves every run running; what is not started yet is not started
     * any more. Waits at most the limit for answers to StartJobRun and CancelJobRun calls that are under way and for
     * listeners to hear the last event; called from a listener or from what hangs on a future it waits for the answers
     * only, and the rest goes on behind it. Closes the AWS clients this client made
     * and leaves supplied ones open. Closing again returns the same report.
     */
    CloseReport close(Duration limit);

    /**
     * Cancels every run this client follows or is about to start, waits at most the limit for them to end, and closes. The
     * report tells which had not ended by then.
     */
    CloseReport closeAndCancel(Duration limit);

    /** Like {@link #close(Duration)} with a limit of ten seconds. */
    @Override
    void close();
}
