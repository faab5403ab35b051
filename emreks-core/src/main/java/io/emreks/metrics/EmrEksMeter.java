package io.emreks.metrics;

import io.emreks.model.JobRunState;
import io.emreks.retry.FailureClass;
import java.util.List;
import java.util.stream.Stream;

/**
 * The meters of {@link MicrometerTelemetry}. What a tag can say is listed here, and nothing else is ever said: no meter
 * carries the id, the name or the key of a run.
 *
 * <p>A run's times are those of the service where it gives them, and otherwise those of the first look that saw it.
 */
public enum EmrEksMeter {
    /** What became of submissions. */
    SUBMISSIONS(
            "emreks.job.run.submissions",
            Type.COUNTER,
            "submissions",
            "Runs that were submitted, attached to or submitted again, by what became of that. JOINED: the run was there"
                    + " already. UNKNOWN: no answer told whether there is one. CANCELLED and CLIENT_CLOSED: before it was"
                    + " started.",
            Tag.of("outcome", RunStory.Submission.values())),
    /** Live runs. */
    LIVE_RUNS(
            "emreks.job.run.live",
            Type.GAUGE,
            "runs",
            "Live runs that are followed, by the state they were last seen in.",
            Tag.of("state", Stream.of(JobRunState.values()).filter(state -> !state.terminal()))),
    /** Handles without a run. */
    PENDING_SUBMISSIONS(
            "emreks.job.run.pending.submissions",
            Type.GAUGE,
            "submissions",
            "Handles whose run was not looked at yet: being submitted, or waiting to be submitted again."),
    /** From acceptance to RUNNING. */
    TIME_TO_START(
            "emreks.job.run.time.to.start",
            Type.TIMER,
            "seconds",
            "From a run's acceptance by the service until it was RUNNING; not of runs that were RUNNING when they were"
                    + " joined."),
    /** From acceptance to the end. */
    DURATION(
            "emreks.job.run.duration",
            Type.TIMER,
            "seconds",
            "From a run's acceptance by the service to its end; not of runs that were over when they were joined.",
            Tag.of("outcome", Stream.of(JobRunState.values()).filter(JobRunState::terminal))),
    /** Why runs failed. */
    FAILURES(
            "emreks.job.run.failures",
            Type.COUNTER,
            "failures",
            "Runs that failed, or were cancelled because a limit of time had passed; not those that were over when they"
                    + " were joined.",
            Tag.of("failure.class", FailureClass.values())),
    /** Runs that follow a failed one. */
    RESUBMISSIONS(
            "emreks.job.run.resubmissions",
            Type.COUNTER,
            "resubmissions",
            "Runs that were started because the one before had failed, by why it had.",
            Tag.of("failure.class", FailureClass.values())),
    /** Tries of calls. */
    API_CALLS(
            "emreks.api.calls",
            Type.TIMER,
            "seconds",
            "Tries of calls to AWS, from their turn to the answer.",
            Operations.TAG,
            Tag.of("outcome", ApiTry.Outcome.values())),
    /** Tries that were throttled. */
    THROTTLES(
            "emreks.api.throttles",
            Type.COUNTER,
            "throttles",
            "Tries that AWS refused for their rate.",
            Operations.TAG),
    /** What a start waited. */
    ADMISSION_WAIT(
            "emreks.admission.wait",
            Type.TIMER,
            "seconds",
            "What a StartJobRun waited for its turn within the quotas."),
    /** How late looks are. */
    POLL_LAG("emreks.poll.lag", Type.TIMER, "seconds", "How much later than it was due a run was looked at."),
    /** How old events are. */
    EVENT_LAG(
            "emreks.event.lag",
            Type.TIMER,
            "seconds",
            "How long before it was received an event from the queue was made, by the client's clock."),
    /** Messages that nobody understood. */
    UNREADABLE_EVENTS(
            "emreks.unreadable.events",
            Type.COUNTER,
            "events",
            "Messages from the event queue that were not understood, and left to its redrive policy."),
    /** What waits. */
    QUEUE_DEPTH(
            "emreks.queue.depth",
            Type.GAUGE,
            "entries",
            "What waits: CALLS for their turn within the quotas, EVENTS to be heard by listeners.",
            Tag.of("queue", Queue.values()));

    /** What a meter does. */
    public enum Type {
        /** Goes up only. */
        COUNTER,
        /** Goes up and down; summed over all open clients of a registry. */
        GAUGE,
        /** Counts durations, adds them up and knows the longest. */
        TIMER
    }

    /**
     * A tag of a meter.
     *
     * @param key its name
     * @param values all that it can say
     */
    public record Tag(String key, List<String> values) {
        /** Copies the list. */
        public Tag {
            values = List.copyOf(values);
        }

        static Tag of(String key, Enum<?>[] values) {
            return of(key, Stream.of(values));
        }

        static Tag of(String key, Stream<? extends Enum<?>> values) {
            return new Tag(key, values.<String>map(Enum::name).toList());
        }
    }

    /** What can wait. */
    enum Queue {
        CALLS,
        EVENTS
    }

    private final String meterName;
    private final Type type;
    private final String unit;
    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of, of records that copy theirs
    private final List<Tag> tags;

    EmrEksMeter(String meterName, Type type, String unit, String description, Tag... tags) {
        this.meterName = meterName;
        this.type = type;
        this.unit = unit;
        this.description = description;
        this.tags = List.of(tags);
    }

    /** Its name as Micrometer has it; a registry writes it in its own way. */
    public String meterName() {
        return meterName;
    }

    /** What it does. */
    public Type type() {
        return type;
    }

    /** What it counts, or {@code seconds}. */
    public String unit() {
        return unit;
    }

    /** What it tells. */
    public String description() {
        return description;
    }

    /** Its tags, each of which is always there. */
    public List<Tag> tags() {
        return tags;
    }

    /** The calls that the client makes. */
    static final class Operations {
        static final String OTHER = "other";
        static final Tag TAG = new Tag(
                "operation",
                List.of(
                        "StartJobRun",
                        "CancelJobRun",
                        "DescribeJobRun",
                        "ListJobRuns",
                        "ListVirtualClusters",
                        "DescribeJobTemplate",
                        "GetObject",
                        "PutObject",
                        "ListObjectsV2",
                        "ReceiveMessage",
                        "DeleteMessageBatch",
                        OTHER));

        private Operations() {}

        static String known(String operation) {
            return TAG.values().contains(operation) ? operation : OTHER;
        }
    }
}
