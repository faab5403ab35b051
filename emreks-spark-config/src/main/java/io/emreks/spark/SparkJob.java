package io.emreks.spark;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.immutables.value.Value;

/**
 * Everything that spark-submit is told about a job beside its entry point and arguments. Immutable; building one checks
 * nothing, {@link #problems()} tells everything that is wrong and {@link #render()} makes the text that EMR takes.
 *
 * <p>Jars, files, Python files and archives are URIs with a scheme: {@code s3://bucket/key}, {@code local:///path} for
 * a file inside the image, or {@code https://…}. EMR reads a path without a scheme as {@code file://}, which Spark
 * would then have to upload, and the job fails.
 */
@Value.Immutable
public abstract class SparkJob {
    SparkJob() {}

    /** Starts a job in which nothing is set. */
    public static Builder builder() {
        return ImmutableSparkJob.builder();
    }

    /** Starts a job from this one. */
    public Builder toBuilder() {
        return ImmutableSparkJob.builder().from(this);
    }

    /** The class whose {@code main} runs ({@code --class}); not needed for Python. */
    public abstract Optional<String> mainClass();

    /** Jars on the class path of driver and executors ({@code --jars}), in order. */
    public abstract List<String> jars();

    /** Files for the working directory of every executor ({@code --files}). */
    public abstract List<String> files();

    /** Python files for the path of driver and executors ({@code --py-files}). */
    public abstract List<String> pyFiles();

    /** Archives to unpack for every executor ({@code --archives}), with {@code #name} to name the folder. */
    public abstract List<String> archives();

    /** Maven coordinates, group:artifact:version, that the job downloads when it starts ({@code --packages}). */
    public abstract List<String> packages();

    /**
     * The custom image of driver and executors ({@code spark.kubernetes.container.image}); it must derive from the
     * image of the job's release. Without it EMR's own image runs.
     */
    public abstract Optional<String> image();

    /** The driver's size and environment. */
    @Value.Default
    public DriverTuning driver() {
        return DriverTuning.builder().build();
    }

    /** The executors' number, size and environment. */
    @Value.Default
    public ExecutorTuning executors() {
        return ExecutorTuning.builder().build();
    }

    /** Table formats whose jars and settings the job needs. */
    public abstract List<TableFormat> tableFormats();

    /** Settings by name, which win over those of the typed values above. */
    @Value.Default
    public SparkConf conf() {
        return SparkConf.empty();
    }

    /**
     * Everything that is wrong with the job, in a fixed order; empty if it can be rendered. Told are sizes out of
     * range, URIs that EMR cannot read, settings that EMR owns or Spark ignores, different values for one setting, and
     * settings that fit neither the string nor {@code spark-defaults}.
     */
    public List<Problem> problems() {
        return rendering().problems();
    }

    /** Kept, because who asks for the problems asks for the text next. */
    @Value.Lazy
    Rendering rendering() {
        return Rendering.of(this);
    }

    /**
     * The job as text for a StartJobRun request. Options and settings go to the string, where each word that needs it
     * is put in double quotes. Settings whose value has line breaks, control characters or characters beyond U+FFFF go
     * to {@code spark-defaults}, and so do, longest first, as many others as the string's limit demands. The limits are
     * 102,400 characters for the string, and 100 properties of 1,024 characters each for name and value in
     * {@code spark-defaults} (service model). Equal jobs give equal text.
     *
     * @throws IllegalArgumentException if there are {@link #problems()}; the message has all of them
     */
    public RenderedSparkConfig render() {
        if (!rendering().problems().isEmpty()) {
            throw new IllegalArgumentException(rendering().problems().stream()
                    .map(problem -> "\n- " + problem)
                    .collect(Collectors.joining("", "the Spark job has problems:", "")));
        }
        return rendering().result();
    }

    /** All attributes; values of secret settings and the queries of URIs are hidden. */
    @Override
    public String toString() {
        return "SparkJob{mainClass=" + mainClass().orElse("") + ", jars=" + shown(jars()) + ", files=" + shown(files())
                + ", pyFiles=" + shown(pyFiles()) + ", archives=" + shown(archives()) + ", packages=" + packages()
                + ", image=" + image().orElse("") + ", driver=" + driver() + ", executors=" + executors()
                + ", tableFormats=" + tableFormats() + ", conf=" + conf() + "}";
    }

    private static List<String> shown(List<String> uris) {
        return uris.stream().map(DependencyUris::shown).toList();
    }

    /** Builds a job. Not safe for use by several threads at once. */
    public abstract static class Builder {
        Builder() {}

        /** Sets the class whose {@code main} runs. */
        public abstract Builder mainClass(String mainClass);

        /** Adds a jar. */
        public abstract Builder addJar(String jar);

        /** Replaces all jars. */
        public abstract Builder jars(Iterable<String> jars);

        /** Adds a file. */
        public abstract Builder addFile(String file);

        /** Replaces all files. */
        public abstract Builder files(Iterable<String> files);

        /** Adds a Python file. */
        public abstract Builder addPyFile(String pyFile);

        /** Replaces all Python files. */
        public abstract Builder pyFiles(Iterable<String> pyFiles);

        /** Adds an archive. */
        public abstract Builder addArchive(String archive);

        /** Replaces all archives. */
        public abstract Builder archives(Iterable<String> archives);

        /** Adds a Maven coordinate. */
        public abstract Builder addPackage(String coordinate);

        /** Replaces all Maven coordinates. */
        public abstract Builder packages(Iterable<String> packages);

        /** Sets the custom image. */
        public abstract Builder image(String image);

        /** Sets the driver's tuning. */
        public abstract Builder driver(DriverTuning driver);

        /** Sets the executors' tuning. */
        public abstract Builder executors(ExecutorTuning executors);

        /** Adds a table format. */
        public abstract Builder addTableFormat(TableFormat tableFormat);

        /** Replaces all table formats. */
        public abstract Builder tableFormats(Iterable<? extends TableFormat> tableFormats);

        /** Sets the settings by name. */
        public abstract Builder conf(SparkConf conf);

        /** The job. What is wrong with it is told by {@link SparkJob#problems()}. */
        public abstract SparkJob build();
    }
}
