package io.emreks.internal.engine;

import io.emreks.event.JobRunEvent;
import io.emreks.metrics.ApiTry;
import io.emreks.metrics.ClientGauges;
import io.emreks.metrics.ClientTelemetry;
import io.emreks.metrics.RunTelemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All telemetry of one client as one, which hurts nobody by what it throws. */
final class Telemetries implements ClientTelemetry {
    private static final Logger LOG = LoggerFactory.getLogger(Telemetries.class);

    private final List<ClientTelemetry> all;
    private final AtomicBoolean warned = new AtomicBoolean();

    Telemetries(List<ClientTelemetry> all) {
        this.all = List.copyOf(all);
    }

    @Override
    public void opened(ClientGauges client) {
        each(one -> one.opened(client));
    }

    @Override
    public void closed(ClientGauges client) {
        each(one -> one.closed(client));
    }

    @Override
    public RunTelemetry begun(String jobName, Optional<String> key) {
        if (all.isEmpty()) {
            return RunTelemetry.NONE;
        }
        List<RunTelemetry> runs = new ArrayList<>(all.size());
        each(one -> runs.add(one.begun(jobName, key)));
        return new Run(runs);
    }

    @Override
    public void called(ApiTry call) {
        each(one -> one.called(call));
    }

    @Override
    public void looked(Duration late) {
        each(one -> one.looked(late));
    }

    @Override
    public void eventReceived(Duration age) {
        each(one -> one.eventReceived(age));
    }

    @Override
    public void eventNotUnderstood() {
        each(ClientTelemetry::eventNotUnderstood);
    }

    private void each(Consumer<ClientTelemetry> telling) {
        for (ClientTelemetry one : all) {
            guarded(() -> telling.accept(one));
        }
    }

    private void guarded(Runnable telling) {
        try {
            telling.run();
        } catch (RuntimeException | Error e) {
            if (warned.compareAndSet(false, true)) {
                LOG.warn("Telemetry failed; it goes on being told, further failures are not logged", e);
            }
        }
    }

    private final class Run implements RunTelemetry {
        private final List<RunTelemetry> runs;

        Run(List<RunTelemetry> runs) {
            this.runs = runs;
        }

        @Override
        public void told(JobRunEvent event) {
            runs.forEach(run -> guarded(() -> run.told(event)));
        }

        @Override
        public Scope around() {
            List<Scope> open = new ArrayList<>(runs.size());
            runs.forEach(run -> guarded(() -> open.add(run.around())));
            return () -> {
                for (int i = open.size() - 1; i >= 0; i--) {
                    Scope scope = open.get(i);
                    guarded(() -> scope.close());
                }
            };
        }
    }
}
