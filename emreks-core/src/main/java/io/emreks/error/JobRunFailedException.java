package io.emreks.error;

import io.emreks.model.JobRunSnapshot;
import io.emreks.retry.FailureClass;

/** The run ended FAILED. Whether a new run could succeed is for the caller to judge from the snapshot. */
public final class JobRunFailedException extends EmrEksException {
    private static final long serialVersionUID = 1L;

    private final transient JobRunSnapshot snapshot;
    private final FailureClass failureClass;

    /**
     * For the last state of a failed run.
     *
     * @param whereToLook put behind the message
     */
    public JobRunFailedException(JobRunSnapshot snapshot, FailureClass failureClass, String whereToLook) {
        super(message(snapshot, failureClass) + whereToLook, null, false, snapshot.ref());
        this.snapshot = snapshot;
        this.failureClass = failureClass;
    }

    private static String message(JobRunSnapshot snapshot, FailureClass failureClass) {
        return "Job run " + snapshot.ref()
                + snapshot.name().map(name -> " (" + name + ")").orElse("") + " FAILED"
                + snapshot.failureReason().map(reason -> ", " + reason).orElse("")
                + snapshot.stateDetails().map(details -> ": " + details).orElse("")
                + (failureClass == FailureClass.UNKNOWN ? "" : " [" + failureClass + "]");
    }

    /** Why it failed, as far as that could be told. */
    public FailureClass failureClass() {
        return failureClass;
    }

    /** The terminal state. */
    public JobRunSnapshot snapshot() {
        return snapshot;
    }
}
