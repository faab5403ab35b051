package io.emreks.internal.loop;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Two workers for user code. When tasks wait and none was begun for a second, all workers are stuck in somebody's
 * callback, and one more is added, up to a cap; it goes again when nothing waits.
 */
public final class CallbackWorkers implements Executor {
    private static final int WORKERS = 2;
    private static final int CAP = 32;
    private static final Duration STUCK_AFTER = Duration.ofSeconds(1);

    private final Loop loop;
    private final AtomicLong begun = new AtomicLong();
    private final ThreadPoolExecutor pool;
    private boolean watched;

    public CallbackWorkers(Loop loop) {
        this.loop = loop;
        this.pool =
                new ThreadPoolExecutor(
                        WORKERS,
                        CAP,
                        10,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Threads.daemons("emreks-callback")) {
                    @Override
                    protected void beforeExecute(Thread thread, Runnable task) {
                        begun.incrementAndGet();
                    }
                };
        pool.allowCoreThreadTimeOut(true);
    }

    /** Called on the loop. */
    @Override
    public void execute(Runnable task) {
        pool.execute(task);
        if (!watched && !pool.getQueue().isEmpty()) {
            watch();
        }
    }

    private void watch() {
        watched = true;
        long before = begun.get();
        loop.after(STUCK_AFTER, () -> {
            watched = false;
            if (pool.getQueue().isEmpty()) {
                pool.setCorePoolSize(WORKERS);
                return;
            }
            if (begun.get() == before && pool.getCorePoolSize() < CAP) {
                pool.setCorePoolSize(pool.getCorePoolSize() + 1);
            }
            watch();
        });
    }

    /** The pool, for its end. */
    public ThreadPoolExecutor pool() {
        return pool;
    }
}
