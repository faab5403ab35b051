package io.emreks.error;

import io.emreks.model.JobRunRef;
import org.jspecify.annotations.Nullable;

/** The logs of a run could not be read. Says nothing about the run. */
public final class LogReadException extends EmrEksException {
    private static final long serialVersionUID = 1L;

    /** For a read that failed. */
    public LogReadException(String message, @Nullable JobRunRef ref, boolean retryable, @Nullable Throwable cause) {
        super(message, cause, retryable, ref);
    }
}
