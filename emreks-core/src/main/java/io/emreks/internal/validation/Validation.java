package io.emreks.internal.validation;

import io.emreks.client.SubmissionSettings;
import io.emreks.error.InvalidJobRunRequestException;
import io.emreks.error.RequestProblem;
import io.emreks.internal.aws.S3Location;
import io.emreks.internal.aws.StartCommand;
import io.emreks.internal.launch.RunTags;
import io.emreks.internal.outcome.Resubmissions;
import io.emreks.internal.staging.Stager;
import io.emreks.internal.staging.StoredTemplates.Stored;
import io.emreks.model.Argument;
import io.emreks.model.JobDriver;
import io.emreks.model.JobRunRequest;
import io.emreks.model.JobTemplateUse;
import io.emreks.model.LogConfig;
import io.emreks.model.TimeLimit;
import io.emreks.podtemplate.Finding;
import io.emreks.podtemplate.PodRole;
import io.emreks.podtemplate.PodTemplate;
import io.emreks.podtemplate.Severity;
import io.emreks.retry.DriverRetry;
import io.emreks.retry.JobChange;
import io.emreks.spark.Problem;
import io.emreks.spark.ReleaseLabel;
import io.emreks.spark.RenderedSparkConfig;
import io.emreks.spark.SparkConf;
import io.emreks.spark.SparkJob;
import io.emreks.spark.TableFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds everything wrong with a request. Limits and patterns are those of the service model; a pattern is taken for the
 * whole text.
 */
public final class Validation {
    private static final Pattern NAME = Pattern.compile("[.\\-_/#A-Za-z0-9]+");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final Pattern NOT_NAME = Pattern.compile("[^.\\-_/#A-Za-z0-9]");
    private static final Pattern ROLE_ARN =
            Pattern.compile("arn:(aws[a-zA-Z0-9-]*):iam::(\\d{12})?:role(/|/[\\x21-\\x7F]+/)[\\w+=,.@-]+");
    private static final Pattern RELEASE = Pattern.compile("[.\\-_/A-Za-z0-9]+");
    private static final Pattern LOG_GROUP = Pattern.compile("[.\\-_/#A-Za-z0-9]+");
    private static final String ENTRY_POINT_FIX = "use an s3:// URI, or local:/// for a file inside the image";
    private static final String BRACKETS = "(){}[]";
    private static final int NAME_MAX = 64;
    private static final int ENTRY_POINT_MAX = 256;
    private static final int ARGUMENT_MAX = 10_280;
    private static final int TAGS_MAX = 50;
    private static final int TAG_KEY_MAX = 128;
    private static final int TAG_VALUE_MAX = 256;
    private static final int ROLE_MAX = 2_048;
    private static final int LOG_URI_MAX = 10_280;
    private static final int LOG_GROUP_MAX = 512;
    private static final int STREAM_PREFIX_MAX = 256;

    private static final Pattern TEMPLATE_ID = Pattern.compile("[0-9a-z]{1,64}");
    private static final Pattern TEMPLATE_PARAMETER = Pattern.compile("[.\\-_#A-Za-z0-9]+");
    private static final Pattern LOG_FILE_SIZE = Pattern.compile("(\\d{1,9})([KMG])[Bb]?");
    private static final int TEMPLATE_PARAMETERS_MAX = 100;
    private static final int TEMPLATE_PARAMETER_NAME_MAX = 512;
    private static final int TEMPLATE_PARAMETER_MAX = 1_024;
    private static final int LOG_FILES_MAX = 50;
    private static final int KEY_MAX = 256;
    private static final Duration LIMIT_MAX = Duration.ofDays(365);
    private static final String DRIVER_RETRY_SINCE = "6.9.0";
    private static final String LOG_ROTATION_SINCE = "6.11.0";
    /** What a job that runs until somebody stops it gets when it says nothing. */
    private static final String LOG_FILE_SIZE_DEFAULT = "500MB";

    private static final int LOG_FILES_DEFAULT = 10;

    private final List<RequestProblem> problems = new ArrayList<>();
    private final List<RequestProblem> warnings = new ArrayList<>();

