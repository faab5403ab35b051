package io.emreks.testing.assertj;

import io.emreks.testing.service.FakeFailureReason;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeJobRunState;
import io.emreks.testing.spark.SparkSettings;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions about a job run as the service has it. */
public final class FakeJobRunAssert extends AbstractAssert<FakeJobRunAssert, FakeJobRun> {
    FakeJobRunAssert(FakeJobRun actual) {
        super(actual, FakeJobRunAssert.class);
    }

    /** It is in this state. */
    public FakeJobRunAssert hasState(FakeJobRunState state) {
        return expect(run().state() == state, "to be " + state);
    }

    /** It is COMPLETED. */
    public FakeJobRunAssert isCompleted() {
        return hasState(FakeJobRunState.COMPLETED);
    }

    /** It is CANCELLED. */
    public FakeJobRunAssert isCancelled() {
        return hasState(FakeJobRunState.CANCELLED);
    }

    /** It is FAILED for this reason. */
    public FakeJobRunAssert isFailed(FakeFailureReason reason) {
        return expect(run().failureReason().equals(Optional.of(reason)), "to be FAILED with " + reason);
    }

    /** It has not ended. */
    public FakeJobRunAssert isLive() {
        return expect(run().finishedAt().isEmpty(), "to be live");
    }

    /** It was in these states, one after the other, and in no others. */
    public FakeJobRunAssert wentThrough(FakeJobRunState... states) {
        return expect(
                run().history().stream().map(FakeJobRun.Change::state).toList().equals(List.of(states)),
                "to have gone through " + List.of(states));
    }

    /** The request asked for this release. */
    public FakeJobRunAssert hasReleaseLabel(String releaseLabel) {
        return equal("the release label", run().releaseLabel(), releaseLabel);
    }

    /** The request named this execution role. */
    public FakeJobRunAssert hasExecutionRole(String arn) {
        return equal("the execution role", run().executionRoleArn(), arn);
    }

    /** The request named this entry point. */
    public FakeJobRunAssert hasEntryPoint(String entryPoint) {
        return equal("the entry point", run().entryPoint(), entryPoint);
    }

    /** The entry point gets these arguments. The message of a failure does not show the others. */
    public FakeJobRunAssert hasEntryPointArguments(String... arguments) {
        return expect(
                run().entryPointArguments().equals(List.of(arguments)),
                "to have the entry point arguments " + List.of(arguments));
    }

    /** It has this tag, perhaps among others. */
    public FakeJobRunAssert hasTag(String key, String value) {
        return equal("the tag " + key, run().tags().get(key), value);
    }

    /** Spark gets this setting, by {@code sparkSubmitParameters} or {@code spark-defaults}; see {@link SparkSettings}. */
    public FakeJobRunAssert hasSparkSetting(String key, String value) {
        return equal("the Spark setting " + key, SparkSettings.of(run()).get(key), value);
    }

    /** So many drivers were started by now, by the run's retry policy. */
    public FakeJobRunAssert hasDriverAttempts(int attempts) {
        return expect(run().currentAttemptCount() == attempts, "to be at driver attempt " + attempts);
    }

    private FakeJobRunAssert equal(String what, @Nullable Object found, Object expected) {
        return expect(Objects.equals(found, expected), "to have " + what + " " + expected + ", not " + found);
    }

    private FakeJobRunAssert expect(boolean fulfilled, String expectation) {
        if (!fulfilled) {
            failWithMessage("Expected job run %s %s", line(actual), expectation);
        }
        return this;
    }

    private FakeJobRun run() {
        isNotNull();
        return actual;
    }

    /** For people, without settings and arguments. */
    static String line(FakeJobRun run) {
        return run.id() + run.name().map(name -> " (" + name + ")").orElse("") + ", " + run.state()
                + run.failureReason().map(reason -> " " + reason).orElse("")
                + run.stateDetails().map(details -> ": " + details).orElse("") + ", at driver attempt "
                + run.currentAttemptCount() + ", after "
                + run.history().stream().map(FakeJobRun.Change::state).toList() + ",";
    }
}
