package io.emreks.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HudiTableTest {
    private static final ReleaseLabel RELEASE = ReleaseLabel.parse("emr-7.5.0-latest");

    private static HudiTable.Builder orders() {
        return HudiTable.builder()
                .name("orders")
                .basePath("s3://b/tables/orders/")
                .addRecordKey("id")
                .orderingField("ts")
                .addPartitionField("day");
    }

    @Test
    void writerOptions() {
        HudiTable table = orders().type(HudiTable.Type.MERGE_ON_READ)
                .operation(HudiTable.Operation.BULK_INSERT)
                .index(HudiTable.Index.RECORD_INDEX)
                .inlineCompactionCommits(5)
                .cleanCommitsRetained(20)
                .glueSync("sales", "orders")
                .lock(HudiLock.dynamoDb("locks", "orders", "eu-west-1"))
                .writers(2)
                .putOption("hoodie.metadata.enable", "false")
                .build();
        assertThat(table.problems()).isEmpty();
        assertThat(table.writerOptions())
                .isEqualTo(Map.ofEntries(
                        Map.entry("hoodie.table.name", "orders"),
                        Map.entry("hoodie.datasource.write.recordkey.field", "id"),
                        Map.entry("hoodie.datasource.write.precombine.field", "ts"),
                        Map.entry("hoodie.datasource.write.partitionpath.field", "day"),
                        Map.entry(
                                "hoodie.datasource.write.keygenerator.class",
                                "org.apache.hudi.keygen.SimpleKeyGenerator"),
                        Map.entry("hoodie.datasource.write.hive_style_partitioning", "true"),
                        Map.entry("hoodie.datasource.write.table.type", "MERGE_ON_READ"),
                        Map.entry("hoodie.datasource.write.operation", "bulk_insert"),
                        Map.entry("hoodie.index.type", "RECORD_INDEX"),
                        Map.entry("hoodie.metadata.record.index.enable", "true"),
                        Map.entry("hoodie.compact.inline", "true"),
                        Map.entry("hoodie.compact.inline.max.delta.commits", "5"),
                        Map.entry("hoodie.cleaner.policy", "KEEP_LATEST_COMMITS"),
                        Map.entry("hoodie.cleaner.commits.retained", "20"),
                        Map.entry("hoodie.datasource.meta.sync.enable", "true"),
                        Map.entry(
                                "hoodie.meta.sync.client.tool.class",
                                "org.apache.hudi.aws.sync.AwsGlueCatalogSyncTool"),
                        Map.entry("hoodie.datasource.hive_sync.database", "sales"),
                        Map.entry("hoodie.datasource.hive_sync.table", "orders"),
                        Map.entry("hoodie.datasource.hive_sync.partition_fields", "day"),
                        Map.entry(
                                "hoodie.datasource.hive_sync.partition_extractor_class",
                                "org.apache.hudi.hive.MultiPartKeysValueExtractor"),
                        Map.entry("hoodie.write.concurrency.mode", "optimistic_concurrency_control"),
                        Map.entry("hoodie.cleaner.policy.failed.writes", "LAZY"),
                        Map.entry(
                                "hoodie.write.lock.provider",
                                "org.apache.hudi.aws.transaction.lock.DynamoDBBasedLockProvider"),
                        Map.entry("hoodie.write.lock.dynamodb.table", "locks"),
                        Map.entry("hoodie.write.lock.dynamodb.partition_key", "orders"),
                        Map.entry("hoodie.write.lock.dynamodb.region", "eu-west-1"),
                        Map.entry("hoodie.metadata.enable", "false")));
    }

    @Test
    void keysDecideTheGenerator() {
        assertThat(generator(orders())).endsWith(".SimpleKeyGenerator");
        assertThat(generator(orders().addRecordKey("line"))).endsWith(".ComplexKeyGenerator");
        assertThat(generator(orders().addPartitionField("hour"))).endsWith(".ComplexKeyGenerator");
        HudiTable flat = HudiTable.builder()
                .name("t")
                .basePath("s3://b/t/")
                .addRecordKey("id")
                .orderingField("ts")
                .glueSync("d", "t")
                .build();
        assertThat(flat.writerOptions())
                .containsEntry(
                        "hoodie.datasource.write.keygenerator.class",
                        "org.apache.hudi.keygen.NonpartitionedKeyGenerator")
                .containsEntry(
                        "hoodie.datasource.hive_sync.partition_extractor_class",
                        "org.apache.hudi.hive.NonPartitionedExtractor")
                .doesNotContainKey("hoodie.datasource.write.hive_style_partitioning");
    }

    private static String generator(HudiTable.Builder table) {
        return table.build().writerOptions().getOrDefault("hoodie.datasource.write.keygenerator.class", "");
    }

    @Test
    void otherWaysToCleanAndLock() {
        assertThat(orders().cleanHoursRetained(48)
                        .hiveStylePartitioning(false)
                        .lock(HudiLock.zooKeeper("zk-1", 2181, "/hudi", "orders"))
                        .build()
                        .writerOptions())
                .containsEntry("hoodie.cleaner.policy", "KEEP_LATEST_BY_HOURS")
                .containsEntry("hoodie.cleaner.hours.retained", "48")
                .containsEntry("hoodie.datasource.write.hive_style_partitioning", "false")
                .containsEntry("hoodie.write.lock.zookeeper.url", "zk-1")
                .containsEntry("hoodie.write.lock.zookeeper.port", "2181")
                .containsEntry("hoodie.write.lock.zookeeper.base_path", "/hudi")
                .containsEntry("hoodie.write.lock.zookeeper.lock_key", "orders");
        assertThat(orders().putOption("hoodie.table.name", "other").build().writerOptions())
                .containsEntry("hoodie.table.name", "other");
    }

    @Test
    void tellsEverythingThatIsWrong() {
        HudiTable table = HudiTable.builder()
                .name("t")
                .basePath("tables/t")
                .writers(2)
                .inlineCompactionCommits(0)
                .cleanCommitsRetained(0)
                .cleanHoursRetained(0)
                .build();
        assertThat(table.problems())
                .extracting(Problem::field)
                .containsExactly(
                        "hudi.basePath",
                        "hudi.recordKeys",
                        "hudi.orderingField",
                        "hudi.lock",
                        "hudi.inlineCompactionCommits",
                        "hudi.cleanHoursRetained",
                        "hudi.inlineCompactionCommits",
                        "hudi.cleanCommitsRetained",
                        "hudi.cleanHoursRetained");
        assertThat(HudiTable.builder()
                        .name("t")
                        .basePath("s3://b/t/")
                        .addRecordKey("id")
                        .operation(HudiTable.Operation.INSERT)
                        .build()
                        .problems())
                .isEmpty();
    }

    @Property(tries = 300)
    void thePropsFileIsReadBackAsWritten(@ForAll String value) throws IOException {
        HudiTable table = orders().putOption("some key:=", value).build();
        Properties read = new Properties();
        read.load(new StringReader(table.propsFile()));
        assertThat(read).isEqualTo(table.writerOptions());
        assertThat(table.propsFile().lines()).hasSize(read.size()).noneMatch(line -> line.startsWith("#"));
    }

    @Test
    void argumentsOfTheStreamer() {
        HudiTable table = orders().build();
        List<String> arguments = table.hoodieConfArguments();
        assertThat(arguments)
                .hasSize(2 * table.writerOptions().size())
                .startsWith("--hoodie-conf", "hoodie.table.name=orders");
        assertThat(table.toString()).contains("orders", "s3://b/tables/orders/");
        assertThat(orders().putOption("x.password", "hunter2").build().toString())
                .doesNotContain("hunter2");
    }

    @Test
    void streamer() {
        HoodieStreamer streamer = HoodieStreamer.builder()
                .release(RELEASE)
                .table(orders().glueSync("sales", "orders").build())
                .sourceClass("org.apache.hudi.utilities.sources.ParquetDFSSource")
                .schemaProviderClass("a.B")
                .propsFile("s3://b/a.properties")
                .continuous(true)
                .addArgument("--spark-master-is-not-set")
                .build();
        SparkJob job = streamer.job().build();
        assertThat(job.problems()).isEmpty();
        assertThat(job.mainClass()).contains("org.apache.hudi.utilities.streamer.HoodieStreamer");
        assertThat(job.entryPoint().orElseThrow().uri()).isEqualTo("local:///usr/lib/hudi/hudi-utilities-bundle.jar");
        assertThat(job.entryPoint().orElseThrow().arguments())
                .startsWith(
                        "--table-type",
                        "COPY_ON_WRITE",
                        "--op",
                        "UPSERT",
                        "--target-base-path",
                        "s3://b/tables/orders/",
                        "--target-table",
                        "orders",
                        "--source-class",
                        "org.apache.hudi.utilities.sources.ParquetDFSSource",
                        "--source-ordering-field",
                        "ts",
                        "--schemaprovider-class",
                        "a.B",
                        "--props",
                        "s3://b/a.properties",
                        "--enable-sync",
                        "--sync-tool-classes",
                        "org.apache.hudi.aws.sync.AwsGlueCatalogSyncTool",
                        "--continuous",
                        "--hoodie-conf",
                        "hoodie.table.name=orders")
                .endsWith("--spark-master-is-not-set");
        assertThat(job.allSettings().get("spark.serializer")).contains("org.apache.spark.serializer.KryoSerializer");
        assertThat(HoodieStreamer.builder()
                        .release(ReleaseLabel.parse("emr-6.14.0-latest"))
                        .table(orders().build())
                        .sourceClass("a.B")
                        .build()
                        .mainClass())
                .isEqualTo("org.apache.hudi.utilities.deltastreamer.HoodieDeltaStreamer");
    }

    @Test
    void theStreamerRefusesTablesThatItCannotWrite() {
        HoodieStreamer bad = HoodieStreamer.builder()
                .release(RELEASE)
                .table(orders().writers(2).operation(HudiTable.Operation.DELETE).build())
                .sourceClass("a.B")
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(bad::job)
                .withMessageContainingAll("hudi.lock", "hudi.operation");
        HoodieStreamer bulk = HoodieStreamer.builder()
                .release(RELEASE)
                .table(orders().operation(HudiTable.Operation.BULK_INSERT).build())
                .sourceClass("a.B")
                .build();
        assertThat(bulk.job().build().problems()).isEmpty();
    }

    @Test
    void aLockMayBeGivenByName() {
        HudiTable named = orders().writers(2)
                .putOption("hoodie.write.lock.provider", "a.B")
                .build();
        assertThat(named.hasLock()).isTrue();
        assertThat(named.problems()).isEmpty();
        assertThat(orders().build().hasLock()).isFalse();
        assertThat(orders().lock(HudiLock.zooKeeper("zk", 2181, "/hudi", "orders"))
                        .build()
                        .hasLock())
                .isTrue();
    }

    @Test
    void namesAreNames() {
        assertThat(HudiTable.builder()
                        .name("my table")
                        .basePath("s3://b/t/")
                        .addRecordKey("id,line")
                        .orderingField(" ")
                        .addPartitionField("day,hour")
                        .writers(0)
                        .glueSync("", " ")
                        .lock(HudiLock.dynamoDb("locks", "", "eu-west-1"))
                        .build()
                        .problems())
                .extracting(Problem::field)
                .containsExactly(
                        "hudi.name",
                        "hudi.recordKeys",
                        "hudi.partitionFields",
                        "hudi.orderingField",
                        "hudi.writers",
                        "hudi.glueSync.database",
                        "hudi.glueSync.table",
                        "hudi.lock[hoodie.write.lock.dynamodb.partition_key]");
    }

    @Test
    void aStreamerEndsUnlessTold() {
        assertThat(HoodieStreamer.builder()
                        .release(RELEASE)
                        .table(orders().build())
                        .sourceClass("a.B")
                        .build()
                        .entryPoint()
                        .arguments())
                .doesNotContain("--continuous");
    }

    @Test
    void keyAndOrderMayBeGivenByName() {
        HudiTable.Builder named = HudiTable.builder()
                .name("t")
                .basePath("s3://b/t/")
                .putOption("hoodie.datasource.write.recordkey.field", "id");
        assertThat(named.build().problems()).extracting(Problem::field).containsExactly("hudi.orderingField");
        for (String option : List.of(
                "hoodie.datasource.write.precombine.field",
                "hoodie.record.merge.mode",
                "hoodie.table.ordering.fields")) {
            HudiTable table = HudiTable.builder()
                    .name("t")
                    .basePath("s3://b/t/")
                    .putOption("hoodie.datasource.write.recordkey.field", "id")
                    .putOption(option, "x")
                    .build();
            assertThat(table.problems()).isEmpty();
            assertThat(table.writerOptions()).containsEntry("hoodie.datasource.write.recordkey.field", "id");
        }
    }
}
