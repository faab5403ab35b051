package io.emreks.samples.weather;

import org.apache.spark.sql.SparkSession;

/** Counts a small range once a second until the process is stopped. */
public final class EndlessJob {
    private EndlessJob() {}

    /** Runs the job. */
    public static void main(String[] args) throws InterruptedException {
        SparkSession spark = SparkSession.builder().appName("endless").getOrCreate();
        for (long round = 1; ; round++) {
            System.out.println(
                    "round " + round + ": counted " + spark.range(1_000).count());
            Thread.sleep(1_000);
        }
    }
}
