package io.emreks.error;

import io.emreks.model.JobRunSnapshot;

/** The run ended FAILED. Whether a new run could succeed is for the caller to judge from the snapshot. */
public final class JobRunFailedException extends EmrEksException {
    private static final long serialVersionUID = 1L;

    private final transient JobRunSnapshot snapshot;

    /** For the last state of a failed run. */
    public JobRunFailedException(JobRunSnapshot snapshot) {
        super(message(snapshot), null, false, snapshot.ref());
        this.snapshot = snapshot;
    }

    private static String message(JobRunSnapshot snapshot) {
        return "Job run " + snapshot.ref()
                + snapshot.name().map(name -> " (" + name + ")").orElse("") + " FAILED"
                + snapshot.failureReason().map(reason -> ", " + reason).orElse("")
                + snapshot.stateDetails().map(details -> ": " + details).orElse("");
    }

    /** The terminal state. */
    public JobRunSnapshot snapshot() {
        return snapshot;
    }
}
