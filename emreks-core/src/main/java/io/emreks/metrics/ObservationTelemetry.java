package io.emreks.metrics;

import io.emreks.error.ClientClosedException;
import io.emreks.error.EmrEksException;
import io.emreks.error.JobRunCancelledException;
import io.emreks.error.MonitoringException;
import io.emreks.event.JobRunEvent;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.TimeLimit;
import io.emreks.retry.FailureClass;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells handles as observations, from which Micrometer Tracing makes spans. Needs {@code
 * io.micrometer:micrometer-observation} on the class path, which this library does not bring.
 *
 * <p>A handle is an observation {@code emreks.job.run}, a child of the one that is current where the job is submitted. Each
 * of its runs is a child of that, {@code emreks.job.run.attempt}, with an event for each state it was seen in, for driver
 * restarts, passed limits of time and cancels. While a listener or what hangs on a future of the handle runs, the handle's
 * observation is the current one.
 *
 * <p>Both end with the low-cardinality key values {@code outcome} (COMPLETED, FAILED, CANCELLED, NOT_STARTED or NOT_FOLLOWED)
 * and {@code failure.class} (that of {@link FailureClass}, or {@code none}). High-cardinality ones are {@code
 * emreks.job.name} and {@code emreks.key} on the handle, {@code emreks.job.run.id} and {@code emreks.virtual.cluster.id} on
 * its runs. What failed carries the error; what was cancelled by wish, or let go of, does not.
 */
public final class ObservationTelemetry implements ClientTelemetry {
    /** The name of the observation of a handle. */
    public static final String HANDLE = "emreks.job.run";

    /** The name of the observation of one run of a handle. */
    public static final String ATTEMPT = "emreks.job.run.attempt";

    private enum Outcome {
        COMPLETED,
        FAILED,
        CANCELLED,
        NOT_STARTED,
        NOT_FOLLOWED
    }

    private final ObservationRegistry registry;

    private ObservationTelemetry(ObservationRegistry registry) {
        this.registry = registry;
    }

    /** What observes for a registry. */
    public static ObservationTelemetry of(ObservationRegistry registry) {
        return new ObservationTelemetry(registry);
    }

    @Override
    public RunTelemetry begun(String jobName, Optional<String> key) {
        if (registry.isNoop()) {
            return RunTelemetry.NONE;
        }
        Observation handle = Observation.createNotStarted(HANDLE, registry)
                .contextualName("emreks job run")
                .highCardinalityKeyValue("emreks.job.name", jobName);
        key.ifPresent(known -> handle.highCardinalityKeyValue("emreks.key", known));
        return new Run(handle.start());
    }

    private static void end(
            Observation observation, Outcome outcome, Optional<FailureClass> failure, @Nullable Throwable error) {
        String failureClass = failure.map(FailureClass::name).orElse("none");
        observation.lowCardinalityKeyValues(KeyValues.of("outcome", outcome.name(), "failure.class", failureClass));
        if (error != null) {
            observation.error(error);
        }
        observation.stop();
    }

    /** What let go of a run by wish is no error. */
    private static @Nullable Throwable errorOf(EmrEksException reason) {
        boolean byCaller = reason instanceof MonitoringException && reason.getCause() == null;
        return byCaller || reason instanceof ClientClosedException ? null : reason;
    }

    /** Told on one thread; read on others only through the observation of the handle. */
    private final class Run implements RunTelemetry {
        private final Observation handle;
        private @Nullable Observation attempt;
        private @Nullable FailureClass passed;

        Run(Observation handle) {
            this.handle = handle;
        }

        @Override
        public Scope around() {
            return handle.openScope()::close;
        }

        @Override
        public void told(JobRunEvent event) {
            if (event instanceof JobRunEvent.Accepted accepted) {
                attemptBegins(accepted.run());
            } else if (event instanceof JobRunEvent.Joined joined) {
                attemptBegins(joined.run());
            } else if (event instanceof JobRunEvent.StateChanged changed) {
                happened(event, changed.state().name());
            } else if (event instanceof JobRunEvent.DriverRestarted) {
                happened(event, "DRIVER_RESTARTED");
            } else if (event instanceof JobRunEvent.CancelRequested) {
                happened(event, "CANCEL_REQUESTED");
            } else if (event instanceof JobRunEvent.TimeLimitPassed limit) {
                happened(event, limit.which() + "_PASSED");
                passed = limit.limit().then() == TimeLimit.Then.TELL ? passed : limit.which();
            } else if (event instanceof JobRunEvent.AttemptEnded ended) {
                attemptEnds(outcomeOf(ended.snapshot()), Optional.of(ended.failure()), null);
            } else if (event instanceof JobRunEvent.Ended ended) {
                Outcome outcome = ended.snapshot().map(Run::outcomeOf).orElse(Outcome.NOT_STARTED);
                Optional<FailureClass> failure = RunStory.failureOf(ended, passed);
                boolean wished = ended.failure().orElse(null) instanceof JobRunCancelledException && failure.isEmpty();
                ends(outcome, failure, wished ? null : ended.failure().orElse(null));
            } else if (event instanceof JobRunEvent.WatchStopped stopped) {
                ends(Outcome.NOT_FOLLOWED, Optional.empty(), errorOf(stopped.reason()));
            }
        }

        private static Outcome outcomeOf(JobRunSnapshot end) {
            return Outcome.valueOf(end.state().name());
        }

        private void attemptBegins(JobRunRef run) {
            passed = null;
            attempt = Observation.createNotStarted(ATTEMPT, registry)
                    .contextualName("emreks job run attempt")
                    .parentObservation(handle)
                    .highCardinalityKeyValue("emreks.job.run.id", run.id())
                    .highCardinalityKeyValue("emreks.virtual.cluster.id", run.virtualClusterId())
                    .start();
        }

        private void happened(JobRunEvent event, String what) {
            if (attempt != null) {
                attempt.event(Observation.Event.of(what, what, event.at().toEpochMilli()));
            }
        }

        private void ends(Outcome outcome, Optional<FailureClass> failure, @Nullable Throwable error) {
            attemptEnds(outcome, failure, error);
            end(handle, outcome, failure, error);
        }

        private void attemptEnds(Outcome outcome, Optional<FailureClass> failure, @Nullable Throwable error) {
            if (attempt != null) {
                end(attempt, outcome, failure, error);
                attempt = null;
            }
        }
    }
}
