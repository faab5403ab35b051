package io.emreks.error;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The service did not accept a run, or it is not known whether it did. */
public final class JobRunSubmissionException extends EmrEksException {
    private static final long serialVersionUID = 1L;

    /** What is known about the run. */
    public enum Acceptance {
        /** No run was started, for certain. */
        NOT_ACCEPTED,
        /**
         * A StartJobRun was sent, no try got an answer that tells, and no such run was found in the list: a run may be live.
         * Look later for one whose client token is {@link #clientToken()}, in the virtual cluster and from the time that {@link
         * #trace()} names; or, if the request has a key, submit it again, which joins a run that is there.
         */
        UNKNOWN
    }

    private final Acceptance acceptance;
    private final String clientToken;
    private final int attempts;
    private final transient Optional<Trace> trace;

    /**
     * What a run that may have been started can be found by.
     *
     * @param virtualClusterId where it would be
     * @param jobName its name, by which ListJobRuns can look
     * @param since it was not created before that, by the client's clock
     */
    public record Trace(String virtualClusterId, String jobName, Instant since) {}

    /**
     * For a submission that failed.
     *
     * @param attempts how often StartJobRun was tried; 0 if it never was
     */
    public JobRunSubmissionException(
            String message,
            Acceptance acceptance,
            String clientToken,
            int attempts,
            boolean retryable,
            Optional<Trace> trace,
            @Nullable Throwable cause) {
        super(message, cause, retryable, null);
        this.acceptance = acceptance;
        this.clientToken = clientToken;
        this.attempts = attempts;
        this.trace = trace;
    }

    /** Where to look for the run; present once StartJobRun was tried. */
    public Optional<Trace> trace() {
        return trace;
    }

    /** Whether a run may be live. */
    public Acceptance acceptance() {
        return acceptance;
    }

    /** The token every try carried; the service starts at most one run for it. */
    public String clientToken() {
        return clientToken;
    }

    /** How often StartJobRun was tried. */
    public int attempts() {
        return attempts;
    }
}
