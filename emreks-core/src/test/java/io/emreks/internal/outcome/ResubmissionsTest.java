package io.emreks.internal.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.internal.outcome.History.Failure;
import io.emreks.internal.outcome.Resubmissions.Next;
import io.emreks.retry.FailureClass;
import io.emreks.retry.JobChange;
import io.emreks.retry.Resubmission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NullMarked
class ResubmissionsTest {
    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");
    private static final Resubmission ALWAYS = everything(Resubmission.upTo(3));
    private static final JobChange MORE = JobChange.moreExecutorMemory(1.5, "32g");

    private static Resubmission everything(Resubmission policy) {
        Resubmission all = policy;
        for (FailureClass failure : FailureClass.values()) {
            if (failure != FailureClass.VALIDATION && failure != FailureClass.UNKNOWN) {
                all = all.on(failure);
            }
        }
        return all;
    }

    private static Optional<Next> next(
            Resubmission policy, History before, FailureClass failure, Duration ran, Instant at) {
        return Resubmissions.next(policy, false, before, failure, ran, at, new SplittableRandom(1));
    }

    private static Optional<Next> next(Resubmission policy, History before, Instant at) {
        return next(policy, before, FailureClass.APPLICATION, Duration.ZERO, at);
    }

    /** How many runs there are if each fails at once, a second after the one before. */
    private static int runs(Resubmission policy) {
        History history = History.NONE;
        for (int run = 1; run <= 2_000; run++) {
            Optional<Next> next = next(policy, history, AT.plusSeconds(run));
            if (next.isEmpty()) {
                return run;
            }
            history = next.get().history();
            assertThat(history.attempts()).isEqualTo(run);
        }
        return Integer.MAX_VALUE;
    }

    @Property(tries = 100)
    void thereAreNeverMoreRunsThanThePolicySays(@ForAll @IntRange(min = 1, max = 1_000) int most) {
        assertThat(runs(everything(Resubmission.upTo(most)))).isEqualTo(most);
    }

