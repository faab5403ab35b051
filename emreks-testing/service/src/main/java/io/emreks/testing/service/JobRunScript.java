package io.emreks.testing.service;

import java.time.Duration;
import java.util.Optional;

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

    private final Duration pending;
    private final Duration submitted;
    private final Duration running;
    private final Duration cancelling;
    private final FakeJobRunState lastPhase;
    private final Optional<Failure> failure;
    private final DriverFailures driverFailures;

    private JobRunScript(
            Duration pending,
            Duration submitted,
            Duration running,
            Duration cancelling,
            FakeJobRunState lastPhase,
            Optional<Failure> failure,
            DriverFailures driverFailures) {
        this.pending = pending;
        this.submitted = submitted;
        this.running = running;
        this.cancelling = cancelling;
        this.lastPhase = lastPhase;
        this.failure = failure;
        this.driverFailures = driverFailures;
    }

    /** The run ends COMPLETED. */
    public static JobRunScript completes() {
        return new JobRunScript(
                Duration.ofSeconds(2),
                Duration.ofSeconds(60),
                Duration.ofMinutes(11),
                Duration.ofSeconds(5),
                FakeJobRunState.RUNNING,
                Optional.empty(),
                DriverFailures.NONE);
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
        JobRunScript base = completes();
        return new JobRunScript(
                base.pending,
                base.submitted,
                base.running,
                base.cancelling,
                FakeJobRunState.RUNNING,
                Optional.of(new Failure(reason, stateDetails)),
                base.driverFailures);
    }

    /** The run stays SUBMITTED until it is cancelled. */
    public static JobRunScript neverStarts() {
        return completes().submittedFor(FOR_EVER);
    }

    /** The run stays RUNNING until it is cancelled. */
    public static JobRunScript runsForever() {
        return completes().runningFor(FOR_EVER);
    }

    /** How long the run is PENDING; zero or more. */
    public JobRunScript pendingFor(Duration duration) {
        return new JobRunScript(checked(duration), submitted, running, cancelling, lastPhase, failure, driverFailures);
    }

    /** How long the run is SUBMITTED; zero or more. */
    public JobRunScript submittedFor(Duration duration) {
        return new JobRunScript(pending, checked(duration), running, cancelling, lastPhase, failure, driverFailures);
    }

    /** How long the run is RUNNING; zero or more. */
    public JobRunScript runningFor(Duration duration) {
        return new JobRunScript(pending, submitted, checked(duration), cancelling, lastPhase, failure, driverFailures);
    }

    /** How long the run is CANCEL_PENDING after an accepted cancel; zero or more. */
    public JobRunScript cancelTakes(Duration duration) {
        return new JobRunScript(pending, submitted, running, checked(duration), lastPhase, failure, driverFailures);
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
        return new JobRunScript(pending, submitted, running, cancelling, phase, failure, driverFailures);
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
        return new JobRunScript(
                pending, submitted, running, cancelling, lastPhase, failure, new DriverFailures(times, checked(after)));
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
        return "PENDING " + pending + ", SUBMITTED " + submitted + ", RUNNING " + running + ", cancel takes "
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
