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
import java.util.function.LongSupplier;
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

    public Loop(ScheduledExecutorService scheduler, Clock clock, LongSupplier ticker) {
        this.scheduler = scheduler;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** Queues a task; false if the loop has ended and the task will never run. */
    public boolean execute(Runnable task) {
        try {
            scheduler.execute(guarded(task));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Queues a task for later. */
    public Timer after(Duration delay, Runnable task) {
        try {
            Future<?> scheduled = scheduler.schedule(guarded(task), nanos(delay), TimeUnit.NANOSECONDS);
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

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.error("A task of the emreks loop failed; the loop goes on", e);
                throw e;
            }
        };
    }

    /** Something that will happen on the loop unless it is cancelled. */
    @FunctionalInterface
    public interface Timer {
        /** Has no effect once it has happened. */
        void cancel();
    }
}
