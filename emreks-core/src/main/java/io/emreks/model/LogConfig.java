package io.emreks.model;

import java.util.Optional;
import java.util.OptionalInt;
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

    /**
     * How large a log file of a container grows before the next is begun, such as {@code 500MB}; whole numbers from 2KB to
     * 2GB. Release 6.11.0 and later, with an S3 prefix only; with {@link #maxLogFiles()}. No rotation when empty.
     */
    Optional<String> logFileSize();

    /** How many rotated files of a container are kept, 1 to 50; with {@link #logFileSize()}. */
    OptionalInt maxLogFiles();

    /** This configuration, with rotated log files. */
    default LogConfig rotating(String logFileSize, int maxLogFiles) {
        return ImmutableLogConfig.builder()
                .from(this)
                .logFileSize(logFileSize)
                .maxLogFiles(maxLogFiles)
                .build();
    }

    /** Starts a configuration. */
    static Builder builder() {
        return ImmutableLogConfig.builder();
    }

    /** Builds {@link LogConfig}. Not safe for use by several threads at once. */
    abstract class Builder {
        Builder() {}

        /** Sets the S3 prefix, such as {@code s3://bucket/logs/}. */
        public abstract Builder s3(String uri);

        /** Sets the CloudWatch log group, such as {@code /emr-on-eks/jobs}. */
        public abstract Builder cloudWatchLogGroup(String name);

        /** Sets the prefix of the streams in the log group. */
        public abstract Builder cloudWatchStreamPrefix(String prefix);

        /** Sets whether the service keeps the Spark UI after the run. */
        public abstract Builder persistentAppUi(boolean kept);

        /** Sets the size at which a log file is rotated, such as {@code 500MB}. */
        public abstract Builder logFileSize(String size);

        /** Sets how many rotated files are kept, 1 to 50. */
        public abstract Builder maxLogFiles(int files);

        /** The configuration; what is wrong with it is said by {@code submit}. */
        public abstract LogConfig build();
    }
}
