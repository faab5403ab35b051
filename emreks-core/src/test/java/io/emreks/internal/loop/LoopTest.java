package io.emreks.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emreks.testing.service.VirtualTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class LoopTest {
    private static final int HANGS = 60;

    private final VirtualTime time = new VirtualTime();
    private final Loop loop = new Loop(time, time.clock(), time::nanoTime);
    private final List<String> ran = new ArrayList<>();

    private void queue(String name) {
        assertThat(loop.execute(() -> ran.add(name))).isTrue();
    }

    @Test
    void oneWakeUpIsForAllThatHaveComeUntilThen() {
        queue("a");
        queue("b");
        queue("c");
        assertThat(time.pending()).hasSize(1);
        time.runUntilIdle();
        assertThat(ran).containsExactly("a", "b", "c");
        queue("d");
        time.runUntilIdle();
        assertThat(ran).containsExactly("a", "b", "c", "d");
    }

    @Test
    void whatATaskQueuesComesAfterWhatIsThereAndAfterTimersThatAreDue() {
        loop.execute(() -> {
            ran.add("a");
            queue("a's");
        });
        queue("b");
        Loop.Timer unused = loop.after(Duration.ZERO, () -> ran.add("timer"));
        time.runUntilIdle();
        assertThat(ran).containsExactly("a", "b", "timer", "a's");
    }

    @Test
    void aTaskThatFailsHoldsUpNoOtherAndIsHeardOf() {
        loop.execute(() -> {
            throw new IllegalStateException("first");
        });
        queue("a");
        loop.execute(() -> {
            throw new AssertionError("second");
        });
        queue("b");
        assertThatThrownBy(time::runUntilIdle)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("first")
                .satisfies(e -> assertThat(e.getSuppressed()).hasExactlyElementsOfTypes(AssertionError.class));
        assertThat(ran).containsExactly("a", "b");
        queue("c");
        time.runUntilIdle();
        assertThat(ran).containsExactly("a", "b", "c");
    }

    @Test
    void aLoopThatHasEndedTakesNothingMoreEvenIfItWasToWakeUp() {
        queue("never run");
        time.shutdownNow();
        assertThat(loop.execute(() -> ran.add("refused"))).isFalse();
        time.runUntilIdle();
        assertThat(ran).isEmpty();
    }

    @Test
    void whatManyThreadsQueueRunsOnceAndInTheOrderOfEachThread() throws Exception {
        int threads = 4;
        int each = 20_000;
        ScheduledExecutorService real = Executors.newSingleThreadScheduledExecutor();
        try {
            Loop busy = new Loop(real, Clock.systemUTC(), System::nanoTime);
            int[] next = new int[threads];
            CountDownLatch all = new CountDownLatch(threads * each);
            CompletableFuture<String> outOfOrder = new CompletableFuture<>();
            List<Thread> queueing = IntStream.range(0, threads)
                    .mapToObj(thread -> new Thread(() -> {
                        for (int i = 0; i < each; i++) {
                            int number = i;
                            busy.execute(() -> {
                                if (next[thread]++ != number) {
                                    outOfOrder.complete("of " + thread + ": " + number);
                                }
                                all.countDown();
                            });
                        }
                    }))
                    .toList();
            queueing.forEach(Thread::start);
            assertThat(all.await(HANGS, TimeUnit.SECONDS)).isTrue();
            assertThat(outOfOrder).isNotDone();
        } finally {
            real.shutdownNow();
        }
    }
}