    private Validation() {}

    /**
     * Works the request out.
     *
     * @throws InvalidJobRunRequestException with all problems, if there are any
     */
    public static Plan plan(JobRunRequest request, ClientDefaults defaults) {
        return new Validation().check(request, defaults);
    }

    private Plan check(JobRunRequest request, ClientDefaults defaults) {
        String name = name(request);
        String virtualCluster = required(
                "virtualCluster",
                request.virtualCluster().or(defaults::virtualCluster),
                "set it on the request or on the client, to a virtual cluster's id or name");
        checkVirtualCluster(virtualCluster);
        checkTags(request, defaults.submission().tagPrefix());
        request.key().ifPresent(this::checkKey);
        checkTimes(request);
        checkDriverExecutions(request, defaults.submission());
        request.resubmission().virtualClusters().forEach(this::checkVirtualCluster);
        boolean fromTemplate = request.jobTemplate().isPresent();
        request.jobTemplate().ifPresent(use -> checkTemplate(use, request));
        List<PodTemplate> templates = fromTemplate ? List.of() : templates(request, defaults);
        Optional<StartCommand.Job> job = fromTemplate ? Optional.empty() : Optional.of(job(request, defaults));
        if (!problems.isEmpty()) {
            throw new InvalidJobRunRequestException(problems);
        }
        return new Plan(
                request,
                name,
                virtualCluster,
                job,
                defaults.artifacts(),
                templates,
                fromTemplate ? List.of() : storedTemplates(request),
                List.copyOf(warnings));
    }

    private static List<Stored> storedTemplates(JobRunRequest request) {
        List<Stored> stored = new ArrayList<>();
        for (PodRole role : PodRole.values()) {
            request.spark()
                    .conf()
                    .get(templateSetting(role))
                    .flatMap(S3Location::parse)
                    .ifPresent(location -> stored.add(new Stored(role, location)));
        }
        return stored;
    }

    private static String templateSetting(PodRole role) {
        return role == PodRole.DRIVER
                ? "spark.kubernetes.driver.podTemplateFile"
                : "spark.kubernetes.executor.podTemplateFile";
    }

    private StartCommand.Job job(JobRunRequest request, ClientDefaults defaults) {
        String role = role(request, defaults);
        String release = release(request);
        JobDriver.SparkSubmit driver = driver(request);
        Optional<LogConfig> logs = logs(request, release);
        RenderedSparkConfig spark = spark(request, release, defaults);
        return new StartCommand.Job(
                role,
                release,
                driver.entryPoint(),
                driver.arguments().stream().map(Argument::value).toList(),
                spark.sparkSubmitParameters(),
                spark.sparkDefaults(),
                logs);
    }

    private void checkVirtualCluster(String virtualCluster) {
        if (!virtualCluster.isEmpty()
                && (virtualCluster.length() > NAME_MAX
                        || !NAME.matcher(virtualCluster).matches())) {
            problem(
                    "virtualCluster",
                    "'" + shown(virtualCluster) + "' is neither an id nor a name of 1 to 64 of . - _ / # A-Z a-z 0-9",
                    "take the id from the virtual cluster's description");
        }
    }

    private void checkKey(String key) {
        if (key.isBlank()) {
            problem("key", "is blank", "give it 1 to 256 characters, or leave it out");
        }
        if (key.chars().anyMatch(Character::isISOControl)) {
            problem("key", "has control characters", "use characters that can be printed");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(key)) {
            problem("key", "has half of a surrogate pair", "use whole characters");
        }
        tooLong("key", key, KEY_MAX);
    }

    private void checkTimes(JobRunRequest request) {
        request.startTimeout().ifPresent(limit -> checkLimit("startTimeout", limit));
        request.runTimeout().ifPresent(limit -> checkLimit("runTimeout", limit));
        request.expectedDuration()
                .filter(expected -> expected.isNegative() || expected.isZero())
                .ifPresent(expected -> problem("expectedDuration", "is " + expected, "must be positive"));
        if (!request.longRunning()) {
            return;
        }
        if (request.runTimeout().isPresent()) {
            problem("runTimeout", "is set for a longRunning() job", "leave one of the two out");
        }
        warning(
                "longRunning",
                "the nodes of a job that runs for long can expire under it (Karpenter's expireAfter, node upgrades)",
                "use nodes that do not expire, or a job that goes on from its checkpoint");
    }

