package io.emreks.testing.service;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.immutables.value.Value;

/** What the fake knows of one job run at one moment; immutable. Settings and arguments are left out of {@code toString}. */
@Value.Immutable
public interface FakeJobRun {
    /** The 19-character id. */
    String id();

    /** {@code arn:aws:emr-containers:{region}:{account}:/virtualclusters/{virtual cluster}/jobruns/{id}}. */
    String arn();

    /** The virtual cluster that it was started on. */
    String virtualClusterId();

    /** The name, if the request gave one. */
    Optional<String> name();

    /** The state at the moment of this view. */
    FakeJobRunState state();

    /** The client token of the StartJobRun request. */
    String clientToken();

    /** The release label of the request, or of its job template; the same holds for what follows. */
    String releaseLabel();

    /** The execution role. */
    String executionRoleArn();

    /** Which driver the request has; its job template's, if the request has none. */
    @Value.Default
    default FakeJobDriver driver() {
        return FakeJobDriver.SPARK_SUBMIT;
    }

    /** {@code jobDriver.sparkSubmitJobDriver.entryPoint}, or the entry point of the SQL driver. */
    String entryPoint();

    /** {@code jobDriver.sparkSubmitJobDriver.entryPointArguments}; empty if none were given. */
    @Value.Redacted
    List<String> entryPointArguments();

    /** {@code sparkSubmitParameters} (of the SQL driver: {@code sparkSqlParameters}); empty if not given. */
    @Value.Redacted
    String sparkSubmitParameters();

    /** The properties of the {@code spark-defaults} classification of {@code applicationConfiguration}. */
    @Value.Redacted
    Map<String, String> sparkDefaults();

    /** {@code s3MonitoringConfiguration.logUri}, if given. */
    Optional<String> logUri();

    /** {@code cloudWatchMonitoringConfiguration.logGroupName}, if given. */
    @Value.Default
    default Optional<String> logGroupName() {
        return Optional.empty();
    }

    /** {@code cloudWatchMonitoringConfiguration.logStreamNamePrefix}, if given. */
    @Value.Default
    default Optional<String> logStreamNamePrefix() {
        return Optional.empty();
    }

    /** {@code retryPolicyConfiguration.maxAttempts}; 1 if not given. */
    @Value.Default
    default int maxAttempts() {
        return 1;
    }

    /** The tags as they are now. */
    Map<String, String> tags();

    /** When StartJobRun was accepted. */
    Instant createdAt();

    /** When a terminal state was entered. */
    Optional<Instant> finishedAt();

    /** Why the run failed; present only in FAILED. */
    Optional<FakeFailureReason> failureReason();

    /** The service's words on the end of the run. */
    Optional<String> stateDetails();

    /** Which of the drivers that EMR starts by the run's retry policy is the latest; 1 for the first, also before it runs. */
    @Value.Default
    default int currentAttemptCount() {
        return 1;
    }

    /** Where the Spark UI of the driver can be opened; present only in RUNNING, and if an engine has told it. */
    @Value.Default
    default Optional<URI> sparkUi() {
        return Optional.empty();
    }

    /** The body of the StartJobRun request as it was received. */
    @Value.Redacted
    String requestJson();

    /** Every state so far with the time of its entry, in order; the first is PENDING. */
    List<Change> history();

    /** Runs of this name, for {@link FakeEmrEks#script(Predicate, JobRunScript)}. */
    static Predicate<FakeJobRun> named(String name) {
        return run -> run.name().equals(Optional.of(name));
    }

    /** Runs that have this tag, perhaps among others. */
    static Predicate<FakeJobRun> tagged(String key, String value) {
        return run -> value.equals(run.tags().get(key));
    }

    /** Runs of this entry point. */
    static Predicate<FakeJobRun> ofEntryPoint(String entryPoint) {
        return run -> run.entryPoint().equals(entryPoint);
    }

    /**
     * The entry of a state.
     *
     * @param state the state
     * @param at when it was entered
     */
    record Change(FakeJobRunState state, Instant at) {}
}
