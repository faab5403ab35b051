package io.emreks.model;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * What the service said of a job run at one moment. Carries no settings and no arguments, so it is safe to log.
 */
@Value.Immutable
public interface JobRunSnapshot {
    /** Where the run is found. */
    JobRunRef ref();

    /** The run's name, empty if it was started without one by another program. */
    Optional<String> name();

    /** The state. */
    JobRunState state();

    /** The state in the service's own word; differs from {@link #state()} only when that is {@code UNKNOWN}. */
    String serviceState();

    /** The service's remark on the state, 256 characters at most; long ones arrive cut off. */
    Optional<String> stateDetails();

    /** Why the run failed; present only when it did and the service gave a reason. */
    Optional<FailureReason> failureReason();

    /** When the service accepted the run. */
    Optional<Instant> createdAt();

    /** When the run ended; present on terminal states. */
    Optional<Instant> finishedAt();

    /** The release the run uses, such as {@code emr-7.5.0-latest}. */
    Optional<String> releaseLabel();

    /** The tags of the run. */
    Map<String, String> tags();

    /** When this answer was received, by the client's clock. */
    Instant observedAt();

    /** Starts a snapshot, for tests of code that consumes them. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link JobRunSnapshot}. */
    final class Builder extends ImmutableJobRunSnapshot.Builder {
        Builder() {}
    }
}
