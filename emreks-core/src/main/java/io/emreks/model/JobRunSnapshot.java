package io.emreks.model;

import java.time.Instant;
import java.util.List;
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

    /** The client token the run was started with, where the service gave it. */
    Optional<String> clientToken();

    /** When this answer was received, by the client's clock. */
    Instant observedAt();

    /** The states the run was seen in by who follows it, in order; empty on an answer that nobody follows. */
    List<SeenState> timeline();

    /** The same with another timeline. */
    JobRunSnapshot withTimeline(Iterable<? extends SeenState> timeline);

    /** The same in another state. */
    default JobRunSnapshot in(JobRunState state, String serviceState, Instant observedAt) {
        return ImmutableJobRunSnapshot.builder()
                .from(this)
                .state(state)
                .serviceState(serviceState)
                .observedAt(observedAt)
                .build();
    }

    /** Starts a snapshot, for tests of code that consumes them. */
    static Builder builder() {
        return ImmutableJobRunSnapshot.builder();
    }

    /** Builds {@link JobRunSnapshot}. Not safe for use by several threads at once. */
    abstract class Builder {
        Builder() {}

        /** Sets where the run is found. Required. */
        public abstract Builder ref(JobRunRef ref);

        /** Sets the name. */
        public abstract Builder name(Optional<String> name);

        /** Sets the state. Required. */
        public abstract Builder state(JobRunState state);

        /** Sets the service's own word for the state. Required. */
        public abstract Builder serviceState(String serviceState);

        /** Sets the service's remark. */
        public abstract Builder stateDetails(Optional<String> stateDetails);

        /** Sets why the run failed. */
        public abstract Builder failureReason(Optional<? extends FailureReason> failureReason);

        /** Sets when the service accepted the run. */
        public abstract Builder createdAt(Optional<? extends Instant> createdAt);

        /** Sets when the run ended. */
        public abstract Builder finishedAt(Optional<? extends Instant> finishedAt);

        /** Sets the release. */
        public abstract Builder releaseLabel(Optional<String> releaseLabel);

        /** Replaces all tags. */
        public abstract Builder tags(Map<String, ? extends String> tags);

        /** Sets the client token. */
        public abstract Builder clientToken(Optional<String> clientToken);

        /** Sets when the answer was received. Required. */
        public abstract Builder observedAt(Instant observedAt);

        /** Replaces the states it was seen in. */
        public abstract Builder timeline(Iterable<? extends SeenState> timeline);

        /** The snapshot.
         *
         * @throws IllegalStateException naming what is required and missing
         */
        public abstract JobRunSnapshot build();
    }
}
