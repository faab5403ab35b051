package io.emreks.internal.loop;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The daemon threads of one runtime. They can be waited for: an executor calls itself terminated a moment before its last
 * thread is gone.
 */
public final class Threads {
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    /** Makes threads named by the given word and a number. */
    public ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            threads.add(thread);
            return thread;
        };
    }

    /** Waits until all are gone; for one that does not go, no longer than the limit. */
    public void join(Duration limit) throws InterruptedException {
        for (Thread thread : threads) {
            if (thread != Thread.currentThread()) {
                thread.join(limit.toMillis());
                if (thread.isAlive()) {
                    return;
                }
            }
        }
    }
}