    private void checkLimit(String field, TimeLimit limit) {
        if (limit.limit().isZero()
                || limit.limit().isNegative()
                || limit.limit().compareTo(LIMIT_MAX) > 0) {
            problem(
                    field,
                    "is " + limit.limit() + ", must be positive and at most 365 days",
                    "set it so, or leave it out");
        }
    }

    /** Each run of a resubmitted job can start its driver as often as the retry policy says, and each start is billed. */
    private void checkDriverExecutions(JobRunRequest request, SubmissionSettings settings) {
        long drivers = request.driverRetry().map(DriverRetry::maxAttempts).orElse(1);
        long runs = request.resubmission().possible() ? request.resubmission().maxAttempts() : 1;
        long executions = drivers * runs;
        String worst = drivers + " starts of the driver in each of " + runs + " runs are " + executions
                + " executions in the worst case"
                + (Resubmissions.policy(request.resubmission(), request.longRunning())
                                .window()
                                .isPresent()
                        ? " in each window of time"
                        : "");
        if (executions >= settings.refuseAtDriverExecutions()) {
            problem(
                    "driverRetry × resubmission",
                    worst + ", less than " + settings.refuseAtDriverExecutions() + " are allowed",
                    "lower one of them, or raise refuseAtDriverExecutions of the client");
        } else if (executions >= settings.warnAtDriverExecutions()) {
            warning("driverRetry × resubmission", worst + ", each of them billed", "lower one of them");
        }
    }

    private void checkTemplate(JobTemplateUse use, JobRunRequest request) {
        if (!TEMPLATE_ID.matcher(use.id()).matches()) {
            problem(
                    "jobTemplate",
                    "'" + shown(use.id()) + "' is not the id of a job template, 1 to 64 of 0-9 a-z",
                    "take the id from the template's description");
        }
        if (request.jobDriver().isPresent()) {
            problem("jobTemplate", "is given beside an entry point", "leave one of the two out");
        }
        if (!request.resubmission().rules().values().stream()
                .flatMap(List::stream)
                .allMatch(change -> change instanceof JobChange.OtherVirtualCluster)) {
            problem(
                    "resubmission",
                    "changes the executors of a job that a template describes",
                    "leave the change out, or say the job in the request");
        }
        if (use.parameters().size() > TEMPLATE_PARAMETERS_MAX) {
            problem(
                    "templateParameters",
                    "are " + use.parameters().size() + ", at most 100 are allowed",
                    "leave some out");
        }
        use.parameters().forEach((name, value) -> {
            String field = "templateParameter[" + shown(name) + "]";
            if (!TEMPLATE_PARAMETER.matcher(name).matches()) {
                problem(field, "has a name other than of . - _ # A-Z a-z 0-9", "take the name from the template");
            }
            tooLong(field + " name", name, TEMPLATE_PARAMETER_NAME_MAX);
            if (value.isBlank()) {
                problem(field, "is blank", "give it at least one character that is no space");
            }
            tooLong(field, value, TEMPLATE_PARAMETER_MAX);
        });
    }

    private String name(JobRunRequest request) {
        if (request.name().isEmpty()) {
            return derivedName(request);
        }
        String name = request.name().get();
        if (name.isEmpty()) {
            problem("name", "is empty", "give it 1 to 64 characters, or leave it out");
        } else if (!NAME.matcher(name).matches()) {
            problem(
                    "name",
                    "'" + shown(name) + "' has characters other than . - _ / # A-Z a-z 0-9",
                    "try '" + shown(NOT_NAME.matcher(name).replaceAll("-")) + "'");
        }
        tooLong("name", name, NAME_MAX);
        return name;
    }

