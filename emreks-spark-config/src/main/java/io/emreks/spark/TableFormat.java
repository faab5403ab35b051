package io.emreks.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table format that a job uses: the jars that it needs from the image and the settings that switch it on. The
 * settings are presets, so a job may override each of them; lists of SQL extensions of several formats are joined.
 * Immutable.
 *
 * <p>A job takes a format either from the image (or an own bundle) or from Maven packages, never both, as their classes
 * would clash: {@link SparkJob#problems()} refuses it. With packages use {@link #withoutJars()}.
 */
public final class TableFormat implements SparkPreset {
    private static final String HUDI = "hudi";
    private static final String ICEBERG = "iceberg";
    private static final String DELTA = "delta";
    private static final String SESSION_CATALOG = "spark.sql.catalog.spark_catalog";
    private static final String HUDI_BUNDLE = "local:///usr/lib/hudi/hudi-spark-bundle.jar";
    private static final String ICEBERG_RUNTIME = "local:///usr/share/aws/iceberg/lib/iceberg-spark3-runtime.jar";
    private static final String DELTA_LIB = "local:///usr/share/aws/delta/lib/";

    private final String name;
    private final List<String> jars;
    private final SparkConf conf;
    private final List<Problem> problems;

    private TableFormat(String name, List<String> jars, SparkConf conf, List<Problem> problems) {
        this.name = name;
        this.jars = List.copyOf(jars);
        this.conf = conf;
        this.problems = problems;
    }

    /** Apache Hudi with the settings of a recent release; the same as {@code hudi(Optional.empty())}. */
    public static TableFormat hudi() {
        return hudi(Optional.empty());
    }

    /** Apache Hudi with the settings of that release. */
    public static TableFormat hudi(ReleaseLabel release) {
        return hudi(Optional.of(release));
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
            conf.preset(HUDI, SESSION_CATALOG, "org.apache.spark.sql.hudi.catalog.HoodieCatalog");
        }
        return new TableFormat(HUDI, List.of(HUDI_BUNDLE), conf.build(), List.of());
    }

    /**
     * Apache Iceberg with a catalog in AWS Glue, from the runtime that EMR's images carry. From release 6.5.0. Source:
     * EMR on EKS Development Guide, "Using Apache Iceberg". The guide names the file of the Spark 3 images; if those of
     * the {@code emr-spark} line name theirs otherwise, give it with {@link #withJars}.
     *
     * @param release the job's release
     * @param catalog the name of the catalog in SQL, such as {@code glue}; {@code spark_catalog} is Spark's own catalog,
     *     which then has Iceberg tables beside its others
     * @param warehouse where its tables are, such as {@code s3://bucket/warehouse/}
     */
    public static TableFormat iceberg(ReleaseLabel release, String catalog, String warehouse) {
        String prefix = "spark.sql.catalog." + catalog;
        SparkConf conf = SparkConf.builder()
                .preset(
                        ICEBERG,
                        SparkConf.SQL_EXTENSIONS,
                        "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions")
                .preset(
                        ICEBERG,
                        prefix,
                        prefix.equals(SESSION_CATALOG)
                                ? "org.apache.iceberg.spark.SparkSessionCatalog"
                                : "org.apache.iceberg.spark.SparkCatalog")
                .preset(ICEBERG, prefix + ".catalog-impl", "org.apache.iceberg.aws.glue.GlueCatalog")
                .preset(ICEBERG, prefix + ".io-impl", "org.apache.iceberg.aws.s3.S3FileIO")
                .preset(ICEBERG, prefix + ".warehouse", warehouse)
                .build();
        List<Problem> problems = new ArrayList<>(lacking(ICEBERG, release, "6.5.0"));
        if (!catalog.matches("[A-Za-z0-9_]+")) {
            problems.add(new Problem(
                    "iceberg.catalog", "'" + catalog + "' is no name for SQL", "use letters, digits and '_'"));
        }
        DependencyUris.check("iceberg.warehouse", warehouse, problems);
        return new TableFormat(ICEBERG, List.of(ICEBERG_RUNTIME), conf, List.copyOf(problems));
    }

    /**
     * Delta Lake from the jars that EMR's images carry: {@code delta-spark} from 7.0.0, {@code delta-core} from 6.9.0.
     * Source: EMR on EKS Development Guide, "Using Delta Lake".
     *
     * @param release the job's release
     */
    public static TableFormat delta(ReleaseLabel release) {
        List<String> jars = new ArrayList<>();
        jars.add(DELTA_LIB + (release.atLeast("7.0.0") ? "delta-spark.jar" : "delta-core.jar"));
        jars.add(DELTA_LIB + "delta-storage.jar");
        jars.add(DELTA_LIB + "delta-storage-s3-dynamodb.jar");
        SparkConf conf = SparkConf.builder()
                .preset(DELTA, SparkConf.SQL_EXTENSIONS, "io.delta.sql.DeltaSparkSessionExtension")
                .preset(DELTA, SESSION_CATALOG, "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                .build();
        return new TableFormat(DELTA, jars, conf, lacking(DELTA, release, "6.9.0"));
    }

    private static List<Problem> lacking(String format, ReleaseLabel release, String since) {
        return release.atLeast(since)
                ? List.of()
                : List.of(new Problem(
                        format,
                        "is in EMR on EKS from release " + since + ", and the job's is " + release,
                        "use a later release, or bring the jars yourself"));
    }

    private static boolean has(Optional<ReleaseLabel> release, String version) {
        return release.map(label -> label.atLeast(version)).orElse(true);
    }

    /**
     * The same format from another bundle: a file in a custom image ({@code local:///…}) or in S3. Whether the release
     * brings the format does not matter then.
     */
    public TableFormat withJars(String... jars) {
        return new TableFormat(
                name,
                List.of(jars),
                conf,
                problems.stream()
                        .filter(problem -> !problem.field().equals(name))
                        .toList());
    }

    /** The same settings without jars, for jobs that get the format from {@link SparkJob#packages()}. */
    public TableFormat withoutJars() {
        return withJars();
    }

    /** The format's name in lower case, which is also the source of its settings. */
    @Override
    public String name() {
        return name;
    }

    /** The jars that the format adds to the job. */
    public List<String> jars() {
        return jars;
    }

    /** The settings of the format, all of origin {@link SparkConf.Origin#PRESET}. */
    @Override
    public SparkConf conf() {
        return conf;
    }

    @Override
    public List<Problem> problems() {
        return problems;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TableFormat format
                && name.equals(format.name)
                && jars.equals(format.jars)
                && conf.equals(format.conf)
                && problems.equals(format.problems);
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
