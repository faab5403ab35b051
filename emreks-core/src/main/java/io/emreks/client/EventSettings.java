package io.emreks.client;

import java.net.URI;
import java.time.Duration;
import org.immutables.value.Value;

/**
 * The SQS queue that an EventBridge rule feeds with the state changes of job runs, so that an end is noticed within a second
 * or so. {@link io.emreks.event.EventQueueTemplate} makes the rule and the queue.
 *
 * <p>Every watching process needs a queue of its own: what one has read the others do not see. Events are hints. The service
 * delivers them at its best effort, so they can be lost, late, repeated or out of order (Amazon EMR on EKS Development
 * Guide, "Monitoring jobs"): an end is always confirmed by a look, and all runs are looked at every {@link
 * #reconcileEvery()}. While the queue cannot be read, runs are followed as if there were none.
 *
 * <p>Needs {@code software.amazon.awssdk:sqs} and {@code com.fasterxml.jackson.core:jackson-core} on the class path, and the
 * rights sqs:ReceiveMessage and sqs:DeleteMessage on the queue. The queue is read, by long polling, as long as there are
 * runs to follow.
 */
@Value.Immutable
public interface EventSettings {
    /** The URL of the queue, such as {@code https://sqs.us-east-1.amazonaws.com/111122223333/emreks-1}. */
    URI queueUrl();

    /** How often a run is looked at without an event. Default 10 min. */
    @Value.Default
    default Duration reconcileEvery() {
        return Duration.ofMinutes(10);
    }

    /** Refuses what cannot work, naming every wrong field. */
    @Value.Check
    default void check() {
        StringBuilder wrong = new StringBuilder();
        String scheme = queueUrl().getScheme();
        if (queueUrl().getHost() == null || !("https".equals(scheme) || "http".equals(scheme))) {
            wrong.append(" queueUrl is ").append(queueUrl()).append(", must be the http(s) URL of an SQS queue;");
        }
        if (reconcileEvery().isNegative()
                || reconcileEvery().isZero()
                || reconcileEvery().compareTo(Duration.ofDays(1)) > 0) {
            wrong.append(" reconcileEvery is ")
                    .append(reconcileEvery())
                    .append(", must be positive and at most one day;");
        }
        if (wrong.length() > 0) {
            throw new IllegalArgumentException("EventSettings:" + wrong);
        }
    }

    /** The settings of a queue, everything else at its default. */
    static EventSettings of(String queueUrl) {
        return builder().queueUrl(URI.create(queueUrl)).build();
    }

    /** Starts settings. */
    static Builder builder() {
        return ImmutableEventSettings.builder();
    }

    /** Builds {@link EventSettings}. Not safe for use by several threads at once. */
    abstract class Builder {
        Builder() {}

        /** Sets the URL of the queue. Required. */
        public abstract Builder queueUrl(URI queueUrl);

        /** Sets how often a run is looked at without an event; positive, at most one day. */
        public abstract Builder reconcileEvery(Duration reconcileEvery);

        /** The settings.
         *
         * @throws IllegalArgumentException naming every field that is out of its limits
         * @throws IllegalStateException if the URL is missing
         */
        public abstract EventSettings build();
    }
}
