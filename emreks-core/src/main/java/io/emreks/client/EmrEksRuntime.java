package io.emreks.client;

import io.emreks.internal.engine.DefaultEmrEksRuntime;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The threads and the call quotas of one or more clients. A client that is given none makes its own; several clients (one
 * per account and region, say) can share one, and then clients of the same account and region share its quotas too.
 */
public interface EmrEksRuntime extends AutoCloseable {
    /** Starts a runtime. */
    static Builder builder() {
        return new DefaultEmrEksRuntime.DefaultBuilder();
    }

    /** Ends the threads this runtime made. Close the clients first: those still open are closed now. */
    @Override
    void close();

    /** Builds a runtime. Everything has a default; tests put virtual time in. */
    interface Builder {
        /** Dates. The system's clock in UTC when not set. */
        Builder clock(Clock clock);

        /** A monotonic count of nanoseconds for every delay and deadline. The system's when not set. */
        Builder ticker(LongSupplier nanos);

        /**
         * The engine's thread. It must run one task at a time, each seeing what the one before did. One daemon thread named
         * {@code emreks-loop} when not set; a supplied one is not shut down.
         */
        Builder scheduler(ScheduledExecutorService scheduler);

        /**
         * Where delays and client tokens come from; asked on the engine's thread only. Two processes that draw the same
         * numbers draw the same tokens. A {@code SecureRandom} when not set.
         */
        Builder random(RandomGenerator random);

        /** The calls each account may make, and this runtime's share of them. The published ones when not set. */
        Builder quotas(ApiQuotas quotas);

        /**
         * Where calls are begun, because the AWS SDK asks for credentials on the calling thread. At most 8 daemon threads
         * named {@code emreks-call} when not set; a supplied one is not shut down.
         */
        Builder callExecutor(Executor executor);

        /**
         * Where listeners and what hangs on futures run. Two daemon threads each, named {@code emreks-callback} and {@code
         * emreks-future}, when not set, with more (up to 32) while all are stuck in somebody's code. A supplied one is not
         * shut down, and must neither run tasks on the calling thread nor be the scheduler of real time.
         */
        Builder callbackExecutor(Executor executor);

        /** The runtime. */
        EmrEksRuntime build();
    }
}
