package io.emreks.internal.engine;

import io.emreks.client.ApiQuotas;
import io.emreks.client.EmrEksClient;
import io.emreks.client.EmrEksRuntime;
import io.emreks.internal.calls.AccountQuota;
import io.emreks.internal.loop.CallbackWorkers;
import io.emreks.internal.loop.Callbacks;
import io.emreks.internal.loop.Loop;
import io.emreks.internal.loop.Threads;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The threads and quotas behind one or more clients. */
public final class DefaultEmrEksRuntime implements EmrEksRuntime {
    private static final int CALL_THREADS = 8;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
    private static final Duration FUTURES_END = Duration.ofSeconds(1);

    private final Threads threads = new Threads();
    private final Clock clock;
    private final RandomGenerator random;
    private final Loop loop;
    private final Executor callExecutor;
    private final Callbacks callbacks;
    private final @Nullable ExecutorService futurePool;
    private final boolean ownsCallExecutor;
    private final ApiQuotas apiQuotas;
    private final List<ExecutorService> owned = new ArrayList<>();
    private final Map<String, AccountQuota> quotas = new ConcurrentHashMap<>();
    private final Set<DefaultEmrEksClient> clients = ConcurrentHashMap.newKeySet();

    private DefaultEmrEksRuntime(DefaultBuilder builder) {
        clock = builder.clock;
        apiQuotas = builder.quotas;
        random = builder.random == null ? new SecureRandom() : builder.random;
        ScheduledExecutorService scheduler = builder.scheduler;
        if (scheduler == null) {
            ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, threads.named("emreks-loop"));
            thread.setRemoveOnCancelPolicy(true);
            thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
            scheduler = thread;
            owned.add(thread);
        }
        loop = new Loop(scheduler, clock, builder.ticker);
        ownsCallExecutor = builder.callExecutor == null;
        if (builder.callExecutor == null) {
            ThreadPoolExecutor pool = new ThreadPoolExecutor(
                    CALL_THREADS,
                    CALL_THREADS,
                    10,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(),
                    threads.named("emreks-call"));
            pool.allowCoreThreadTimeOut(true);
            callExecutor = pool;
            owned.add(pool);
        } else {
            callExecutor = builder.callExecutor;
        }
        if (builder.callbackExecutor == null) {
            CallbackWorkers listeners = new CallbackWorkers(loop, threads.named("emreks-callback"));
            CallbackWorkers futures = new CallbackWorkers(loop, threads.named("emreks-future"));
            owned.add(listeners.pool());
            owned.add(futures.pool());
            futurePool = futures.pool();
            callbacks = new Callbacks(listeners, futures);
        } else {
            futurePool = null;
            callbacks = new Callbacks(builder.callbackExecutor, builder.callbackExecutor);
        }
    }

    Clock clock() {
        return clock;
    }

    RandomGenerator random() {
        return random;
    }

    Loop loop() {
        return loop;
    }

    Executor callExecutor() {
        return callExecutor;
    }

    Callbacks callbacks() {
        return callbacks;
    }

    AccountQuota quota(String accountAndRegion) {
        return quotas.computeIfAbsent(accountAndRegion, scope -> new AccountQuota(loop, apiQuotas));
    }

    void remember(DefaultEmrEksClient client) {
        clients.add(client);
    }

    void forget(DefaultEmrEksClient client) {
        clients.remove(client);
    }

    /** Runs what may block: on a thread of its own, as the call executor may be stuck in somebody's credentials. */
    void background(Runnable task) {
        if (ownsCallExecutor) {
            threads.named("emreks-close").newThread(task).start();
        } else {
            callExecutor.execute(task);
        }
    }

    @Override
    public void close() {
        List<DefaultEmrEksClient> open = List.copyOf(clients);
        open.forEach(EmrEksClient::close);
        var unused = CompletableFuture.allOf(
                        open.stream().map(DefaultEmrEksClient::tornDown).toArray(CompletableFuture<?>[]::new))
                .whenComplete((nothing, failure) -> shutDown());
        if (!Callbacks.inside()) {
            try {
                awaitEnd(CLOSE_LIMIT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Ends what was made here. Stuck callers and listeners are interrupted; what no worker came to of the futures is
     * completed here, so that none stays open.
     */
    void shutDown() {
        for (ExecutorService executor : owned) {
            if (executor != futurePool) {
                executor.shutdownNow();
            }
        }
        if (futurePool != null) {
            futurePool.shutdown();
            if (!terminated(futurePool, FUTURES_END)) {
                futurePool.shutdownNow().forEach(Runnable::run);
            }
        }
    }

    private static boolean terminated(ExecutorService executor, Duration limit) {
        try {
            return executor.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Waits until every thread made here is gone, within the limit. */
    void awaitEnd(Duration limit) throws InterruptedException {
        threads.join(limit);
    }

    /** See {@link EmrEksRuntime.Builder}. */
    public static final class DefaultBuilder implements EmrEksRuntime.Builder {
        private Clock clock = Clock.systemUTC();
        private LongSupplier ticker = System::nanoTime;
        private @Nullable ScheduledExecutorService scheduler;
        private @Nullable RandomGenerator random;
        private @Nullable Executor callExecutor;
        private @Nullable Executor callbackExecutor;
        private ApiQuotas quotas = ApiQuotas.builder().build();

        @Override
        public DefaultBuilder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        @Override
        public DefaultBuilder ticker(LongSupplier nanos) {
            this.ticker = nanos;
            return this;
        }

        @Override
        public DefaultBuilder scheduler(ScheduledExecutorService scheduler) {
            this.scheduler = scheduler;
            return this;
        }

        @Override
        public DefaultBuilder random(RandomGenerator random) {
            this.random = random;
            return this;
        }

        @Override
        public DefaultBuilder quotas(ApiQuotas quotas) {
            this.quotas = quotas;
            return this;
        }

        @Override
        public DefaultBuilder callExecutor(Executor executor) {
            this.callExecutor = executor;
            return this;
        }

        @Override
        public DefaultBuilder callbackExecutor(Executor executor) {
            this.callbackExecutor = executor;
            return this;
        }

        @Override
        public DefaultEmrEksRuntime build() {
            return new DefaultEmrEksRuntime(this);
        }
    }
}
