package io.emreks.error;

import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The caller's wait ran out. The run did not end, is followed on, and was not touched. */
public final class WaitTimeoutException extends EmrEksException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable JobRunSnapshot last;

    /**
     * For a wait of the given length.
     *
     * @param whereToLook put behind the message
     */
    public WaitTimeoutException(
            String jobName,
            Duration waited,
            @Nullable JobRunRef ref,
            @Nullable JobRunSnapshot last,
            String whereToLook) {
        super(
                "Waited " + waited + " for job run " + (ref == null ? jobName : ref + " (" + jobName + ")") + "; "
                        + (last == null ? "no state is known yet" : "it is " + last.serviceState())
                        + whereToLook,
                null,
                true,
                ref);
        this.last = last;
    }

    /** The last known state, empty before the first look. */
    public Optional<JobRunSnapshot> lastSnapshot() {
        return Optional.ofNullable(last);
    }
}
