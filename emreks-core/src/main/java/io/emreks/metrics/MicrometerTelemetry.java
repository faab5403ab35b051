package io.emreks.metrics;

import io.emreks.event.JobRunEvent;
import io.emreks.model.JobRunState;
import io.emreks.retry.FailureClass;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/**
 * Tells a client's doings as the meters of {@link EmrEksMeter}. Needs {@code io.micrometer:micrometer-core} on the class
 * path, which this library does not bring.
 *
 * <p>All clients of one registry add up; a client that is closed leaves the gauges, and its counts stay. Counters are there
 * with 0 from the beginning, timers from the first time on. Safe for use by several threads at once.
 */
public final class MicrometerTelemetry implements ClientTelemetry {
    /** One for each registry, as a registry has each gauge once. The registry's own gauges keep it alive. */
    private static final Map<MeterRegistry, WeakReference<MicrometerTelemetry>> OF_REGISTRIES = new WeakHashMap<>();

    private final MeterRegistry registry;
    private final Set<ClientGauges> clients = ConcurrentHashMap.newKeySet();

    private MicrometerTelemetry(MeterRegistry registry) {
        this.registry = registry;
    }

    /** What counts in a registry: always the same for the same registry. */
    public static MicrometerTelemetry of(MeterRegistry registry) {
        synchronized (OF_REGISTRIES) {
            WeakReference<MicrometerTelemetry> known = OF_REGISTRIES.get(registry);
            MicrometerTelemetry telemetry = known == null ? null : known.get();
            if (telemetry == null) {
                telemetry = new MicrometerTelemetry(registry);
                telemetry.register();
                OF_REGISTRIES.put(registry, new WeakReference<>(telemetry));
            }
            return telemetry;
        }
    }

    private void register() {
        for (EmrEksMeter meter : EmrEksMeter.values()) {
            if (meter.type() == EmrEksMeter.Type.COUNTER) {
                registerAtZero(meter);
            }
        }
        for (JobRunState state : JobRunState.values()) {
            if (!state.terminal()) {
                gauge(EmrEksMeter.LIVE_RUNS, client -> client.activeRuns(state), state.name());
            }
        }
        gauge(EmrEksMeter.PENDING_SUBMISSIONS, ClientGauges::pendingHandles);
        gauge(EmrEksMeter.QUEUE_DEPTH, ClientGauges::waitingCalls, EmrEksMeter.Queue.CALLS.name());
        gauge(EmrEksMeter.QUEUE_DEPTH, ClientGauges::waitingEvents, EmrEksMeter.Queue.EVENTS.name());
    }

    private void registerAtZero(EmrEksMeter meter) {
        if (meter.tags().isEmpty()) {
            counter(meter);
        } else {
            meter.tags().get(0).values().forEach(value -> counter(meter, value));
        }
    }

    @Override
    public void opened(ClientGauges client) {
        clients.add(client);
    }

    @Override
    public void closed(ClientGauges client) {
        clients.remove(client);
    }

    @Override
    public RunTelemetry begun(String jobName, Optional<String> key) {
        RunStory story = new RunStory(new RunMeters());
        return new RunTelemetry() {
            @Override
            public void told(JobRunEvent event) {
                story.tell(event);
            }
        };
    }

    @Override
    public void called(ApiTry call) {
        String operation = EmrEksMeter.Operations.known(call.operation());
        timer(EmrEksMeter.API_CALLS, call.took(), operation, call.outcome().name());
        if (call.outcome() == ApiTry.Outcome.THROTTLED) {
            counter(EmrEksMeter.THROTTLES, operation).increment();
        }
        if (operation.equals("StartJobRun")) {
            timer(EmrEksMeter.ADMISSION_WAIT, call.waited());
        }
    }

    @Override
    public void looked(Duration late) {
        timer(EmrEksMeter.POLL_LAG, late);
    }

    @Override
    public void eventReceived(Duration age) {
        timer(EmrEksMeter.EVENT_LAG, age);
    }

    @Override
    public void eventNotUnderstood() {
        counter(EmrEksMeter.UNREADABLE_EVENTS).increment();
    }

    private Counter counter(EmrEksMeter meter, String... values) {
        return Counter.builder(meter.meterName())
                .description(meter.description())
                .baseUnit(meter.unit())
                .tags(tags(meter, values))
                .register(registry);
    }

    /** Clocks that are apart can make a duration negative. */
    private void timer(EmrEksMeter meter, Duration took, String... values) {
        Timer.builder(meter.meterName())
                .description(meter.description())
                .tags(tags(meter, values))
                .register(registry)
                .record(took.isNegative() ? Duration.ZERO : took);
    }

    private void gauge(EmrEksMeter meter, ToIntFunction<ClientGauges> share, String... values) {
        Gauge.builder(
                        meter.meterName(),
                        this,
                        telemetry -> telemetry.clients.stream().mapToInt(share).sum())
                .strongReference(true)
                .description(meter.description())
                .baseUnit(meter.unit())
                .tags(tags(meter, values))
                .register(registry);
    }

    private static Tags tags(EmrEksMeter meter, String... values) {
        List<EmrEksMeter.Tag> tags = meter.tags();
        Tags all = Tags.empty();
        for (int i = 0; i < values.length; i++) {
            all = all.and(tags.get(i).key(), values[i]);
        }
        return all;
    }

    private final class RunMeters implements RunStory.Counter {
        @Override
        public void submitted(RunStory.Submission outcome) {
            counter(EmrEksMeter.SUBMISSIONS, outcome.name()).increment();
        }

        @Override
        public void resubmittedAfter(FailureClass failure) {
            counter(EmrEksMeter.RESUBMISSIONS, failure.name()).increment();
        }

        @Override
        public void started(Duration afterAcceptance) {
            timer(EmrEksMeter.TIME_TO_START, afterAcceptance);
        }

        @Override
        public void ended(JobRunState state, Duration afterAcceptance) {
            timer(EmrEksMeter.DURATION, afterAcceptance, state.name());
        }

        @Override
        public void failed(FailureClass failure) {
            counter(EmrEksMeter.FAILURES, failure.name()).increment();
        }
    }
}
