package io.emreks.testing.service;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What goes wrong, by operation: the service's operation names ({@code StartJobRun}) and those of S3 ({@code PutObject}).
 * Of several faults for a call the first applies: those for the next calls, in the order in which they were set, then
 * those for always (the last set wins), then those with a rate, then those for certain requests. Thread-safe; takes effect with the next call.
 */
public final class Faults {
    private final Set<String> operations;
    private final Map<String, Deque<Fault>> next = new HashMap<>();
    private final Map<String, Fault> always = new HashMap<>();
    private final Map<String, List<Rated>> rated = new HashMap<>();
    private final List<Chosen> chosen = new ArrayList<>();

    Faults(Set<String> operations) {
        this.operations = operations;
    }

    /** The next call of the operation goes wrong. */
    public void next(String operation, Fault fault) {
        next(operation, 1, fault);
    }

    /** The next {@code count} calls of the operation go wrong. */
    public synchronized void next(String operation, int count, Fault fault) {
        if (count < 1) {
            throw new IllegalArgumentException("count is " + count + "; give 1 or more");
        }
        Deque<Fault> queue = next.computeIfAbsent(known(operation), name -> new ArrayDeque<>());
        for (int i = 0; i < count; i++) {
            queue.add(fault);
        }
    }

    /** Every call of the operation goes wrong until {@link #clear}. */
    public synchronized void always(String operation, Fault fault) {
        always.put(known(operation), fault);
    }

    /**
     * Calls of the operation go wrong at random, the same way for the same seed and order of calls.
     *
     * @param rate the share of calls, 0 to 1
     */
    public synchronized void withRate(long seed, double rate, String operation, Fault fault) {
        if (!(rate >= 0 && rate <= 1)) {
            throw new IllegalArgumentException("rate is " + rate + "; give 0 to 1");
        }
        rated.computeIfAbsent(known(operation), name -> new ArrayList<>())
                .add(new Rated(new SplittableRandom(seed), rate, fault));
    }

    /**
     * Certain calls of any operation go wrong until {@link #clear}; of several that match a call the last one set is taken.
     *
     * @param which asked once per call that no other fault is for, from the thread of the call; the status of what it gets is 0
     */
    public synchronized void when(Predicate<FakeRequest> which, Fault fault) {
        chosen.add(0, new Chosen(which, fault));
    }

    /** Nothing goes wrong any more. */
    public synchronized void clear() {
        next.clear();
        always.clear();
        rated.clear();
        chosen.clear();
    }

    synchronized Optional<Fault> take(String operation, Supplier<FakeRequest> request) {
        Deque<Fault> queue = next.get(operation);
        if (queue != null && !queue.isEmpty()) {
            return Optional.of(queue.remove());
        }
        if (always.containsKey(operation)) {
            return Optional.ofNullable(always.get(operation));
        }
        for (Rated candidate : rated.getOrDefault(operation, List.of())) {
            if (candidate.random.nextDouble() < candidate.rate) {
                return Optional.of(candidate.fault);
            }
        }
        if (!chosen.isEmpty()) {
            FakeRequest seen = request.get();
            for (Chosen candidate : chosen) {
                if (candidate.which.test(seen)) {
                    return Optional.of(candidate.fault);
                }
            }
        }
        return Optional.empty();
    }

    private String known(String operation) {
        if (!operations.contains(operation)) {
            throw new IllegalArgumentException(
                    "No operation is named " + operation + "; known are " + new TreeSet<>(operations));
        }
        return operation;
    }

    private record Chosen(Predicate<FakeRequest> which, Fault fault) {}

    private record Rated(SplittableRandom random, double rate, Fault fault) {}
}
