package io.emreks.samples.benchmarks;

/** Throughput of two things that take turns: the medians of several rounds, after some that do not count. */
final class Rounds {
    private static final int WARM_UP_ROUNDS = 4;
    private static final int ROUNDS = 5;

    private Rounds() {}

    /** Operations per second of the first and of the second. */
    static double[] perSecond(int operations, Round first, Round second) throws Exception {
        double[] ofFirst = new double[ROUNDS];
        double[] ofSecond = new double[ROUNDS];
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            first.run(operations);
            second.run(operations);
        }
        for (int i = 0; i < ROUNDS; i++) {
            ofFirst[i] = operations / seconds(first, operations);
            ofSecond[i] = operations / seconds(second, operations);
        }
        return new double[] {Forks.median(ofFirst), Forks.median(ofSecond)};
    }

    private static double seconds(Round round, int operations) throws Exception {
        return round.run(operations) / 1e9;
    }

    /** Does so many operations, and says how many nanoseconds they took without what is around them. */
    interface Round {
        long run(int operations) throws Exception;
    }
}
