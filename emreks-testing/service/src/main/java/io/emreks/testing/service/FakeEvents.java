package io.emreks.testing.service;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The events of a fake: what EventBridge delivers when a job run changes its state (SUBMITTED, RUNNING and the terminal ones)
 * or gets a new driver. Each goes to every sink and every queue. Nothing is made as long as there are none. Thread-safe.
 */
public final class FakeEvents {
    private static final Duration LATENCY = Duration.ofMillis(500);

    private final FakeEmrEks fake;
    private final List<Consumer<String>> sinks = new CopyOnWriteArrayList<>();
    private final Map<String, FakeEventQueue> queues = new ConcurrentHashMap<>();
    private Duration latency = LATENCY;
    private @Nullable Chance lost;
    private @Nullable Chance repeated;
    private @Nullable Chance late;
    private Duration lateBy = Duration.ZERO;

    FakeEvents(FakeEmrEks fake) {
        this.fake = fake;
    }

    /** Gives every event from now on to the sink, as JSON, on a thread of the fake's time. */
    public void deliverTo(Consumer<String> sink) {
        sinks.add(sink);
        fake.eventsWanted();
    }

    /**
     * A queue of this name that gets every event from now on, each time the same one. AWS clients for SQS that are wired to
     * this fake can read it (ReceiveMessage, DeleteMessage, DeleteMessageBatch, SendMessage).
     */
    public FakeEventQueue queue(String name) {
        FakeEventQueue queue = queues.computeIfAbsent(name, unused -> new FakeEventQueue(fake, name));
        fake.eventsWanted();
        return queue;
    }

    /** How long an event is on its way, by default half a second. */
    public synchronized void latency(Duration latency) {
        this.latency = latency;
    }

    /** Loses this share of the events, the same ones for the same seed and order of events. */
    public synchronized void lose(long seed, double rate) {
        lost = new Chance(new SplittableRandom(seed), rate);
    }

    /** Delivers this share of the events twice. */
    public synchronized void repeat(long seed, double rate) {
        repeated = new Chance(new SplittableRandom(seed), rate);
    }

    /** Delivers this share of the events that much later, and so out of order. */
    public synchronized void delay(long seed, double rate, Duration by) {
        late = new Chance(new SplittableRandom(seed), rate);
        lateBy = by;
    }

    boolean wanted() {
        return !sinks.isEmpty() || !queues.isEmpty();
    }

    Optional<FakeEventQueue> find(String name) {
        return Optional.ofNullable(queues.get(name));
    }

    /** How long the copies of the next event are on their way. */
    synchronized List<Duration> deliveries() {
        if (lost != null && lost.strikes()) {
            return List.of();
        }
        Duration first = late != null && late.strikes() ? latency.plus(lateBy) : latency;
        return repeated != null && repeated.strikes() ? List.of(first, latency.plusSeconds(1)) : List.of(first);
    }

    void deliver(String event) {
        sinks.forEach(sink -> sink.accept(event));
        queues.values().forEach(queue -> queue.send(event));
    }

    private record Chance(SplittableRandom random, double rate) {
        Chance {
            if (!(rate >= 0 && rate <= 1)) {
                throw new IllegalArgumentException("rate is " + rate + "; give 0 to 1");
            }
        }

        boolean strikes() {
            return random.nextDouble() < rate;
        }
    }
}
