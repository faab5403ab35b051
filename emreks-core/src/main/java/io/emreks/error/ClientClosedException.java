package io.emreks.error;

import io.emreks.model.JobRunRef;
import org.jspecify.annotations.Nullable;

/** The client was closed; what that means for the run is said by {@link #fate()}. Closing never cancels a run. */
public final class ClientClosedException extends EmrEksException {
    private static final long serialVersionUID = 1L;

    /** What is known about the run when the client let go of it. */
    public enum Fate {
        /** The run was accepted and may be live; {@link #jobRun()} says where. */
        STARTED,
        /** No run was started, for certain. */
        NEVER_STARTED,
        /** The last run failed, and the job was waiting to be submitted again; {@link #jobRun()} is that run. */
        AWAITING_RESUBMISSION,
        /** A StartJobRun was under way and was not answered in time. */
        UNKNOWN
    }

    private final Fate fate;

    /** For one run, or for a call on a closed client. */
    public ClientClosedException(String message, Fate fate, @Nullable JobRunRef ref) {
        super(message, null, false, ref);
        this.fate = fate;
    }

    /** What is known about the run. */
    public Fate fate() {
        return fate;
    }
}