    @Test
    void onlyWhatThePolicyNamesIsSubmittedAgain() {
        Resubmission some = Resubmission.upTo(3).on(FailureClass.SPOT_LOSS);
        assertThat(next(some, History.NONE, FailureClass.SPOT_LOSS, Duration.ZERO, AT))
                .isPresent();
        assertThat(next(some, History.NONE, FailureClass.APPLICATION, Duration.ZERO, AT))
                .isEmpty();
        assertThat(next(Resubmission.none(), History.NONE, AT)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(FailureClass.class)
    void whatCouldRunBesideItselfNeedsAnIdempotentJob(FailureClass failure) {
        boolean never = failure == FailureClass.VALIDATION || failure == FailureClass.UNKNOWN;
        boolean lost = failure == FailureClass.MONITORING_LOST;
        for (boolean idempotent : new boolean[] {true, false}) {
            Optional<Next> next = Resubmissions.next(
                    ALWAYS, idempotent, History.NONE, failure, Duration.ZERO, AT, new SplittableRandom(1));
            assertThat(next.isPresent()).isEqualTo(!never && (idempotent || !lost));
        }
    }

    @Test
    void theHistoryTellsWhatHappened() {
        Next first = next(ALWAYS, History.NONE, AT).orElseThrow();
        assertThat(first.history()).isEqualTo(new History(1, List.of(new Failure(FailureClass.APPLICATION, AT))));
        Next second = next(ALWAYS, first.history(), FailureClass.SPOT_LOSS, Duration.ZERO, AT.plusSeconds(5))
                .orElseThrow();
        assertThat(second.history())
                .isEqualTo(new History(
                        2,
                        List.of(
                                new Failure(FailureClass.APPLICATION, AT),
                                new Failure(FailureClass.SPOT_LOSS, AT.plusSeconds(5)))));
    }

    // ---- budgets that refill

    /** Within any window there are at most as many failures as the policy says, however they come. */
    @Property
    void aWindowHoldsAtMostThatManyFailures(
            @ForAll("gaps") List<Integer> gaps, @ForAll @IntRange(min = 1, max = 5) int most) {
        Duration window = Duration.ofMinutes(10);
        Resubmission policy = everything(Resubmission.upTo(most)).within(window);
        List<Instant> failures = new ArrayList<>();
        History history = History.NONE;
        Instant at = AT;
        for (int gap : gaps) {
            at = at.plusSeconds(gap);
            Instant now = at;
            failures.add(now);
            long recent = failures.stream()
                    .filter(one -> one.isAfter(now.minus(window)))
                    .count();
            Optional<Next> next = next(policy, history, now);
            assertThat(next.isPresent()).isEqualTo(recent < most);
            if (next.isEmpty()) {
                return;
            }
            history = next.get().history();
            assertThat(history.failures()).hasSize((int) recent);
            assertThat(history.attempts()).isEqualTo(failures.size());
        }
    }

    @Provide
    Arbitrary<List<Integer>> gaps() {
        return Arbitraries.oneOf(Arbitraries.integers().between(0, 1_000), Arbitraries.of(0, 599, 600, 601))
                .list()
                .ofMaxSize(30);
    }

    @Test
    void aFailureAsOldAsTheWindowDoesNotCount() {
        Resubmission policy = everything(Resubmission.upTo(2)).within(Duration.ofHours(1));
        History before = History.NONE.with(FailureClass.APPLICATION, AT);
        assertThat(next(policy, before, AT.plus(Duration.ofHours(1)).minusSeconds(1)))
                .isEmpty();
        assertThat(next(policy, before, AT.plus(Duration.ofHours(1)))).isPresent();
    }

    @Test
    void aRunThatWasHealthyForgetsEarlierFailures() {
        Resubmission policy = everything(Resubmission.upTo(2)).forgettingAfter(Duration.ofMinutes(30));
        History before = new History(7, List.of(new Failure(FailureClass.SPOT_LOSS, AT)));
        Instant now = AT.plus(Duration.ofHours(2));
        assertThat(next(
                        policy,
                        before,
                        FailureClass.APPLICATION,
                        Duration.ofMinutes(30).minusMillis(1),
                        now))
                .isEmpty();
        assertThat(next(policy, before, FailureClass.APPLICATION, Duration.ofMinutes(30), now))
                .hasValueSatisfying(next -> assertThat(next.history())
                        .isEqualTo(new History(8, List.of(new Failure(FailureClass.APPLICATION, now)))));
    }

    @Test
    void aJobThatRunsForEverHasABudgetForEachHour() {
        assertThat(Resubmissions.policy(ALWAYS, true).window()).contains(Duration.ofHours(1));
        assertThat(Resubmissions.policy(ALWAYS, false).window()).isEmpty();
        Resubmission own = ALWAYS.within(Duration.ofDays(1));
        assertThat(Resubmissions.policy(own, true)).isSameAs(own);
    }

    // ---- pauses

    @Property
    void pausesGrowAndStayInTheUpperHalfOfTheirBound(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 60) int failuresBefore,
            @ForAll @LongRange(min = 1, max = 86_400_000) long first,
            @ForAll @LongRange(min = 1, max = 86_400_000) long longest) {
        Resubmission policy =
                everything(Resubmission.upTo(1_000)).pausing(Duration.ofMillis(first), Duration.ofMillis(longest));
        History history = History.NONE;
        for (int i = 0; i < failuresBefore; i++) {
            history = history.with(FailureClass.APPLICATION, AT);
        }
        Duration pause = Resubmissions.next(
                        policy, false, history, FailureClass.APPLICATION, Duration.ZERO, AT, new SplittableRandom(seed))
                .orElseThrow()
                .pause();
        double bound = Math.min((double) longest, first * Math.pow(2, Math.min(failuresBefore, 30)));
        assertThat((double) pause.toMillis()).isBetween(Math.floor(bound / 2), Math.floor(bound));
    }

    @Test
    void pausesAreDrawnFromAllOfTheUpperHalf() {
        Resubmission policy = ALWAYS.pausing(Duration.ofMillis(10), Duration.ofMinutes(10));
        SplittableRandom random = new SplittableRandom(1);
        List<Long> drawn = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            drawn.add(
                    Resubmissions.next(policy, false, History.NONE, FailureClass.APPLICATION, Duration.ZERO, AT, random)
                            .orElseThrow()
                            .pause()
                            .toMillis());
        }
        assertThat(drawn.stream().distinct()).containsExactlyInAnyOrder(5L, 6L, 7L, 8L, 9L, 10L);
    }

    // ---- changes

    @Test
    void changesOfAllFailuresAccumulate() {
        Resubmission policy = Resubmission.upTo(10)
                .on(FailureClass.OUT_OF_MEMORY, MORE)
                .on(FailureClass.SPOT_LOSS, JobChange.onDemandExecutors())
                .on(FailureClass.START_TIMEOUT, JobChange.virtualCluster("other"), JobChange.onDemandExecutors())
                .on(FailureClass.APPLICATION);
        History history = History.NONE
                .with(FailureClass.OUT_OF_MEMORY, AT)
                .with(FailureClass.APPLICATION, AT)
                .with(FailureClass.SPOT_LOSS, AT)
                .with(FailureClass.OUT_OF_MEMORY, AT)
                .with(FailureClass.START_TIMEOUT, AT);
        assertThat(Resubmissions.changes(policy, history))
                .containsExactly(MORE, JobChange.onDemandExecutors(), MORE, JobChange.virtualCluster("other"));
        assertThat(Resubmissions.changes(Resubmission.none(), history)).isEmpty();
        assertThat(next(policy, history, AT).orElseThrow().changes()).isEqualTo(Resubmissions.changes(policy, history));
    }
}
