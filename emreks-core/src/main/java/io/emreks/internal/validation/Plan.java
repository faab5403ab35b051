package io.emreks.internal.validation;

import io.emreks.error.RequestProblem;
import io.emreks.internal.aws.S3Location;
import io.emreks.internal.aws.StartCommand;
import io.emreks.internal.staging.StoredTemplates;
import io.emreks.model.JobRunRequest;
import io.emreks.podtemplate.PodTemplate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request found to be right, with everything worked out that can be before the first call.
 *
 * @param job what to run; empty if a job template says it
 * @param templates the pod templates to stage
 * @param storedTemplates the pod templates that lie in S3 already
 * @param warnings what is allowed and should be looked at
 */
public record Plan(
        JobRunRequest request,
        String name,
        String virtualCluster,
        Optional<StartCommand.Job> job,
        Optional<S3Location> artifacts,
        List<PodTemplate> templates,
        List<StoredTemplates.Stored> storedTemplates,
        List<RequestProblem> warnings) {

    /** The StartJobRun, with this library's tags beside the request's. */
    public StartCommand command(String virtualClusterId, String clientToken, Map<String, String> ownTags) {
        Map<String, String> tags = new LinkedHashMap<>(request.tags());
        tags.putAll(ownTags);
        return new StartCommand(
                virtualClusterId, clientToken, name, request.jobTemplate(), job, request.driverRetry(), tags);
    }

    @Override
    public String toString() {
        return "Plan{" + name + "}";
    }
}
