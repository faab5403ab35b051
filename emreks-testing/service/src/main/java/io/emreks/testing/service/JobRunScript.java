package io.emreks.testing.service;

import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * How a job run unfolds: how long it stays in PENDING, SUBMITTED and RUNNING and how it ends. Immutable; each method
 * returns a changed copy. Except for {@link #lifelike}: 2 seconds PENDING, 60 seconds SUBMITTED, 11 minutes RUNNING, and 5
 * seconds from an accepted cancel to CANCELLED. An accepted cancel always ends the run as CANCELLED.
 */
public final class JobRunScript {
    private static final Failure APPLICATION_FAILED = new Failure(
            FakeFailureReason.USER_ERROR,
            "JobRun failed. Please refer logs uploaded to S3/CloudWatch based on your monitoring configuration.");
    static final Duration FOR_EVER = Duration.ofDays(36_500);
    private static final double SIGMA = 0.5;

    private Duration pending = Duration.ofSeconds(2);
    private Duration submitted = Duration.ofSeconds(60);
    private Duration running = Duration.ofMinutes(11);
    private Duration cancelling = Duration.ofSeconds(5);
    private FakeJobRunState lastPhase = FakeJobRunState.RUNNING;
    private Optional<Failure> failure = Optional.empty();
    private DriverFailures driverFailures = DriverFailures.NONE;
    private boolean lifelike;
    private Optional<String> submitterStderr = Optional.empty();
    private String stdout = "";
    private Optional<String> stderr = Optional.empty();
    private ExecutorLogs executorLogs = ExecutorLogs.USUAL;

    private JobRunScript() {}

    private JobRunScript changed(Consumer<JobRunScript> change) {
        JobRunScript copy = new JobRunScript();
        copy.pending = pending;
        copy.submitted = submitted;
        copy.running = running;
        copy.cancelling = cancelling;
        copy.lastPhase = lastPhase;
        copy.failure = failure;
        copy.driverFailures = driverFailures;
        copy.lifelike = lifelike;
        copy.submitterStderr = submitterStderr;
        copy.stdout = stdout;
        copy.stderr = stderr;
        copy.executorLogs = executorLogs;
        change.accept(copy);
        return copy;
    }

    /** The run ends COMPLETED. */
    public static JobRunScript completes() {
        return new JobRunScript();
    }

    /**
     * The run ends COMPLETED, after times that differ from run to run as those of real jobs do: the driver starts one to two
     * minutes after the run was accepted, and runs for a time of a lognormal distribution (sigma 0.5) whose median is that
     * of {@link #runningFor}, 11 minutes by default: 19 of 20 runs take 4 to 30 minutes, and one of a million takes 2 hours.
     * The times follow from the fake's seed and the run's id. Every fake does this unless it is told otherwise.
     */
    public static JobRunScript lifelike() {
        return completes().changed(copy -> copy.lifelike = true);
    }

    /** The run ends FAILED with USER_ERROR and the details that EMR gives when the application fails. */
    public static JobRunScript fails() {
        return fails(APPLICATION_FAILED.reason, APPLICATION_FAILED.stateDetails);
    }

    /**
     * The run ends FAILED, at the end of RUNNING unless {@link #failsWhile} says otherwise.
     *
     * @param stateDetails the text that describe and list show, 1 to 256 characters (service model)
     */
    public static JobRunScript fails(FakeFailureReason reason, String stateDetails) {
        if (stateDetails.isEmpty() || stateDetails.length() > 256) {
            throw new IllegalArgumentException(
                    "stateDetails has " + stateDetails.length() + " characters; give 1 to 256, as the service does");
        }
        return completes().changed(copy -> copy.failure = Optional.of(new Failure(reason, stateDetails)));
    }

    /**
     * The driver never starts: the run stays SUBMITTED until it is cancelled, or FAILED with USER_ERROR by the service's start
     * time-out ({@link FakeEmrEks.Builder#startTimeout}).
     */
    public static JobRunScript neverStarts() {
        return completes().submittedFor(FOR_EVER);
    }

    /** The run stays RUNNING until it is cancelled. */
    public static JobRunScript runsForever() {
        return completes().runningFor(FOR_EVER);
    }

    /** How long the run is PENDING; zero or more. */
    public JobRunScript pendingFor(Duration duration) {
        return changed(copy -> copy.pending = checked(duration));
    }

    /** How long the run is SUBMITTED; zero or more. */
    public JobRunScript submittedFor(Duration duration) {
        return changed(copy -> copy.submitted = checked(duration));
    }

    /** How long the run is RUNNING; zero or more. */
    public JobRunScript runningFor(Duration duration) {
        return changed(copy -> copy.running = checked(duration));
    }

    /** How long the run is CANCEL_PENDING after an accepted cancel; zero or more. */
    public JobRunScript cancelTakes(Duration duration) {
        return changed(copy -> copy.cancelling = checked(duration));
    }

    /**
     * In which state a failing run fails, once its time in that state is over.
     *
     * @param phase PENDING, SUBMITTED or RUNNING
     * @throws IllegalStateException if this script does not fail
     */
    public JobRunScript failsWhile(FakeJobRunState phase) {
        if (failure.isEmpty()) {
            throw new IllegalStateException("This script does not fail; start from JobRunScript.fails(...)");
        }
        if (!phase.cancellable()) {
            throw new IllegalArgumentException(
                    "A run cannot fail while " + phase + "; give PENDING, SUBMITTED or RUNNING");
        }
        return changed(copy -> copy.lastPhase = phase);
    }

    /**
     * The driver fails before the run unfolds on. As long as the run's {@code retryPolicyConfiguration.maxAttempts} allows,
     * EMR starts it again, 10 seconds after the first failure, then 20, 40 and so on up to 6 minutes (EMR on EKS Development
     * Guide); the run stays RUNNING meanwhile, which the guide does not say. The driver after the last of these failures
     * runs for the time of {@link #runningFor} and ends as the script says. Where no attempt is left the run is FAILED, as
     * the script says, or else as {@link #fails()} does.
     *
     * @param times how many drivers fail; zero or more
     * @param after how long each of them runs; zero or more
     */
    public JobRunScript driverFails(int times, Duration after) {
        if (times < 0) {
            throw new IllegalArgumentException("A driver cannot fail " + times + " times; give zero or more");
        }
        return changed(copy -> copy.driverFailures = new DriverFailures(times, checked(after)));
    }

    /** What each driver writes to standard output; stored where {@link FakeEmrEks#logs} says. By default nothing. */
    public JobRunScript stdout(String text) {
        return changed(copy -> copy.stdout = text);
    }

    /** What each driver writes to standard error, by default a few lines about its start and its end. */
    public JobRunScript stderr(String text) {
        return changed(copy -> copy.stderr = Optional.of(text));
    }

    /**
     * The executors of each driver and what each of them writes. By default there are two, as Spark has it, with a line in
     * standard error.
     *
     * @param executors how many leave logs, 0 to 1,000
     */
    public JobRunScript executorLogs(int executors, String stdout, String stderr) {
        if (executors < 0 || executors > 1_000) {
            throw new IllegalArgumentException("A driver with " + executors + " executors; give 0 to 1,000");
        }
        return changed(copy -> copy.executorLogs = new ExecutorLogs(executors, stdout, Optional.of(stderr)));
    }

    /** What the pod that submits the driver writes to standard error, by default a line that says what came of it. */
    public JobRunScript submitterStderr(String text) {
        return changed(copy -> copy.submitterStderr = Optional.of(text));
    }

    Optional<String> submitterStderr() {
        return submitterStderr;
    }

    String stdout() {
        return stdout;
    }

    Optional<String> stderr() {
        return stderr;
    }

    ExecutorLogs executorLogs() {
        return executorLogs;
    }

    /** The same with the times that one run has. */
    JobRunScript of(long seed, String runId) {
        if (!lifelike) {
            return this;
        }
        SplittableRandom random = new SplittableRandom(seed * 31 + runId.hashCode());
        long pendingMillis = random.nextLong(1_000, 3_000);
        long startMillis = random.nextLong(60_000, 120_000);
        // Box and Muller
        double normal = Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
        double runningMillis = Math.min(running.toMillis() * Math.exp(SIGMA * normal), (double) FOR_EVER.toMillis());
        return changed(copy -> {
            copy.lifelike = false;
            copy.pending = Duration.ofMillis(pendingMillis);
            copy.submitted = Duration.ofMillis(startMillis - pendingMillis);
            copy.running = Duration.ofMillis((long) runningMillis);
        });
    }

    private static Duration checked(Duration duration) {
        if (duration.isNegative() || duration.compareTo(FOR_EVER) > 0) {
            throw new IllegalArgumentException(
                    "A run cannot stay in a state for " + duration + "; give zero to " + FOR_EVER.toDays() + " days");
        }
        return duration;
    }

    /** How long a run of this script stays in a state that is not terminal. */
    Duration timeIn(FakeJobRunState state) {
        return switch (state) {
            case PENDING -> pending;
            case SUBMITTED -> submitted;
            case RUNNING -> running;
            case CANCEL_PENDING -> cancelling;
            case COMPLETED, FAILED, CANCELLED -> throw new IllegalArgumentException(state + " has no end");
        };
    }

    /** The state that follows, where no cancel intervenes. */
    FakeJobRunState after(FakeJobRunState state) {
        if (state == FakeJobRunState.CANCEL_PENDING) {
            return FakeJobRunState.CANCELLED;
        }
        if (state == lastPhase) {
            return failure.isPresent() ? FakeJobRunState.FAILED : FakeJobRunState.COMPLETED;
        }
        return state == FakeJobRunState.PENDING ? FakeJobRunState.SUBMITTED : FakeJobRunState.RUNNING;
    }

    /** How a failing run fails. */
    Failure failure() {
        return failure.orElse(APPLICATION_FAILED);
    }

    DriverFailures driverFailures() {
        return driverFailures;
    }

    @Override
    public String toString() {
        return (lifelike ? "lifelike, about " : "") + "PENDING " + pending + ", SUBMITTED " + submitted + ", RUNNING "
                + running + ", cancel takes "
                + cancelling + (driverFailures.times == 0 ? "" : ", " + driverFailures) + ", ends "
                + failure.map(end -> "FAILED while " + lastPhase + ": " + end).orElse("COMPLETED");
    }

    record Failure(FakeFailureReason reason, String stateDetails) {}

    /** How many executors leave logs, and which; without a text for standard error, a usual one. */
    record ExecutorLogs(int executors, String stdout, Optional<String> stderr) {
        /** Spark's own default of {@code spark.executor.instances}. */
        static final ExecutorLogs USUAL = new ExecutorLogs(2, "", Optional.empty());
    }

    /** The first drivers of a run, which fail. */
    record DriverFailures(int times, Duration after) {
        static final DriverFailures NONE = new DriverFailures(0, Duration.ZERO);

        @Override
        public String toString() {
            return times + " drivers fail after " + after;
        }
    }
}