    /** The simple name of the main class, or the file name of the entry point. */
    private static String derivedName(JobRunRequest request) {
        String last = request.spark()
                .mainClass()
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .or(() -> request.jobDriver()
                        .map(JobDriver::entryPoint)
                        .map(uri -> uri.substring(uri.lastIndexOf('/') + 1)))
                .orElse("");
        String clean = NOT_NAME.matcher(last).replaceAll("-");
        return clean.isEmpty() ? "job" : clean.substring(0, Math.min(clean.length(), NAME_MAX));
    }

    private String role(JobRunRequest request, ClientDefaults defaults) {
        String role = required(
                "executionRoleArn",
                request.executionRoleArn().or(defaults::executionRoleArn),
                "set it on the request or on the client, like arn:aws:iam::111122223333:role/emr-job-execution");
        if (!role.isEmpty() && !ROLE_ARN.matcher(role).matches()) {
            problem(
                    "executionRoleArn",
                    "'" + shown(role) + "' is not the ARN of an IAM role",
                    "write it like arn:aws:iam::111122223333:role/emr-job-execution");
        }
        tooLong("executionRoleArn", role, ROLE_MAX);
        return role;
    }

    private String release(JobRunRequest request) {
        String release = required("releaseLabel", request.releaseLabel(), "set it, like emr-7.5.0-latest");
        if (!release.isEmpty() && !RELEASE.matcher(release).matches()) {
            problem(
                    "releaseLabel",
                    "'" + shown(release) + "' is not a release label",
                    "write it like emr-7.5.0-latest");
        }
        tooLong("releaseLabel", release, NAME_MAX);
        if (request.driverRetry().filter(retry -> retry.maxAttempts() > 1).isPresent()
                && parsed(release).filter(r -> !r.atLeast(DRIVER_RETRY_SINCE)).isPresent()) {
            problem(
                    "driverRetry",
                    "needs release " + DRIVER_RETRY_SINCE + ", and releaseLabel is " + shown(release),
                    "leave it out, or use a later release");
        }
        return release;
    }

    private JobDriver.SparkSubmit driver(JobRunRequest request) {
        if (request.jobDriver().isEmpty()) {
            problem("entryPoint", "is missing", "say what to run with jar(…) or python(…); " + ENTRY_POINT_FIX);
            return new JobDriver.SparkSubmit("", List.of());
        }
        JobDriver.SparkSubmit driver =
                (JobDriver.SparkSubmit) request.jobDriver().get();
        String entryPoint = driver.entryPoint();
        if (entryPoint.isBlank()) {
            problem("entryPoint", "is empty", ENTRY_POINT_FIX);
        } else if (!entryPoint.contains("://")) {
            problem("entryPoint", "has no scheme, which EMR reads as a file of the submitter pod", ENTRY_POINT_FIX);
        } else if (entryPoint.startsWith("s3://")
                && S3Location.parse(entryPoint).filter(s -> !s.key().isEmpty()).isEmpty()) {
            problem("entryPoint", "is no S3 object's URI", "write it like s3://bucket/jobs/orders.jar");
        }
        tooLong("entryPoint", entryPoint, ENTRY_POINT_MAX);
        for (int i = 0; i < driver.arguments().size(); i++) {
            checkArgument("entryPointArguments[" + i + "]", driver.arguments().get(i));
        }
        return driver;
    }

    private void checkArgument(String field, Argument argument) {
        if (argument.value().isBlank()) {
            problem(field, "is blank", "leave it out, or give it at least one character that is no space");
        }
        if (argument.value().chars().anyMatch(c -> BRACKETS.indexOf(c) >= 0)) {
            problem(
                    field,
                    "has one of the characters ( ) { } [ ], which EMR on EKS does not take",
                    "put the value into a file and pass its s3:// URI");
        }
        tooLong(field, argument.value(), ARGUMENT_MAX);
    }

