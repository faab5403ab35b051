package io.emreks.client;

import io.emreks.error.RequestProblem;
import io.emreks.event.JobRunListener;
import io.emreks.logs.JobRunLogs;
import io.emreks.model.JobRunAttempt;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunRequest;
import io.emreks.model.JobRunSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One submitted job, followed until it ends: one run, or several if it is submitted again after failures. Safe for use by many threads.
 *
 * <p>Nothing but the service's states decides how a run ended: {@link #completion()} gives its last state if it COMPLETED
 * and fails with a {@code JobRunFailedException} if it FAILED, a {@code JobRunCancelledException} if it was cancelled, a
 * {@code JobRunSubmissionException} or {@code StagingException} if it was never accepted, a {@code MonitoringException} if
 * watching was given up, and a {@code ClientClosedException} if the client was closed first.
 *
 * <p>The futures are the caller's own copies: completing or cancelling one affects nobody else and never the run. They
 * complete on the callback workers.
 */
public interface JobRunHandle {
    /** What was submitted, with the client's defaults; empty for a run that was attached to. */
    Optional<JobRunRequest> request();

    /** What is allowed in the request and should be looked at; logged when it was submitted. */
    List<RequestProblem> warnings();

    /** The key, if the request has one. */
    Optional<String> key();

    /** The job's name, as it was sent. */
    String name();

    /** Where the present run is found, or else the last one; empty as long as the service gave it no id. */
    Optional<JobRunRef> ref();

    /** The runs so far, in order: one, or more if the job was submitted again. */
    List<JobRunAttempt> attempts();

    /** The last state this client saw; empty before the first look. Makes no call. */
    Optional<JobRunSnapshot> latest();

    /**
     * Completes when the service accepted the first run. With a key it waits for the first look at the run, which tells
     * whether it is a new one: EMR may answer a repeated client token with an old run.
     */
    CompletableFuture<JobRunRef> accepted();

    /**
     * Completes when the run is first seen RUNNING, or COMPLETED if it ended between two looks. Fails like {@link
     * #completion()} if the run ends or is let go of before.
     */
    CompletableFuture<JobRunSnapshot> started();

    /** Completes when the last run ended; see the class comment for how it fails. */
    CompletableFuture<JobRunSnapshot> completion();

    /**
     * Blocks until the run ended, but not longer than the limit. Do not call it from a listener.
     *
     * @throws io.emreks.error.WaitTimeoutException if the limit passed first; the run is left alone and is followed on
     * @throws io.emreks.error.EmrEksException as {@link #completion()} fails
     */
    JobRunSnapshot await(Duration limit) throws InterruptedException;

    /**
     * Asks the service to cancel the run, at any moment: before it has an id nothing is started, or what was started is
     * cancelled as soon as its id is known; between two runs no further one is started. Asking again repeats no call that was already answered with yes. The run is
     * over when {@link #completion()} says so, not when this future completes. Never throws; the future fails only with a
     * {@code ClientClosedException}.
     */
    CompletableFuture<CancelResult> cancel();

    /**
     * Like {@link #cancel()}, and waits until the run has ended: {@code Confirmed} if it ended CANCELLED, {@code AlreadyOver}
     * if it ended otherwise, {@code Unknown} if nobody follows it to its end.
     */
    CompletableFuture<CancelResult> cancelAndConfirm();

    /**
     * Submits the same request again, as a new handle. With a key, a live run is joined, and one that is over is followed by
     * a new one.
     *
     * @throws IllegalStateException if there is no key and this handle's run is not known to have ended, or there is
     *     no request
     * @throws io.emreks.error.ClientClosedException if the client is closed
     */
    JobRunHandle rerun();

    /**
     * Stops following the run and leaves it running. {@link #completion()} fails with a {@code MonitoringException} if the
     * run had not ended. A submission that is still under way goes on until the run is accepted. {@link #cancel()} still
     * works.
     */
    void stopWatching();

    /** Adds a listener; one that comes late first hears the present state, as long as the client is open. */
    void addListener(JobRunListener listener);

    /** The run's logs. */
    JobRunLogs logs();
}
