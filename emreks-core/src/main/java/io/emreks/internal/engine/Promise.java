package io.emreks.internal.engine;

import io.emreks.internal.loop.Callbacks;
import java.util.concurrent.CompletableFuture;

/** A future of a handle: settled once on the loop, completed on a worker, given out as copies. */
final class Promise<T> {
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private final Callbacks callbacks;
    private boolean settled;

    Promise(Callbacks callbacks) {
        this.callbacks = callbacks;
    }

    void complete(T value) {
        if (!settled) {
            settled = true;
            callbacks.execute(() -> future.complete(value));
        }
    }

    void fail(Throwable failure) {
        if (!settled) {
            settled = true;
            callbacks.execute(() -> future.completeExceptionally(failure));
        }
    }

    /** A future of the caller's own. */
    CompletableFuture<T> copy() {
        return future.copy();
    }

    /** The future itself; only for reading. */
    CompletableFuture<T> future() {
        return future;
    }
}
