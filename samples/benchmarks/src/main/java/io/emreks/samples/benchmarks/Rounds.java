package io.emreks.samples.benchmarks;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Throughput of things that take turns: the medians of several rounds, after a minute of rounds that do not count. It takes
 * hundreds of thousands of operations until nothing is compiled any more.
 */
final class Rounds {
    private static final long WARM_UP_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int ROUNDS = 5;

    private Rounds() {}

    /** Operations per second of each. */
    static double[] perSecond(int operations, Round... each) throws Exception {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < WARM_UP_NANOS) {
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
