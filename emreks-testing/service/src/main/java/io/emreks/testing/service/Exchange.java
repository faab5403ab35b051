package io.emreks.testing.service;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One call on its way through the fake: wait {@link #before}, {@link #perform}, wait {@link #after}, answer. */
interface Exchange {
    Duration before();

    /** Done when the request can take effect: at once, unless it waits for something to happen. */
    default CompletableFuture<?> ready() {
        return CompletableFuture.completedFuture(null);
    }

    /** Lets the request take effect, once; the answer, or null if the connection drops instead. */
    @Nullable
    ApiResponse perform();

    Duration after();
}
