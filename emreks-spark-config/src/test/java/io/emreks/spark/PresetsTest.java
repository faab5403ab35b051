package io.emreks.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PresetsTest {
    private static final ReleaseLabel EMRFS = ReleaseLabel.parse("emr-7.9.0-latest");
    private static final ReleaseLabel S3A = ReleaseLabel.parse("emr-7.10.0-latest");

    @Test
    void dynamicAllocationSaysAllThatMatters() {
        assertThat(DynamicAllocation.upTo(50).conf().asMap())
                .isEqualTo(Map.of(
                        "spark.dynamicAllocation.enabled", "true",
                        "spark.dynamicAllocation.shuffleTracking.enabled", "true",
                        "spark.dynamicAllocation.minExecutors", "0",
                        "spark.dynamicAllocation.initialExecutors", "0",
                        "spark.dynamicAllocation.maxExecutors", "50"));
        DynamicAllocation all = DynamicAllocation.builder()
                .max(50)
                .min(2)
                .executorIdleTimeout(Duration.ofSeconds(90))
                .cachedExecutorIdleTimeout(Duration.ofMinutes(10))
                .shuffleTrackingTimeout(Duration.ofHours(1))
                .schedulerBacklogTimeout(Duration.ofMillis(1500))
                .build();
        assertThat(all.problems()).isEmpty();
        assertThat(all.conf().entries()).allMatch(entry -> entry.origin() == SparkConf.Origin.PRESET);
        assertThat(all.conf().asMap())
                .containsEntry("spark.dynamicAllocation.initialExecutors", "2")
                .containsEntry("spark.dynamicAllocation.executorIdleTimeout", "90s")
                .containsEntry("spark.dynamicAllocation.cachedExecutorIdleTimeout", "600s")
                .containsEntry("spark.dynamicAllocation.shuffleTracking.timeout", "3600s")
                .containsEntry("spark.dynamicAllocation.schedulerBacklogTimeout", "1500ms")
                .hasSize(9);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, 2",
        "5, 6, 6, 1",
        "5, 1, 6, 1",
        "5, 3, 2, 1",
        "5, -1, 0, 1",
        "5, 0, 0, 0",
        "5, 5, 5, 0",
        "1, 0, 1, 0"
    })
    void dynamicAllocationNeedsItsNumbersInOrder(int max, int min, int initial, int problems) {
        DynamicAllocation preset =
                DynamicAllocation.builder().max(max).min(min).initial(initial).build();
        assertThat(preset.problems()).hasSize(max == 0 ? 1 : problems);
        assertThat(SparkJob.builder().addPreset(preset).build().problems()).isEqualTo(preset.problems());
    }

    @Test
    void aUsersSettingWinsOverAPreset() {
        SparkJob job = SparkJob.builder()
                .addPreset(DynamicAllocation.upTo(50))
                .conf(SparkConf.builder()
                        .set("spark.dynamicAllocation.maxExecutors", 60)
                        .build())
                .build();
        assertThat(job.problems()).isEmpty();
        assertThat(job.allSettings().get("spark.dynamicAllocation.maxExecutors"))
                .contains("60");
        assertThat(job.toString()).contains("dynamic allocation{spark.dynamicAllocation.enabled=true");
    }

    @Test
    void decommissioning() {
        SpotDecommissioning all = SpotDecommissioning.builder()
                .gracePeriod(Duration.ofSeconds(100))
                .rddBlocks(false)
                .shuffleBlocks(true)
                .fallbackPath("s3://b/shuffle/")
                .fallbackCleanUp(true)
                .maxReplicationFailures(5)
                .replicationReattemptInterval(Duration.ofSeconds(10))
                .shuffleThreads(4)
                .shuffleMaxDisk(MemorySize.ofGibibytes(100))
                .forceKillTimeout(Duration.ofSeconds(95))
                .build();
        assertThat(all.problems()).isEmpty();
        assertThat(all.conf().asMap())
                .isEqualTo(Map.ofEntries(
                        Map.entry("spark.decommission.enabled", "true"),
                        Map.entry("spark.storage.decommission.enabled", "true"),
                        Map.entry("spark.storage.decommission.rddBlocks.enabled", "false"),
                        Map.entry("spark.storage.decommission.shuffleBlocks.enabled", "true"),
                        Map.entry("spark.storage.decommission.fallbackStorage.path", "s3://b/shuffle/"),
                        Map.entry("spark.storage.decommission.fallbackStorage.cleanUp", "true"),
                        Map.entry("spark.storage.decommission.maxReplicationFailuresPerBlock", "5"),
                        Map.entry("spark.storage.decommission.replicationReattemptInterval", "10s"),
                        Map.entry("spark.storage.decommission.shuffleBlocks.maxThreads", "4"),
                        Map.entry("spark.storage.decommission.shuffleBlocks.maxDiskSize", "100g"),
                        Map.entry("spark.executor.decommission.forceKillTimeout", "95s")));
        assertThat(SpotDecommissioning.toOtherExecutors().conf().asMap()).hasSize(4);
        assertThat(SpotDecommissioning.toOtherExecutors().gracePeriod()).isEqualTo(Duration.ofSeconds(110));
    }

    @Test
    void decommissioningHasLessTimeThanTheNotice() {
        assertThat(SpotDecommissioning.builder()
                        .gracePeriod(Duration.ofSeconds(120))
                        .forceKillTimeout(Duration.ofSeconds(121))
                        .fallbackPath("s3://b/shuffle")
                        .build()
                        .problems())
                .extracting(Problem::field)
                .containsExactly(
                        "spotDecommissioning.gracePeriod",
                        "spotDecommissioning.forceKillTimeout",
                        "spotDecommissioning.fallbackPath");
        for (Duration grace : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            assertThat(SpotDecommissioning.builder().gracePeriod(grace).build().problems())
                    .hasSize(1);
        }
        assertThat(SpotDecommissioning.withFallback("/tmp/").problems()).hasSize(1);
    }

    @Test
    void adaptiveExecution() {
        assertThat(AdaptiveExecution.on().conf().asMap())
                .isEqualTo(Map.of(
                        "spark.sql.adaptive.enabled", "true",
                        "spark.sql.adaptive.coalescePartitions.enabled", "true",
                        "spark.sql.adaptive.skewJoin.enabled", "true"));
        AdaptiveExecution sized = AdaptiveExecution.builder()
                .coalescePartitions(false)
                .splitSkewedJoins(false)
                .partitionSize(MemorySize.ofMebibytes(128))
                .initialPartitions(400)
                .build();
        assertThat(sized.problems()).isEmpty();
        assertThat(sized.conf().asMap())
                .containsEntry("spark.sql.adaptive.coalescePartitions.enabled", "false")
                .containsEntry("spark.sql.adaptive.skewJoin.enabled", "false")
                .containsEntry("spark.sql.adaptive.advisoryPartitionSizeInBytes", "128m")
                .containsEntry("spark.sql.adaptive.coalescePartitions.initialPartitionNum", "400");
        assertThat(AdaptiveExecution.builder()
                        .partitionSize(MemorySize.ZERO)
                        .initialPartitions(0)
                        .build()
                        .problems())
                .hasSize(2);
    }

    @Test
    void glue() {
        assertThat(GlueMetastore.ofThisAccount().conf().asMap()).hasSize(2);
        assertThat(GlueMetastore.ofAccount("111122223333").conf().asMap())
                .containsEntry("spark.hadoop.hive.metastore.glue.catalogid", "111122223333")
                .containsEntry(
                        "spark.hadoop.hive.metastore.client.factory.class",
                        "com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClientFactory")
                .containsEntry("spark.sql.catalogImplementation", "hive");
        assertThat(GlueMetastore.ofAccount("1").problems()).hasSize(1);
        assertThat(GlueMetastore.ofAccount("111122223333").problems()).isEmpty();
    }

    @Test
    void s3GoesByRelease() {
        S3Access.Builder told = S3Access.builder().kmsKey("alias/a").maxConnections(200);
        S3Access old = told.release(EMRFS).build();
        assertThat(old.conf().isEmpty()).isTrue();
        assertThat(old.classifications())
                .containsExactly(Classification.emrfsSite(Map.of(
                        "fs.s3.enableServerSideEncryption", "true",
                        "fs.s3.serverSideEncryption.kms.keyId", "alias/a",
                        "fs.s3.maxConnections", "200")));
        S3Access recent = told.release(S3A).build();
        assertThat(recent.classifications()).isEmpty();
        assertThat(recent.conf().asMap())
                .isEqualTo(Map.of(
                        "spark.hadoop.fs.s3a.encryption.algorithm", "SSE-KMS",
                        "spark.hadoop.fs.s3a.encryption.key", "alias/a",
                        "spark.hadoop.fs.s3a.connection.maximum", "200"));
        S3Access kept = told.keepEmrfs(true).build();
        assertThat(kept.conf().isEmpty()).isTrue();
        assertThat(kept.classifications()).extracting(Classification::name).containsExactly("core-site", "emrfs-site");
        assertThat(kept.classifications().get(0).properties()).containsOnlyKeys("fs.s3.impl", "fs.s3n.impl");
        assertThat(kept.problems()).isEmpty();
        S3Access strict = S3Access.builder().release(S3A).translateEmrfs(false).build();
        assertThat(strict.classifications())
                .containsExactly(Classification.coreSite(Map.of("fs.s3a.emrfs.compatibility.enable", "false")));
        assertThat(S3Access.of(EMRFS).classifications()).isEmpty();
        assertThat(S3Access.builder()
                        .release(EMRFS)
                        .keepEmrfs(true)
                        .translateEmrfs(false)
                        .build()
                        .classifications())
                .isEmpty();
        assertThat(S3Access.of(S3A).conf().isEmpty()).isTrue();
        assertThat(S3Access.builder()
                        .release(ReleaseLabel.parse("emr-spark-8.1.0-latest"))
                        .keepEmrfs(true)
                        .maxConnections(0)
                        .build()
                        .problems())
                .hasSize(2);
    }

    @Test
    void eventLog() {
        assertThat(EventLog.to("s3://b/events/").conf().asMap())
                .isEqualTo(Map.of("spark.eventLog.enabled", "true", "spark.eventLog.dir", "s3://b/events/"));
        EventLog all = EventLog.builder()
                .dir("s3://b/events/")
                .rolling(MemorySize.ofMebibytes(128))
                .compress(true)
                .liveUi(false)
                .build();
        assertThat(all.problems()).isEmpty();
        assertThat(all.conf().asMap())
                .containsEntry("spark.eventLog.rolling.enabled", "true")
                .containsEntry("spark.eventLog.rolling.maxFileSize", "128m")
                .containsEntry("spark.eventLog.compress", "true")
                .containsEntry("spark.ui.enabled", "false");
        assertThat(EventLog.builder()
                        .dir("/events")
                        .rolling(MemorySize.ofMebibytes(9))
                        .build()
                        .problems())
                .hasSize(2);
        assertThat(EventLog.builder()
                        .dir("s3://b/e/")
                        .rolling(MemorySize.ofMebibytes(10))
                        .build()
                        .problems())
                .isEmpty();
    }

    @Test
    void namesTellPresetsApart() {
        List<SparkPreset> presets = List.of(
                DynamicAllocation.upTo(1),
                SpotDecommissioning.toOtherExecutors(),
                AdaptiveExecution.on(),
                GlueMetastore.ofThisAccount(),
                S3Access.builder().release(S3A).maxConnections(1).build(),
                EventLog.to("s3://b/e/"),
                TableFormat.hudi());
        assertThat(presets.stream().map(SparkPreset::name)).doesNotHaveDuplicates();
        presets.forEach(preset -> assertThat(preset.conf().entries())
                .isNotEmpty()
                .allMatch(entry -> entry.source().equals(preset.name()) && entry.origin() == SparkConf.Origin.PRESET));
        SparkPreset ofATeam = new SparkPreset() {
            @Override
            public String name() {
                return "team";
            }

            @Override
            public SparkConf conf() {
                return SparkConf.builder().preset("team", "spark.x", "1").build();
            }
        };
        SparkJob job = SparkJob.builder().addPreset(ofATeam).build();
        assertThat(job.problems()).isEmpty();
        assertThat(job.allSettings().get("spark.x")).contains("1");
        assertThat(job.allClassifications()).isEmpty();
    }

    @Test
    void classifications() {
        assertThat(Classification.sparkEnv(Map.of("A", "b")).nested())
                .containsExactly(Classification.of("export", Map.of("A", "b")));
        for (Classification fine : List.of(
                Classification.sparkEnv(Map.of("A", "b")),
                Classification.coreSite(Map.of("a", "b")),
                Classification.sparkHiveSite(Map.of("a", "b")),
                Classification.sparkLog4j(Map.of("a", "b")),
                Classification.sparkLog4j2(Map.of("a", "v".repeat(1024))),
                Classification.sparkMetrics(Map.of("k".repeat(1024), "b")))) {
            assertThat(fine.problems()).as(fine.name()).isEmpty();
        }
        assertThat(Classification.of("spark-defaults", Map.of()).problems())
                .singleElement()
                .extracting(Problem::fix)
                .asString()
                .contains("conf");
        assertThat(Classification.of("hive-env", Map.of()).problems())
                .singleElement()
                .extracting(Problem::fix)
                .asString()
                .contains("spark-hive-site");
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 101; i++) {
            many.put("k" + i, "v");
        }
        Classification bad = new Classification(
                "core-site",
                many,
                List.of(Classification.of("inner", Map.of("a", " ", "b", "v".repeat(1025), "c\ud83d", "d"))));
        assertThat(bad.problems())
                .hasSize(4)
                .extracting(Problem::field)
                .anyMatch(field -> field.contains("core-site].inner[b]"));
        many.remove("k0");
        assertThat(Classification.coreSite(many).problems()).isEmpty();
        assertThat(new Classification(
                                "core-site",
                                Map.of(),
                                java.util.Collections.nCopies(101, Classification.of("a", Map.of())))
                        .problems())
                .hasSize(1);
    }

    @Test
    void classificationsOfOneNameAreJoined() {
        SparkJob job = SparkJob.builder()
                .addClassification(Classification.coreSite(Map.of("a", "1")))
                .addClassification(Classification.sparkHiveSite(Map.of("b", "2")))
                .addClassification(Classification.coreSite(Map.of("c", "3", "a", "1")))
                .addClassification(Classification.sparkEnv(Map.of("A", "b")))
                .addClassification(Classification.sparkEnv(Map.of("C", "d")))
                .build();
        assertThat(job.render().classifications())
                .containsExactly(
                        Classification.coreSite(Map.of("a", "1", "c", "3")),
                        Classification.sparkHiveSite(Map.of("b", "2")),
                        Classification.sparkEnv(Map.of("A", "b", "C", "d")));
        assertThat(job.render().toString()).contains("core-site", "spark-hive-site");
        SparkJob conflict = job.toBuilder()
                .addClassification(Classification.coreSite(Map.of("a", "other")))
                .build();
        assertThat(conflict.problems())
                .singleElement()
                .extracting(Problem::field)
                .isEqualTo("applicationConfiguration[core-site][a]");
    }

    @Test
    void classificationsHideSecrets() {
        Classification secret = Classification.coreSite(new LinkedHashMap<>(Map.of("fs.s3a.secret.key", "hunter2")));
        assertThat(secret).hasToString("core-site{fs.s3a.secret.key=***}");
        assertThat(new Classification("spark-env", Map.of("a", "b"), List.of(secret)))
                .hasToString("spark-env{a=b}[core-site{fs.s3a.secret.key=***}]");
    }

    @Test
    void containersDefaults() {
        assertThat(EmrContainersDefaults.builder()
                        .jobStartTimeout(Duration.ofMinutes(30))
                        .executorLogging(false)
                        .loggingImage("repo/logs:1")
                        .loggingCores(new CpuQuantity(200))
                        .loggingMemory(MemorySize.ofGibibytes(1))
                        .eventLogDir("s3://b/events/")
                        .build()
                        .toClassification())
                .isEqualTo(Classification.of(
                        "emr-containers-defaults",
                        Map.of(
                                "job-start-timeout", "1800",
                                "executor.logging", "DISABLED",
                                "logging.image", "repo/logs:1",
                                "logging.request.cores", "200m",
                                "logging.request.memory", "1024Mi",
                                "logging.eventLog.dir", "s3://b/events/")));
        assertThat(EmrContainersDefaults.builder()
                        .executorLogging(true)
                        .build()
                        .toClassification()
                        .properties())
                .isEmpty();
    }

    @Test
    void jobSubmitter() {
        Classification submitter = EmrJobSubmitter.builder()
                .putNodeSelector("karpenter.sh/capacity-type", "on-demand")
                .putLabel("team", "data")
                .putAnnotation("note", "x")
                .tolerate("dedicated", "submitter", EmrJobSubmitter.Effect.NO_SCHEDULE)
                .tolerate("any", EmrJobSubmitter.Effect.PREFER_NO_SCHEDULE)
                .addToleration(new EmrJobSubmitter.Toleration(
                        "short",
                        Optional.of("v"),
                        EmrJobSubmitter.Effect.NO_EXECUTE,
                        Optional.of(Duration.ofMinutes(5))))
                .schedulerName("binpack")
                .logging(false)
                .loggingImage("repo/logs:1")
                .loggingCores(new CpuQuantity(200))
                .loggingMemory(MemorySize.ofMebibytes(300))
                .image("repo/submitter:1")
                .gracefulTermination(true)
                .build()
                .toClassification();
        assertThat(submitter.problems()).isEmpty();
        assertThat(submitter.properties())
                .isEqualTo(Map.ofEntries(
                        Map.entry("jobsubmitter.node.selector.karpenter.sh/capacity-type", "on-demand"),
                        Map.entry("jobsubmitter.label.team", "data"),
                        Map.entry("jobsubmitter.annotation.note", "x"),
                        Map.entry("jobsubmitter.node.toleration.dedicated", "submitter"),
                        Map.entry("jobsubmitter.node.toleration.dedicated.effect", "NoSchedule"),
                        Map.entry("jobsubmitter.node.toleration.any", ""),
                        Map.entry("jobsubmitter.node.toleration.any.effect", "PreferNoSchedule"),
                        Map.entry("jobsubmitter.node.toleration.short", "v"),
                        Map.entry("jobsubmitter.node.toleration.short.effect", "NoExecute"),
                        Map.entry("jobsubmitter.node.toleration.short.tolerationSeconds", "300"),
                        Map.entry("jobsubmitter.scheduler.name", "binpack"),
                        Map.entry("jobsubmitter.logging", "DISABLED"),
                        Map.entry("jobsubmitter.logging.image", "repo/logs:1"),
                        Map.entry("jobsubmitter.logging.request.cores", "200m"),
                        Map.entry("jobsubmitter.logging.request.memory", "300Mi"),
                        Map.entry("jobsubmitter.container.image", "repo/submitter:1"),
                        Map.entry("jobsubmitter.gracefulTermination", "true")));
        assertThat(EmrJobSubmitter.builder()
                        .logging(true)
                        .build()
                        .toClassification()
                        .properties())
                .isEmpty();
    }

    @Test
    void icebergAndDeltaByRelease() {
        TableFormat iceberg = TableFormat.iceberg(S3A, "glue", "s3://b/warehouse/");
        assertThat(iceberg.problems()).isEmpty();
        assertThat(iceberg.jars()).containsExactly("local:///usr/share/aws/iceberg/lib/iceberg-spark3-runtime.jar");
        assertThat(iceberg.conf().asMap())
                .containsEntry("spark.sql.catalog.glue", "org.apache.iceberg.spark.SparkCatalog")
                .containsEntry("spark.sql.catalog.glue.warehouse", "s3://b/warehouse/")
                .hasSize(5);
        assertThat(TableFormat.delta(S3A).jars()).first().asString().endsWith("delta-spark.jar");
        assertThat(TableFormat.delta(ReleaseLabel.parse("emr-6.9.0-latest")).jars())
                .first()
                .asString()
                .endsWith("delta-core.jar");
        assertThat(TableFormat.delta(ReleaseLabel.parse("emr-6.9.0-latest")).problems())
                .isEmpty();
        assertThat(TableFormat.delta(ReleaseLabel.parse("emr-6.8.0-latest")).problems())
                .hasSize(1);
        assertThat(TableFormat.iceberg(ReleaseLabel.parse("emr-6.4.0-latest"), "a b", "warehouse")
                        .problems())
                .hasSize(3);
        assertThat(TableFormat.delta(ReleaseLabel.parse("emr-6.8.0-latest"))
                        .withJars("s3://b/delta.jar")
                        .problems())
                .isEmpty();
        assertThat(SparkJob.builder()
                        .addTableFormat(TableFormat.hudi(S3A))
                        .addTableFormat(iceberg)
                        .build()
                        .allSettings()
                        .get("spark.sql.extensions"))
                .contains("org.apache.spark.sql.hudi.HoodieSparkSessionExtension,"
                        + "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions");
    }

    @Test
    void aFormatComesFromOnePlaceOnly() {
        String bundle = "org.apache.hudi:hudi-spark3.5-bundle_2.12:1.0.2";
        SparkJob twice = SparkJob.builder()
                .addTableFormat(TableFormat.hudi(S3A))
                .addPackage(bundle)
                .build();
        assertThat(twice.problems()).singleElement().extracting(Problem::field).isEqualTo("packages[0]");
        assertThat(SparkJob.builder()
                        .addTableFormat(TableFormat.hudi(S3A).withoutJars())
                        .addPackage(bundle)
                        .build()
                        .problems())
                .isEmpty();
        SparkJob jar = SparkJob.builder()
                .addTableFormat(TableFormat.hudi(S3A))
                .addJar("s3://b/hudi-spark3.5-bundle_2.12-1.0.2.jar")
                .build();
        assertThat(jar.problems()).singleElement().extracting(Problem::field).isEqualTo("jars[0]");
        SparkJob own = SparkJob.builder()
                .addTableFormat(TableFormat.hudi(S3A).withJars("s3://b/hudi-spark3.5-bundle_2.12-1.0.2.jar"))
                .build();
        assertThat(own.problems()).isEmpty();
        assertThat(own.render().sparkSubmitParameters()).contains("--jars s3://b/hudi-spark3.5-bundle_2.12-1.0.2.jar");
        assertThat(SparkJob.builder()
                        .addTableFormat(TableFormat.hudi(S3A))
                        .addJar("local:///usr/lib/hudi/hudi-spark-bundle.jar")
                        .build()
                        .problems())
                .isEmpty();
        assertThat(SparkJob.builder()
                        .addTableFormat(TableFormat.hudi(S3A).withJars("bundle.jar"))
                        .build()
                        .problems())
                .hasSize(1);
    }

    @Test
    void releasesAnswerQuestions() {
        assertThat(S3A.supports(ReleaseFeature.S3A)).isTrue();
        assertThat(EMRFS.supports(ReleaseFeature.S3A)).isFalse();
        assertThat(ReleaseLabel.parse("emr-5.33.0-latest").supports(ReleaseFeature.POD_TEMPLATES))
                .isTrue();
        assertThat(ReleaseLabel.parse("emr-5.32.0-latest").supports(ReleaseFeature.POD_TEMPLATES))
                .isFalse();
        assertThat(ReleaseLabel.parse("emr-5.33.0-latest").supports(ReleaseFeature.DECOMMISSIONING))
                .isFalse();
        assertThat(ReleaseLabel.parse("emr-6.2.0-latest").supports(ReleaseFeature.POD_TEMPLATES))
                .isFalse();
        assertThat(ReleaseLabel.parse("emr-6.3.0-latest").supports(ReleaseFeature.POD_TEMPLATES))
                .isTrue();
        for (ReleaseFeature feature : ReleaseFeature.values()) {
            assertThat(ReleaseLabel.parse("emr-" + feature.since() + "-latest").supports(feature))
                    .isTrue();
            assertThat(ReleaseLabel.parse("emr-spark-8.0.0-latest").supports(feature))
                    .isTrue();
        }
        ReleaseLabel known = ReleaseLabel.parse("emr-7.5.0-latest");
        assertThat(known.isKnown()).isTrue();
        assertThat(known.spark()).contains(new SparkVersion(3, 5, 2));
        assertThat(known.icebergVersion()).contains("1.6.1-amzn-1");
        assertThat(known.deltaVersion()).contains("3.2.1-amzn-0");
        assertThat(known.hadoopVersion()).contains("3.4.0-amzn-1");
        assertThat(known.scalaVersion()).contains("2.12.18");
        assertThat(known.pythonVersions()).containsExactly("3.9", "3.11");
        assertThat(known.javaVersion()).hasValue(17);
        assertThat(known.isSparkLine()).isFalse();
        ReleaseLabel unknown = ReleaseLabel.parse("emr-99.0.0-latest");
        assertThat(unknown.isKnown()).isFalse();
        assertThat(unknown.pythonVersions()).isEmpty();
        assertThat(ReleaseLabel.parse("emr-6.8.0-latest").deltaVersion()).isEmpty();
        assertThat(ReleaseLabel.parse("emr-6.9.0-java11-latest").javaVersion()).hasValue(11);
        assertThat(ReleaseLabel.parse("emr-6.9.0-latest").javaVersion()).isEmpty();
        assertThat(ReleaseLabel.parse("emr-6.15.0-spark-rapids-java8-20231114").hasRapids())
                .isTrue();
        assertThat(ReleaseLabel.parse("emr-spark-8.1.0-rapids-latest").hasRapids())
                .isTrue();
        assertThat(ReleaseLabel.parse("emr-spark-8.1.0-rapids-latest").isSparkLine())
                .isTrue();
        assertThat(known.hasRapids()).isFalse();
    }

    @Test
    void versionsOfSparkAreCompared() {
        SparkVersion version = SparkVersion.parse("3.5.2-amzn-1");
        assertThat(version).isEqualTo(new SparkVersion(3, 5, 2)).hasToString("3.5.2");
        assertThat(version.atLeast(3, 5)).isTrue();
        assertThat(version.atLeast(3, 6)).isFalse();
        assertThat(version.atLeast(4, 0)).isFalse();
        assertThat(SparkVersion.parse("3.10.0")).isGreaterThan(SparkVersion.parse("3.9.9"));
        for (String text : List.of("", "3", "3.5", "x.y.z", "3.5.", "3.5.1x")) {
            assertThatIllegalArgumentException().isThrownBy(() -> SparkVersion.parse(text));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new SparkVersion(-1, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new SparkVersion(0, -1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new SparkVersion(0, 0, -1));
    }

    @Test
    void quantitiesOfCpu() {
        assertThat(CpuQuantity.parse("3.9"))
                .isEqualTo(CpuQuantity.parse("3900m"))
                .hasToString("3900m");
        assertThat(CpuQuantity.parse("4")).isEqualTo(CpuQuantity.ofCores(4)).hasToString("4");
        assertThat(CpuQuantity.parse("0.5m").millicores()).isEqualTo(1);
        assertThat(CpuQuantity.parse("1.001").millicores()).isEqualTo(1001);
        assertThat(CpuQuantity.ofCores(1).plus(new CpuQuantity(500))).isEqualTo(CpuQuantity.parse("1.5"));
        assertThat(CpuQuantity.ofCores(1)).isLessThan(CpuQuantity.ofCores(2));
        assertThatIllegalArgumentException().isThrownBy(() -> CpuQuantity.parse("4k"));
        assertThatIllegalArgumentException().isThrownBy(() -> new CpuQuantity(-1));
    }

    @Test
    void timesAndSizesOfPresetsAreMoreThanNothing() {
        Duration none = Duration.ofNanos(1);
        DynamicAllocation dynamic = DynamicAllocation.builder()
                .max(1)
                .executorIdleTimeout(none)
                .cachedExecutorIdleTimeout(Duration.ofSeconds(-1))
                .shuffleTrackingTimeout(Duration.ZERO)
                .schedulerBacklogTimeout(none)
                .build();
        assertThat(SparkJob.builder().addPreset(dynamic).build().problems())
                .extracting(Problem::field)
                .containsExactly(
                        "dynamicAllocation.executorIdleTimeout",
                        "dynamicAllocation.cachedExecutorIdleTimeout",
                        "dynamicAllocation.shuffleTrackingTimeout",
                        "dynamicAllocation.schedulerBacklogTimeout");
        assertThat(SpotDecommissioning.builder()
                        .maxReplicationFailures(0)
                        .shuffleThreads(0)
                        .shuffleMaxDisk(MemorySize.ZERO)
                        .replicationReattemptInterval(none)
                        .forceKillTimeout(none)
                        .killInterval(none)
                        .signal("kill -9")
                        .build()
                        .problems())
                .extracting(Problem::field)
                .containsExactly(
                        "spotDecommissioning.signal",
                        "spotDecommissioning.maxReplicationFailures",
                        "spotDecommissioning.shuffleThreads",
                        "spotDecommissioning.shuffleMaxDisk",
                        "spotDecommissioning.replicationReattemptInterval",
                        "spotDecommissioning.forceKillTimeout",
                        "spotDecommissioning.killInterval");
        SpotDecommissioning told = SpotDecommissioning.builder()
                .killInterval(Duration.ofMillis(1))
                .signal("TERM")
                .build();
        assertThat(told.problems()).isEmpty();
        assertThat(told.conf().asMap())
                .containsEntry("spark.executor.decommission.killInterval", "1ms")
                .containsEntry("spark.executor.decommission.signal", "TERM");
        assertThat(S3Access.builder().release(S3A).kmsKey(" ").build().problems())
                .extracting(Problem::field)
                .containsExactly("s3Access.kmsKey");
    }

    @Test
    void aSubmittersTolerationsMakeSense() {
        EmrJobSubmitter.Builder bad = EmrJobSubmitter.builder()
                .tolerate("a", EmrJobSubmitter.Effect.NO_SCHEDULE)
                .tolerate("a", EmrJobSubmitter.Effect.NO_EXECUTE)
                .tolerate(" ", "", EmrJobSubmitter.Effect.NO_EXECUTE)
                .addToleration(new EmrJobSubmitter.Toleration(
                        "b", Optional.empty(), EmrJobSubmitter.Effect.NO_SCHEDULE, Optional.of(Duration.ofMillis(1))))
                .loggingCores(CpuQuantity.ZERO)
                .loggingMemory(MemorySize.ZERO);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bad.build().toClassification())
                .withMessageContainingAll(
                        "tolerations[a] is given twice",
                        "tolerations[ ].key is blank",
                        "tolerations[ ].value is blank",
                        "tolerations[b].seconds are given for NoSchedule",
                        "tolerations[b].seconds are PT0.001S",
                        "loggingCores is 0",
                        "loggingMemory is 0");
        EmrJobSubmitter good = EmrJobSubmitter.builder()
                .addToleration(new EmrJobSubmitter.Toleration(
                        "spot.io/node",
                        Optional.empty(),
                        EmrJobSubmitter.Effect.NO_EXECUTE,
                        Optional.of(Duration.ZERO)))
                .build();
        assertThat(good.toClassification().problems()).isEmpty();
        assertThat(good.toClassification().properties())
                .containsEntry("jobsubmitter.node.toleration.spot.io/node", "")
                .containsEntry("jobsubmitter.node.toleration.spot.io/node.tolerationSeconds", "0");
    }

    @Test
    void aRawTolerationNeedsItsEffectAndNothingElseMayBeEmpty() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("jobsubmitter.node.toleration.a", "");
        properties.put("jobsubmitter.node.toleration.b", "x");
        properties.put("jobsubmitter.node.toleration.b.effect", "noschedule");
        properties.put("jobsubmitter.node.toleration.c", " ");
        properties.put("jobsubmitter.node.toleration.c.effect", "NoSchedule");
        properties.put("jobsubmitter.node.toleration.c.tolerationSeconds", "");
        String of = "applicationConfiguration[emr-job-submitter][jobsubmitter.node.toleration.";
        assertThat(Classification.of("emr-job-submitter", properties).problems())
                .extracting(Problem::field)
                .containsExactly(of + "c]", of + "c.tolerationSeconds]", of + "a.effect]", of + "b.effect]");
    }

    @Test
    void containersDefaultsMakeSense() {
        EmrContainersDefaults bad = EmrContainersDefaults.builder()
                .jobStartTimeout(Duration.ofMillis(1500))
                .eventLogDir("hdfs:///events")
                .loggingMemory(MemorySize.ZERO)
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(bad::toClassification)
                .withMessageContainingAll("jobStartTimeout is PT1.5S", "eventLogDir", "loggingMemory is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EmrContainersDefaults.builder()
                        .jobStartTimeout(Duration.ZERO)
                        .build()
                        .toClassification())
                .withMessageContaining("1 or more whole seconds");
    }

    @Test
    void sparkAndEmrDoNotBothWriteAnEventLogFolder() {
        Classification emr = EmrContainersDefaults.builder()
                .eventLogDir("s3://b/emr/")
                .build()
                .toClassification();
        SparkJob.Builder job = SparkJob.builder().addClassification(emr);
        assertThat(job.build().problems()).isEmpty();
        assertThat(job.conf(SparkConf.builder()
                                .set("spark.eventLog.dir", "s3://b/spark/")
                                .build())
                        .build()
                        .problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .contains("conf[spark.eventLog.dir] (user)", "logging.eventLog.dir"));
        assertThat(SparkJob.builder()
                        .addClassification(emr)
                        .addPreset(EventLog.to("s3://b/spark/"))
                        .build()
                        .problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("(event log)"));
    }

    @Test
    void packagesGivenByNameClashWithTheImagesToo() {
        SparkJob.Builder job = SparkJob.builder()
                .conf(SparkConf.builder()
                        .set("spark.jars.packages", "g:a:1, org.apache.hudi:hudi-spark3.5-bundle_2.12:0.15.0")
                        .build());
        assertThat(job.build().problems()).isEmpty();
        assertThat(job.addTableFormat(TableFormat.hudi(S3A)).build().problems())
                .extracting(Problem::field)
                .containsExactly("conf[spark.jars.packages]");
        assertThat(job.tableFormats(List.of(TableFormat.hudi(S3A).withoutJars()))
                        .build()
                        .problems())
                .isEmpty();
    }

    @Test
    void optionsFitTheDriver() {
        SparkJob.Builder job =
                SparkJob.builder().options(List.of("-hivevar", "day=today", "--verbose", "--proxy-user", "x"));
        assertThat(job.build().problems()).isEmpty();
        assertThat(job.entryPoint(EntryPoint.sql("s3://b/a.sql")).build().problems())
                .extracting(Problem::field)
                .containsExactly("options[2]", "options[3]");
        assertThat(job.entryPoint(EntryPoint.jar("s3://b/a.jar")).build().problems())
                .extracting(Problem::field)
                .containsExactly("options[0]");
    }

    @Test
    void icebergInSparksOwnCatalogKeepsTheOthersTables() {
        assertThat(TableFormat.iceberg(S3A, "spark_catalog", "s3://b/w/").conf().get("spark.sql.catalog.spark_catalog"))
                .contains("org.apache.iceberg.spark.SparkSessionCatalog");
        assertThat(TableFormat.iceberg(S3A, "glue", "s3://b/w/").conf().get("spark.sql.catalog.glue"))
                .contains("org.apache.iceberg.spark.SparkCatalog");
    }

    @Test
    void disksHavePlacesAndSizes() {
        assertThat(ExecutorTuning.builder()
                        .localDisks(List.of(
                                LocalDisk.hostPath("/a", "relative"),
                                LocalDisk.claim("/a", " ", "0"),
                                new LocalDisk.EmptyDir("/b", Optional.of(MemorySize.ZERO)),
                                LocalDisk.emptyDir("/c")))
                        .build()
                        .problems())
                .extracting(Problem::field)
                .containsExactly(
                        "executors.localDisks[0]",
                        "executors.localDisks[1]",
                        "executors.localDisks[1].storageClass",
                        "executors.localDisks[1].size",
                        "executors.localDisks[2].sizeLimit");
    }

    @Test
    void bothKindsOfBlocksAreHandedOverUnlessTold() {
        assertThat(SpotDecommissioning.toOtherExecutors().conf().asMap())
                .containsEntry("spark.storage.decommission.rddBlocks.enabled", "true")
                .containsEntry("spark.storage.decommission.shuffleBlocks.enabled", "true");
        assertThat(SpotDecommissioning.builder()
                        .gracePeriod(Duration.ofSeconds(100))
                        .forceKillTimeout(Duration.ofSeconds(100))
                        .build()
                        .problems())
                .isEmpty();
        assertThat(GlueMetastore.ofAccount("12").problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.field()).isEqualTo("glueMetastore.catalogId"));
    }

    @Test
    void valuesShowThemselves() {
        assertThat(TableFormat.hudi(S3A)).asString().startsWith("hudi[local:///usr/lib/hudi/");
        assertThat(S3A).hasToString("emr-7.10.0-latest");
        assertThat(ExecutorTuning.builder().cores(4).build()).hasToString("ExecutorTuning{spark.executor.cores=4}");
        assertThat(ExecutorTuning.builder().cores(4).build().toBuilder()
                        .cores(2)
                        .build()
                        .cores())
                .hasValue(2);
    }
}
