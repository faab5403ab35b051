package io.emreks.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.spark.check.Finding;
import io.emreks.spark.check.SparkChecks;
import io.emreks.spark.size.ExecutorShape;
import io.emreks.spark.size.IpMode;
import io.emreks.spark.size.JobSize;
import io.emreks.spark.size.NodeCatalog;
import io.emreks.spark.size.NodePlan;
import io.emreks.spark.size.NodePools;
import io.emreks.spark.size.NodeReserve;
import io.emreks.spark.size.PodSize;
import io.emreks.spark.size.SizingOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The Java of README.md, compiled and run. */
class ReadmeSnippetsTest {
    @Test
    void settingsDoWhatTheReadmeSays() {
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
        List<Classification> others = rendered.classifications(); // core-site, emr-job-submitter, …

        for (Problem problem : job.problems()) {
            System.out.println(problem.field() + ": " + problem.message() + "; " + problem.fix());
        }

        SparkJob fromAirflow = SparkJob.parse("--class com.acme.Orders --executor-memory 14g --conf spark.x='a b'");
        SparkJob fromShell =
                SparkJob.parseCommand("spark-submit --num-executors 10 s3://bucket/jobs/orders.py --date today");

        SparkConf team =
                SparkConf.builder().set("spark.sql.adaptive.enabled", "true").build();
        SparkConf run =
                SparkConf.builder().set("spark.sql.shuffle.partitions", "64").build();
        SparkConf both = run.named("run").over(team.named("team"));

        ReleaseLabel release = ReleaseLabel.parse("emr-7.5.0-latest");
        boolean s3a = release.supports(ReleaseFeature.S3A); // false, that is 7.10.0
        Optional<String> hudiVersion = release.hudiVersion(); // 0.15.0-amzn-2

        assertThat(job.problems()).isEmpty();
        assertThat(sparkSubmitParameters).startsWith("--class com.acme.Orders --jars s3://bucket/libs/udf.jar --conf ");
        assertThat(sparkDefaults).isEmpty();
        assertThat(others).isEmpty();
        assertThat(fromAirflow.executors().memory()).contains(MemorySize.ofGibibytes(14));
        assertThat(fromAirflow.conf().get("spark.x")).contains("a b");
        assertThat(fromShell.isPython()).isTrue();
        assertThat(fromShell.executors().instances()).hasValue(10);
        assertThat(both.entries()).extracting(SparkConf.Entry::source).containsExactly("team: user", "run: user");
        assertThat(s3a).isFalse();
        assertThat(hudiVersion).contains("0.15.0-amzn-2");
    }

    @Test
    void presetsDoWhatTheReadmeSays() {
        ReleaseLabel release = ReleaseLabel.parse("emr-7.5.0-latest");

        SparkJob elastic = SparkJob.builder()
                .addPreset(DynamicAllocation.builder().min(2).max(50).build())
                .build();

        SpotDecommissioning spot = SpotDecommissioning.withFallback("s3://bucket/shuffle/");
        SparkJob onSpot = SparkJob.builder().addPreset(spot).build();
        long terminationGracePeriodSeconds = spot.gracePeriod().toSeconds(); // 110

        SparkJob adaptive = SparkJob.builder()
                .addPreset(AdaptiveExecution.builder()
                        .partitionSize(MemorySize.parse("128m"))
                        .build())
                .build();

        SparkJob withGlue = SparkJob.builder()
                .addPreset(GlueMetastore.ofAccount("111122223333"))
                .build();

        S3Access s3 = S3Access.builder()
                .release(release)
                .kmsKey("alias/data")
                .maxConnections(200)
                .build();
        SparkJob encrypted = SparkJob.builder().addPreset(s3).build();

        SparkJob logged = SparkJob.builder()
                .addPreset(EventLog.builder()
                        .dir("s3://bucket/spark-events/")
                        .rolling(MemorySize.parse("128m"))
                        .build())
                .build();

        SparkJob tables = SparkJob.builder()
                .addTableFormat(TableFormat.hudi(release))
                .addTableFormat(TableFormat.iceberg(release, "glue", "s3://bucket/warehouse/"))
                .build();

        assertThat(List.of(elastic, onSpot, adaptive, withGlue, encrypted, logged, tables))
                .allSatisfy(job -> assertThat(job.problems()).isEmpty());
        assertThat(terminationGracePeriodSeconds).isEqualTo(110);
        assertThat(encrypted.render().classifications())
                .extracting(Classification::name)
                .containsExactly("emrfs-site");
        assertThat(tables.render().sparkSubmitParameters())
                .contains("HoodieSparkSessionExtension,org.apache.iceberg.spark");
    }

