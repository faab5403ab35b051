package io.emreks.spark.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.spark.AdaptiveExecution;
import io.emreks.spark.Classification;
import io.emreks.spark.DriverTuning;
import io.emreks.spark.DynamicAllocation;
import io.emreks.spark.EntryPoint;
import io.emreks.spark.EventLog;
import io.emreks.spark.ExecutorTuning;
import io.emreks.spark.GlueMetastore;
import io.emreks.spark.HudiLock;
import io.emreks.spark.HudiTable;
import io.emreks.spark.ReleaseLabel;
import io.emreks.spark.S3Access;
import io.emreks.spark.SparkConf;
import io.emreks.spark.SparkJob;
import io.emreks.spark.SpotDecommissioning;
import io.emreks.spark.TableFormat;
import io.emreks.spark.size.NodeCatalog;
import io.emreks.spark.size.NodeReserve;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparkChecksTest {
    private static final ReleaseLabel RECENT = ReleaseLabel.parse("emr-7.12.0-latest");

    @Test
    void aJobOfPresetsIsFine() {
        SparkJob job = SparkJob.builder()
                .entryPoint(EntryPoint.jar("s3://b/a.jar"))
                .mainClass("a.B")
                .driver(DriverTuning.builder().cores(2).memory("4g").build())
                .executors(ExecutorTuning.builder()
                        .cores(4)
                        .memory("14g")
                        .offHeap("2g")
                        .build())
                .addPreset(DynamicAllocation.upTo(50))
                .addPreset(SpotDecommissioning.withFallback("s3://b/shuffle/"))
                .addPreset(AdaptiveExecution.on())
                .addPreset(GlueMetastore.ofAccount("111122223333"))
                .addPreset(S3Access.builder()
                        .release(RECENT)
                        .kmsKey("alias/a")
                        .maxConnections(200)
                        .build())
                .addPreset(EventLog.to("s3://b/events/"))
                .addTableFormat(TableFormat.hudi(RECENT))
                .build();
        assertThat(SparkChecks.forRelease(RECENT)
                        .withExecutorGracePeriod(Duration.ofSeconds(110))
                        .onNodes(List.of(NodeCatalog.get("m7g.4xlarge")), NodeReserve.typical())
                        .check(job))
                .isEmpty();
    }

    @Test
    void nothingIsFoundInNothing() {
        assertThat(SparkChecks.withoutRelease().check(SparkJob.builder().build()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "spark.master, yarn, MASTER_OR_DEPLOY_MODE, ERROR",
        "spark.submit.deployMode, client, MASTER_OR_DEPLOY_MODE, ERROR",
        "spark.kubernetes.namespace, x, OWNED_BY_EMR, ERROR",
        "fs.s3a.path, x, INVALID, ERROR",
        "spark.executor.memory, lots, INVALID, ERROR",
        "spark.dynamicAllocation.enabled, yes, INVALID, ERROR",
        "spark.decommission.enabled, true, DECOMMISSION_WITHOUT_GRACE_PERIOD, WARNING",
        "spark.hadoop.x.password, hunter2, SECRET_IN_PLAIN_SETTING, WARNING",
        "spark.sql.shufle.partitions, 1, UNKNOWN_SETTING, WARNING",
        "spark.acme.flag.of.ours, 1, UNKNOWN_SETTING, INFO",
        "spark.api.mode, connect, SETTING_OF_ANOTHER_VERSION, WARNING",
    })
    void oneSettingOneFinding(String key, String value, FindingCode code, Severity severity) {
        List<Finding> findings = SparkChecks.forRelease(RECENT).check(job(key, value));
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo(code);
            assertThat(finding.severity()).isEqualTo(severity);
            assertThat(finding.toString()).contains(key).doesNotContain("hunter2");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "spark.sql.shufle.partitions, spark.sql.shuffle.partitions",
        "spark.executor.memoryoverhead, spark.executor.memoryOverhead",
        "spark.dynamicAllocation.maxExecutor, spark.dynamicAllocation.maxExecutors",
    })
    void suggestsTheNearestName(String wrong, String right) {
        assertThat(SparkChecks.withoutRelease().check(job(wrong, "1")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.fix()).contains(right + "?"));
    }

    @Test
    void settingsThatWentAndThoseThatCame() {
        ReleaseLabel spark4 = ReleaseLabel.parse("emr-spark-8.1.0-latest");
        SparkJob gone = job("spark.kubernetes.pyspark.pythonVersion", "3");
        assertThat(SparkChecks.forRelease(spark4).check(gone))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("went with Spark 4.0.0"));
        assertThat(SparkChecks.forRelease(RECENT).check(gone)).isEmpty();
        SparkJob came = job("spark.api.mode", "classic");
        assertThat(SparkChecks.forRelease(spark4).check(came)).isEmpty();
        assertThat(SparkChecks.forRelease(RECENT).check(came))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("came with Spark 4.0.0"));
        assertThat(SparkChecks.withoutRelease().check(came)).isEmpty();
        assertThat(SparkChecks.forRelease(ReleaseLabel.parse("emr-99.0.0-latest"))
                        .check(came))
                .isEmpty();
    }

    @Test
    void dynamicAllocation() {
        SparkJob bare = job("spark.dynamicAllocation.enabled", "true");
        assertThat(codes(SparkChecks.forRelease(RECENT), bare))
                .containsExactly(
                        FindingCode.DYNAMIC_ALLOCATION_WITHOUT_CAP, FindingCode.DYNAMIC_ALLOCATION_PREALLOCATES);
        assertThat(codes(SparkChecks.forRelease(ReleaseLabel.parse("emr-6.10.0-latest")), bare))
                .containsExactly(
                        FindingCode.DYNAMIC_ALLOCATION_WITHOUT_SHUFFLE_TRACKING,
                        FindingCode.DYNAMIC_ALLOCATION_WITHOUT_CAP,
                        FindingCode.DYNAMIC_ALLOCATION_PREALLOCATES);
        SparkJob without = job(
                "spark.dynamicAllocation.enabled", "true",
                "spark.dynamicAllocation.shuffleTracking.enabled", "false",
                "spark.dynamicAllocation.maxExecutors", "9",
                "spark.dynamicAllocation.preallocateExecutors", "false");
        assertThat(codes(SparkChecks.withoutRelease(), without))
                .containsExactly(FindingCode.DYNAMIC_ALLOCATION_WITHOUT_SHUFFLE_TRACKING);
        for (String least : List.of("minExecutors", "initialExecutors")) {
            SparkJob told = job(
                    "spark.dynamicAllocation.enabled",
                    "true",
                    "spark.dynamicAllocation.maxExecutors",
                    "9",
                    "spark.dynamicAllocation." + least,
                    "1");
            assertThat(codes(SparkChecks.forRelease(RECENT), told)).isEmpty();
        }
        assertThat(codes(SparkChecks.forRelease(RECENT), job("spark.dynamicAllocation.enabled", "false")))
                .isEmpty();
    }

    @Test
    void decommissioningNeedsTime() {
        SparkJob job = job("spark.decommission.enabled", "true");
        assertThat(codes(SparkChecks.withoutRelease(), job))
                .containsExactly(FindingCode.DECOMMISSION_WITHOUT_GRACE_PERIOD);
        assertThat(codes(SparkChecks.withoutRelease().withExecutorGracePeriod(Duration.ofSeconds(59)), job))
                .hasSize(1);
        assertThat(codes(SparkChecks.withoutRelease().withExecutorGracePeriod(Duration.ofSeconds(60)), job))
                .isEmpty();
        assertThat(codes(SparkChecks.withoutRelease(), job("spark.decommission.enabled", "false")))
                .isEmpty();
        SparkJob preset = SparkJob.builder()
                .addPreset(SpotDecommissioning.builder()
                        .gracePeriod(Duration.ofSeconds(100))
                        .build())
                .build();
        assertThat(SparkChecks.withoutRelease()
                        .withExecutorGracePeriod(Duration.ofSeconds(99))
                        .check(preset))
                .singleElement()
                .satisfies(finding -> assertThat(finding.fix()).contains("to 100 or more"));
        assertThat(codes(SparkChecks.withoutRelease().withExecutorGracePeriod(Duration.ofSeconds(100)), preset))
                .isEmpty();
    }

    @Test
    void podsMustFitOnSomeNode() {
        SparkJob job = job("spark.executor.memory", "50g", "spark.driver.memory", "2g");
        SparkChecks small =
                SparkChecks.withoutRelease().onNodes(List.of(NodeCatalog.get("m5.2xlarge")), NodeReserve.typical());
        assertThat(small.check(job)).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo(FindingCode.POD_FITS_NO_NODE);
            assertThat(finding.setting()).isEqualTo("spark.executor.memory");
        });
        SparkChecks large = small.onNodes(
                List.of(NodeCatalog.get("m5.2xlarge"), NodeCatalog.get("m5.8xlarge")), NodeReserve.typical());
        assertThat(large.check(job)).isEmpty();
    }

    @Test
    void pythonNeedsRoomBesideTheHeap() {
        EntryPoint python = EntryPoint.python("s3://b/a.py");
        SparkJob tight = job(
                        "spark.executor.memoryOverhead",
                        "1g",
                        "spark.executor.memory",
                        "10g",
                        "spark.driver.memoryOverheadFactor",
                        "0.1")
                .toBuilder()
                .entryPoint(python)
                .build();
        assertThat(SparkChecks.withoutRelease().check(tight))
                .extracting(Finding::setting)
                .containsExactly("spark.driver.memoryOverhead", "spark.executor.memoryOverhead");
        assertThat(SparkChecks.withoutRelease()
                        .check(tight.toBuilder()
                                .entryPoint(EntryPoint.jar("s3://b/a.jar"))
                                .build()))
                .isEmpty();
        SparkJob own = tight.toBuilder()
                .executors(ExecutorTuning.builder().pysparkMemory("2g").build())
                .build();
        assertThat(SparkChecks.withoutRelease().check(own))
                .extracting(Finding::setting)
                .containsExactly("spark.driver.memoryOverhead");
        SparkJob enough = job("spark.executor.memoryOverhead", "2g", "spark.executor.memory", "10g").toBuilder()
                .entryPoint(python)
                .build();
        assertThat(SparkChecks.withoutRelease().check(enough)).isEmpty();
    }

    @Test
    void featuresNeedTheirRelease() {
        SparkChecks old = SparkChecks.forRelease(ReleaseLabel.parse("emr-6.2.0-latest"));
        SparkJob job = job(
                        "spark.decommission.enabled", "true",
                        "spark.kubernetes.driver.podTemplateFile", "s3://b/d.yaml",
                        "spark.kubernetes.executor.podTemplateFile", "s3://b/e.yaml",
                        "spark.kubernetes.driver.reusePersistentVolumeClaim", "true")
                .toBuilder()
                .entryPoint(EntryPoint.sql("s3://b/a.sql"))
                .build();
        assertThat(old.check(job).stream().filter(finding -> finding.code() == FindingCode.FEATURE_BELOW_RELEASE))
                .extracting(Finding::setting)
                .containsExactly(
                        "entryPoint",
                        "spark.decommission.enabled",
                        "spark.kubernetes.driver.podTemplateFile",
                        "spark.kubernetes.executor.podTemplateFile",
                        "spark.kubernetes.driver.reusePersistentVolumeClaim");
        assertThat(codes(SparkChecks.forRelease(RECENT).withExecutorGracePeriod(Duration.ofSeconds(100)), job))
                .isEmpty();
    }

    @Test
    void eachReleaseHasItsS3FileSystem() {
        SparkJob s3a = job("spark.hadoop.fs.s3a.connection.maximum", "100");
        assertThat(codes(SparkChecks.forRelease(ReleaseLabel.parse("emr-7.9.0-latest")), s3a))
                .containsExactly(FindingCode.OTHER_S3_FILE_SYSTEM);
        assertThat(codes(SparkChecks.forRelease(RECENT), s3a)).isEmpty();
        SparkJob emrfs = SparkJob.builder()
                .addClassification(Classification.emrfsSite(Map.of("fs.s3.maxConnections", "100")))
                .build();
        assertThat(codes(SparkChecks.forRelease(RECENT), emrfs)).containsExactly(FindingCode.OTHER_S3_FILE_SYSTEM);
        assertThat(codes(SparkChecks.forRelease(ReleaseLabel.parse("emr-7.9.0-latest")), emrfs))
                .isEmpty();
        SparkJob kept = SparkJob.builder()
                .addPreset(S3Access.builder()
                        .release(RECENT)
                        .keepEmrfs(true)
                        .maxConnections(100)
                        .build())
                .build();
        assertThat(codes(SparkChecks.forRelease(RECENT), kept)).isEmpty();
    }

    @Test
    void lakeFormationHasLimits() {
        SparkChecks checks = SparkChecks.forRelease(RECENT).withLakeFormation();
        SparkJob job = job("spark.dynamicAllocation.enabled", "false").toBuilder()
                .image("repo/image:1")
                .addJar("s3://b/a.jar")
                .build();
        assertThat(checks.check(job))
                .allMatch(finding -> finding.code() == FindingCode.LAKE_FORMATION_LIMIT)
                .extracting(Finding::setting)
                .containsExactly(
                        "spark.dynamicAllocation.enabled",
                        "jars",
                        "spark.dynamicAllocation.maxExecutors",
                        "spark.kubernetes.container.image");
        assertThat(checks.check(
                        SparkJob.builder().addPreset(DynamicAllocation.upTo(5)).build()))
                .isEmpty();
        assertThat(checks.check(SparkJob.builder()
                        .addPreset(DynamicAllocation.upTo(5))
                        .addPackage("g:a:1")
                        .build()))
                .hasSize(1);
        assertThat(SparkChecks.forRelease(RECENT).check(job)).isEmpty();
    }

    @Test
    void errorsComeFirst() {
        assertThat(SparkChecks.withoutRelease()
                        .check(job(
                                "spark.acme.x.y.z.abc",
                                "1",
                                "spark.decommission.enabled",
                                "true",
                                "spark.master",
                                "x")))
                .extracting(Finding::severity)
                .containsExactly(Severity.ERROR, Severity.WARNING, Severity.INFO);
    }

    private static List<FindingCode> codes(SparkChecks checks, SparkJob job) {
        return checks.check(job).stream().map(Finding::code).toList();
    }

    private static SparkJob job(String... settings) {
        SparkConf.Builder conf = SparkConf.builder();
        for (int i = 0; i < settings.length; i += 2) {
            conf.set(settings[i], settings[i + 1]);
        }
        return SparkJob.builder().conf(conf.build()).build();
    }

    @Test
    void everyUnreadableValueIsTold() {
        List<Finding> findings = SparkChecks.forRelease(RECENT)
                .check(job(
                        "spark.executor.memory", "lots",
                        "spark.driver.memory", "more",
                        "spark.dynamicAllocation.enabled", "yes",
                        "spark.dynamicAllocation.maxExecutors", "many",
                        "spark.executor.memoryOverheadFactor", "half",
                        "spark.kubernetes.driver.limit.cores", "two"));
        assertThat(findings)
                .allMatch(finding -> finding.code() == FindingCode.INVALID && finding.severity() == Severity.ERROR)
                .extracting(Finding::setting)
                .containsExactlyInAnyOrder(
                        "spark.executor.memory",
                        "spark.driver.memory",
                        "spark.dynamicAllocation.enabled",
                        "spark.dynamicAllocation.maxExecutors",
                        "spark.executor.memoryOverheadFactor",
                        "spark.kubernetes.driver.limit.cores");
        assertThat(findings.get(0).message()).startsWith("is n");
        assertThat(SparkChecks.withoutRelease().check(job("spark.executor.memoryOverheadFactor", "0")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("has to be more than 0"));
    }

    @ParameterizedTest
    @CsvSource({
        "5, 6, 0, 0, 1",
        "5, 0, 6, 0, 1",
        "5, 0, 0, 6, 1",
        "0, 0, 0, 0, 1",
        "5, -1, 0, 0, 2",
        "5, 5, 5, 5, 0",
        "5, 3, 2, 0, 0",
    })
    void dynamicAllocationOverAllItsSources(int most, int least, int initial, int instances, int found) {
        SparkJob job = job(
                        "spark.dynamicAllocation.maxExecutors", "" + most,
                        "spark.dynamicAllocation.minExecutors", "" + least,
                        "spark.dynamicAllocation.initialExecutors", "" + initial,
                        "spark.executor.instances", "" + instances)
                .toBuilder()
                .addPreset(DynamicAllocation.upTo(50))
                .build();
        assertThat(codes(SparkChecks.forRelease(RECENT), job))
                .hasSize(found)
                .allMatch(code -> found == 2 || code == FindingCode.DYNAMIC_ALLOCATION_OUT_OF_ORDER);
    }

    @Test
    void otherClusterManagersMeanNothing() {
        assertThat(codes(
                        SparkChecks.forRelease(RECENT),
                        job(
                                "spark.yarn.queue", "root",
                                "spark.cores.max", "4",
                                "spark.mesos.role", "x",
                                "spark.shuffle.service.enabled", "true",
                                "spark.dynamicAllocation.maxExecutors", "2147483647")))
                .containsExactly(
                        FindingCode.EXTERNAL_SHUFFLE_SERVICE,
                        FindingCode.IGNORED_ON_KUBERNETES,
                        FindingCode.IGNORED_ON_KUBERNETES,
                        FindingCode.IGNORED_ON_KUBERNETES);
        assertThat(codes(SparkChecks.forRelease(RECENT), job("spark.shuffle.service.enabled", "false")))
                .isEmpty();
        assertThat(codes(
                        SparkChecks.forRelease(RECENT),
                        job(
                                "spark.dynamicAllocation.enabled", "true",
                                "spark.dynamicAllocation.minExecutors", "1",
                                "spark.dynamicAllocation.maxExecutors", "2147483647")))
                .containsExactly(FindingCode.DYNAMIC_ALLOCATION_WITHOUT_CAP);
    }

    @Test
    void aListByNameKeepsWhatAFormatNeeds() {
        String hudi = "org.apache.spark.sql.hudi.HoodieSparkSessionExtension";
        SparkJob without = job("spark.sql.extensions", "com.acme.Extension").toBuilder()
                .addTableFormat(TableFormat.hudi(RECENT))
                .build();
        assertThat(SparkChecks.forRelease(RECENT).check(without))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.code()).isEqualTo(FindingCode.LIST_WITHOUT_PRESET);
                    assertThat(finding.toString()).contains("spark.sql.extensions", "hudi needs", "add " + hudi);
                });
        SparkJob with = job("spark.sql.extensions", "com.acme.Extension, " + hudi).toBuilder()
                .addTableFormat(TableFormat.hudi(RECENT))
                .build();
        assertThat(SparkChecks.forRelease(RECENT).check(with)).isEmpty();
    }

    @Test
    void limitsAreNotBelowRequests() {
        assertThat(SparkChecks.forRelease(RECENT)
                        .check(job("spark.executor.cores", "4", "spark.kubernetes.executor.limit.cores", "3900m")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.setting()).isEqualTo("spark.kubernetes.executor.limit.cores"));
        assertThat(SparkChecks.forRelease(RECENT)
                        .check(job("spark.driver.cores", "4", "spark.kubernetes.driver.limit.cores", "4")))
                .isEmpty();
    }

    @Test
    void classificationsGoByRelease() {
        SparkJob emrfs = SparkJob.builder()
                .addClassification(Classification.emrfsSite(Map.of("a", "b")))
                .build();
        assertThat(SparkChecks.forRelease(ReleaseLabel.parse("emr-spark-8.1.0-latest"))
                        .check(emrfs))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.code()).isEqualTo(FindingCode.CLASSIFICATION_OF_ANOTHER_RELEASE);
                    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
                });
        SparkJob log4j2 = SparkJob.builder()
                .addClassification(Classification.sparkLog4j2(Map.of("a", "b")))
                .build();
        assertThat(codes(SparkChecks.forRelease(ReleaseLabel.parse("emr-6.7.0-latest")), log4j2))
                .containsExactly(FindingCode.CLASSIFICATION_OF_ANOTHER_RELEASE);
        assertThat(codes(SparkChecks.forRelease(ReleaseLabel.parse("emr-6.8.0-latest")), log4j2))
                .isEmpty();
    }

    @Test
    void pythonsRoomMayBeSetForTheWholeJob() {
        SparkJob job = job("spark.kubernetes.memoryOverheadFactor", "0.1").toBuilder()
                .entryPoint(EntryPoint.python("s3://b/a.py"))
                .build();
        assertThat(codes(SparkChecks.forRelease(RECENT), job))
                .containsExactly(FindingCode.PYTHON_OVERHEAD_TOO_SMALL, FindingCode.PYTHON_OVERHEAD_TOO_SMALL);
    }

    @Test
    void secretsInJavaOptionsAreFound() {
        assertThat(SparkChecks.forRelease(RECENT).check(job("spark.driver.extraJavaOptions", "-Dx.password=hunter2")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.code()).isEqualTo(FindingCode.SECRET_IN_PLAIN_SETTING);
                    assertThat(finding.toString()).doesNotContain("hunter2");
                });
    }

    @Test
    void writersOfAHudiTableNeedOneLock() {
        HudiTable.Builder table = HudiTable.builder()
                .name("orders")
                .basePath("s3://b/orders")
                .addRecordKey("id")
                .orderingField("ts");
        HudiTable alone = table.build();
        HudiTable samePath = table.basePath("s3://b/orders/").build();
        HudiTable two = table.writers(2).build();
        HudiTable locked =
                table.lock(HudiLock.dynamoDb("locks", "orders", "eu-west-1")).build();
        HudiTable otherLock =
                table.lock(HudiLock.dynamoDb("locks", "invoices", "eu-west-1")).build();

        assertThat(hudi(alone)).isEmpty();
        assertThat(hudi(locked)).isEmpty();
        assertThat(hudi(locked, locked)).isEmpty();
        for (List<Finding> found :
                List.of(hudi(two), hudi(alone, samePath), hudi(alone, locked), hudi(locked, otherLock))) {
            assertThat(found).singleElement().satisfies(finding -> {
                assertThat(finding.code()).isEqualTo(FindingCode.HUDI_WRITERS_WITHOUT_LOCK);
                assertThat(finding.message()).contains("s3://b/orders");
            });
        }
        assertThat(hudi(HudiTable.builder()
                        .name("t")
                        .basePath("s3://b/t/")
                        .orderingField("ts")
                        .build()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.code()).isEqualTo(FindingCode.INVALID);
                    assertThat(finding.setting()).isEqualTo("hudi.recordKeys");
                });
    }

    private static List<Finding> hudi(HudiTable... tables) {
        return SparkChecks.forRelease(RECENT)
                .writing(tables)
                .withExecutorGracePeriod(Duration.ofSeconds(100))
                .check(SparkJob.builder().build());
    }

    @Test
    void misspeltSchemesAreFound() {
        SparkJob job = SparkJob.builder()
                .entryPoint(EntryPoint.jar("S3://b/a.jar"))
                .addJar("htps://h/a.jar")
                .addJar("local:///a.jar")
                .addFile("alluxio://h/a")
                .build();
        assertThat(SparkChecks.withoutRelease().check(job))
                .allMatch(finding -> finding.code() == FindingCode.UNKNOWN_SCHEME)
                .extracting(Finding::setting)
                .containsExactly("jars", "files");
    }

    @Test
    void secretsInClassificationsAreFound() {
        SparkJob job = SparkJob.builder()
                .addClassification(Classification.coreSite(Map.of("fs.s3a.secret.key", "hunter2", "fs.x", "y")))
                .addClassification(Classification.sparkEnv(Map.of("DB_PASSWORD", "hunter2")))
                .build();
        assertThat(SparkChecks.withoutRelease().check(job))
                .allMatch(finding -> finding.code() == FindingCode.SECRET_IN_PLAIN_SETTING
                        && !finding.toString().contains("hunter2"))
                .extracting(Finding::setting)
                .containsExactly("core-site[fs.s3a.secret.key]", "spark-env.export[DB_PASSWORD]");
    }

    @Test
    void bothRolesMustFit() {
        SparkChecks checks =
                SparkChecks.withoutRelease().onNodes(List.of(NodeCatalog.get("m5.2xlarge")), NodeReserve.typical());
        assertThat(checks.check(job("spark.driver.memory", "50g")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.setting()).isEqualTo("spark.driver.memory"));
        assertThat(checks.check(job("spark.driver.cores", "4", "spark.kubernetes.driver.limit.cores", "3")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.setting()).isEqualTo("spark.kubernetes.driver.limit.cores"));
    }
}
