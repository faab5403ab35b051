package io.emreks.retry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * When a job that FAILED is submitted again as a new run, and what is changed then. A new run starts only after the one
 * before it has ended. Immutable: every method returns a changed copy.
 *
 * <pre>{@code
 * Resubmission.upTo(3)
 *         .onInfrastructureFailure()
 *         .on(FailureClass.OUT_OF_MEMORY, JobChange.moreExecutorMemory(1.5, "32g"))
 *         .on(FailureClass.SPOT_LOSS, JobChange.onDemandExecutors());
 * }</pre>
 *
 * <p>This is about new runs. {@link DriverRetry} has EMR start the driver of one run again, and {@link ApiRetry} is about
 * single calls.
 */
@Value.Immutable
public abstract class Resubmission {
    Resubmission() {}

    /** No new run after a failure; what a request has that says nothing. */
    public static Resubmission none() {
        return upTo(1);
    }

    /**
     * At most that many runs in all, the first included; 1 to 1,000. Says nothing yet about after which failures.
     *
     * @throws IllegalArgumentException if out of range
     */
    public static Resubmission upTo(int runs) {
        return ImmutableResubmission.builder().maxAttempts(runs).build();
    }

    /** How many runs there are at most: in all, or, if there is a {@link #window()}, failed ones within it. */
    public abstract int maxAttempts();

    /** The time for which a failure counts; for ever when empty. */
    public abstract Optional<Duration> window();

    /** How long a run must have been RUNNING for the failures before it to be forgotten; never when empty. */
    public abstract Optional<Duration> healthyAfter();

    /** The pause after the first failure. Default 30 s. It doubles with every further one and is drawn from its upper half. */
    @Value.Default
    public Duration firstDelay() {
        return Duration.ofSeconds(30);
    }

    /** The longest pause. Default 10 min. */
    @Value.Default
    public Duration maxDelay() {
        return Duration.ofMinutes(10);
    }

    /** How long a classifier may look for the cause; after that it stays UNKNOWN. Default 1 min. */
    @Value.Default
    public Duration diagnosisLimit() {
        return Duration.ofMinutes(1);
    }

    /** After which failures, and what is changed then. */
    public abstract Map<FailureClass, List<JobChange>> rules();

    /** Whether there can be a second run. */
    public boolean possible() {
        return maxAttempts() > 1 && !rules().isEmpty();
    }

    /**
     * Counts only failures of the last {@code window}: a budget that refills. For jobs that run for days.
     *
     * @param window more than nothing, at most 30 days
     */
    public Resubmission within(Duration window) {
        return copy().window(window).build();
    }

    /** Forgets earlier failures once a run was RUNNING for that long. */
    public Resubmission forgettingAfter(Duration healthy) {
        return copy().healthyAfter(healthy).build();
    }

    /** Sets the pauses between a failure and the next run; positive, at most one day. */
    public Resubmission pausing(Duration first, Duration longest) {
        return copy().firstDelay(first).maxDelay(longest).build();
    }

    /** Sets how long a classifier may look for the cause; positive, at most one hour. */
    public Resubmission diagnosisWithin(Duration limit) {
        return copy().diagnosisLimit(limit).build();
    }

    /** After what is no fault of the job: CLUSTER_UNAVAILABLE, INTERNAL_ERROR and START_TIMEOUT. */
    public Resubmission onInfrastructureFailure() {
        return on(FailureClass.CLUSTER_UNAVAILABLE)
                .on(FailureClass.INTERNAL_ERROR)
                .on(FailureClass.START_TIMEOUT);
    }

    /**
     * After failures of one class, with changes that hold for all later runs. MONITORING_LOST only counts for jobs declared
     * {@code idempotent()}.
     *
     * @throws IllegalArgumentException for VALIDATION and UNKNOWN, after which no new run is started
     */
    public Resubmission on(FailureClass failure, JobChange... changes) {
        Map<FailureClass, List<JobChange>> rules = new EnumMap<>(FailureClass.class);
        rules.putAll(rules());
        rules.put(failure, List.of(changes));
        return copy().rules(rules).build();
    }

    /** Every virtual cluster a changed job may go to. */
    public List<String> virtualClusters() {
        List<String> others = new ArrayList<>();
        rules().values()
                .forEach(changes -> changes.forEach(change -> {
                    if (change instanceof JobChange.OtherVirtualCluster other && !others.contains(other.idOrName())) {
                        others.add(other.idOrName());
                    }
                }));
        return others;
    }

    private ImmutableResubmission.Builder copy() {
        return ImmutableResubmission.builder().from(this);
    }

    /** Refuses what cannot work, naming every wrong field. */
    @Value.Check
    void check() {
        StringBuilder wrong = new StringBuilder();
        if (maxAttempts() < 1 || maxAttempts() > 1_000) {
            wrong.append(" runs are ").append(maxAttempts()).append(", must be 1 to 1,000;");
        }
        window().ifPresent(window -> bounded("window", window, Duration.ofDays(30), wrong));
        healthyAfter().ifPresent(healthy -> bounded("healthyAfter", healthy, Duration.ofDays(30), wrong));
        bounded("firstDelay", firstDelay(), Duration.ofDays(1), wrong);
        bounded("maxDelay", maxDelay(), Duration.ofDays(1), wrong);
        bounded("diagnosisLimit", diagnosisLimit(), Duration.ofHours(1), wrong);
        for (FailureClass never : List.of(FailureClass.VALIDATION, FailureClass.UNKNOWN)) {
            if (rules().containsKey(never)) {
                wrong.append(" no new run is started after ").append(never).append(';');
            }
        }
        if (wrong.length() > 0) {
            throw new IllegalArgumentException("Resubmission:" + wrong);
        }
    }

    private static void bounded(String field, Duration value, Duration max, StringBuilder wrong) {
        if (value.isZero() || value.isNegative() || value.compareTo(max) > 0) {
            wrong.append(' ')
                    .append(field)
                    .append(" is ")
                    .append(value)
                    .append(", must be positive and at most ")
                    .append(max)
                    .append(';');
        }
    }
}
