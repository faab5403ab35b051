package io.emreks.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of options and classes are those of the published libraries. */
class LibrariesAgreeTest {
    private static final RealLibrary HUDI_AWS = RealLibrary.of("hudi-aws", "0.15.0");
    private static final ReleaseLabel RECENT = ReleaseLabel.parse("emr-7.12.0-latest");

    @ParameterizedTest
    @ValueSource(strings = {"0.11.1", "0.13.1", "1.0.2"})
    void hudiKnowsEveryOption(String version) {
        RealLibrary hudi = RealLibrary.of("hudi-", version);
        Map<String, String> options = new LinkedHashMap<>();
        hudiTables().forEach(table -> options.putAll(table.writerOptions()));

        options.forEach((name, value) -> {
            if (name.contains(".dynamodb.")) {
                assertThat(HUDI_AWS.texts()).contains(name);
            } else {
                assertThat(hudi.texts()).as(name).contains(name);
            }
            if (value.startsWith("org.apache.hudi.")) {
                RealLibrary where = value.contains(".aws.") ? HUDI_AWS : hudi;
                assertThat(where.classes()).as(name).contains(value);
            }
        });
        // what the options may say
        assertThat(hudi.texts())
                .contains("KEEP_LATEST_COMMITS", "KEEP_LATEST_BY_HOURS", "LAZY", "OPTIMISTIC_CONCURRENCY_CONTROL");
        for (HudiTable.Type type : HudiTable.Type.values()) {
            assertThat(hudi.texts()).contains(type.name());
        }
        for (HudiTable.Operation operation : HudiTable.Operation.values()) {
            assertThat(hudi.texts()).contains(operation.name().toLowerCase(Locale.ROOT));
        }
        for (HudiTable.Index index : HudiTable.Index.values()) {
            if (index != HudiTable.Index.RECORD_INDEX || version.equals("1.0.2")) {
                assertThat(hudi.texts()).contains(index.name());
            }
        }
    }

    private static List<HudiTable> hudiTables() {
        HudiTable.Builder table = HudiTable.builder()
                .name("orders")
                .basePath("s3://b/orders/")
                .orderingField("ts")
                .type(HudiTable.Type.MERGE_ON_READ)
                .index(HudiTable.Index.BUCKET)
                .inlineCompactionCommits(5)
                .glueSync("sales", "orders")
                .addRecordKey("id");
        List<HudiTable> tables = new ArrayList<>();
        tables.add(table.cleanCommitsRetained(10)
                .lock(HudiLock.dynamoDb("locks", "orders", "eu-west-1"))
                .build());
        tables.add(table.addPartitionField("day")
                .lock(HudiLock.zooKeeper("zk", 2181, "/hudi", "orders"))
                .build());
        tables.add(table.addPartitionField("hour").cleanHoursRetained(10).build());
        return tables;
    }

    @Test
    void recentHudiKnowsItsOwnIndexAndOrder() {
        HudiTable table = HudiTable.builder()
                .name("orders")
                .basePath("s3://b/orders/")
                .addRecordKey("id")
                .index(HudiTable.Index.RECORD_INDEX)
                .putOption("hoodie.record.merge.mode", "COMMIT_TIME_ORDERING")
                .build();
        assertThat(table.problems()).isEmpty();
        assertThat(RealLibrary.of("hudi-", "1.0.2").texts())
                .containsAll(table.writerOptions().keySet())
                .contains("COMMIT_TIME_ORDERING");
    }

    /** Releases 6.7 and 6.12 have Hudi 0.11 and 0.13. */
    @Test
    void hudiHasWhatSwitchesItOn() {
        SparkConf settings = TableFormat.hudi(RECENT).conf();
        assertThat(RealLibrary.of("hudi-spark_2.12", "0.11.1").classes())
                .contains(settings.get("spark.sql.extensions").orElseThrow());
        assertThat(RealLibrary.of("hudi-spark3-common", "1.0.2").classes())
                .contains(settings.get("spark.sql.catalog.spark_catalog").orElseThrow());
        String registrator = TableFormat.hudi(ReleaseLabel.parse("emr-6.12.0-latest"))
                .conf()
                .get("spark.kryo.registrator")
                .orElseThrow();
        assertThat(RealLibrary.of("hudi-spark-client", "0.13.1").classes()).contains(registrator);
        assertThat(RealLibrary.of("hudi-spark-client", "1.0.2").classes()).contains(registrator);
        assertThat(RealLibrary.of("hudi-spark-client", "0.11.1").classes()).doesNotContain(registrator);
    }

    @Test
    void icebergHasWhatSwitchesItOn() {
        RealLibrary iceberg = RealLibrary.of("iceberg-", "1.10.0");
        for (String catalog : List.of("glue", "spark_catalog")) {
            TableFormat format = TableFormat.iceberg(RECENT, catalog, "s3://b/warehouse/");
            assertThat(classes(format)).hasSize(4).isSubsetOf(iceberg.classes());
            String prefix = "spark.sql.catalog." + catalog + ".";
            assertThat(format.conf().asMap().keySet().stream()
                            .filter(key -> key.startsWith(prefix))
                            .map(key -> key.substring(prefix.length())))
                    .hasSize(3)
                    .isSubsetOf(iceberg.texts());
        }
    }

    @Test
    void deltaHasWhatSwitchesItOn() {
        List<String> classes = classes(TableFormat.delta(RECENT));
        assertThat(classes)
                .hasSize(2)
                .isSubsetOf(RealLibrary.of("delta-core", "2.4.0").classes())
                .isSubsetOf(RealLibrary.of("delta-spark", "3.3.2").classes());
    }

    private static List<String> classes(TableFormat format) {
        return format.conf().asMap().values().stream()
                .filter(value -> value.matches("[a-z]+(\\.[a-z0-9_]+)+\\.[A-Z]\\w+"))
                .filter(value -> !value.startsWith("org.apache.spark.serializer."))
                .toList();
    }

    /** Hadoop lists every property that S3A reads with its description. */
    @ParameterizedTest
    @ValueSource(strings = {"spark-3.5", "spark-4.1"})
    void hadoopKnowsEveryPropertyOfS3a(String spark) {
        String known = RealLibrary.file(Path.of("target", spark), "hadoop-client-api", "core-default.xml");
        Map<String, String> settings = S3Access.builder()
                .release(RECENT)
                .kmsKey("alias/data")
                .maxConnections(200)
                .build()
                .conf()
                .asMap();
        assertThat(settings).hasSize(3);
        settings.keySet()
                .forEach(key ->
                        assertThat(known).contains("<name>" + key.substring("spark.hadoop.".length()) + "</name>"));
        assertThat(known).contains("'SSE-KMS'");
    }
}
