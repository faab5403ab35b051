package io.emreks.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * Hudi's own program that reads a source and writes it into a table, from the bundle that EMR's images carry. Source:
 * Apache Hudi documentation, "Streaming Ingestion"; EMR Serverless guide for the place of the bundle. Immutable.
 */
@Value.Immutable
public abstract class HoodieStreamer {
    private static final String BUNDLE = "local:///usr/lib/hudi/hudi-utilities-bundle.jar";

    HoodieStreamer() {}

    /** Starts a streamer; release, table and source class are required. */
    public static Builder builder() {
        return ImmutableHoodieStreamer.builder();
    }

    /** The job's release, which decides the name of the program's class. */
    public abstract ReleaseLabel release();

    /** The table that is written. */
    public abstract HudiTable table();

    /** The class that reads the source, such as {@code org.apache.hudi.utilities.sources.ParquetDFSSource}. */
    public abstract String sourceClass();

    /** The class that tells the schema of the source, if the source does not. */
    public abstract Optional<String> schemaProviderClass();

    /** A properties file in S3 that the program reads first; the table's options win over it. */
    public abstract Optional<String> propsFile();

    /** Whether the program goes on until it is stopped; false without it. */
    @Value.Default
    public boolean continuous() {
        return false;
    }

    /** Further arguments, at the end. */
    public abstract List<String> arguments();

    /** The class of the program: {@code HoodieStreamer} from Hudi 0.14 (release 6.15), the delta streamer before. */
    public String mainClass() {
        return release().atLeast("6.15.0")
                ? "org.apache.hudi.utilities.streamer.HoodieStreamer"
                : "org.apache.hudi.utilities.deltastreamer.HoodieDeltaStreamer";
    }

    /** The program and its arguments. */
    public EntryPoint entryPoint() {
        List<String> all = new ArrayList<>();
        all.addAll(List.of("--table-type", table().type().name()));
        all.addAll(List.of("--op", table().operation().name()));
        all.addAll(List.of("--target-base-path", table().basePath()));
        all.addAll(List.of("--target-table", table().name()));
        all.addAll(List.of("--source-class", sourceClass()));
        table().orderingField().ifPresent(field -> all.addAll(List.of("--source-ordering-field", field)));
        schemaProviderClass().ifPresent(name -> all.addAll(List.of("--schemaprovider-class", name)));
        propsFile().ifPresent(file -> all.addAll(List.of("--props", file)));
        if (table().glueSync().isPresent()) {
            all.add("--enable-sync");
            all.addAll(List.of("--sync-tool-classes", "org.apache.hudi.aws.sync.AwsGlueCatalogSyncTool"));
        }
        if (continuous()) {
            all.add("--continuous");
        }
        all.addAll(table().hoodieConfArguments());
        all.addAll(arguments());
        return new EntryPoint.Jar(BUNDLE, all);
    }

    /**
     * A job that runs the program, with the settings of Hudi; add tunings and presets to it. The Hudi classes are those
     * of the program's own bundle, so the Spark bundle is not on its class path a second time.
     *
     * @throws IllegalArgumentException if the table has problems, or an operation that the program does not have; the
     *     message has all of them
     */
    public SparkJob.Builder job() {
        List<Problem> problems = new ArrayList<>(table().problems());
        if (table().operation().compareTo(HudiTable.Operation.BULK_INSERT) > 0) {
            problems.add(new Problem(
                    "hudi.operation",
                    "is " + table().operation().name().toLowerCase(Locale.ROOT)
                            + ", and the streamer takes upsert, insert and bulk_insert",
                    "use one of them, or a Spark job of your own"));
        }
        Problem.refuse("the streamer's table has problems:", problems);
        return SparkJob.builder()
                .entryPoint(entryPoint())
                .mainClass(mainClass())
                .addTableFormat(TableFormat.hudi(release()).withoutJars());
    }

    /** Builds a streamer. Not safe for use by several threads at once. */
    public abstract static class Builder {
        Builder() {}

        /** Sets the job's release. */
        public abstract Builder release(ReleaseLabel release);

        /** Sets the table that is written. */
        public abstract Builder table(HudiTable table);

        /** Sets the class that reads the source. */
        public abstract Builder sourceClass(String sourceClass);

        /** Sets the class that tells the schema of the source. */
        public abstract Builder schemaProviderClass(String schemaProviderClass);

        /** Sets a properties file in S3 that the program reads first. */
        public abstract Builder propsFile(String propsFile);

        /** Sets whether the program goes on until it is stopped. */
        public abstract Builder continuous(boolean continuous);

        /** Adds a further argument. */
        public abstract Builder addArgument(String argument);

        /**
         * The streamer.
         *
         * @throws IllegalStateException if release, table or source class is not set
         */
        public abstract HoodieStreamer build();
    }
}
