package io.emreks.model;

import java.time.Duration;
import java.util.Objects;

/**
 * A limit for a part of a run's life, kept by the client that follows it.
 *
 * @param limit how long it may last; more than nothing, at most 365 days
 * @param then what is done when it lasted longer
 */
public record TimeLimit(Duration limit, Then then) {
    /** What is done when a limit has passed; in any case listeners hear of it. */
    public enum Then {
        /** Nothing but telling. */
        TELL,
        /** The run is cancelled. */
        CANCEL,
        /** The run is cancelled, and its end counts as a failure after which the job may be submitted again. */
        CANCEL_AND_RESUBMIT
    }

    /** Both are required. */
    public TimeLimit {
        Objects.requireNonNull(limit, "limit");
        Objects.requireNonNull(then, "then");
    }
}
