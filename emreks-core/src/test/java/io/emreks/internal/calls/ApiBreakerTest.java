package io.emreks.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.internal.calls.ApiFailure.Kind;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NullMarked
class ApiBreakerTest {
    private static final Set<Kind> DOWN = EnumSet.of(Kind.UNAVAILABLE, Kind.NETWORK, Kind.UNREACHABLE, Kind.TIMEOUT);

    private long now;
    private final ApiBreaker breaker = new ApiBreaker("test", () -> now);

    private void fail(int times, Kind kind) {
        for (int i = 0; i < times; i++) {
            assertThat(breaker.permits()).isTrue();
            breaker.failed(new ApiFailure(kind, "on purpose", null));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void onlyWhatSpeaksForTheServiceBeingDownOpensIt(Kind kind) {
        fail(20, kind);
        assertThat(breaker.permits()).isEqualTo(!DOWN.contains(kind));
    }

    @Test
    void halfOfTwentyOpensItAndLessDoesNot() {
        for (int i = 0; i < 11; i++) {
            assertThat(breaker.permits()).isTrue();
            breaker.succeeded();
        }
        fail(9, Kind.NETWORK);
        assertThat(breaker.permits()).as("9 of 20").isTrue();
        breaker.failed(new ApiFailure(Kind.NETWORK, "on purpose", null));
        assertThat(breaker.permits()).as("10 of the last 20").isFalse();
    }

    @Test
    void afterTenSecondsThreeCallsMayTry() {
        fail(20, Kind.TIMEOUT);
        now = ApiBreaker.OPEN.toNanos();
        assertThat(breaker.permits()).isFalse();
        now++;
        for (int i = 0; i < 3; i++) {
            assertThat(breaker.permits()).isTrue();
        }
        assertThat(breaker.permits()).isFalse();
        breaker.notCalled();
        assertThat(breaker.permits()).as("in place of one that was not made").isTrue();
    }
}
