package io.emreks.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class TokenBucketTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Whatever the pauses, no window holds more than the bucket plus what flows in. */
    @Property
    void neverMoreThanCapacityPlusRefill(
            @ForAll @IntRange(min = 1, max = 100) int capacity,
            @ForAll @IntRange(min = 1, max = 50) int perSecond,
            @ForAll @Size(max = 200) List<@LongRange(min = 0, max = 3_000_000_000L) Long> pauses) {
        TokenBucket bucket = new TokenBucket(capacity, perSecond, 0);
        long now = 0;
        long taken = 0;
        for (long pause : pauses) {
            now += pause;
            while (bucket.nanosUntilReady(now) == 0) {
                bucket.take();
                taken++;
            }
            assertThat((double) taken).isLessThanOrEqualTo(capacity + perSecond * (now / 1e9) + 1e-6);
        }
    }

    /** The wait it names is long enough, and not longer than it has to be. */
    @Property
    void theWaitItNamesIsExact(
            @ForAll @IntRange(min = 1, max = 25) int capacity,
            @ForAll @IntRange(min = 1, max = 20) int perSecond,
            @ForAll @LongRange(min = 0, max = 5_000_000_000L) long start) {
        TokenBucket bucket = new TokenBucket(capacity, perSecond, 0);
        while (bucket.nanosUntilReady(start) == 0) {
            bucket.take();
        }
        long wait = bucket.nanosUntilReady(start);
        assertThat(bucket.nanosUntilReady(start + wait - Math.max(2, wait / 1000)))
                .isPositive();
        assertThat(bucket.nanosUntilReady(start + wait + 2)).isZero();
    }

    @Test
    void afterAThrottleItIsEmptyAndHalfAsFast() {
        TokenBucket bucket = new TokenBucket(25, 1, 0);
        bucket.throttled(0);
        assertThat(bucket.nanosUntilReady(0)).isEqualTo(2 * SECOND);
    }

    @Test
    void manyThrottlesSlowItToASixteenthAndNotFurther() {
        TokenBucket bucket = new TokenBucket(25, 1, 0);
        for (int i = 0; i < 50; i++) {
            bucket.throttled(0);
        }
        assertThat(bucket.nanosUntilReady(0)).isEqualTo(16 * SECOND);
    }

    @Test
    void withoutAnotherThrottleItFindsBackToItsFullRate() {
        TokenBucket bucket = new TokenBucket(1, 1, 0);
        bucket.throttled(0);
        assertThat(bucket.nanosUntilReady(20 * SECOND)).isZero();
        bucket.take();
        assertThat(bucket.nanosUntilReady(20 * SECOND)).isEqualTo(SECOND);
    }

    @Test
    void aTickerThatStandsStillOrStepsBackGivesNothing() {
        TokenBucket bucket = new TokenBucket(1, 1, 10 * SECOND);
        bucket.take();
        assertThat(bucket.nanosUntilReady(10 * SECOND)).isEqualTo(SECOND);
        assertThat(bucket.nanosUntilReady(5 * SECOND)).isEqualTo(SECOND);
    }

    /** Half as fast as two a second; half a second later half a token is there and the pace has grown by a fortieth. */
    @Test
    void whatIsThereShortensTheWait() {
        TokenBucket bucket = new TokenBucket(25, 2, 0);
        bucket.throttled(0);
        assertThat(bucket.nanosUntilReady(SECOND / 2)).isEqualTo((long) Math.ceil(0.5 / (2 * 0.525) * SECOND));
    }

    @Test
    void whatItFoundBackToCountsWhenItIsThrottledAgain() {
        TokenBucket bucket = new TokenBucket(25, 1, 0);
        bucket.throttled(0);
        bucket.throttled(20 * SECOND);
        assertThat(bucket.nanosUntilReady(20 * SECOND)).isEqualTo(2 * SECOND);
    }
}
