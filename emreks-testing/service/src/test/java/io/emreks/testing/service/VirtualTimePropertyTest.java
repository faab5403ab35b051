package io.emreks.testing.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.testing.service.VirtualTime.Hold;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

@SuppressWarnings("FutureReturnValueIgnored") // timers are set and left to run
class VirtualTimePropertyTest {
    @Property(tries = 300)
    void tasksRunByTimeAndThenInTheOrderOfArrivalHoweverTheTimeIsMoved(
            @ForAll @Size(max = 40) List<@IntRange(max = 20) Integer> delays,
            @ForAll @Size(min = 1, max = 10) List<@IntRange(max = 7) Integer> steps) {
        VirtualTime fresh = new VirtualTime();
        List<Integer> order = new ArrayList<>();
        List<Instant> times = new ArrayList<>();
        for (int i = 0; i < delays.size(); i++) {
            int task = i;
            fresh.schedule(
                    () -> {
                        order.add(task);
                        times.add(fresh.clock().instant());
                    },
                    delays.get(i),
                    TimeUnit.SECONDS);
        }
        int moved = 0;
        for (int step : steps) {
            fresh.advance(Duration.ofSeconds(step));
            moved += step;
        }
        int reached = moved;
        List<Integer> expected = IntStream.range(0, delays.size())
                .filter(task -> delays.get(task) <= reached)
                .boxed()
                .sorted(Comparator.comparing(delays::get))
                .toList();
        assertThat(order).isEqualTo(expected);
        assertThat(times)
                .isEqualTo(expected.stream()
                        .map(task -> VirtualTime.DEFAULT_START.plusSeconds(delays.get(task)))
                        .toList());
        assertThat(fresh.pending()).hasSize(delays.size() - expected.size());
    }

    @Property(tries = 50)
    void callsOverManyThreadsLoseNothingAndKeepTheTime(@ForAll @IntRange(min = 1, max = 8) int callers)
            throws InterruptedException {
        VirtualTime fresh = new VirtualTime();
        AtomicInteger answers = new AtomicInteger();
        CompletableFuture<Void> all = new CompletableFuture<>();
        List<Thread> threads = new ArrayList<>();
        fresh.schedule(() -> {}, 1, TimeUnit.DAYS);
        for (int i = 0; i < callers; i++) {
            Hold hold = fresh.hold();
            int delay = i;
            Thread thread = new Thread(() -> {
                fresh.sleepWhileHolding(Duration.ofSeconds(delay));
                fresh.execute(() -> {
                    if (answers.incrementAndGet() == callers) {
                        all.complete(null);
                    }
                });
                hold.close();
            });
            threads.add(thread);
            thread.start();
        }
        fresh.await(all);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(fresh.clock().instant()).isEqualTo(VirtualTime.DEFAULT_START.plusSeconds(callers - 1));
    }
}
