package io.emreks.testing.service;

import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * How a job run unfolds: how long it stays in PENDING, SUBMITTED and RUNNING and how it ends. Immutable; each method
 * returns a changed copy. Defaults: 2 seconds PENDING, 60 seconds SUBMITTED, 11 minutes RUNNING, and 5 seconds from an
 * accepted cancel to CANCELLED. An accepted cancel always ends the run as CANCELLED.
 */
public final class JobRunScript {
    private static final Failure APPLICATION_FAILED = new Failure(
            FakeFailureReason.USER_ERROR,
            "JobRun failed. Please refer logs uploaded to S3/CloudWatch based on your monitoring configuration.");
    static final Duration FOR_EVER = Duration.ofDays(36_500);

    private Duration pending = Duration.ofSeconds(2);
    private Duration submitted = Duration.ofSeconds(60);
    private Duration running = Duration.ofMinutes(11);
    private Duration cancelling = Duration.ofSeconds(5);
    private FakeJobRunState lastPhase = FakeJobRunState.RUNNING;
    private Optional<Failure> failure = Optional.empty();
    private DriverFailures driverFailures = DriverFailures.NONE;
    private boolean lifelike;
    private String stdout = "";
    private String stderr = "";

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
        copy.stdout = stdout;
        copy.stderr = stderr;
        change.accept(copy);
        return copy;
    }

    /** The run ends COMPLETED. */
    public static JobRunScript completes() {
        return new JobRunScript();
    }

    /**
     * The run ends COMPLETED, after times that differ from run to run as those of real jobs do: the driver starts one to two
     * minutes after the run was accepted, and runs for a time of a lognormal distribution (sigma 1) whose median is that of
     * {@link #runningFor}, 11 minutes by default. The times follow from the fake's seed and the run's id.
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

    /** What each driver writes to standard output; stored where {@link FakeEmrEks#cloudWatchLogs} says. By default nothing. */
    public JobRunScript stdout(String text) {
        return changed(copy -> copy.stdout = text);
    }

    /** What each driver writes to standard error, otherwise like {@link #stdout}. */
    public JobRunScript stderr(String text) {
        return changed(copy -> copy.stderr = text);
    }

    String stdout() {
        return stdout;
    }

    String stderr() {
        return stderr;
    }

    /** Whether a driver of this script leaves a log. */
    boolean writes() {
        return !stdout.isEmpty() || !stderr.isEmpty();
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
        double runningMillis = Math.min(running.toMillis() * Math.exp(normal), (double) FOR_EVER.toMillis());
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

    /** The first drivers of a run, which fail. */
    record DriverFailures(int times, Duration after) {
        static final DriverFailures NONE = new DriverFailures(0, Duration.ZERO);

        @Override
        public String toString() {
            return times + " drivers fail after " + after;
        }
    }
}
