package io.emreks.testing.spark;

import io.emreks.testing.service.FakeFailureReason;
import io.emreks.testing.service.FakeJobDriver;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeJobRunState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A job run as the engine is given it. */
record TestRun(
        String id,
        String entryPoint,
        List<String> entryPointArguments,
        String sparkSubmitParameters,
        Map<String, String> sparkDefaults,
        Optional<String> logUri,
        FakeJobDriver driver)
        implements FakeJobRun {

    static final String VIRTUAL_CLUSTER = "jk518skp01ys9ka8b0npx9nt0";

    static TestRun of(String id, String... arguments) {
        return new TestRun(
                id,
                "s3://jobs/a.jar",
                List.of(arguments),
                "--class a.Main",
                Map.of(),
                Optional.of("s3://logs/spark/"),
                FakeJobDriver.SPARK_SUBMIT);
    }

    TestRun parameters(String text) {
        return new TestRun(id, entryPoint, entryPointArguments, text, sparkDefaults, logUri, driver);
    }

    TestRun defaults(Map<String, String> settings) {
        return new TestRun(id, entryPoint, entryPointArguments, sparkSubmitParameters, settings, logUri, driver);
    }

    TestRun logUri(Optional<String> uri) {
        return new TestRun(id, entryPoint, entryPointArguments, sparkSubmitParameters, sparkDefaults, uri, driver);
    }

    TestRun entryPoint(String uri) {
        return new TestRun(id, uri, entryPointArguments, sparkSubmitParameters, sparkDefaults, logUri, driver);
    }

    TestRun sql(String script, String parameters) {
        return new TestRun(id, script, List.of(), parameters, sparkDefaults, logUri, FakeJobDriver.SPARK_SQL);
    }

    @Override
    public String arn() {
        return "arn:aws:emr-containers:us-east-1:123456789012:/virtualclusters/" + VIRTUAL_CLUSTER + "/jobruns/" + id;
    }

    @Override
    public String virtualClusterId() {
        return VIRTUAL_CLUSTER;
    }

    @Override
    public Optional<String> name() {
        return Optional.empty();
    }

    @Override
    public FakeJobRunState state() {
        return FakeJobRunState.PENDING;
    }

    @Override
    public String clientToken() {
        return "token";
    }

    @Override
    public String releaseLabel() {
        return "emr-7.5.0-latest";
    }

    @Override
    public String executionRoleArn() {
        return "arn:aws:iam::123456789012:role/job";
    }

    @Override
    public Map<String, String> tags() {
        return Map.of();
    }

    @Override
    public Instant createdAt() {
        return Instant.EPOCH;
    }

    @Override
    public Optional<Instant> finishedAt() {
        return Optional.empty();
    }

    @Override
    public Optional<FakeFailureReason> failureReason() {
        return Optional.empty();
    }

    @Override
    public Optional<String> stateDetails() {
        return Optional.empty();
    }

    @Override
    public String requestJson() {
        return "{}";
    }

    @Override
    public List<Change> history() {
        return List.of();
    }
}
