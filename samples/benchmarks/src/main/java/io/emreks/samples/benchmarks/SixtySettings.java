package io.emreks.samples.benchmarks;

import io.emreks.spark.DriverTuning;
import io.emreks.spark.DynamicAllocation;
import io.emreks.spark.EntryPoint;
import io.emreks.spark.ExecutorTuning;
import io.emreks.spark.ReleaseLabel;
import io.emreks.spark.SparkConf;
import io.emreks.spark.SparkJob;
import io.emreks.spark.SpotDecommissioning;
import io.emreks.spark.TableFormat;
import io.emreks.spark.check.SparkChecks;
import io.emreks.spark.size.NodeCatalog;
import io.emreks.spark.size.NodeReserve;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A job with 60 settings, as typed values and as the names and values that somebody writes by hand. */
final class SixtySettings {
    static final int COUNT = 60;

    private static final ReleaseLabel RELEASE = ReleaseLabel.parse("emr-7.12.0-latest");
    private static final SparkChecks CHECKS = SparkChecks.forRelease(RELEASE)
            .withExecutorGracePeriod(Duration.ofSeconds(110))
            .onNodes(List.of(NodeCatalog.get("m7g.4xlarge")), NodeReserve.typical());
    private static final String[] NAMES = names();

    private SixtySettings() {}

    private static String[] names() {
        List<String> written = List.of(
                "spark.sql.shuffle.partitions",
                "spark.default.parallelism",
                "spark.sql.autoBroadcastJoinThreshold",
                "spark.sql.files.maxPartitionBytes",
                "spark.kryoserializer.buffer.max",
                "spark.driver.maxResultSize",
                "spark.sql.broadcastTimeout",
                "spark.network.timeout");
        String[] names = new String[38];
        for (int i = 0; i < names.length; i++) {
            names[i] = i < written.size() ? written.get(i) : "spark.hadoop.fs.s3a.bucket.orders-" + i + ".endpoint";
        }
        return names;
    }

    static SparkJob job() {
        SparkConf.Builder conf = SparkConf.builder();
        for (String name : NAMES) {
            conf.set(name, "400");
        }
        return SparkJob.builder()
                .entryPoint(EntryPoint.jar("s3://bucket/jobs/orders.jar", "--date", "2026-11-22"))
                .mainClass("com.acme.Orders")
                .addJar("s3://bucket/libs/udf.jar")
                .driver(DriverTuning.builder()
                        .cores(2)
                        .memory("4g")
                        .memoryOverhead("1g")
                        .build())
                .executors(ExecutorTuning.builder()
                        .cores(4)
                        .memory("14g")
                        .requestCores("3800m")
                        .javaOptions("-XX:+UseG1GC -Dzone=a")
                        .putEnv("ZONE", "a")
                        .build())
                .addTableFormat(TableFormat.hudi(RELEASE))
                .addPreset(DynamicAllocation.upTo(50))
                .addPreset(SpotDecommissioning.withFallback("s3://bucket/shuffle/"))
                .conf(conf.build())
                .build();
    }

    /** Built, checked and rendered. */
    static String rendered() {
        SparkJob job = job();
        if (!CHECKS.check(job).isEmpty()) {
            throw new IllegalStateException("The job has findings: " + CHECKS.check(job));
        }
        return job.render().sparkSubmitParameters();
    }

    /** The same settings as names and values. */
    static Map<String, String> byHand() {
        Map<String, String> settings = new TreeMap<>(job().allSettings().asMap());
        if (settings.size() != COUNT) {
            throw new IllegalStateException("The job has " + settings.size() + " settings");
        }
        return settings;
    }

    static String concatenated(Map<String, String> settings) {
        StringBuilder text = new StringBuilder("--class com.acme.Orders --jars s3://bucket/libs/udf.jar");
        settings.forEach((name, value) ->
                text.append(" --conf ").append(name).append('=').append(value));
        return text.toString();
    }
}
