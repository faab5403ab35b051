package io.emreks.testing.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emreks.testing.service.VirtualTime.Hold;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(50)
@SuppressWarnings("FutureReturnValueIgnored") // timers are set and left to run
class VirtualTimeTest {
    private final VirtualTime time = new VirtualTime();
    private final List<String> ran = Collections.synchronizedList(new ArrayList<>());

    @Test
    void advanceRunsDueTasksInOrderAndShowsTheirTimes() {
        Instant start = time.clock().instant();
        long ticks = time.nanoTime();
        in(3, () -> ran.add("c " + Duration.between(start, time.clock().instant())));
        in(1, () -> {
            ran.add("a " + Duration.between(start, time.clock().instant()));
            in(1, () -> ran.add("b " + (time.nanoTime() - ticks)));
        });
        in(4, () -> ran.add("never"));

        time.advance(Duration.ofSeconds(3));

        assertThat(ran).containsExactly("a PT1S", "b 2000000000", "c PT3S");
        assertThat(time.clock().instant()).isEqualTo(start.plusSeconds(3));
        assertThat(time.nanoTime()).isEqualTo(ticks + 3_000_000_000L).isNotZero();
        assertThat(time.pending()).hasSize(1).first().asString().startsWith("+PT1S");
    }

    @Test
    void timeDoesNotGoBack() {
        assertThatThrownBy(() -> time.advance(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT-0.000000001S");
    }

    @Test
    void runUntilIdleRunsWhatIsDueNowAndWhatThatAddsButMovesNothing() {
        Instant before = time.clock().instant();
        time.execute(() -> time.execute(() -> ran.add("inner")));
        in(1, () -> ran.add("later"));

        time.runUntilIdle();

        assertThat(ran).containsExactly("inner");
        assertThat(time.clock().instant()).isEqualTo(before);
    }

    @Test
    void runUntilStopsAtTheConditionOrAtTheLimit() {
        AtomicInteger count = new AtomicInteger();
        ScheduledFuture<?> ticker = time.scheduleAtFixedRate(count::incrementAndGet, 1, 1, TimeUnit.SECONDS);
        Instant start = time.clock().instant();

        assertThat(time.runUntil(() -> count.get() == 5, Duration.ofMinutes(1))).isTrue();
        assertThat(time.clock().instant()).isEqualTo(start.plusSeconds(5));
        assertThat(time.runUntil(() -> count.get() == 500, Duration.ofSeconds(10)))
                .isFalse();
        assertThat(time.clock().instant()).isEqualTo(start.plusSeconds(15));
        assertThat(count).hasValue(15);

        ticker.cancel(false);
        assertThat(time.runUntil(() -> false, Duration.ofSeconds(10))).isFalse();
        assertThat(time.clock().instant()).isEqualTo(start.plusSeconds(25));
        assertThat(count).hasValue(15);
    }

    @Test
    void awaitJumpsToTheEndOfTheFuture() {
        CompletableFuture<String> done = new CompletableFuture<>();
        time.schedule(() -> done.complete("yes"), 90, TimeUnit.DAYS);
        assertThat(time.await(done)).isEqualTo("yes");
        assertThat(time.clock().instant()).isEqualTo(VirtualTime.DEFAULT_START.plus(Duration.ofDays(90)));

        CompletableFuture<String> failed = new CompletableFuture<>();
        in(1, () -> failed.completeExceptionally(new IllegalStateException("no")));
        assertThatThrownBy(() -> time.await(failed))
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("no");
    }

    @Test
    void awaitTellsWhatIsPendingInsteadOfHanging() {
        assertThatThrownBy(() -> time.await(new CompletableFuture<>()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Nothing is left to run");
        time.schedule(() -> {}, 1000, TimeUnit.DAYS);
        assertThatThrownBy(() -> time.await(new CompletableFuture<>()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("400 days")
                .hasMessageContaining("+PT14400H");
    }

    @Test
    void blockingOnATimerMakesItsTimePass() throws Exception {
        assertThat(time.schedule(() -> "rang", 7, TimeUnit.HOURS).get()).isEqualTo("rang");
        assertThat(time.clock().instant()).isEqualTo(VirtualTime.DEFAULT_START.plus(Duration.ofHours(7)));

        ScheduledFuture<String> late = time.schedule(() -> "rang", 2, TimeUnit.SECONDS);
        assertThatThrownBy(() -> late.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(late.get(1, TimeUnit.SECONDS)).isEqualTo("rang");

        Callable<String> broken = () -> {
            throw new IllegalStateException("broken");
        };
        assertThatThrownBy(() -> time.submit(broken).get())
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("broken");
    }

    @Test
    void blockingOnATimerEndsWhenATaskCancelsIt() {
        ScheduledFuture<?> timer = in(3600, () -> ran.add("never"));
        in(5, () -> timer.cancel(false));

        assertThatThrownBy(timer::get).isInstanceOf(CancellationException.class);
        assertThat(time.clock().instant()).isEqualTo(VirtualTime.DEFAULT_START.plusSeconds(5));
        assertThat(time.pending()).isEmpty();
        assertThat(ran).isEmpty();
    }

    @Test
    void blockingOnATimerCanBeInterrupted() {
        Thread driver = Thread.currentThread();
        ScheduledFuture<?> timer = in(3600, () -> {});
        in(5, driver::interrupt);

        assertThatThrownBy(timer::get).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(timer.isDone()).isFalse();
    }

    @Test
    void invokeAllRunsInTurn() throws Exception {
        List<Future<String>> all = time.invokeAll(List.of(() -> "a", () -> "b"));
        assertThat(all.get(0).get() + all.get(1).get()).isEqualTo("ab");
    }

    @Test
    void anExceptionOfAPlainTaskEndsTheDrivingCallAfterItsMoment() {
        time.execute(() -> {
            throw new IllegalStateException("first");
        });
        time.execute(() -> {
            throw new IllegalArgumentException("second");
        });
        time.execute(() -> ran.add("third"));
        in(1, () -> ran.add("later"));

        assertThatThrownBy(() -> time.advance(Duration.ofSeconds(1)))
                .hasMessage("first")
                .satisfies(first -> assertThat(first.getSuppressed())
                        .singleElement()
                        .extracting(Throwable::getMessage)
                        .isEqualTo("second"));
        assertThat(ran).containsExactly("third");

        time.advance(Duration.ofSeconds(1));
        assertThat(ran).containsExactly("third", "later");
    }

    @Test
    void exceptionsOfScheduledTasksStayInTheirFutures() {
        ScheduledFuture<?> broken = in(1, () -> {
            throw new IllegalStateException("kept");
        });
        time.advance(Duration.ofSeconds(1));
        assertThatThrownBy(broken::get).hasRootCauseMessage("kept");
    }

    @Test
    void aTaskMayDriveFromInside() {
        in(1, () -> {
            ran.add("before " + time.pending().size());
            time.advance(Duration.ofSeconds(5));
            ran.add("after");
        });
        in(3, () -> ran.add("inside"));
        time.advance(Duration.ofSeconds(2));
        assertThat(ran).containsExactly("before 1", "inside", "after");
        assertThat(time.clock().instant()).isEqualTo(VirtualTime.DEFAULT_START.plusSeconds(6));
    }

    @Test
    void aRepeatedTaskKeepsItsRateAndADelayedOneItsDistance() {
        time.scheduleAtFixedRate(() -> ran.add("r" + seconds()), 1, 2, TimeUnit.SECONDS);
        time.scheduleWithFixedDelay(() -> ran.add("d" + seconds()), 0, 3, TimeUnit.SECONDS);
        time.advance(Duration.ofSeconds(6));
        assertThat(ran).containsExactly("d0", "r1", "d3", "r3", "r5", "d6");
    }

    @Test
    void whileSomethingHoldsTimeStandsStillButWorkThatComesInRuns() throws Exception {
        CompletableFuture<String> done = new CompletableFuture<>();
        in(3600, () -> ran.add("an hour later"));
        Hold hold = time.hold();
        Thread outside = new Thread(() -> {
            time.execute(() -> ran.add("at " + seconds()));
            time.execute(() -> done.complete("came over a socket"));
            hold.close();
            hold.close();
        });
        outside.start();

        assertThat(time.await(done)).isEqualTo("came over a socket");
        outside.join();
        assertThat(ran).containsExactly("at 0");
        assertThat(time.clock().instant()).isEqualTo(VirtualTime.DEFAULT_START);

        time.advance(Duration.ofHours(1));
        assertThat(ran).containsExactly("at 0", "an hour later");
    }

    @Test
    void aFutureDoneByAnotherThreadEndsAwait() throws Exception {
        CompletableFuture<String> done = new CompletableFuture<>();
        Hold hold = time.hold();
        Thread outside = new Thread(() -> done.complete("done"));
        outside.start();
        assertThat(time.await(done)).isEqualTo("done");
        outside.join();
        hold.close();
    }

    @Test
    void aServerThreadSleepsWhileItsCallerHolds() throws Exception {
        CompletableFuture<Long> answered = new CompletableFuture<>();
        List<Integer> ticks = new ArrayList<>();
        time.scheduleAtFixedRate(() -> ticks.add(seconds()), 1, 1, TimeUnit.SECONDS);
        Hold callersHold = time.hold();
        Thread server = new Thread(() -> {
            time.sleepWhileHolding(Duration.ofSeconds(10));
            answered.complete((long) seconds());
            callersHold.close();
        });
        server.start();

        assertThat(time.await(answered)).isEqualTo(10);
        server.join();
        assertThat(ticks).hasSizeLessThanOrEqualTo(10).startsWith(1, 2, 3);
        assertThat(seconds()).isEqualTo(10);
    }

    @Test
    void aSleeperThatNobodyHoldsForDrives() {
        in(5, () -> ran.add("on the way"));
        time.sleepWhileHolding(Duration.ofSeconds(10));
        assertThat(seconds()).isEqualTo(10);
        assertThat(ran).containsExactly("on the way");
    }

    @Test
    void oneThreadDrivesAtATimeAndOthersGetTheirResult() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CompletableFuture<String> far = new CompletableFuture<>();
        AtomicReference<Object> other = new AtomicReference<>();
        ScheduledFuture<String> timer = time.schedule(() -> "rang", 10, TimeUnit.SECONDS);
        Thread waiter = new Thread(() -> {
            try {
                blocked.await();
                other.set(timer.get());
            } catch (InterruptedException | ExecutionException e) {
                other.set(e);
            }
        });
        waiter.start();
        time.execute(blocked::countDown);
        time.schedule(() -> far.complete("far"), 1, TimeUnit.DAYS);

        assertThat(time.await(far)).isEqualTo("far");
        waiter.join();
        assertThat(other).hasValue("rang");
    }

    @Test
    void shutdownKeepsDelayedTasksAndDropsRepeatedOnes() throws Exception {
        in(2, () -> ran.add("delayed"));
        ScheduledFuture<?> repeated = time.scheduleAtFixedRate(() -> ran.add("repeated"), 1, 1, TimeUnit.SECONDS);
        time.shutdown();
        assertThat(repeated.isCancelled()).isTrue();
        assertThatThrownBy(() -> time.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThat(time.isTerminated()).isFalse();
        assertThat(time.awaitTermination(1, TimeUnit.SECONDS)).isFalse();
        assertThat(time.awaitTermination(1, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).containsExactly("delayed");
        assertThat(seconds()).isEqualTo(2);
    }

    @Test
    void shutdownNowDropsEverything() {
        in(2, () -> ran.add("delayed"));
        assertThat(time.shutdownNow()).hasSize(1);
        assertThat(time.isTerminated()).isTrue();
        time.advance(Duration.ofDays(1));
        assertThat(ran).isEmpty();
    }

    @Test
    void absurdDelaysAreFarAwayAndNegativeOnesNow() {
        time.schedule(() -> ran.add("never"), Long.MAX_VALUE, TimeUnit.DAYS);
        time.schedule(() -> ran.add("now"), Long.MIN_VALUE, TimeUnit.DAYS);
        time.advance(Duration.ofDays(10_000));
        assertThat(ran).containsExactly("now");
        time.advance(Duration.ofSeconds(Long.MAX_VALUE));
        assertThat(ran).containsExactly("now", "never");
    }

    private ScheduledFuture<?> in(int seconds, Runnable task) {
        return time.schedule(task, seconds, TimeUnit.SECONDS);
    }

    private int seconds() {
        return (int) Duration.between(VirtualTime.DEFAULT_START, time.clock().instant())
                .toSeconds();
    }
}
