package io.emreks.model;

import io.emreks.podtemplate.PodTemplate;
import io.emreks.spark.SparkConf;
import io.emreks.spark.SparkJob;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.immutables.value.Value;
import org.jspecify.annotations.Nullable;

/**
 * What a job run is asked to be. A value: building one checks nothing and calls nobody; what is wrong with it is said by
 * {@code submit}, all of it at once. Printing one shows no value of a secret setting and no sensitive argument.
 */
@Value.Immutable
@BuilderlessStyle
public abstract class JobRunRequest {
    JobRunRequest() {}

    /** Starts a request in which nothing is set. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The run's name, 1 to 64 of {@code . - _ / # A-Z a-z 0-9}. When empty, the main class or the file name of the entry
     * point is taken.
     */
    public abstract Optional<String> name();

    /** Where to run: a virtual cluster's id or name. When empty, the client's. */
    public abstract Optional<String> virtualCluster();

    /** The role the job's pods get. When empty, the client's. */
    public abstract Optional<String> executionRoleArn();

    /** The EMR release, such as {@code emr-7.5.0-latest}. */
    public abstract Optional<String> releaseLabel();

    /** What is executed. */
    public abstract Optional<JobDriver> jobDriver();

    /** What Spark is told: main class, jars, image, sizes, settings. */
    public abstract SparkJob spark();

    /** Whether the job uses Apache Hudi from the bundle inside the image, with the settings its release needs. */
    public abstract boolean hudi();

    /** The driver's pod template. */
    public abstract Optional<PodTemplate> driverPodTemplate();

    /** The executors' pod template. */
    public abstract Optional<PodTemplate> executorPodTemplate();

    /** Where the logs go. */
    public abstract Optional<LogConfig> logs();

    /** Tags of the run, at most 50; they do not reach its pods. */
    public abstract Map<String, String> tags();

    /** Builds a request. Saying something again replaces it; lists and maps grow. Not safe for use by several threads. */
    public static final class Builder {
        private final DriverSettings driver = new DriverSettings();
        private final ExecutorSettings executors = new ExecutorSettings();
        private final LogConfig.Builder logs = LogConfig.builder();
        private final List<String> jars = new ArrayList<>();
        private final List<String> files = new ArrayList<>();
        private final List<String> pyFiles = new ArrayList<>();
        private final List<Argument> arguments = new ArrayList<>();
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final Map<String, String> tags = new LinkedHashMap<>();
        private @Nullable String name;
        private @Nullable String virtualCluster;
        private @Nullable String executionRoleArn;
        private @Nullable String releaseLabel;
        private @Nullable String entryPoint;
        private @Nullable String mainClass;
        private @Nullable String image;
        private boolean hudi;
        private boolean logging;

        Builder() {}

        /** The run's name, 1 to 64 of {@code . - _ / # A-Z a-z 0-9}. */
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /** The virtual cluster's id (25 lower-case letters and digits) or name. */
        public Builder virtualCluster(String idOrName) {
            this.virtualCluster = idOrName;
            return this;
        }

        /** The role the job's pods get. */
        public Builder executionRole(String arn) {
            this.executionRoleArn = arn;
            return this;
        }

        /** The EMR release, such as {@code emr-7.5.0-latest}. */
        public Builder releaseLabel(String releaseLabel) {
            this.releaseLabel = releaseLabel;
            return this;
        }

        /** A jar to run, {@code s3://} or {@code local:///}, with its main class and arguments. */
        public Builder jar(String entryPoint, String mainClass, String... arguments) {
            this.mainClass = mainClass;
            return entryPoint(entryPoint, arguments);
        }

        /** A Python file to run, {@code s3://} or {@code local:///}, with its arguments. */
        public Builder python(String entryPoint, String... arguments) {
            this.mainClass = null;
            return entryPoint(entryPoint, arguments);
        }

        private Builder entryPoint(String uri, String... values) {
            this.entryPoint = uri;
            this.arguments.clear();
            return arguments(values);
        }

        /** Adds arguments of the application, each of 1 to 10,280 characters. */
        public Builder arguments(String... values) {
            for (String value : values) {
                this.arguments.add(new Argument(value, false));
            }
            return this;
        }

        /** Adds an argument that this library never prints. */
        public Builder sensitiveArgument(String value) {
            this.arguments.add(new Argument(value, true));
            return this;
        }

        /** Adds jars to the class path of driver and executors, {@code s3://}, {@code local:///} or {@code https://}. */
        public Builder jars(String... uris) {
            this.jars.addAll(List.of(uris));
            return this;
        }

        /** Adds files for the working directory of every executor. */
        public Builder files(String... uris) {
            this.files.addAll(List.of(uris));
            return this;
        }

        /** Adds Python files for driver and executors. */
        public Builder pyFiles(String... uris) {
            this.pyFiles.addAll(List.of(uris));
            return this;
        }

        /** The custom image of driver and executors; it must derive from the image of the release. */
        public Builder image(String image) {
            this.image = image;
            return this;
        }

        /** Uses Apache Hudi from the bundle inside the image, with the settings that the release needs. */
        public Builder hudi() {
            this.hudi = true;
            return this;
        }

        /** A Spark setting; wins over what presets say. */
        public Builder conf(String key, String value) {
            this.settings.put(key, value);
            return this;
        }

        /** The driver's size and pod. */
        public Builder driver(Consumer<DriverSettings> settings) {
            settings.accept(driver);
            return this;
        }

        /** The number, size and pod of the executors. */
        public Builder executors(Consumer<ExecutorSettings> settings) {
            settings.accept(executors);
            return this;
        }

        /** Where the logs go. */
        public Builder logs(Consumer<LogConfig.Builder> settings) {
            settings.accept(logs);
            logging = true;
            return this;
        }

        /** A tag of the run: key of 1 to 128 characters, value of at most 256, at most 50 in all. */
        public Builder tag(String key, String value) {
            this.tags.put(key, value);
            return this;
        }

        /**
         * The request.
         *
         * @throws io.emreks.podtemplate.InvalidPodTemplateException if a pod template contradicts itself
         */
        public JobRunRequest build() {
            SparkConf.Builder conf = SparkConf.builder();
            settings.forEach(conf::set);
            SparkJob.Builder spark = SparkJob.builder()
                    .jars(jars)
                    .files(files)
                    .pyFiles(pyFiles)
                    .driver(driver.tuning())
                    .executors(executors.tuning())
                    .conf(conf.build());
            if (mainClass != null) {
                spark.mainClass(mainClass);
            }
            if (image != null) {
                spark.image(image);
            }
            return ImmutableJobRunRequest.of(
                    Optional.ofNullable(name),
                    Optional.ofNullable(virtualCluster),
                    Optional.ofNullable(executionRoleArn),
                    Optional.ofNullable(releaseLabel),
                    Optional.ofNullable(entryPoint).map(uri -> new JobDriver.SparkSubmit(uri, arguments)),
                    spark.build(),
                    hudi,
                    driver.pod(),
                    executors.pod(),
                    logging ? Optional.of(logs.build()) : Optional.empty(),
                    tags);
        }
    }
}