    private void checkTags(JobRunRequest request, String prefix) {
        Map<String, String> tags = request.tags();
        int allowed = request.key().isPresent() ? TAGS_MAX - RunTags.COUNT : TAGS_MAX;
        if (tags.size() > allowed) {
            problem(
                    "tags",
                    "are " + tags.size() + ", at most " + allowed + " are allowed"
                            + (allowed < TAGS_MAX ? " beside the " + RunTags.COUNT + " of a request with a key" : ""),
                    "leave some out");
        }
        tags.forEach((key, value) -> {
            String field = "tags[" + shown(key) + "]";
            if (request.key().isPresent() && key.startsWith(prefix)) {
                problem(field, "starts with '" + prefix + "', as the tags of this library do", "give it another name");
            }
            if (key.isBlank()) {
                problem(field, "has a blank key", "give the key 1 to 128 characters");
            }
            if (!value.isEmpty() && value.isBlank()) {
                problem(field, "has a blank value", "leave the value empty, or give it a character that is no space");
            }
            tooLong(field + " key", key, TAG_KEY_MAX);
            tooLong(field, value, TAG_VALUE_MAX);
        });
    }

    /** The logs of a job that runs until somebody stops it are rotated, where they can be. */
    private Optional<LogConfig> logs(JobRunRequest request, String release) {
        Optional<LogConfig> logs = request.logs();
        logs.ifPresent(config -> checkLogs(config));
        boolean asked = logs.filter(
                        l -> l.logFileSize().isPresent() || l.maxLogFiles().isPresent())
                .isPresent();
        if (!asked && !request.longRunning()) {
            return logs;
        }
        Optional<ReleaseLabel> known = parsed(release);
        boolean rotates = known.filter(r -> r.atLeast(LOG_ROTATION_SINCE)).isPresent();
        if (asked) {
            if (known.isPresent() && !rotates) {
                problem(
                        "logs.logFileSize",
                        "needs release " + LOG_ROTATION_SINCE + ", and releaseLabel is " + shown(release),
                        "leave it out, or use a later release");
            }
            return logs;
        }
        if (rotates && logs.flatMap(LogConfig::s3).isPresent()) {
            return logs.map(config -> config.rotating(LOG_FILE_SIZE_DEFAULT, LOG_FILES_DEFAULT));
        }
        if (logs.isPresent()) {
            warning(
                    "logs",
                    "are not rotated: that needs release " + LOG_ROTATION_SINCE + " and an S3 prefix",
                    "give both, as the logs of a longRunning() job grow without end");
        }
        return logs;
    }

    private void checkLogs(LogConfig logs) {
        if (logs.logFileSize().isPresent() != logs.maxLogFiles().isPresent()) {
            problem("logs.logFileSize", "and maxLogFiles are not both set", "set both, or none");
        }
        if (logs.logFileSize().isPresent() && logs.s3().isEmpty()) {
            problem("logs.logFileSize", "is set without an S3 prefix", "set logs.s3 too");
        }
        logs.logFileSize()
                .filter(size -> !validLogFileSize(size))
                .ifPresent(size -> problem(
                        "logs.logFileSize",
                        "'" + shown(size) + "' is not a whole number of KB, MB or GB from 2KB to 2GB",
                        "write it like 500MB"));
        logs.maxLogFiles().ifPresent(files -> {
            if (files < 1 || files > LOG_FILES_MAX) {
                problem("logs.maxLogFiles", "is " + files + ", must be 1 to 50", "set it so");
            }
        });
        logs.s3().ifPresent(uri -> {
            if (S3Location.parse(uri).isEmpty()) {
                problem("logs.s3", "'" + shown(uri) + "' is no S3 prefix", "write it like s3://bucket/logs/");
            }
            tooLong("logs.s3", uri, LOG_URI_MAX);
        });
        logs.cloudWatchLogGroup().ifPresent(group -> {
            if (!LOG_GROUP.matcher(group).matches()) {
                problem(
                        "logs.cloudWatchLogGroup",
                        "'" + shown(group) + "' is not 1 to 512 of . - _ / # A-Z a-z 0-9",
                        "name a log group like /emr-on-eks/jobs");
            }
            tooLong("logs.cloudWatchLogGroup", group, LOG_GROUP_MAX);
        });
        logs.cloudWatchStreamPrefix().ifPresent(prefix -> {
            if (logs.cloudWatchLogGroup().isEmpty()) {
                problem("logs.cloudWatchStreamPrefix", "is set without a log group", "set cloudWatchLogGroup too");
            }
            if (prefix.isBlank()) {
                problem("logs.cloudWatchStreamPrefix", "is blank", "give it 1 to 256 characters, or leave it out");
            }
            tooLong("logs.cloudWatchStreamPrefix", prefix, STREAM_PREFIX_MAX);
        });
    }

