package io.emreks.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.client.ApiQuotas;
import io.emreks.internal.loop.Loop;
import io.emreks.testing.service.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class AccountQuotaTest {
    private final VirtualTime time = new VirtualTime();
    private final AccountQuota quota = new AccountQuota(
            new Loop(time, time.clock(), time::nanoTime), ApiQuotas.builder().build());
    private final List<String> served = new ArrayList<>();
    private final List<Instant> at = new ArrayList<>();

    private Loop.Timer ask(ApiOperation operation, String who) {
        return quota.acquire(operation, false, () -> {
            served.add(who);
            at.add(time.clock().instant());
        });
    }

    @Test
    void theBurstGoesAtOnceAndTheRestAtThePublishedRate() {
        for (int i = 0; i < 30; i++) {
            ask(ApiOperation.START_JOB_RUN, "start");
        }
        assertThat(served).hasSize(25);
        time.advance(Duration.ofMillis(999));
        assertThat(served).hasSize(25);
        time.advance(Duration.ofMillis(2));
        assertThat(served).hasSize(26);
        time.advance(Duration.ofSeconds(4));
        assertThat(served).hasSize(30);
    }

    @Test
    void whoeverWaitsForTheAccountIsServedByPriority() {
        for (int i = 0; i < 100; i++) {
            ask(ApiOperation.DESCRIBE_JOB_RUN, "watch");
            ask(ApiOperation.LIST_VIRTUAL_CLUSTERS, "list");
        }
        assertThat(served).as("the account's 200").hasSize(200);
        served.clear();
        for (int i = 0; i < 3; i++) {
            ask(ApiOperation.DESCRIBE_JOB_RUN, "watch");
            ask(ApiOperation.START_JOB_RUN, "start");
            ask(ApiOperation.CANCEL_JOB_RUN, "cancel");
        }
        assertThat(served).isEmpty();
        time.advance(Duration.ofMillis(160));
        assertThat(served).containsExactly("cancel", "cancel", "cancel");
        time.advance(Duration.ofMillis(310));
        assertThat(served)
                .endsWith("start", "start", "start", "watch", "watch", "watch")
                .hasSize(9);
    }

    @Test
    void whoDoesNotWantToWaitAnyMoreIsNotServed() {
        for (int i = 0; i < 25; i++) {
            ask(ApiOperation.CANCEL_JOB_RUN, "first");
        }
        Loop.Timer waiting = ask(ApiOperation.CANCEL_JOB_RUN, "gone");
        ask(ApiOperation.CANCEL_JOB_RUN, "next");
        waiting.cancel();
        time.advance(Duration.ofMillis(1_001));
        assertThat(served).endsWith("next").doesNotContain("gone");
    }

    @Test
    void aShareIsThatMuchOfEveryBucket() {
        AccountQuota half = new AccountQuota(
                new Loop(time, time.clock(), time::nanoTime),
                ApiQuotas.builder().share(0.5).build());
        for (int i = 0; i < 20; i++) {
            half.acquire(
                    ApiOperation.START_JOB_RUN, false, () -> at.add(time.clock().instant()));
        }
        assertThat(at).as("half of the burst of 25").hasSize(12);
        time.advance(Duration.ofSeconds(10));
        assertThat(at).as("and one each two seconds").hasSize(17);
    }

    @Test
    void looksTakeNoMoreThanTheirShareOfTheAccountInAnyMinute() {
        List<Instant> looks = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            quota.acquire(
                    i % 3 == 0 ? ApiOperation.LIST_JOB_RUNS : ApiOperation.DESCRIBE_JOB_RUN,
                    true,
                    () -> looks.add(time.clock().instant()));
        }
        time.advance(Duration.ofMinutes(1));
        assertThat(looks).hasSizeBetween(14 * 60, 16 * 60);
    }

    @Test
    void callsToS3DoNotWait() {
        for (int i = 0; i < 1_000; i++) {
            ask(ApiOperation.PUT_OBJECT, "put");
        }
        assertThat(served).hasSize(1_000);
    }

    @Test
    void aThrottledOperationSlowsDownAndOthersDoNot() {
        quota.throttled(ApiOperation.START_JOB_RUN);
        ask(ApiOperation.START_JOB_RUN, "start");
        ask(ApiOperation.DESCRIBE_JOB_RUN, "watch");
        assertThat(served).containsExactly("watch");
        time.advance(Duration.ofSeconds(2));
        assertThat(served).containsExactly("watch", "start");
    }

    @Test
    void aCallToS3ThatIsNotWantedAnyMoreIsLeftAlone() {
        ask(ApiOperation.PUT_OBJECT, "put").cancel();
        assertThat(served).containsExactly("put");
    }

    @Test
    void howeverManyWaitItWakesUpOnce() {
        for (int i = 0; i < 100; i++) {
            ask(ApiOperation.START_JOB_RUN, "start");
        }
        assertThat(time.pending()).hasSize(1);
    }
}
