package io.emreks.testing.service;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One call on its way through the fake: wait {@link #before}, {@link #perform}, wait {@link #after}, answer. */
interface Exchange {
    Duration before();

    /** Lets the request take effect, once; the answer, or null if the connection drops instead. */
    @Nullable
    ApiResponse perform();

    Duration after();
}
