package io.emreks.internal.events;

import io.emreks.internal.aws.EventQueue;
import io.emreks.internal.aws.EventQueue.Message;
import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.calls.ApiOperation;
import io.emreks.internal.calls.Calls;
import io.emreks.internal.events.EventMessage.NewDriver;
import io.emreks.internal.events.EventMessage.NotUnderstood;
import io.emreks.internal.events.EventMessage.StateChange;
import io.emreks.internal.loop.Loop;
import io.emreks.internal.watch.Missing;
import io.emreks.internal.watch.Watcher;
import io.emreks.metrics.ClientTelemetry;
import io.emreks.model.JobRunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the event queue of one client as long as there is something to watch. One receive is under way at a time; what was
 * understood is deleted, and the rest left to the queue's redrive policy. Belongs to the loop.
 */
public final class EventReader {
    private static final Logger LOG = LoggerFactory.getLogger(EventReader.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Loop loop;
    private final Calls calls;
    private final EventQueue queue;
    private final String url;
    private final Duration reconcileEvery;
    private final Watcher watcher;
    private final ClientTelemetry telemetry;
    private final EventMessages messages = new EventMessages();
    private volatile Optional<Missing> missing = Optional.empty();
    private Duration pause = FIRST_PAUSE;
    private boolean busy;
    private boolean coming;
    private boolean warnedOfPoison;
    private boolean warnedOfDelete;
    private boolean closed;

    public EventReader(
            Loop loop,
            Calls calls,
            EventQueue queue,
            String url,
            Duration reconcileEvery,
            Watcher watcher,
            ClientTelemetry telemetry) {
        this.loop = loop;
        this.calls = calls;
        this.queue = queue;
        this.url = url;
        this.reconcileEvery = reconcileEvery;
        this.watcher = watcher;
        this.telemetry = telemetry;
        watcher.whenWatching(this::read);
    }

    /** Why the queue cannot be read at the moment; read from anywhere. */
    public Optional<Missing> missing() {
        return missing;
    }

    /** Reads no more. */
    public void close() {
        closed = true;
    }

    private void read() {
        if (busy || closed || !watcher.watching()) {
            return;
        }
        busy = true;
        var unused = calls.watch(ApiOperation.RECEIVE_MESSAGE, queue::receive, () -> {})
                .result()
                .whenComplete((received, failure) -> {
                    if (failure == null) {
                        received(received);
                    } else if (!closed) {
                        failed(ApiFailure.in(failure));
                    }
                });
    }

    private void received(List<Message> received) {
        busy = false;
        pause = FIRST_PAUSE;
        if (!coming) {
            coming = true;
            watcher.eventsCome(reconcileEvery);
            missing.ifPresent(was -> LOG.info("The event queue {} can be read again", url));
            missing = Optional.empty();
        }
        List<String> understood =
                received.stream().filter(this::taken).map(Message::receipt).toList();
        if (!understood.isEmpty()) {
            delete(understood);
        }
        read();
    }

    /** Whether the message was understood; a fault of ours must not end the reading of all that come after it. */
    private boolean taken(Message message) {
        try {
            return take(messages.read(message.body()));
        } catch (RuntimeException e) {
            LOG.error("A message in the event queue {} met a fault in emreks; it is left in the queue", url, e);
            return false;
        }
    }

    private boolean take(EventMessage message) {
        if (message instanceof StateChange change) {
            arrived(change.at());
            watcher.told(change.run(), JobRunState.ofServiceName(change.state()), change.state(), change.at());
        } else if (message instanceof NewDriver driver) {
            arrived(driver.at());
            watcher.told(driver.run(), driver.restart());
        } else if (message instanceof NotUnderstood not) {
            telemetry.eventNotUnderstood();
            if (!warnedOfPoison) {
                warnedOfPoison = true;
                LOG.warn(
                        "A message in the event queue {} was not understood, as {}; it is left to the queue's redrive policy,"
                                + " and further ones are counted only",
                        url,
                        not.why());
            }
            return false;
        }
        return true;
    }

    private void arrived(Instant made) {
        Duration age = Duration.between(made, loop.now());
        telemetry.eventReceived(age.isNegative() ? Duration.ZERO : age);
    }

    private void delete(List<String> receipts) {
        var unused = calls.call(ApiOperation.DELETE_MESSAGES, () -> queue.delete(receipts))
                .result()
                .whenComplete((left, failure) -> {
                    if (closed || (failure == null && left == 0)) {
                        return;
                    }
                    if (!warnedOfDelete) {
                        warnedOfDelete = true;
                        LOG.warn(
                                "Messages of the event queue {} could not be deleted and will come again: {}",
                                url,
                                failure == null
                                        ? left + " were refused"
                                        : ApiFailure.in(failure).getMessage());
                    }
                });
    }

    private void failed(ApiFailure failure) {
        if (coming || missing.isEmpty()) {
            LOG.warn("The event queue {} cannot be read, so runs are looked at instead: {}", url, failure.getMessage());
        }
        Instant since = missing.map(Missing::since).orElseGet(loop::now);
        missing =
                Optional.of(new Missing(ApiOperation.RECEIVE_MESSAGE.serviceName(), url, since, failure.getMessage()));
        if (coming) {
            coming = false;
            watcher.eventsEnded();
        }
        loop.after(pause, () -> {
            busy = false;
            read();
        });
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }
}
