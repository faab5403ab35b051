package io.emreks.internal.outcome;

import io.emreks.model.JobRunAttempt;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import io.emreks.retry.FailureClass;
import java.util.List;

/**
 * Reads the reason and the remark of a failed run. The texts of the service are those of the Amazon EMR on EKS Development
 * Guide, "Job run errors", and some seen on live runs.
 */
public final class FailureClasses {
    private static final String MONITORING_LOST = "Trouble monitoring your JobRun";
    private static final List<String> START_TIMEOUT = List.of(
            "JobRun timed out before",
            "does not have sufficient resources",
            "lack of cluster resources",
            "no nodes available to schedule pods");
    private static final List<String> OUT_OF_MEMORY = List.of("OutOfMemoryError", "OOMKilled");
    private static final String APPLICATION = "JobRun failed.";

    private FailureClasses() {}

    /** The class, as far as the service's own words tell. */
    public static FailureClass of(JobRunAttempt failed) {
        return failed.last().map(end -> of(end, wasRunning(failed))).orElse(FailureClass.UNKNOWN);
    }

    private static boolean wasRunning(JobRunAttempt failed) {
        return failed.states().stream().anyMatch(seen -> seen.state() == JobRunState.RUNNING);
    }

    private static FailureClass of(JobRunSnapshot end, boolean wasRunning) {
        String details = end.stateDetails().orElse("");
        if (details.startsWith(MONITORING_LOST)) {
            return FailureClass.MONITORING_LOST;
        }
        return end.failureReason()
                .map(reason -> switch (reason) {
                    case VALIDATION_ERROR -> FailureClass.VALIDATION;
                    case CLUSTER_UNAVAILABLE ->
                        wasRunning ? FailureClass.MONITORING_LOST : FailureClass.CLUSTER_UNAVAILABLE;
                    case INTERNAL_ERROR -> wasRunning ? FailureClass.MONITORING_LOST : FailureClass.INTERNAL_ERROR;
                    case USER_ERROR -> ofUserError(details);
                    case UNKNOWN -> FailureClass.UNKNOWN;
                })
                .orElse(FailureClass.UNKNOWN);
    }

    private static FailureClass ofUserError(String details) {
        if (START_TIMEOUT.stream().anyMatch(details::contains)) {
            return FailureClass.START_TIMEOUT;
        }
        if (OUT_OF_MEMORY.stream().anyMatch(details::contains)) {
            return FailureClass.OUT_OF_MEMORY;
        }
        return details.startsWith(APPLICATION) ? FailureClass.APPLICATION : FailureClass.UNKNOWN;
    }
}
