package io.emreks.error;

import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Watching a run was given up, so its outcome is not known here. The run itself was left alone. */
public final class MonitoringException extends EmrEksException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable JobRunSnapshot last;

    /** For a watch that was given up. */
    public MonitoringException(
            String message,
            @Nullable JobRunRef ref,
            @Nullable JobRunSnapshot last,
            boolean retryable,
            @Nullable Throwable cause) {
        super(message, cause, retryable, ref);
        this.last = last;
    }

    /** The last known state, empty if there was none. */
    public Optional<JobRunSnapshot> lastSnapshot() {
        return Optional.ofNullable(last);
    }
}
