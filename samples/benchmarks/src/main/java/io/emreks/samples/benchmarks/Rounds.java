package io.emreks.samples.benchmarks;

import java.util.Arrays;

/** Throughput of things that take turns: the medians of several rounds, after so many that do not count that all is warm. */
final class Rounds {
    private static final int WARM_UP_ROUNDS = 12;
    private static final int ROUNDS = 5;

    private Rounds() {}

    /** Operations per second of each. */
    static double[] perSecond(int operations, Round... each) throws Exception {
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            for (Round one : each) {
                one.run(operations);
            }
        }
        double[][] measured = new double[each.length][ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            for (int which = 0; which < each.length; which++) {
                measured[which][i] = operations / seconds(each[which], operations);
            }
        }
        return Arrays.stream(measured).mapToDouble(Forks::median).toArray();
    }

    private static double seconds(Round round, int operations) throws Exception {
        return round.run(operations) / 1e9;
    }

    /** Does so many operations, and says how many nanoseconds they took without what is around them. */
    interface Round {
        long run(int operations) throws Exception;
    }
}