    private static boolean validLogFileSize(String size) {
        Matcher parts = LOG_FILE_SIZE.matcher(size);
        if (!parts.matches()) {
            return false;
        }
        long unit = switch (parts.group(2)) {
            case "K" -> 1L;
            case "M" -> 1L << 10;
            default -> 1L << 20;
        };
        long kilobytes = Long.parseLong(parts.group(1)) * unit;
        return kilobytes >= 2 && kilobytes <= 2L << 20;
    }

    private List<PodTemplate> templates(JobRunRequest request, ClientDefaults defaults) {
        List<PodTemplate> templates = Stream.of(request.driverPodTemplate(), request.executorPodTemplate())
                .flatMap(Optional::stream)
                .toList();
        for (PodTemplate template : templates) {
            for (Finding finding : template.check()) {
                if (finding.severity() == Severity.ERROR) {
                    problem(field(template) + "." + finding.path(), finding.reason(), finding.fix());
                }
            }
        }
        if (!templates.isEmpty() && defaults.artifacts().isEmpty()) {
            problem(
                    "artifacts",
                    "is not set, and " + field(templates.get(0)) + " has to be staged to S3",
                    "set artifacts(\"s3://bucket/prefix/\") on the client");
        }
        return templates;
    }

    private static String field(PodTemplate template) {
        return template.role() == PodRole.DRIVER ? "driver.pod" : "executors.pod";
    }

    private RenderedSparkConfig spark(JobRunRequest request, String release, ClientDefaults defaults) {
        SparkConf.Builder templates = SparkConf.builder();
        defaults.artifacts().ifPresent(artifacts -> {
            request.driverPodTemplate().ifPresent(t -> template(request, templates, artifacts, t));
            request.executorPodTemplate().ifPresent(t -> template(request, templates, artifacts, t));
        });
        SparkJob.Builder job =
                request.spark().toBuilder().conf(request.spark().conf().over(templates.build()));
        if (request.hudi()) {
            job.addTableFormat(TableFormat.hudi(parsed(release)));
        }
        SparkJob spark = job.build();
        List<Problem> found = spark.problems();
        found.forEach(problem -> problem(problem.field(), problem.message(), problem.fix()));
        return found.isEmpty() ? spark.render() : new RenderedSparkConfig("", Map.of());
    }

    private void template(JobRunRequest request, SparkConf.Builder conf, S3Location artifacts, PodTemplate template) {
        String key = templateSetting(template.role());
        if (request.spark().conf().get(key).isPresent()) {
            problem(
                    "conf[" + key + "]",
                    "names a pod template while " + field(template) + " is one too",
                    "keep one of the two");
        }
        conf.preset("pod template", key, Stager.location(artifacts, template).toString());
    }

    /** A label this version cannot read is the service's to judge; the settings of a recent release are taken. */
    private static Optional<ReleaseLabel> parsed(String release) {
        try {
            return Optional.of(ReleaseLabel.parse(release));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private String required(String field, Optional<String> value, String fix) {
        if (value.isEmpty() || value.get().isBlank()) {
            problem(field, "is missing", fix);
            return "";
        }
        return value.get();
    }

    private void tooLong(String field, String value, int max) {
        if (value.length() > max) {
            problem(field, "has " + value.length() + " characters, at most " + max + " are allowed", "shorten it");
        }
    }

    private void warning(String field, String problem, String fix) {
        warnings.add(new RequestProblem(field, problem, fix));
    }

    private void problem(String field, String problem, String fix) {
        problems.add(new RequestProblem(field, problem, fix));
    }

    /** Texts go into messages shortened, and without what could break a log line. */
    private static String shown(String text) {
        String clean = CONTROL.matcher(text).replaceAll("?");
        return clean.length() <= 80 ? clean : clean.substring(0, 80) + "…";
    }
}
