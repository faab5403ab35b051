package io.emreks.client;

import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunRequest;
import java.util.List;

/**
 * What a client left behind when it was closed.
 *
 * @param neverStarted requests for which no run was started, for certain; submit them again elsewhere
 * @param leftRunning runs that were accepted and had not been seen to end
 * @param unknown submissions whose StartJobRun was not answered in time
 * @param awaitingResubmission runs that failed and whose job would have been submitted again; {@link
 *     EmrEksClient#recover} goes on with those that have a key
 */
public record CloseReport(
        List<JobRunRequest> neverStarted,
        List<JobRunRef> leftRunning,
        List<UnknownSubmission> unknown,
        List<JobRunRef> awaitingResubmission) {
    /** Copies the lists. */
    public CloseReport {
        neverStarted = List.copyOf(neverStarted);
        leftRunning = List.copyOf(leftRunning);
        unknown = List.copyOf(unknown);
        awaitingResubmission = List.copyOf(awaitingResubmission);
    }

    /**
     * A submission of which it is not known whether it started a run.
     *
     * @param request what was submitted
     * @param clientToken the token of the run, if there is one
     */
    public record UnknownSubmission(JobRunRequest request, String clientToken) {}
}
