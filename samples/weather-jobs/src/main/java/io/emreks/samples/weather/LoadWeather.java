package io.emreks.samples.weather;

import static org.apache.spark.sql.functions.callUDF;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.emreks.samples.weather.udf.Beaufort;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;

/**
 * Writes a CSV file of daily weather to a Hudi copy-on-write table with the record key (location, date), one partition per
 * location.
 *
 * <p>Arguments: the CSV file, the table's folder, the operation ({@code insert} makes the table anew, {@code upsert} adds
 * days and replaces those that are there), and the revision of the data, a whole number: of two rows with the same key the
 * one of the higher revision stays.
 */
public final class LoadWeather {
    private LoadWeather() {}

    /** Runs the job. */
    public static void main(String[] args) {
        if (args.length != 4) {
            throw new IllegalArgumentException("expected: <csv file> <table> insert|upsert <revision>");
        }
        String csv = args[0];
        String table = args[1];
        String operation = args[2];
        int revision = Integer.parseInt(args[3]);

        try (SparkSession spark = SparkSession.builder().appName("load-weather").getOrCreate()) {
            spark.udf().register("beaufort", new Beaufort(), DataTypes.IntegerType);
            Dataset<Row> days = spark.read()
                    .option("header", true)
                    .option("mode", "FAILFAST")
                    .schema("location STRING, date STRING, precipitation DOUBLE, temp_max DOUBLE, temp_min DOUBLE, "
                            + "wind DOUBLE, weather STRING")
                    .csv(csv)
                    .withColumn("beaufort", callUDF("beaufort", col("wind")))
                    .withColumn("revision", lit(revision));
            days.write()
                    .format("hudi")
                    .option("hoodie.table.name", "weather")
                    .option("hoodie.datasource.write.table.type", "COPY_ON_WRITE")
                    .option("hoodie.datasource.write.operation", operation)
                    .option("hoodie.datasource.write.recordkey.field", "location,date")
                    .option("hoodie.datasource.write.partitionpath.field", "location")
                    .option("hoodie.datasource.write.precombine.field", "revision")
                    // two small files need no index of files
                    .option("hoodie.metadata.enable", "false")
                    // two small partitions on one machine: the defaults plan for a cluster
                    .option("hoodie.insert.shuffle.parallelism", "2")
                    .option("hoodie.upsert.shuffle.parallelism", "2")
                    .mode(operation.equals("insert") ? SaveMode.Overwrite : SaveMode.Append)
                    .save(table);
            System.out.println("wrote " + csv + " to " + table + " (" + operation + ", revision " + revision + ")");
        }
    }
}
