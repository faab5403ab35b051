package io.emreks.testing.spark;

import java.io.IOException;
import java.nio.file.Files;
import org.apache.spark.sql.SparkSession;

/**
 * A tiny Spark job whose classes {@link LocalSparkEngine} keeps, so that the drivers after it start faster. Nobody else
 * needs it.
 */
public final class WarmUpJob {
    private WarmUpJob() {}

    /** Runs the job. */
    public static void main(String[] args) throws IOException {
        String table =
                Files.createTempDirectory("warm-up").resolve("table").toUri().toString();
        try (SparkSession spark = SparkSession.builder().getOrCreate()) {
            spark.sql("select id, id % 3 as remainder, cast(id as string) as text from range(100)")
                    .write()
                    .parquet(table);
            spark.read().parquet(table).createOrReplaceTempView("numbers");
            spark.sql("select remainder, count(*), max(text) from numbers group by remainder order by remainder")
                    .show();
        }
    }
}
