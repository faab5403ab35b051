package io.emreks.internal.loop;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Two workers for user code. When tasks wait and none was begun for a second, all workers are stuck in somebody's
 * callback, and one more is added, up to a cap; they go again when they have nothing to do.
 */
public final class CallbackWorkers implements Executor {
    private static final int WORKERS = 2;
    private static final int CAP = 32;
    private static final Duration STUCK_AFTER = Duration.ofSeconds(1);

    private final Loop loop;
    private final AtomicLong begun = new AtomicLong();
    private final AtomicBoolean watched = new AtomicBoolean();
    private final ThreadPoolExecutor pool;

    public CallbackWorkers(Loop loop, ThreadFactory threads) {
        this.loop = loop;
        this.pool = new ThreadPoolExecutor(WORKERS, CAP, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads) {
            @Override
            protected void beforeExecute(Thread thread, Runnable task) {
                begun.incrementAndGet();
            }
        };
        pool.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
        if (!pool.getQueue().isEmpty() && watched.compareAndSet(false, true)) {
            watch();
        }
    }

    private void watch() {
        long before = begun.get();
        loop.after(STUCK_AFTER, () -> {
            if (pool.getQueue().isEmpty()) {
                pool.setCorePoolSize(Math.max(WORKERS, Math.min(CAP, pool.getActiveCount() + 1)));
                watched.set(false);
                return;
            }
            if (begun.get() == before) {
                pool.setCorePoolSize(Math.min(CAP, pool.getPoolSize() + 1));
            }
            watch();
        });
    }

    /** The pool, for its end. */
    public ThreadPoolExecutor pool() {
        return pool;
    }
}
