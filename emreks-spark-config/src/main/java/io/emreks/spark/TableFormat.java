package io.emreks.spark;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table format that a job uses: the jars that it needs from the image and the settings that switch it on. The
 * settings are presets, so a job may override each of them. Immutable.
 */
public final class TableFormat {
    private static final String HUDI = "hudi";
    private static final String HUDI_BUNDLE = "local:///usr/lib/hudi/hudi-spark-bundle.jar";

    private final String name;
    private final List<String> jars;
    private final SparkConf conf;

    private TableFormat(String name, List<String> jars, SparkConf conf) {
        this.name = name;
        this.jars = List.copyOf(jars);
        this.conf = conf;
    }

    /** Apache Hudi with the settings of a recent release; the same as {@code hudi(Optional.empty())}. */
    public static TableFormat hudi() {
        return hudi(Optional.empty());
    }

    /**
     * Apache Hudi from the bundle that EMR's images carry at {@code /usr/lib/hudi/hudi-spark-bundle.jar}.
     *
     * <p>Settings by release: Spark's Kryo serializer always; Hudi's SQL extension from 6.6; Hudi's catalog as
     * {@code spark_catalog} from 6.7; Hudi's Kryo registrator from 6.12 (older bundles do not have the class); below
     * 6.6 {@code spark.sql.hive.convertMetastoreParquet=false}. Source: EMR Release Guide, "Work with a Hudi dataset".
     *
     * @param release the job's release; if it is empty, the settings of a recent release are taken
     */
    public static TableFormat hudi(Optional<ReleaseLabel> release) {
        SparkConf.Builder conf =
                SparkConf.builder().preset(HUDI, "spark.serializer", "org.apache.spark.serializer.KryoSerializer");
        if (has(release, "6.12.0")) {
            conf.preset(HUDI, "spark.kryo.registrator", "org.apache.spark.HoodieSparkKryoRegistrar");
        }
        if (has(release, "6.6.0")) {
            conf.preset(HUDI, SparkConf.SQL_EXTENSIONS, "org.apache.spark.sql.hudi.HoodieSparkSessionExtension");
        } else {
            conf.preset(HUDI, "spark.sql.hive.convertMetastoreParquet", "false");
        }
        if (has(release, "6.7.0")) {
            conf.preset(HUDI, "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.hudi.catalog.HoodieCatalog");
        }
        return new TableFormat(HUDI, List.of(HUDI_BUNDLE), conf.build());
    }

    private static boolean has(Optional<ReleaseLabel> release, String version) {
        return release.map(label -> label.atLeast(version)).orElse(true);
    }

    /** The format's name in lower case, which is also the source of its settings. */
    public String name() {
        return name;
    }

    /** The jars that the format adds to the job. */
    public List<String> jars() {
        return jars;
    }

    /** The settings of the format, all of origin {@link SparkConf.Origin#PRESET}. */
    public SparkConf conf() {
        return conf;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TableFormat format
                && name.equals(format.name)
                && jars.equals(format.jars)
                && conf.equals(format.conf);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, jars, conf);
    }

    /** The format's name, jars and settings. */
    @Override
    public String toString() {
        return name + jars + conf;
    }
}
