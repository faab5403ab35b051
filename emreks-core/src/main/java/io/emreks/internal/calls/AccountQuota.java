package io.emreks.internal.calls;

import io.emreks.client.ApiQuotas;
import io.emreks.internal.loop.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The call buckets of one account and region, shared by every client of a runtime: one per operation and one for all
 * together. Whoever has to wait is served by priority, then in order of arrival. Belongs to the loop.
 */
public final class AccountQuota {
    /** Looks need no burst: all of them come again. */
    private static final double LOOKS_AT_ONCE_SECONDS = 3;

    private final Loop loop;
    private final TokenBucket account;
    private final TokenBucket watchers;
    private final Map<ApiOperation, TokenBucket> buckets = new EnumMap<>(ApiOperation.class);
    private final Map<ApiOperation, Deque<Turn>> waiting = new EnumMap<>(ApiOperation.class);
    private final Map<ApiOperation, Deque<Turn>> looking = new EnumMap<>(ApiOperation.class);
    private Loop.@Nullable Timer wakeUp;

    /** Full buckets. */
    public AccountQuota(Loop loop, ApiQuotas quotas) {
        this.loop = loop;
        this.account = bucket(quotas.account(), quotas.share());
        double looks = quotas.account().perSecond() * quotas.watchingShare();
        this.watchers = bucket(new ApiQuotas.Bucket(Math.max(1, looks * LOOKS_AT_ONCE_SECONDS), looks), quotas.share());
        for (ApiOperation operation : ApiOperation.values()) {
            operation.bucketOf(quotas).ifPresent(bucket -> {
                buckets.put(operation, bucket(bucket, quotas.share()));
                waiting.put(operation, new ArrayDeque<>());
                looking.put(operation, new ArrayDeque<>());
            });
        }
    }

    /** A bucket holds one token at least, or nobody would ever have a turn. */
    private TokenBucket bucket(ApiQuotas.Bucket bucket, double share) {
        return new TokenBucket(Math.max(1, bucket.burst() * share), bucket.perSecond() * share, loop.nanos());
    }

    /**
     * Runs {@code go} on the loop when it is its turn, at once if nobody waits and tokens are there.
     *
     * @param watching whether it is a look of a watcher, which lets all others of the operation go first
     */
    Loop.Timer acquire(ApiOperation operation, boolean watching, Runnable go) {
        if (!operation.metered()) {
            go.run();
            return () -> {};
        }
        Turn turn = new Turn(go);
        Deque<Turn> queue = (watching ? looking : waiting).get(operation);
        Objects.requireNonNull(queue).add(turn);
        serve();
        return () -> queue.remove(turn);
    }

    void throttled(ApiOperation operation) {
        if (operation.metered()) {
            bucketOf(operation).throttled(loop.nanos());
        }
    }

    /** Operations are declared in order of priority, so the first that can go is the one to go. */
    private void serve() {
        if (wakeUp != null) {
            wakeUp.cancel();
            wakeUp = null;
        }
        long soonest = Math.min(serve(waiting, false), serve(looking, true));
        if (soonest != Long.MAX_VALUE) {
            wakeUp = loop.after(Duration.ofNanos(soonest), this::serve);
        }
    }

    private long serve(Map<ApiOperation, Deque<Turn>> queues, boolean watching) {
        long soonest = Long.MAX_VALUE;
        for (ApiOperation operation : queues.keySet()) {
            Deque<Turn> queue = Objects.requireNonNull(queues.get(operation));
            while (!queue.isEmpty()) {
                long now = loop.nanos();
                long wait = Math.max(bucketOf(operation).nanosUntilReady(now), account.nanosUntilReady(now));
                if (watching) {
                    wait = Math.max(wait, watchers.nanosUntilReady(now));
                }
                if (wait > 0) {
                    soonest = Math.min(soonest, wait);
                    break;
                }
                bucketOf(operation).take();
                account.take();
                if (watching) {
                    watchers.take();
                }
                queue.remove().go.run();
            }
        }
        return soonest;
    }

    private TokenBucket bucketOf(ApiOperation operation) {
        return Objects.requireNonNull(buckets.get(operation));
    }

    /** One wish for a turn; compared by identity. */
    private static final class Turn {
        private final Runnable go;

        Turn(Runnable go) {
            this.go = go;
        }
    }
}
