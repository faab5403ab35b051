package io.emreks.internal.aws;

import io.emreks.model.LogConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A StartJobRun, ready to be sent. Holds what the user gave, so it is never printed. */
public record StartCommand(
        String virtualClusterId,
        String clientToken,
        String name,
        String executionRoleArn,
        String releaseLabel,
        String entryPoint,
        List<String> entryPointArguments,
        String sparkSubmitParameters,
        Map<String, String> sparkDefaults,
        Optional<LogConfig> logs,
        Map<String, String> tags) {
    @Override
    public String toString() {
        return "StartCommand{" + name + ", token " + clientToken + "}";
    }
}
