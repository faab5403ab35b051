package io.emreks.internal.engine;

import io.emreks.event.JobRunEvent;
import io.emreks.event.JobRunListener;
import io.emreks.internal.loop.Callbacks;
import io.emreks.internal.loop.Loop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the events of one run to its listeners, each in order and one at a time. Belongs to the loop. */
final class Telling {
    private static final Logger LOG = LoggerFactory.getLogger(Telling.class);
    private static final int QUEUED_AT_MOST = 256;

    private final Loop loop;
    private final Callbacks callbacks;
    private final CallbackContext context;
    private final AtomicInteger waitingEvents;
    private final Runnable whenQuiet;
    private final List<Queue> queues = new ArrayList<>();

    /**
     * Tells nobody at first.
     *
     * @param waitingEvents where events that nobody has heard yet are counted
     * @param whenQuiet run whenever a listener has heard everything there is
     */
    Telling(Loop loop, Callbacks callbacks, CallbackContext context, AtomicInteger waitingEvents, Runnable whenQuiet) {
        this.loop = loop;
        this.callbacks = callbacks;
        this.context = context;
        this.waitingEvents = waitingEvents;
        this.whenQuiet = whenQuiet;
    }

    /** Adds a listener, which first hears the present state, if there is one. */
    void add(JobRunListener listener, @Nullable JobRunEvent present) {
        Queue queue = new Queue(listener);
        queues.add(queue);
        if (present != null) {
            queue.add(present);
        }
    }

    void tell(JobRunEvent event) {
        queues.forEach(queue -> queue.add(event));
    }

    /** Whether every listener has heard everything. */
    boolean quiet() {
        return queues.stream().noneMatch(queue -> queue.busy || !queue.waiting.isEmpty());
    }

    private final class Queue {
        private final JobRunListener listener;
        private final Deque<JobRunEvent> waiting = new ArrayDeque<>();
        private boolean busy;
        private boolean failed;

        Queue(JobRunListener listener) {
            this.listener = listener;
        }

        void add(JobRunEvent event) {
            if (waiting.size() >= QUEUED_AT_MOST) {
                waiting.removeFirst();
            } else {
                waitingEvents.incrementAndGet();
            }
            waiting.add(event);
            next();
        }

        private void next() {
            if (busy || waiting.isEmpty()) {
                return;
            }
            busy = true;
            JobRunEvent event = waiting.remove();
            waitingEvents.decrementAndGet();
            boolean taken = callbacks.tell(() -> {
                try {
                    context.around(event.ref(), () -> listener.onEvent(event));
                } catch (RuntimeException | Error e) {
                    warnOnce(e);
                } finally {
                    loop.execute(this::heard);
                }
            });
            if (!taken) {
                busy = false;
                waitingEvents.addAndGet(-waiting.size());
                waiting.clear();
            }
        }

        private void heard() {
            busy = false;
            next();
            if (!busy) {
                whenQuiet.run();
            }
        }

        /** Called by one worker at a time, as the queue is. */
        private void warnOnce(Throwable e) {
            if (!failed) {
                failed = true;
                LOG.warn("The listener {} failed; it goes on hearing, further failures are not logged", name(), e);
            }
        }

        private String name() {
            return listener.getClass().getName();
        }
    }
}
