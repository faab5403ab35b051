package io.emreks.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableFormatTest {
    private static final String REGISTRATOR = "spark.kryo.registrator";
    private static final String CATALOG = "spark.sql.catalog.spark_catalog";
    private static final String PARQUET = "spark.sql.hive.convertMetastoreParquet";

    @Test
    void hudiOfARecentRelease() {
        TableFormat hudi = hudi("emr-7.5.0-latest");
        assertThat(hudi.name()).isEqualTo("hudi");
        assertThat(hudi.jars()).containsExactly("local:///usr/lib/hudi/hudi-spark-bundle.jar");
        assertThat(hudi.conf().asMap())
                .containsEntry("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .containsEntry(REGISTRATOR, "org.apache.spark.HoodieSparkKryoRegistrar")
                .containsEntry("spark.sql.extensions", "org.apache.spark.sql.hudi.HoodieSparkSessionExtension")
                .containsEntry(CATALOG, "org.apache.spark.sql.hudi.catalog.HoodieCatalog")
                .hasSize(4);
        assertThat(hudi.conf().entries()).allMatch(entry -> entry.origin() == SparkConf.Origin.PRESET);
    }

    @Test
    void hudiOfAnUnknownReleaseIsTheRecentOne() {
        assertThat(TableFormat.hudi()).isEqualTo(hudi("emr-7.5.0-latest")).hasSameHashCodeAs(hudi("emr-7.5.0-latest"));
        assertThat(TableFormat.hudi()).isNotEqualTo(hudi("emr-6.5.0-latest"));
    }

    @Test
    void hudiOfOlderReleasesLeavesOutWhatTheyDoNotHave() {
        assertThat(hudi("emr-6.12.0-latest").conf().get(REGISTRATOR)).isPresent();
        assertThat(hudi("emr-6.11.0-latest").conf().get(REGISTRATOR)).isEmpty();
        assertThat(hudi("emr-6.11.0-latest").conf().get(CATALOG)).isPresent();
        assertThat(hudi("emr-6.6.0-latest").conf().get(CATALOG)).isEmpty();
        assertThat(hudi("emr-6.6.0-latest").conf().get("spark.sql.extensions")).isPresent();
        assertThat(hudi("emr-6.6.0-latest").conf().get(PARQUET)).isEmpty();
        assertThat(hudi("emr-6.5.0-latest").conf().get("spark.sql.extensions")).isEmpty();
        assertThat(hudi("emr-6.5.0-latest").conf().get(PARQUET)).contains("false");
    }

    private static TableFormat hudi(String label) {
        return TableFormat.hudi(Optional.of(ReleaseLabel.parse(label)));
    }
}
