package io.emreks.client;

import io.emreks.internal.engine.DefaultEmrEksClientBuilder;
import io.emreks.model.JobRunRequest;
import java.time.Duration;
import java.util.function.Consumer;

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

    /** Like {@link #close(Duration)} with a limit of ten seconds. */
    @Override
    void close();
}
