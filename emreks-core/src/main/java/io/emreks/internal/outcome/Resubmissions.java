package io.emreks.internal.outcome;

import io.emreks.internal.outcome.History.Failure;
import io.emreks.retry.FailureClass;
import io.emreks.retry.JobChange;
import io.emreks.retry.Resubmission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Decides whether a job is submitted again. Knows nothing but the policy and what happened. */
public final class Resubmissions {
    private static final Duration HOUR = Duration.ofHours(1);

    private Resubmissions() {}

    /**
     * The next run.
     *
     * @param history what happened before it
     * @param pause until it is submitted
     * @param changes what it does otherwise than the request says
     */
    public record Next(History history, Duration pause, List<JobChange> changes) {}

    /** The policy of a job: a job that runs until somebody stops it has a budget for each hour, if nothing else was said. */
    public static Resubmission policy(Resubmission asked, boolean longRunning) {
        return longRunning && asked.window().isEmpty() ? asked.within(HOUR) : asked;
    }

    /**
     * The run that follows a failed one, if there is one.
     *
     * @param before what happened before the failed run
     * @param ran how long the failed run was RUNNING, as far as it was seen
     * @param at when it failed
     */
    public static Optional<Next> next(
            Resubmission policy,
            boolean idempotent,
            History before,
            FailureClass failure,
            Duration ran,
            Instant at,
            RandomGenerator random) {
        boolean allowed =
                policy.rules().containsKey(failure) && (failure != FailureClass.MONITORING_LOST || idempotent);
        if (!allowed) {
            return Optional.empty();
        }
        boolean healthy = policy.healthyAfter()
                .filter(enough -> ran.compareTo(enough) >= 0)
                .isPresent();
        History history = before.counting(healthy ? List.of() : recent(before.failures(), policy, at))
                .with(failure, at);
        int failures = history.failures().size();
        if (failures >= policy.maxAttempts()) {
            return Optional.empty();
        }
        return Optional.of(new Next(history, pause(policy, failures, random), changes(policy, history)));
    }

    private static List<Failure> recent(List<Failure> failures, Resubmission policy, Instant at) {
        return failures.stream()
                .filter(failure -> policy.window()
                        .map(window -> failure.at().isAfter(at.minus(window)))
                        .orElse(true))
                .toList();
    }

    /** What all failures that count ask for, in their order. */
    public static List<JobChange> changes(Resubmission policy, History history) {
        List<JobChange> changes = new ArrayList<>();
        for (Failure failure : history.failures()) {
            List<JobChange> rule = policy.rules().get(failure.failure());
            for (JobChange change : rule == null ? List.<JobChange>of() : rule) {
                if (change instanceof JobChange.MoreExecutorMemory || !changes.contains(change)) {
                    changes.add(Objects.requireNonNull(change));
                }
            }
        }
        return changes;
    }

    private static Duration pause(Resubmission policy, int failures, RandomGenerator random) {
        double grown = policy.firstDelay().toMillis() * Math.pow(2, Math.min(failures - 1, 30));
        long longest = Math.min((long) grown, policy.maxDelay().toMillis());
        return Duration.ofMillis(longest / 2 + random.nextLong(longest - longest / 2 + 1));
    }
}
