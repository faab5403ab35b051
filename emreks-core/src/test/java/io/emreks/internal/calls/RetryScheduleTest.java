package io.emreks.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.internal.calls.ApiFailure.Kind;
import io.emreks.retry.ApiRetry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NullMarked
class RetryScheduleTest {
    private static ApiFailure failure(Kind kind) {
        return new ApiFailure(kind, "on purpose", null);
    }

    /** As many delays as tries after the first, each within its bound. */
    @Property
    void delaysStayInBoundsAndEnd(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 60) int attempts,
            @ForAll @IntRange(min = 1, max = 5_000) int first,
            @ForAll @IntRange(min = 1, max = 60_000) int max) {
        ApiRetry settings = ApiRetry.builder()
                .maxAttempts(attempts)
                .initialDelay(Duration.ofMillis(first))
                .maxDelay(Duration.ofMillis(max))
                .build();
        RetrySchedule.Tries tries = new RetrySchedule("test", settings, new SplittableRandom(seed)).begin();
        for (int attempt = 1; attempt < attempts; attempt++) {
            Optional<Duration> delay = tries.delayAfter(failure(Kind.NETWORK));
            double bound = Math.min(max, first * Math.pow(2, attempt - 1));
            assertThat(delay).isPresent();
            assertThat(delay.get()).isBetween(Duration.ZERO, Duration.ofMillis((long) bound));
        }
        assertThat(tries.delayAfter(failure(Kind.NETWORK))).isEmpty();
    }

    @Test
    void aThrottledTryWaitsLongerAtMost() {
        ApiRetry settings = ApiRetry.builder().build();
        long longest = 0;
        for (int seed = 0; seed < 200; seed++) {
            Duration delay = new RetrySchedule("test", settings, new SplittableRandom(seed))
                    .begin()
                    .delayAfter(failure(Kind.THROTTLED))
                    .orElseThrow();
            longest = Math.max(longest, delay.toMillis());
        }
        assertThat(longest).isBetween(1_000L, 2_000L);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void onlyWhatCouldSucceedLaterIsTriedAgain(Kind kind) {
        RetrySchedule.Tries tries =
                new RetrySchedule("test", ApiRetry.builder().build(), new SplittableRandom(1)).begin();
        assertThat(tries.delayAfter(failure(kind)).isPresent()).isEqualTo(kind.retryable());
    }

    @Test
    void delaysDoubleUpToTheLongest() {
        ApiRetry settings = ApiRetry.builder()
                .maxAttempts(6)
                .initialDelay(Duration.ofMillis(100))
                .throttledDelay(Duration.ofMillis(300))
                .maxDelay(Duration.ofMillis(1_000))
                .build();
        RandomGenerator longest = new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new UnsupportedOperationException();
            }

            @Override
            public long nextLong(long bound) {
                return bound - 1;
            }
        };
        assertThat(delays(settings, longest, Kind.NETWORK)).containsExactly(100L, 200L, 400L, 800L, 1_000L);
        assertThat(delays(settings, longest, Kind.THROTTLED)).containsExactly(300L, 600L, 1_000L, 1_000L, 1_000L);
    }

    private static List<Long> delays(ApiRetry settings, RandomGenerator random, Kind kind) {
        RetrySchedule.Tries tries = new RetrySchedule("test", settings, random).begin();
        return Stream.generate(() -> tries.delayAfter(failure(kind)))
                .takeWhile(Optional::isPresent)
                .map(delay -> delay.orElseThrow().toMillis())
                .toList();
    }
}
