package io.emreks.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The Java of README.md, compiled and run. */
class ReadmeSnippetsTest {
    @Test
    void doWhatTheReadmeSays() {
        SparkJob job = SparkJob.builder()
                .mainClass("com.acme.Orders")
                .addJar("s3://bucket/libs/udf.jar")
                .driver(DriverTuning.builder().cores(2).memory("4g").build())
                .executors(ExecutorTuning.builder()
                        .instances(10)
                        .cores(4)
                        .memory("14g")
                        .build())
                .conf(SparkConf.builder()
                        .set("spark.sql.shuffle.partitions", "400")
                        .build())
                .build();
        RenderedSparkConfig rendered = job.render();
        String sparkSubmitParameters =
                rendered.sparkSubmitParameters(); // --class com.acme.Orders --jars s3://… --conf …
        Map<String, String> sparkDefaults =
                rendered.sparkDefaults(); // what the string cannot carry, or has no room for

        for (Problem problem : job.problems()) {
            System.out.println(problem.field() + ": " + problem.message() + "; " + problem.fix());
        }

        SparkJob hudi = SparkJob.builder()
                .addTableFormat(TableFormat.hudi(Optional.of(ReleaseLabel.parse("emr-7.5.0-latest"))))
                .build();

        SparkConf team =
                SparkConf.builder().set("spark.sql.adaptive.enabled", "true").build();
        SparkConf run =
                SparkConf.builder().set("spark.sql.shuffle.partitions", "64").build();
        SparkConf both = run.over(team);

        ReleaseLabel release = ReleaseLabel.parse("emr-7.5.0-latest");
        boolean s3a = release.atLeast("7.10.0"); // false
        Optional<String> hudiVersion = release.hudiVersion(); // 0.15.0-amzn-2

        assertThat(job.problems()).isEmpty();
        assertThat(sparkSubmitParameters).startsWith("--class com.acme.Orders --jars s3://bucket/libs/udf.jar --conf ");
        assertThat(sparkDefaults).isEmpty();
        assertThat(hudi.problems()).isEmpty();
        assertThat(both.asMap()).hasSize(2);
        assertThat(s3a).isFalse();
        assertThat(hudiVersion).contains("0.15.0-amzn-2");
    }
}
