package io.emreks.internal.engine;

import io.emreks.internal.loop.Callbacks;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A future of a handle: settled on the loop, given out as copies that a worker completes, each by itself, so that what
 * hangs on one of them holds up no other.
 */
final class Promise<T> {
    private final CompletableFuture<T> settled = new CompletableFuture<>();
    private final Deliveries deliveries;
    private final Consumer<Runnable> context;

    Promise(Deliveries deliveries) {
        this(deliveries, Runnable::run);
    }

    /** @param context what surrounds the user code that hangs on it */
    Promise(Deliveries deliveries, Consumer<Runnable> context) {
        this.deliveries = deliveries;
        this.context = context;
    }

    /** Called on the loop; has no effect the second time. */
    void complete(T value) {
        settled.complete(value);
    }

    /** Called on the loop; has no effect the second time. */
    void fail(Throwable failure) {
        settled.completeExceptionally(failure);
    }

    /** A future of the caller's own. */
    CompletableFuture<T> copy() {
        if (settled.isDone()) {
            return settled.copy();
        }
        CompletableFuture<T> copy = new CompletableFuture<>();
        var unused = settled.whenComplete(
                (value, failure) -> deliveries.deliver(() -> context.accept(() -> complete(copy, value, failure))));
        return copy;
    }

    private static <T> void complete(CompletableFuture<T> copy, T value, @Nullable Throwable failure) {
        if (failure == null) {
            copy.complete(value);
        } else {
            copy.completeExceptionally(failure);
        }
    }

    /** Completes on the loop; nothing of a user's may hang on it. */
    CompletableFuture<T> settled() {
        return settled;
    }

    /** The copies of one client's futures that are on their way to somebody. */
    static final class Deliveries {
        private final Callbacks callbacks;
        private final AtomicInteger underWay = new AtomicInteger();
        private final Runnable whenNone;

        /** @param whenNone run by a worker whenever the last one has arrived */
        Deliveries(Callbacks callbacks, Runnable whenNone) {
            this.callbacks = callbacks;
            this.whenNone = whenNone;
        }

        boolean none() {
            return underWay.get() == 0;
        }

        private void deliver(Runnable task) {
            underWay.incrementAndGet();
            callbacks.complete(() -> {
                try {
                    task.run();
                } finally {
                    if (underWay.decrementAndGet() == 0) {
                        whenNone.run();
                    }
                }
            });
        }
    }
}
