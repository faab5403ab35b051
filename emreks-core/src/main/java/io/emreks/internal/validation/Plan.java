package io.emreks.internal.validation;

import io.emreks.internal.aws.S3Location;
import io.emreks.internal.aws.StartCommand;
import io.emreks.model.Argument;
import io.emreks.model.JobDriver;
import io.emreks.model.JobRunRequest;
import io.emreks.podtemplate.PodTemplate;
import io.emreks.spark.RenderedSparkConfig;
import java.util.List;
import java.util.Optional;

/** A request found to be right, with everything worked out that can be before the first call. */
public record Plan(
        JobRunRequest request,
        String name,
        String virtualCluster,
        String executionRoleArn,
        String releaseLabel,
        JobDriver.SparkSubmit driver,
        RenderedSparkConfig spark,
        Optional<S3Location> artifacts,
        List<PodTemplate> templates) {

    /** The StartJobRun. */
    public StartCommand command(String virtualClusterId, String clientToken) {
        return new StartCommand(
                virtualClusterId,
                clientToken,
                name,
                executionRoleArn,
                releaseLabel,
                driver.entryPoint(),
                driver.arguments().stream().map(Argument::value).toList(),
                spark.sparkSubmitParameters(),
                spark.sparkDefaults(),
                request.logs(),
                request.tags());
    }

    @Override
    public String toString() {
        return "Plan{" + name + "}";
    }
}
