package io.emreks.model;

import java.util.Optional;
import org.immutables.value.Value;

/**
 * Where the service puts the logs of a run's pods (the {@code monitoringConfiguration} of a StartJobRun request). Nothing
 * is kept unless one of the places is set.
 */
@Value.Immutable
public interface LogConfig {
    /** An S3 prefix such as {@code s3://bucket/logs/}; the execution role must be able to write there. */
    Optional<String> s3();

    /** A CloudWatch log group, 1 to 512 of {@code . - _ / # A-Z a-z 0-9}. */
    Optional<String> cloudWatchLogGroup();

    /** A prefix for the streams in the log group, 1 to 256 characters. */
    Optional<String> cloudWatchStreamPrefix();

    /** Whether the service keeps the Spark UI after the run; its own default (on) when empty. */
    Optional<Boolean> persistentAppUi();

    /** Starts a configuration. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link LogConfig}. */
    final class Builder extends ImmutableLogConfig.Builder {
        Builder() {}
    }
}
