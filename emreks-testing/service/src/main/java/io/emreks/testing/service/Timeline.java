package io.emreks.testing.service;

import static java.util.Comparator.comparing;

import java.time.Instant;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/** What is going to happen in the service, in the order of its times; confined to the model. */
final class Timeline {
    private final PriorityQueue<Due> queue =
            new PriorityQueue<>(comparing(Due::at).thenComparingLong(Due::number));
    private final Consumer<Instant> planned;
    private long dues;

    /** @param planned told of every time at which something will happen */
    Timeline(Consumer<Instant> planned) {
        this.planned = planned;
    }

    void at(Instant when, Happening happening) {
        queue.add(new Due(when, dues++, happening));
        planned.accept(when);
    }

    /** When something will happen. */
    List<Instant> planned() {
        return queue.stream().map(Due::at).toList();
    }

    /** Lets everything happen that is due, each thing at its own time. */
    void advanceTo(Instant now) {
        for (Due due = queue.peek(); due != null && !due.at.isAfter(now); due = queue.peek()) {
            queue.remove();
            due.happening.happen(due.at);
        }
    }

    interface Happening {
        void happen(Instant at);
    }

    private record Due(Instant at, long number, Happening happening) {}
}