    @Test
    void hudiDoesWhatTheReadmeSays() {
        ReleaseLabel release = ReleaseLabel.parse("emr-7.5.0-latest");

        HudiTable orders = HudiTable.builder()
                .name("orders")
                .basePath("s3://bucket/tables/orders/")
                .addRecordKey("id")
                .orderingField("updated_at")
                .addPartitionField("day")
                .glueSync("sales", "orders")
                .writers(2)
                .lock(HudiLock.dynamoDb("hudi-locks", "orders", "eu-west-1"))
                .build();
        Map<String, String> options = orders.writerOptions(); // for df.write().format("hudi").options(…)
        String props = orders.propsFile();

        SparkJob streamer = HoodieStreamer.builder()
                .release(release)
                .table(orders)
                .sourceClass("org.apache.hudi.utilities.sources.ParquetDFSSource")
                .build()
                .job()
                .build();

        assertThat(orders.problems()).isEmpty();
        assertThat(options).containsEntry("hoodie.datasource.write.recordkey.field", "id");
        assertThat(props).contains("hoodie.write.lock.dynamodb.region=eu-west-1\n");
        assertThat(streamer.problems()).isEmpty();
    }

    @Test
    void containersAreToldWhatTheReadmeSays() {
        Classification submitter = EmrJobSubmitter.builder()
                .putNodeSelector("karpenter.sh/capacity-type", "on-demand")
                .tolerate("dedicated", "submitter", EmrJobSubmitter.Effect.NO_SCHEDULE)
                .build()
                .toClassification();
        Classification start = EmrContainersDefaults.builder()
                .jobStartTimeout(Duration.ofMinutes(30))
                .build()
                .toClassification();
        SparkJob placed = SparkJob.builder()
                .addClassification(submitter)
                .addClassification(start)
                .build();

        assertThat(placed.problems()).isEmpty();
        assertThat(placed.render().classifications()).containsExactly(submitter, start);
    }

    @Test
    void sizesAndChecksDoWhatTheReadmeSays() {
        HudiTable orders = HudiTable.builder()
                .name("orders")
                .basePath("s3://bucket/tables/orders/")
                .addRecordKey("id")
                .orderingField("updated_at")
                .build();
        ReleaseLabel release = ReleaseLabel.parse("emr-7.5.0-latest");
        SparkJob job = SparkJob.builder()
                .executors(ExecutorTuning.builder()
                        .instances(10)
                        .cores(4)
                        .memory("14g")
                        .build())
                .build();

        JobSize size = JobSize.of(job, release);
        PodSize executor = size.executor(); // 4 CPU, 15769m
        JobSize withLogging = JobSize.of(job, release, SizingOptions.withLogging()); // and EMR's logging containers

        ExecutorShape shape = ExecutorShape.of(NodeCatalog.get("m7g.4xlarge"), 4, NodeReserve.typical(), false)
                .orElseThrow();
        SparkJob filling = SparkJob.builder().executors(shape.tuning()).build(); // request.cores 3847m, perNode 4

        NodePlan plan = NodePlan.of(NodePools.of(NodeCatalog.get("m7g.4xlarge")), List.of(size));
        long addresses = plan.addresses(IpMode.secondaryIps());
        List<Problem> tooFew = plan.checkAddresses(IpMode.warmIps(2, 8), 251);

        List<Finding> findings = SparkChecks.forRelease(release)
                .withExecutorGracePeriod(Duration.ofSeconds(110))
                .onNodes(List.of(NodeCatalog.get("m7g.4xlarge")), NodeReserve.typical())
                .writing(orders)
                .check(job);

        assertThat(executor).hasToString("4 CPU, 15769m");
        assertThat(withLogging.executor()).hasToString("4 CPU, 16281m");
        assertThat(shape.perNode()).isEqualTo(4);
        assertThat(filling.allSettings().get("spark.kubernetes.executor.request.cores"))
                .contains("3847m");
        assertThat(addresses).isGreaterThan(plan.pods());
        assertThat(tooFew).isEmpty();
        assertThat(findings).isEmpty();
    }
}
