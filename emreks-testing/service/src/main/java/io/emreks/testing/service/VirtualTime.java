package io.emreks.testing.service;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A clock and a scheduler whose time moves only when a caller moves it. Tasks run on the thread that drives the time,
 * in the order of their times and, at the same time, in the order in which they were added; while a task runs, the clock
 * shows the task's time.
 *
 * <p>Driving calls are {@link #advance}, {@link #runUntilIdle}, {@link #runUntil}, {@link #await}, {@link
 * #awaitTermination} and {@code get} on a future of this scheduler: a thread that blocks on a timer makes the time pass,
 * so blocking code runs in virtual time as well.
 *
 * <p>Tasks may be added and cancelled, and the clock read, from any thread. One thread drives at a time; others wait for
 * their turn, or until what they wait for has happened. A task may drive again from inside (nested).
 *
 * <p>An exception thrown by a task given to {@link #execute} ends the driving call: tasks of the same moment still run
 * (their exceptions are added as suppressed), then it is thrown and the time does not move on. Exceptions of scheduled
 * and submitted tasks stay in their futures.
 *
 * <p>No driving call hangs for ever: when it waits in real time (for a {@linkplain #hold hold} or for its turn) and
 * nothing at all happens for 60 seconds, it fails with an {@link IllegalStateException}. {@code invokeAny} waits without
 * driving; another thread must drive meanwhile.
 */
public final class VirtualTime extends AbstractExecutorService implements ScheduledExecutorService {
    static final Instant DEFAULT_START = Instant.parse("2026-01-01T00:00:00Z");
    private static final long TICKER_START = 7_000_000_000_000L;
    private static final Duration AWAIT_LIMIT = Duration.ofDays(400);
    private static final Duration IDLE_LIMIT = Duration.ofSeconds(60);

    private final Instant start;
    private final Clock clock = new TickingClock(ZoneOffset.UTC);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TreeSet<Task<?>> queue =
            new TreeSet<>(Comparator.<Task<?>>comparingLong(task -> task.time).thenComparingLong(task -> task.number));
    /** Written under the lock only; nanoseconds since the start. */
    private volatile long now;

    private long numbers;
    private long changes;
    private int holds;
    private int running;
    private boolean stopped;
    private @Nullable Thread driver;

    /** Starts at 2026-01-01T00:00:00Z. */
    public VirtualTime() {
        this(DEFAULT_START);
    }

    private VirtualTime(Instant start) {
        this.start = start;
    }

    /** A time that starts at the given instant. */
    public static VirtualTime startingAt(Instant start) {
        return new VirtualTime(start);
    }

    /** The clock of this time, in UTC; any thread may read it. */
    public Clock clock() {
        return clock;
    }

    /** A ticker in nanoseconds, in step with {@link #clock}; like that of the JVM it starts at an arbitrary value. */
    public long nanoTime() {
        return TICKER_START + now;
    }

    /**
     * Moves the time by {@code duration}, running every task that falls due on the way, tasks added meanwhile included.
     * Waits, as every call that moves the time does, while a {@linkplain #hold hold} is open.
     *
     * @throws IllegalArgumentException if the duration is negative
     */
    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("Time cannot go back: " + duration);
        }
        driveUninterrupted(() -> false, later(duration), false);
    }

    /** Runs what is due now, and what that adds for now; does not move the time. */
    public void runUntilIdle() {
        driveUninterrupted(() -> false, now, false);
    }

    /**
     * Jumps from task to task until the condition holds. The condition is asked before each task, on this thread.
     *
     * @param limit how much virtual time may pass
     * @return whether the condition held; if not, the time has moved by the whole limit
     */
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        return driveUninterrupted(condition, later(limit), false);
    }

    /**
     * Jumps from task to task until the future is done, and returns its value or throws its failure as {@link
     * CompletableFuture#join} does.
     *
     * @throws IllegalStateException if nothing is left to run and nothing is held, or if 400 days of virtual time pass
     *     before the future is done; the message lists the pending tasks
     */
    public <T> T await(CompletableFuture<T> future) {
        CompletableFuture<T> unused = future.whenComplete((value, failure) -> wake());
        if (!driveUninterrupted(future::isDone, later(AWAIT_LIMIT), true)) {
            throw new IllegalStateException(stuck("The future is not done after " + AWAIT_LIMIT.toDays() + " days"));
        }
        return future.join();
    }

    /** The tasks not yet run, in order, each as {@code +delay name}. */
    public List<String> pending() {
        lock.lock();
        try {
            List<String> tasks = new ArrayList<>();
            for (Task<?> task : queue) {
                tasks.add("+" + Duration.ofNanos(task.time - now) + " " + task.origin);
            }
            return tasks;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Tells that work outside this time is under way, such as a call over a socket. Until the hold is closed, calls that
     * move the time run the tasks that come in, but do not move it. Any thread may open and close holds.
     */
    public Hold hold() {
        lock.lock();
        try {
            holds++;
        } finally {
            lock.unlock();
        }
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            if (open.getAndSet(false)) {
                release();
            }
        };
    }

    /**
     * Blocks until the given virtual time has passed; meant for a server thread that answers late while its caller holds
     * the time. The caller's hold is lent back during the sleep and is open again when this returns; another thread has to
     * drive. If nothing is held, or if this thread is the one that drives, this call drives the time itself.
     *
     * @throws IllegalStateException if this thread is interrupted, or if another thread should drive and nothing happens
     *     for 60 real seconds
     */
    public void sleepWhileHolding(Duration duration) {
        boolean lent;
        boolean drive;
        Task<?> wakeUp;
        lock.lock();
        try {
            lent = holds > 0;
            drive = !lent || driver == Thread.currentThread();
            // taken again in the task, so that the time stands still before this thread has gone on
            wakeUp = new Task<>(Executors.callable(() -> retake(lent)), later(duration), 0, "sleeper", false);
            enqueue(wakeUp);
            if (lent) {
                release();
            }
        } finally {
            lock.unlock();
        }
        if (drive) {
            driveUninterrupted(wakeUp::isDone, Long.MAX_VALUE, false);
        } else {
            lock.lock();
            try {
                while (!wakeUp.isDone()) {
                    awaitChange(changes, "Nobody drives the virtual time that this thread sleeps in");
                }
            } catch (InterruptedException e) {
                throw interrupted(e);
            } finally {
                lock.unlock();
            }
        }
    }

    private void retake(boolean lent) {
        if (lent) {
            lock.lock();
            try {
                holds++;
            } finally {
                lock.unlock();
            }
        }
    }

    private void release() {
        lock.lock();
        try {
            holds--;
            wake();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void execute(Runnable command) {
        if (command instanceof Task<?> task) {
            enqueue(task);
        } else {
            enqueue(new Task<>(Executors.callable(command), now, 0, name(command), true));
        }
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
        return new Task<>(Executors.callable(runnable, value), now, 0, name(runnable), false);
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Callable<T> callable) {
        return new Task<>(callable, now, 0, name(callable), false);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return scheduled(new Task<>(Executors.callable(command), later(unit.toNanos(delay)), 0, name(command), false));
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return scheduled(new Task<>(callable, later(unit.toNanos(delay)), 0, name(callable), false));
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        return repeat(command, unit.toNanos(initialDelay), period, unit.toNanos(period));
    }

    /** As {@link #scheduleAtFixedRate}, but the delay counts from the end of a run; a run moves the time only by driving it. */
    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        return repeat(command, unit.toNanos(initialDelay), delay, -unit.toNanos(delay));
    }

    private ScheduledFuture<?> repeat(Runnable command, long initialDelay, long given, long period) {
        if (given <= 0) {
            throw new IllegalArgumentException("A repeated task needs a positive period, not " + given);
        }
        return scheduled(new Task<>(Executors.callable(command), later(initialDelay), period, name(command), false));
    }

    /** Takes no new tasks; delayed tasks still run when their time comes, repeated ones are cancelled. */
    @Override
    public void shutdown() {
        List<Task<?>> repeated;
        lock.lock();
        try {
            stopped = true;
            repeated = queue.stream().filter(Task::isPeriodic).toList();
            wake();
        } finally {
            lock.unlock();
        }
        repeated.forEach(task -> task.cancel(false));
    }

    /** Takes no new tasks and drops those that wait; a running task is not interrupted. */
    @Override
    public List<Runnable> shutdownNow() {
        lock.lock();
        try {
            stopped = true;
            List<Runnable> dropped = new ArrayList<>(queue);
            queue.clear();
            wake();
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isShutdown() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isTerminated() {
        lock.lock();
        try {
            return stopped && queue.isEmpty() && running == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Drives the time until this scheduler is terminated or the timeout has passed in virtual time. */
    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return drive(this::isTerminated, later(unit.toNanos(timeout)), false);
    }

    private <V> Task<V> scheduled(Task<V> task) {
        enqueue(task);
        return task;
    }

    private void enqueue(Task<?> task) {
        lock.lock();
        try {
            if (stopped) {
                throw new RejectedExecutionException("This virtual time is shut down and takes no new task");
            }
            task.number = numbers++;
            queue.add(task);
            wake();
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private long later(Duration duration) {
        long nanos;
        try {
            nanos = duration.toNanos();
        } catch (ArithmeticException e) {
            nanos = Long.MAX_VALUE;
        }
        return later(nanos);
    }

    private long later(long delay) {
        long from = now;
        return delay > Long.MAX_VALUE - from ? Long.MAX_VALUE : from + Math.max(0, delay);
    }

    private boolean driveUninterrupted(BooleanSupplier done, long limit, boolean needsWork) {
        try {
            return drive(done, limit, needsWork);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("Interrupted while virtual time stood still", cause);
    }

    /**
     * Runs tasks until {@code done}, and then returns true; or false once the time has reached {@code limit}.
     *
     * @param needsWork fail, instead of moving to the limit, when no task is left
     */
    private boolean drive(BooleanSupplier done, long limit, boolean needsWork) throws InterruptedException {
        Boolean outermost = takeTurn(done);
        if (outermost == null) {
            return true;
        }
        try {
            Throwable failure = null;
            while (true) {
                long seen = changes();
                if (failure == null && done.getAsBoolean()) {
                    return true;
                }
                Task<?> task = next(limit, needsWork, seen, failure);
                if (task == null) {
                    if (now >= limit && seen == changes()) {
                        return done.getAsBoolean();
                    }
                    continue;
                }
                task.run();
                failure = with(failure, task.loud ? task.thrown : null);
                finished();
            }
        } finally {
            if (outermost) {
                lock.lock();
                try {
                    driver = null;
                    wake();
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    /** True: this thread drives now; false: it drove already, further out; null: {@code done} before it was its turn. */
    private @Nullable Boolean takeTurn(BooleanSupplier done) throws InterruptedException {
        while (true) {
            long seen = changes();
            if (done.getAsBoolean()) {
                return null;
            }
            lock.lock();
            try {
                if (driver == null || driver == Thread.currentThread()) {
                    boolean outermost = driver == null;
                    driver = Thread.currentThread();
                    return outermost;
                }
                awaitChange(seen, "Another thread drives the virtual time and does not come to an end");
            } finally {
                lock.unlock();
            }
        }
    }

    private long changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /** The next task, with the time moved to it; null if the limit was reached or something changed meanwhile. */
    private @Nullable Task<?> next(long limit, boolean needsWork, long seen, @Nullable Throwable failure)
            throws InterruptedException {
        lock.lock();
        try {
            Task<?> first = queue.isEmpty() ? null : queue.first();
            boolean dueNow = first != null && first.time <= now;
            if (!dueNow) {
                rethrow(failure);
                if (holds > 0 && limit > now) {
                    awaitChange(seen, "Something holds the virtual time and does not let go");
                    return null;
                }
                if (first == null && needsWork) {
                    throw new IllegalStateException(stuck("Nothing is left to run"));
                }
                if (first == null || first.time > limit) {
                    now = Math.max(now, limit);
                    return null;
                }
                now = first.time;
            }
            queue.remove(first);
            running++;
            return first;
        } finally {
            lock.unlock();
        }
    }

    private void finished() {
        lock.lock();
        try {
            running--;
            wake();
        } finally {
            lock.unlock();
        }
    }

    /** Waits, holding the lock, until anything has changed since {@code seen}. */
    private void awaitChange(long seen, String problem) throws InterruptedException {
        long left = IDLE_LIMIT.toNanos();
        while (changes == seen) {
            if (left <= 0) {
                throw new IllegalStateException(
                        stuck(problem + ": nothing happened for " + IDLE_LIMIT.toSeconds() + " s"));
            }
            left = changed.awaitNanos(left);
        }
    }

    private String stuck(String problem) {
        return problem + ", at " + clock.instant() + "; holds: " + holds + "; pending tasks: " + pending();
    }

    private static @Nullable Throwable with(@Nullable Throwable first, @Nullable Throwable next) {
        if (first == null || next == null || next == first) {
            return first == null ? next : first;
        }
        first.addSuppressed(next);
        return first;
    }

    private static void rethrow(@Nullable Throwable failure) {
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }

    private static String name(Object command) {
        Class<?> type = command.getClass();
        return type.isHidden() || type.isAnonymousClass() ? type.getName() : command.toString();
    }

    /** Keeps the time from moving while it is open; see {@link VirtualTime#hold}. */
    public interface Hold extends AutoCloseable {
        /** Lets the time move again, unless other holds are open. Closing twice is harmless. */
        @Override
        void close();
    }

    private final class TickingClock extends Clock {
        private final ZoneId zone;

        TickingClock(ZoneId zone) {
            this.zone = zone;
        }

        @Override
        public ZoneId getZone() {
            return zone;
        }

        @Override
        public Clock withZone(ZoneId other) {
            return new TickingClock(other);
        }

        @Override
        public Instant instant() {
            return start.plusNanos(now);
        }
    }

    private final class Task<V> extends FutureTask<V> implements RunnableScheduledFuture<V> {
        private final String origin;
        private final long period;
        private final boolean loud;
        private long number;
        private long time;
        private @Nullable Throwable thrown;

        /** A task; the period is 0 for once, positive for a fixed rate, negative for a fixed delay. */
        Task(Callable<V> body, long time, long period, String origin, boolean loud) {
            super(body);
            this.time = time;
            this.period = period;
            this.origin = origin;
            this.loud = loud;
        }

        @Override
        public void run() {
            if (period == 0) {
                super.run();
            } else if (runAndReset()) {
                lock.lock();
                try {
                    time = period > 0 ? time + period : now - period;
                    if (!stopped && !isDone()) {
                        number = numbers++;
                        queue.add(this);
                    }
                } finally {
                    lock.unlock();
                }
            }
        }

        @Override
        protected void setException(Throwable failure) {
            thrown = failure;
            super.setException(failure);
        }

        @Override
        protected void done() {
            lock.lock();
            try {
                queue.remove(this);
                wake();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public boolean isPeriodic() {
            return period != 0;
        }

        @Override
        public V get() throws InterruptedException, ExecutionException {
            if (!driveFor(later(AWAIT_LIMIT), true)) {
                throw new IllegalStateException(stuck("The task is not done after " + AWAIT_LIMIT.toDays() + " days"));
            }
            return super.get();
        }

        @Override
        public V get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
            if (!driveFor(later(unit.toNanos(timeout)), false)) {
                throw new TimeoutException(timeout + " " + unit + " of virtual time have passed");
            }
            return super.get();
        }

        private boolean driveFor(long limit, boolean needsWork) throws InterruptedException {
            Thread caller = Thread.currentThread();
            drive(() -> isDone() || caller.isInterrupted(), limit, needsWork);
            if (!isDone() && Thread.interrupted()) {
                throw new InterruptedException();
            }
            return isDone();
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(time - now, TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
