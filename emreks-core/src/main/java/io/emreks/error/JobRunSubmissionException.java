package io.emreks.error;

import org.jspecify.annotations.Nullable;

/** The service did not accept a run, or it is not known whether it did. */
public final class JobRunSubmissionException extends EmrEksException {
    private static final long serialVersionUID = 1L;

    /** What is known about the run. */
    public enum Acceptance {
        /** No run was started, for certain. */
        NOT_ACCEPTED,
        /**
         * A StartJobRun was sent and no try got an answer that tells: a run may be live. Look for one whose client token is
         * {@link #clientToken()}.
         */
        UNKNOWN
    }

    private final Acceptance acceptance;
    private final String clientToken;
    private final int attempts;

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
            @Nullable Throwable cause) {
        super(message, cause, retryable, null);
        this.acceptance = acceptance;
        this.clientToken = clientToken;
        this.attempts = attempts;
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
