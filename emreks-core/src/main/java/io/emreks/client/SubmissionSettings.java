package io.emreks.client;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.immutables.value.Value;

/** How runs with a key are found again, and what is refused for its cost. */
@Value.Immutable
public interface SubmissionSettings {
    /**
     * How far back runs of a key are looked for. Default 7 days. A run that is older is not found, unless its job is {@code
     * longRunning()}: for those there is no limit. EMR's client token joins an older live run for as long as EMR remembers
     * the token, which is not documented.
     */
    @Value.Default
    default Duration lookBack() {
        return Duration.ofDays(7);
    }

    /**
     * What the names of this library's tags start with; at most 100 characters. Default {@code emreks:}. Programs that share
     * keys must use the same.
     */
    @Value.Default
    default String tagPrefix() {
        return "emreks:";
    }

    /**
     * A regular expression that is found in the message of the ValidationException with which EMR answers when the queue of
     * a virtual cluster is full; its text is not documented. Such an answer is tried again like a throttled call. When
     * empty, the answer is final.
     */
    Optional<String> queueFullMessage();

    /** From how many executions of the driver, in the worst case, a request is warned of. Default 10. */
    @Value.Default
    default long warnAtDriverExecutions() {
        return 10;
    }

    /** From how many executions of the driver, in the worst case, a request is refused. Default 100. */
    @Value.Default
    default long refuseAtDriverExecutions() {
        return 100;
    }

    /** Refuses what cannot work, naming every wrong field. */
    @Value.Check
    default void check() {
        StringBuilder wrong = new StringBuilder();
        if (lookBack().isNegative() || lookBack().isZero() || lookBack().compareTo(Duration.ofDays(365)) > 0) {
            wrong.append(" lookBack is ").append(lookBack()).append(", must be positive and at most 365 days;");
        }
        if (tagPrefix().isBlank() || tagPrefix().length() > 100 || tagPrefix().startsWith("aws:")) {
            wrong.append(" tagPrefix must have 1 to 100 characters and not start with aws:;");
        }
        if (warnAtDriverExecutions() < 2) {
            wrong.append(" warnAtDriverExecutions is ")
                    .append(warnAtDriverExecutions())
                    .append(", must be at least 2;");
        }
        if (refuseAtDriverExecutions() < warnAtDriverExecutions()) {
            wrong.append(" refuseAtDriverExecutions is ")
                    .append(refuseAtDriverExecutions())
                    .append(", must be at least warnAtDriverExecutions;");
        }
        queueFullMessage().ifPresent(expression -> {
            try {
                Pattern.compile(expression);
            } catch (PatternSyntaxException e) {
                wrong.append(" queueFullMessage is no regular expression: ")
                        .append(e.getDescription())
                        .append(';');
            }
        });
        if (wrong.length() > 0) {
            throw new IllegalArgumentException("SubmissionSettings:" + wrong);
        }
    }

    /** Starts settings from the defaults. */
    static Builder builder() {
        return ImmutableSubmissionSettings.builder();
    }

    /** Builds {@link SubmissionSettings}. Not safe for use by several threads at once. */
    abstract class Builder {
        Builder() {}

        /** Sets how far back runs of a key are looked for; positive, at most 365 days. */
        public abstract Builder lookBack(Duration lookBack);

        /** Sets what the names of this library's tags start with; 1 to 100 characters. */
        public abstract Builder tagPrefix(String tagPrefix);

        /** Sets the regular expression for the message of a full queue. */
        public abstract Builder queueFullMessage(String expression);

        /** Sets from how many executions of the driver a request is warned of; at least 2. */
        public abstract Builder warnAtDriverExecutions(long executions);

        /** Sets from how many executions of the driver a request is refused. */
        public abstract Builder refuseAtDriverExecutions(long executions);

        /** The settings.
         *
         * @throws IllegalArgumentException naming every field that is out of its limits
         */
        public abstract SubmissionSettings build();
    }
}
