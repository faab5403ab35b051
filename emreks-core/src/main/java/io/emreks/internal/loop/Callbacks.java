package io.emreks.internal.loop;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where user code runs: listeners, and what hangs on a future. Never the loop. Told from the loop only. */
public final class Callbacks {
    private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);
    private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);

    private final Executor executor;
    private final Executor lastResort;

    /**
     * @param executor the workers
     * @param lastResort used when the workers refuse, so that no future stays open
     */
    public Callbacks(Executor executor, Executor lastResort) {
        this.executor = executor;
        this.lastResort = lastResort;
    }

    /** Runs a task on a worker. */
    public void execute(Runnable task) {
        Runnable marked = () -> {
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
        try {
            executor.execute(marked);
        } catch (RejectedExecutionException e) {
            lastResort.execute(marked);
        }
    }

    /** Whether the calling thread is running user code for us, so that waiting for callbacks would wait for itself. */
    public static boolean inside() {
        return INSIDE.get();
    }
}
