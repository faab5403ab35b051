package io.emreks.internal.validation;

import io.emreks.client.SubmissionSettings;
import io.emreks.internal.aws.S3Location;
import java.util.Optional;

/** What the client fills in where a request says nothing, and what it allows. */
public record ClientDefaults(
        Optional<String> virtualCluster,
        Optional<String> executionRoleArn,
        Optional<S3Location> artifacts,
        SubmissionSettings submission) {}
