package io.emreks.spark;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * Everything that spark-submit is told about a job. Immutable; building one checks nothing, {@link #problems()} tells
 * everything that is wrong and {@link #render()} makes the text that EMR takes; {@link #parse(String)} reads it back.
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

    /**
     * Reads a string of options, such as the {@code sparkSubmitParameters} of a job run, as Spark's own parser does.
     * What has a typed place goes there (main class, lists of jars and files, tunings of driver and executors, the
     * image, options such as {@code --driver-memory}); every other setting is kept in {@link #conf()}, and every other
     * option in {@link #options()}, unchanged. As in Spark, an option wins over the {@code --conf} of the same meaning,
     * and the last of several wins.
     *
     * @throws IllegalArgumentException if a quote is not closed, an option is unknown to Spark or lacks its value, a
     *     {@code --conf} has no {@code =}, or something follows the options; the message names no value
     */
    public static SparkJob parse(String sparkSubmitParameters) {
        return parse(sparkSubmitParameters, Map.of());
    }

    /**
     * Reads a string of options and the properties of {@code spark-defaults}, over which the options win; see
     * {@link #parse(String)}.
     *
     * @throws IllegalArgumentException if the string cannot be read
     */
    public static SparkJob parse(String sparkSubmitParameters, Map<String, String> sparkDefaults) {
        return SubmitOptions.parse(sparkSubmitParameters, sparkDefaults);
    }

    /**
     * Reads a whole command line as it is typed into a shell, {@code spark-submit … s3://bucket/job.jar arguments},
     * with or without the {@code spark-submit}, also over several lines that end in a backslash. Quotes are those of a
     * POSIX shell. {@code --master} and {@code --deploy-mode} become settings, which {@link #problems()} then says to
     * remove, as EMR sets them itself.
     *
     * @throws IllegalArgumentException if the line cannot be read (see {@link #parse(String)}), or has a variable or a
     *     command ({@code $NAME}, {@code `…`}) that only a shell could replace, or an operator such as {@code |}
     */
    public static SparkJob parseCommand(String commandLine) {
        return SubmitOptions.parseCommand(commandLine);
    }

    /**
     * What runs, and with which arguments. It has fields of its own in a StartJobRun request, so the rendered text does
     * not hold it; with it, the job is checked more closely, and known to be Python or SQL.
     */
    public abstract Optional<EntryPoint> entryPoint();

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

    /** Presets, such as dynamic allocation. */
    public abstract List<SparkPreset> presets();

    /** Properties of classifications other than {@code spark-defaults}. */
    public abstract List<Classification> classifications();

    /** Further options of spark-submit as words in order, such as {@code --verbose}; rarely needed. */
    public abstract List<String> options();

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
        return Rendering.of(this, SettingsPlace.SUBMIT_PARAMETERS);
    }

    /**
     * All settings of the job in one: those of table formats, presets, tunings and the image, and over them those by
     * name. Where {@link #problems()} tells of a conflict, the first value is taken.
     */
    public SparkConf allSettings() {
        return rendering().conf();
    }

    /**
     * All classifications of the job in one list: those of its presets and its own, those of the same name joined. Where
     * {@link #problems()} tells of a conflict, the first value is taken.
     */
    public List<Classification> allClassifications() {
        return rendering().result().classifications();
    }

    /** Whether the job is a Python program, whose executors then need memory for Python beside Java's. */
    public boolean isPython() {
        return entryPoint().orElse(null) instanceof EntryPoint.Python;
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
        return checked(rendering());
    }

    /**
     * The job as text like {@link #render()}, with a say in where settings go that fit both places. The limits are kept
     * either way: what the preferred place has no room for goes to the other one.
     *
     * @throws IllegalArgumentException if there are problems; the message has all of them
     */
    public RenderedSparkConfig render(SettingsPlace preferred) {
        return preferred == SettingsPlace.SUBMIT_PARAMETERS ? render() : checked(Rendering.of(this, preferred));
    }

    private static RenderedSparkConfig checked(Rendering rendering) {
        Problem.refuse("the Spark job has problems:", rendering.problems());
        return rendering.result();
    }

    /** All attributes; values of secret settings and the queries of URIs are hidden. */
    @Override
    public String toString() {
        return "SparkJob{entryPoint=" + entryPoint().map(EntryPoint::toString).orElse("") + ", mainClass="
                + mainClass().orElse("") + ", jars=" + shown(jars()) + ", files=" + shown(files())
                + ", pyFiles=" + shown(pyFiles()) + ", archives=" + shown(archives()) + ", packages=" + packages()
                + ", image=" + image().orElse("") + ", driver=" + driver() + ", executors=" + executors()
                + ", tableFormats=" + tableFormats() + ", presets="
                + presets().stream()
                        .map(preset -> preset.name() + preset.conf())
                        .toList() + ", classifications="
                + classifications() + ", " + options().size() + " options, conf=" + conf() + "}";
    }

    private static List<String> shown(List<String> uris) {
        return uris.stream().map(DependencyUris::shown).toList();
    }

    /** Builds a job. Not safe for use by several threads at once. */
    public abstract static class Builder {
        Builder() {}

        /** Sets what runs, and with which arguments. */
        public abstract Builder entryPoint(EntryPoint entryPoint);

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

        /** Adds a preset, such as {@code DynamicAllocation.upTo(50)}. */
        public abstract Builder addPreset(SparkPreset preset);

        /** Replaces all presets. */
        public abstract Builder presets(Iterable<? extends SparkPreset> presets);

        /** Adds properties of a classification; those of the same name are joined. */
        public abstract Builder addClassification(Classification classification);

        /** Replaces all classifications. */
        public abstract Builder classifications(Iterable<? extends Classification> classifications);

        /** Adds a further option of spark-submit, or the value of one, as a word. */
        public abstract Builder addOption(String option);

        /** Replaces all further options. */
        public abstract Builder options(Iterable<String> options);

        /** Sets the settings by name. */
        public abstract Builder conf(SparkConf conf);

        /** The job. What is wrong with it is told by {@link SparkJob#problems()}. */
        public abstract SparkJob build();
    }
}
