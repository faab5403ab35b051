package io.emreks.metrics;

import java.time.Duration;
import java.util.Optional;

/**
 * Hears what a client does, for meters and traces. {@link io.emreks.client.EmrEksClientBuilder#telemetry} takes any number
 * of them, and one can serve many clients.
 *
 * <p>Except for {@link #opened}, {@link #closed} and {@link #begun} everything is called on the client's own thread, which
 * does everything else as well: be quick, and never block. What is thrown is logged once and otherwise ignored.
 */
public interface ClientTelemetry {
    /** A client that tells this was built. */
    default void opened(ClientGauges client) {}

    /** The client was closed; its gauges stand still from now on. */
    default void closed(ClientGauges client) {}

    /**
     * A handle was made: something was submitted, attached to or found again. Called on the thread that submits or
     * attaches, in its context; for what is found again, on the client's own.
     *
     * @param key the key of the job, if it has one that is known
     * @return what hears of this handle alone
     */
    default RunTelemetry begun(String jobName, Optional<String> key) {
        return RunTelemetry.NONE;
    }

    /** One try of a call to AWS is over. */
    default void called(ApiTry call) {}

    /**
     * A run was looked at, by itself or in a list.
     *
     * @param late how much later than it was due; more than zero where many runs share the account's calls
     */
    default void looked(Duration late) {}

    /**
     * A message from the event queue was understood.
     *
     * @param age how long before that the service made it, by the client's clock
     */
    default void eventReceived(Duration age) {}

    /** A message from the event queue was not understood, and left to the queue's redrive policy. */
    default void eventNotUnderstood() {}
}
