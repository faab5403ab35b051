package io.emreks.internal.loop;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where user code runs: listeners, and what hangs on futures. Never the loop. The two have workers of their own, so that no
 * listener can hold up a future.
 */
public final class Callbacks {
    private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);
    private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);

    private final Executor listeners;
    private final Executor futures;

    public Callbacks(Executor listeners, Executor futures) {
        this.listeners = listeners;
        this.futures = futures;
    }

    /** Lets a listener hear something; false if there is nobody to do it any more. */
    public boolean tell(Runnable task) {
        try {
            listeners.execute(marked(task));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Completes a future; if no worker takes it, here and now, so that none stays open. */
    public void complete(Runnable task) {
        Runnable marked = marked(task);
        try {
            futures.execute(marked);
        } catch (RejectedExecutionException e) {
            marked.run();
        }
    }

    /** Whether the calling thread is running user code for us, so that waiting for callbacks would wait for itself. */
    public static boolean inside() {
        return INSIDE.get();
    }

    private static Runnable marked(Runnable task) {
        return () -> {
            boolean nested = INSIDE.get();
            INSIDE.set(true);
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.warn("A callback failed", e);
            } finally {
                INSIDE.set(nested);
            }
        };
    }
}
