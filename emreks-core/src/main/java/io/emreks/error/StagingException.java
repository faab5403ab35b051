package io.emreks.error;

import org.jspecify.annotations.Nullable;

/** Something the run needs could not be uploaded; no run was started. */
public final class StagingException extends EmrEksException {
    private static final long serialVersionUID = 1L;

    /** For an upload that failed. */
    public StagingException(String message, boolean retryable, @Nullable Throwable cause) {
        super(message, cause, retryable, null);
    }
}
