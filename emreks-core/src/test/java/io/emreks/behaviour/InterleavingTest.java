package io.emreks.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whatever two clients do, in whatever order and whatever goes wrong: the handles tell the truth, and a key has one live
 * run wherever that is promised ({@link Interleaving.World#oneLive}).
 *
 * <p>{@code -Demreks.tries} says how many stories are drawn and {@code -Demreks.seed} which is the first. A failure names
 * its seed and tells the smallest story found that fails in the same way.
 */
class InterleavingTest {
    private static final int TRIES = Integer.getInteger("emreks.tries", 120);
    private static final long FIRST = Long.getLong("emreks.seed", 1);
    private static final String OTHER = InterleavingRun.otherCluster();

    @Test
    void twoClientsKeepTheirPromises() {
        for (long seed = FIRST; seed < FIRST + TRIES; seed++) {
            Interleaving plan = Interleaving.of(seed, OTHER);
            if (failure(plan, seed) != null) {
                throw smallest(plan, seed);
            }
        }
    }

    @Test
    void oneSeedTellsOneStory() {
        Interleaving plan = Interleaving.of(FIRST, OTHER);
        assertThat(timeline(plan, FIRST)).isEqualTo(timeline(plan, FIRST));
    }

    private static String timeline(Interleaving plan, long seed) {
        try (InterleavingRun run = new InterleavingRun(plan, seed)) {
            run.tell();
            return run.timeline();
        }
    }

    private static @Nullable Throwable failure(Interleaving plan, long seed) {
        try (InterleavingRun run = new InterleavingRun(plan, seed)) {
            run.tell();
            return null;
        } catch (RuntimeException | AssertionError failure) {
            return failure;
        }
    }

    private static AssertionError smallest(Interleaving plan, long seed) {
        Interleaving small = plan;
        for (int i = small.steps().size() - 1; i >= 0; i--) {
            Interleaving smaller = small.without(i);
            if (failure(smaller, seed) != null) {
                small = smaller;
            }
        }
        InterleavingRun run = new InterleavingRun(small, seed);
        try (run) {
            run.tell();
            return new AssertionError("Seed " + seed + " fails only some of the time");
        } catch (RuntimeException | AssertionError failure) {
            return new AssertionError(
                    "Seed " + seed + ": " + failure.getMessage() + "\n" + small.world() + "\n" + small.jobs() + "\n"
                            + small.scripts() + "\n" + run.timeline(),
                    failure);
        }
    }
}
