package io.emreks.samples.weather;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Reads the table of {@link LoadWeather} and writes a summary as one JSON object:
 * {@code {"rows":2922,"days":[{"location":"Seattle","date":"2012-01-01",…}]}}, the days in the order of location and date.
 *
 * <p>Arguments: the table's folder, the file to write ({@code -} for standard output only), and the chosen days, each as
 * {@code location/date}.
 */
public final class ReadWeather {
    private ReadWeather() {}

    /** Runs the job. */
    public static void main(String[] args) throws IOException {
        if (args.length < 2) {
            throw new IllegalArgumentException("expected: <table> <output file or -> [location/date ...]");
        }
        String table = args[0];
        String output = args[1];
        Object[] chosen = Arrays.copyOfRange(args, 2, args.length);

        try (SparkSession spark = SparkSession.builder().appName("read-weather").getOrCreate()) {
            Dataset<Row> days = spark.read().format("hudi").load(table);
            List<String> rows = days.where(
                            concat_ws("/", col("location"), col("date")).isin(chosen))
                    .select(
                            "location",
                            "date",
                            "precipitation",
                            "temp_max",
                            "temp_min",
                            "wind",
                            "weather",
                            "beaufort",
                            "revision")
                    .orderBy("location", "date")
                    .toJSON()
                    .collectAsList();
            String summary = "{\"rows\":" + days.count() + ",\"days\":[" + String.join(",", rows) + "]}";
            System.out.println(summary);
            if (!output.equals("-")) {
                Path file = new Path(output);
                try (OutputStream out = file.getFileSystem(spark.sparkContext().hadoopConfiguration())
                        .create(file, true)) {
                    out.write(summary.getBytes(StandardCharsets.UTF_8));
                }
            }
        }
    }
}
