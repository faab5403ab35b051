package io.emreks.internal.loop;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine's thread: all engine state is read and written by tasks of this loop, and nothing in them blocks. */
public final class Loop {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    /** What fits into a count of nanoseconds, with room for adding. */
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final ScheduledExecutorService scheduler;
    private final Clock clock;
    private final LongSupplier ticker;

    /** What came in since the loop last looked, the newest first. */
    private final AtomicReference<@Nullable Queued> incoming = new AtomicReference<>();

    public Loop(ScheduledExecutorService scheduler, Clock clock, LongSupplier ticker) {
        this.scheduler = scheduler;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** Queues a task; false if the loop has ended and the task will never run. */
    public boolean execute(Runnable task) {
        if (scheduler.isShutdown()) {
            return false;
        }
        Queued queued = new Queued(task);
        do {
            queued.neighbour = incoming.get();
        } while (!incoming.compareAndSet(queued.neighbour, queued));
        return queued.neighbour != null || wake();
    }

    /** Whoever finds nobody waiting wakes the loop, for all who come until it looks. */
    private boolean wake() {
        try {
            scheduler.execute(this::runIncoming);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private void runIncoming() {
        Throwable failure = null;
        for (Queued next = oldestFirst(incoming.getAndSet(null)); next != null; next = next.neighbour) {
            try {
                run(next.task);
            } catch (RuntimeException | Error e) {
                if (failure == null) {
                    failure = e;
                } else if (failure != e) {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private static @Nullable Queued oldestFirst(@Nullable Queued newestFirst) {
        Queued turned = null;
        Queued rest = newestFirst;
        while (rest != null) {
            Queued next = rest.neighbour;
            rest.neighbour = turned;
            turned = rest;
            rest = next;
        }
        return turned;
    }

    /** Queues a task for later. */
    public Timer after(Duration delay, Runnable task) {
        try {
            Future<?> scheduled = scheduler.schedule(() -> run(task), nanos(delay), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> {};
        }
    }

    public Instant now() {
        return clock.instant();
    }

    public long nanos() {
        return ticker.getAsLong();
    }

    /**
     * Blocks the calling thread until the future is done or the limit has passed; false if it has passed.
     *
     * <p>The wait is on a timer that the future's end cancels, not on the future: so it follows the injected scheduler, and
     * a scheduler of virtual time moves on while somebody waits.
     */
    public boolean await(CompletableFuture<?> done, Duration limit) throws InterruptedException {
        if (done.isDone()) {
            return true;
        }
        try {
            ScheduledFuture<?> timer = scheduler.schedule(() -> {}, nanos(limit), TimeUnit.NANOSECONDS);
            var unused = done.whenComplete((value, failure) -> timer.cancel(false));
            timer.get();
            return done.isDone();
        } catch (CancellationException | RejectedExecutionException e) {
            return done.isDone();
        } catch (ExecutionException e) {
            throw new AssertionError("an empty task failed", e);
        }
    }

    private static long nanos(Duration duration) {
        return duration.compareTo(FOR_EVER) < 0 ? duration.toNanos() : FOR_EVER.toNanos();
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("A task of the emreks loop failed; the loop goes on", e);
            throw e;
        }
    }

    /** Something that will happen on the loop unless it is cancelled. */
    @FunctionalInterface
    public interface Timer {
        /** Has no effect once it has happened. */
        void cancel();
    }

    /** A task that has come in. */
    private static final class Queued {
        final Runnable task;

        @Nullable
        Queued neighbour;

        Queued(Runnable task) {
            this.task = task;
        }
    }
}
