package io.emreks.model;

import io.emreks.podtemplate.PodTemplate;
import io.emreks.retry.DriverRetry;
import io.emreks.retry.Resubmission;
import io.emreks.spark.SparkConf;
import io.emreks.spark.SparkJob;
import java.time.Duration;
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

    /** Tags of the run, at most 50; they do not reach its pods. A request with a key uses up some of them. */
    public abstract Map<String, String> tags();

    /**
     * What is done at most once at a time: of one owner and key there is at most one live run. 1 to 256 characters. Without
     * a key every submission is a job of its own.
     */
    public abstract Optional<String> key();

    /** What happens if the key's last run is already over. */
    public abstract IfKeyIsOver ifKeyIsOver();

    /** The job template to start from; then driver, role, release, settings and logs are the template's. */
    public abstract Optional<JobTemplateUse> jobTemplate();

    /** How often EMR starts the driver again within the run. */
    public abstract Optional<DriverRetry> driverRetry();

    /** When the job is submitted again after a failure. */
    public abstract Resubmission resubmission();

    /** How long a run may take from its acceptance to RUNNING. */
    public abstract Optional<TimeLimit> startTimeout();

    /** How long a run may be RUNNING, counted from when this client first saw it so. */
    public abstract Optional<TimeLimit> runTimeout();

    /** How long a run is likely to take from its acceptance to its end, so that it is looked at more often near that. */
    public abstract Optional<Duration> expectedDuration();

    /** Whether the job is meant to run until somebody stops it. */
    public abstract boolean longRunning();

    /** Whether two runs of the job at the same time do no harm. */
    public abstract boolean idempotent();

    /** Starts a request from this one. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Builds a request. Saying something again replaces it; lists and maps grow. Not safe for use by several threads. */
    public static final class Builder {
        private static final Resubmission NO_RESUBMISSION = Resubmission.none();

        private final DriverSettings driver;
        private final ExecutorSettings executors;
        private final ImmutableLogConfig.Builder logs = ImmutableLogConfig.builder();
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
        private final Map<String, String> templateParameters = new LinkedHashMap<>();
        private boolean hudi;
        private boolean logging;
        private @Nullable String key;
        private IfKeyIsOver ifKeyIsOver = IfKeyIsOver.RUN_AGAIN;
        private @Nullable String jobTemplate;
        private @Nullable DriverRetry driverRetry;
        private Resubmission resubmission = NO_RESUBMISSION;
        private @Nullable TimeLimit startTimeout;
        private @Nullable TimeLimit runTimeout;
        private @Nullable Duration expectedDuration;
        private boolean longRunning;
        private boolean idempotent;

        Builder() {
            driver = new DriverSettings();
            executors = new ExecutorSettings();
        }

        Builder(JobRunRequest from) {
            driver = new DriverSettings(from.spark().driver(), from.driverPodTemplate());
            executors = new ExecutorSettings(from.spark().executors(), from.executorPodTemplate());
            from.logs().ifPresent(config -> {
                logs.from(config);
                logging = true;
            });
            jars.addAll(from.spark().jars());
            files.addAll(from.spark().files());
            pyFiles.addAll(from.spark().pyFiles());
            settings.putAll(from.spark().conf().asMap());
            tags.putAll(from.tags());
            name = from.name().orElse(null);
            virtualCluster = from.virtualCluster().orElse(null);
            executionRoleArn = from.executionRoleArn().orElse(null);
            releaseLabel = from.releaseLabel().orElse(null);
            if (from.jobDriver().orElse(null) instanceof JobDriver.SparkSubmit submit) {
                entryPoint = submit.entryPoint();
                arguments.addAll(submit.arguments());
            }
            mainClass = from.spark().mainClass().orElse(null);
            image = from.spark().image().orElse(null);
            hudi = from.hudi();
            key = from.key().orElse(null);
            ifKeyIsOver = from.ifKeyIsOver();
            from.jobTemplate().ifPresent(template -> {
                jobTemplate = template.id();
                templateParameters.putAll(template.parameters());
            });
            driverRetry = from.driverRetry().orElse(null);
            resubmission = from.resubmission();
            startTimeout = from.startTimeout().orElse(null);
            runTimeout = from.runTimeout().orElse(null);
            expectedDuration = from.expectedDuration().orElse(null);
            longRunning = from.longRunning();
            idempotent = from.idempotent();
        }

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
         * The key of what is done, such as {@code orders-migration/2026-11-22}: a submission whose key has a live run joins
         * that run. 1 to 256 characters. Give all requests of a key the same name, as runs are looked for by name.
         */
        public Builder key(String key) {
            this.key = key;
            return this;
        }

        /** What happens if the key's last run is already over. Default {@link IfKeyIsOver#RUN_AGAIN}. */
        public Builder ifKeyIsOver(IfKeyIsOver then) {
            this.ifKeyIsOver = then;
            return this;
        }

        /** Starts from a job template; driver, role, release, settings and logs are then the template's. */
        public Builder jobTemplate(String id) {
            this.jobTemplate = id;
            return this;
        }

        /** The value of a parameter of the job template, 1 to 1,024 characters. */
        public Builder templateParameter(String name, String value) {
            this.templateParameters.put(name, value);
            return this;
        }

        /** Has EMR start the driver again within the run; release 6.9.0 and later. */
        public Builder driverRetry(DriverRetry retry) {
            this.driverRetry = retry;
            return this;
        }

        /** Submits the job again after some failures. */
        public Builder resubmission(Resubmission resubmission) {
            this.resubmission = resubmission;
            return this;
        }

        /**
         * Limits the time from acceptance to RUNNING. EMR has a limit of its own, 15 minutes in SUBMITTED by default; this
         * one is kept by the client, as long as it follows the run.
         */
        public Builder startTimeout(Duration limit, TimeLimit.Then then) {
            this.startTimeout = new TimeLimit(limit, then);
            return this;
        }

        /** Limits the time the run is RUNNING; kept by the client, as long as it follows the run. */
        public Builder runTimeout(Duration limit, TimeLimit.Then then) {
            this.runTimeout = new TimeLimit(limit, then);
            return this;
        }

        /**
         * How long a run is likely to take; positive. A hint for when to look, no limit. Not needed where runs of the name take
         * much the same time each time, as that is learned.
         */
        public Builder expectedDuration(Duration expected) {
            this.expectedDuration = expected;
            return this;
        }

        /**
         * Declares a job that runs until somebody stops it, such as a stream: it has no run timeout, rotates its logs from
         * release 6.11.0 on when they go to S3, and failures count against {@link Resubmission#maxAttempts()} for an hour
         * instead of for ever.
         */
        public Builder longRunning() {
            this.longRunning = true;
            return this;
        }

        /** Declares that two runs of the job at the same time do no harm. */
        public Builder idempotent() {
            this.idempotent = true;
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
                    tags,
                    Optional.ofNullable(key),
                    ifKeyIsOver,
                    jobTemplate == null
                            ? Optional.empty()
                            : Optional.of(new JobTemplateUse(jobTemplate, templateParameters)),
                    Optional.ofNullable(driverRetry),
                    resubmission,
                    Optional.ofNullable(startTimeout),
                    Optional.ofNullable(runTimeout),
                    Optional.ofNullable(expectedDuration),
                    longRunning,
                    idempotent);
        }
    }
}
