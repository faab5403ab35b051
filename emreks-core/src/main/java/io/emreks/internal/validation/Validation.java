package io.emreks.internal.validation;

import io.emreks.error.InvalidJobRunRequestException;
import io.emreks.error.RequestProblem;
import io.emreks.internal.aws.S3Location;
import io.emreks.internal.staging.Stager;
import io.emreks.model.Argument;
import io.emreks.model.JobDriver;
import io.emreks.model.JobRunRequest;
import io.emreks.model.LogConfig;
import io.emreks.podtemplate.Finding;
import io.emreks.podtemplate.PodRole;
import io.emreks.podtemplate.PodTemplate;
import io.emreks.podtemplate.Severity;
import io.emreks.spark.Problem;
import io.emreks.spark.ReleaseLabel;
import io.emreks.spark.RenderedSparkConfig;
import io.emreks.spark.SparkConf;
import io.emreks.spark.SparkJob;
import io.emreks.spark.TableFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds everything wrong with a request. Limits and patterns are those of the service model; a pattern is taken for the
 * whole text.
 */
public final class Validation {
    private static final Pattern NAME = Pattern.compile("[.\\-_/#A-Za-z0-9]+");
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

    private final List<RequestProblem> problems = new ArrayList<>();

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
        if (!virtualCluster.isEmpty()
                && (virtualCluster.length() > NAME_MAX
                        || !NAME.matcher(virtualCluster).matches())) {
            problem(
                    "virtualCluster",
                    "'" + shown(virtualCluster) + "' is neither an id nor a name of 1 to 64 of . - _ / # A-Z a-z 0-9",
                    "take the id from the virtual cluster's description");
        }
        String role = role(request, defaults);
        String release = release(request);
        JobDriver.SparkSubmit driver = driver(request);
        checkTags(request.tags());
        request.logs().ifPresent(this::checkLogs);
        List<PodTemplate> templates = templates(request, defaults);
        RenderedSparkConfig spark = spark(request, release, defaults);
        if (!problems.isEmpty()) {
            throw new InvalidJobRunRequestException(problems);
        }
        return new Plan(request, name, virtualCluster, role, release, driver, spark, defaults.artifacts(), templates);
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

    private void checkTags(Map<String, String> tags) {
        if (tags.size() > TAGS_MAX) {
            problem("tags", "are " + tags.size() + ", at most 50 are allowed", "leave some out");
        }
        tags.forEach((key, value) -> {
            String field = "tags[" + shown(key) + "]";
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

    private void checkLogs(LogConfig logs) {
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
            request.driverPodTemplate().ifPresent(t -> template(request, templates, "driver", artifacts, t));
            request.executorPodTemplate().ifPresent(t -> template(request, templates, "executor", artifacts, t));
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

    private void template(
            JobRunRequest request, SparkConf.Builder conf, String role, S3Location artifacts, PodTemplate template) {
        String key = "spark.kubernetes." + role + ".podTemplateFile";
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

    private void problem(String field, String problem, String fix) {
        problems.add(new RequestProblem(field, problem, fix));
    }

    /** Texts go into messages shortened, and without what could break a log line. */
    private static String shown(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= 80 ? clean : clean.substring(0, 80) + "…";
    }
}
