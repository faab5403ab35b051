package io.emreks.client;

import io.emreks.error.RequestProblem;
import java.util.List;

/**
 * What a submission would send.
 *
 * @param startJobRunJson the StartJobRun as {@code aws emr-containers start-job-run --cli-input-json} takes it; holds secret
 *     settings and sensitive arguments as they are
 * @param warnings what is allowed and should be looked at
 */
public record DryRun(String startJobRunJson, List<RequestProblem> warnings) {
    /** Copies the list. */
    public DryRun {
        warnings = List.copyOf(warnings);
    }

    /** The warnings only, as the JSON may hold secrets. */
    @Override
    public String toString() {
        return "DryRun{warnings=" + warnings + "}";
    }
}
