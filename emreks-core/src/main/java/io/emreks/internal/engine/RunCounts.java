package io.emreks.internal.engine;

import io.emreks.internal.calls.Calls;
import io.emreks.metrics.ClientGauges;
import io.emreks.model.JobRunState;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts what a client has at the moment. Changed on the loop, read from anywhere. */
final class RunCounts implements ClientGauges {
    private final Calls calls;
    private final Map<JobRunState, AtomicInteger> active = new EnumMap<>(JobRunState.class);
    private final AtomicInteger pending = new AtomicInteger();
    final AtomicInteger waitingEvents = new AtomicInteger();

    RunCounts(Calls calls) {
        this.calls = calls;
        for (JobRunState state : JobRunState.values()) {
            active.put(state, new AtomicInteger());
        }
    }

    @Override
    public int activeRuns(JobRunState state) {
        return counter(state).get();
    }

    @Override
    public int pendingHandles() {
        return pending.get();
    }

    @Override
    public int waitingCalls() {
        return calls.waiting();
    }

    @Override
    public int waitingEvents() {
        return waitingEvents.get();
    }

    private AtomicInteger counter(JobRunState state) {
        return Objects.requireNonNull(active.get(state));
    }

    /** Where one handle is counted: nowhere at first. */
    final class Place {
        private @Nullable AtomicInteger counted;

        /** Has no run that was looked at. */
        void pending() {
            move(pending);
        }

        void in(JobRunState now) {
            move(counter(now));
        }

        void leave() {
            move(null);
        }

        private void move(@Nullable AtomicInteger to) {
            if (counted == to) {
                return;
            }
            if (counted != null) {
                counted.decrementAndGet();
            }
            if (to != null) {
                to.incrementAndGet();
            }
            counted = to;
        }
    }
}
