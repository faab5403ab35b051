package io.emreks.metrics;

import java.time.Duration;

/**
 * One try of a call to AWS.
 *
 * @param operation the name of the service's operation, such as {@code StartJobRun}
 * @param outcome how it ended
 * @param waited how long it waited for its turn within the quotas
 * @param took from its turn to the answer, or to the end of the wait for one
 */
public record ApiTry(String operation, Outcome outcome, Duration waited, Duration took) {
    /** How a try ended. */
    public enum Outcome {
        /** As asked. */
        SUCCEEDED,
        /** Over a quota; nothing was done. */
        THROTTLED,
        /** The service, or the caller's rights or credentials, did not let it; nothing was done. */
        REFUSED,
        /** The service had a fault, or did not answer in time. */
        UNANSWERED
    }
}
