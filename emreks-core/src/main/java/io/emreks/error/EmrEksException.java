package io.emreks.error;

import io.emreks.model.JobRunRef;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of everything this library throws or fails a future with. Messages never carry settings, arguments or
 * credentials.
 */
public abstract sealed class EmrEksException extends RuntimeException
        permits InvalidJobRunRequestException,
                JobRunSubmissionException,
                JobRunFailedException,
                JobRunCancelledException,
                WaitTimeoutException,
                MonitoringException,
                StagingException,
                LogReadException,
                ClientClosedException {

    private static final long serialVersionUID = 1L;

    private final boolean retryable;
    private final transient @Nullable JobRunRef jobRun;

    EmrEksException(String message, @Nullable Throwable cause, boolean retryable, @Nullable JobRunRef jobRun) {
        super(message, cause);
        this.retryable = retryable;
        this.jobRun = jobRun;
    }

    /** Whether doing the same again later could succeed without a change by a person. */
    public final boolean retryable() {
        return retryable;
    }

    /** The job run this is about, if the service gave it an id. */
    public final Optional<JobRunRef> jobRun() {
        return Optional.ofNullable(jobRun);
    }
}
