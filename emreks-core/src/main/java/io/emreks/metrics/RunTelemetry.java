package io.emreks.metrics;

import io.emreks.event.JobRunEvent;

/** Hears of one handle. */
public interface RunTelemetry {
    /** Hears nothing. */
    RunTelemetry NONE = new RunTelemetry() {};

    /** Every event, in order and none left out, on the client's own thread: be quick, and never block. */
    default void told(JobRunEvent event) {}

    /**
     * Opens what is to surround a listener's call, or what hangs on one of the handle's futures; called and closed on the
     * thread that runs it.
     */
    default Scope around() {
        return Scope.NONE;
    }

    /** Something open; closed when the user's code has returned. */
    @FunctionalInterface
    interface Scope extends AutoCloseable {
        /** Nothing. */
        Scope NONE = () -> {};

        @Override
        void close();
    }
}
