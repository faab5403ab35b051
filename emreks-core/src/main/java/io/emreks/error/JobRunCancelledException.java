package io.emreks.error;

import io.emreks.model.JobRunSnapshot;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The run ended CANCELLED, or was cancelled before it was started. */
public final class JobRunCancelledException extends EmrEksException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable JobRunSnapshot snapshot;

    private JobRunCancelledException(String message, @Nullable JobRunSnapshot snapshot) {
        super(message, null, false, snapshot == null ? null : snapshot.ref());
        this.snapshot = snapshot;
    }

    /**
     * A run that ended CANCELLED.
     *
     * @param why what is known of why this client cancelled it, put after "was cancelled", and where to look further
     */
    public static JobRunCancelledException of(JobRunSnapshot snapshot, String why) {
        return new JobRunCancelledException(
                "Job run " + snapshot.ref()
                        + snapshot.name().map(name -> " (" + name + ")").orElse("") + " was cancelled" + why,
                snapshot);
    }

    /** A run that was cancelled before StartJobRun had any effect. */
    public static JobRunCancelledException neverStarted(String jobName) {
        return new JobRunCancelledException("Job run " + jobName + " was cancelled before it was started", null);
    }

    /** The terminal state; empty if the run was never started. */
    public Optional<JobRunSnapshot> snapshot() {
        return Optional.ofNullable(snapshot);
    }
}
