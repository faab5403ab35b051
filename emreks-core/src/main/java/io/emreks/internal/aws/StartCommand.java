package io.emreks.internal.aws;

import io.emreks.model.JobTemplateUse;
import io.emreks.model.LogConfig;
import io.emreks.retry.DriverRetry;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A StartJobRun, ready to be sent. Holds what the user gave, so it is never printed.
 *
 * @param job what to run; empty if the template says it
 */
public record StartCommand(
        String virtualClusterId,
        String clientToken,
        String name,
        Optional<JobTemplateUse> template,
        Optional<Job> job,
        Optional<DriverRetry> driverRetry,
        Map<String, String> tags) {

    /** What is run, where no template says it. */
    public record Job(
            String executionRoleArn,
            String releaseLabel,
            String entryPoint,
            List<String> entryPointArguments,
            String sparkSubmitParameters,
            Map<String, String> sparkDefaults,
            Optional<LogConfig> logs) {
        @Override
        public String toString() {
            return "Job{" + releaseLabel + "}";
        }
    }

    /** This command without any tags. */
    public StartCommand untagged() {
        return new StartCommand(virtualClusterId, clientToken, name, template, job, driverRetry, Map.of());
    }

    @Override
    public String toString() {
        return "StartCommand{" + name + ", token " + clientToken + "}";
    }
}
