package io.emreks.client;

import io.emreks.model.JobRunAttempt;
import io.emreks.retry.FailureClass;
import java.util.concurrent.CompletionStage;

/**
 * Tells why a run failed. The one built in reads the service's reason and remark only, which seldom tell an application's
 * failure from lost nodes or lack of memory; one that reads logs can.
 */
@FunctionalInterface
public interface FailureClassifier {
    /**
     * The class of a failed run. Called on a callback worker; may take its time, but if it takes longer than the request's
     * {@code diagnosisLimit}, fails or throws, the class is UNKNOWN.
     *
     * @param failed the run, whose last state is FAILED
     */
    CompletionStage<FailureClass> classify(JobRunAttempt failed);
}
