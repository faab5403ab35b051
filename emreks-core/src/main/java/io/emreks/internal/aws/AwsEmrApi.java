package io.emreks.internal.aws;

import io.emreks.model.FailureReason;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import io.emreks.model.LogConfig;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.emrcontainers.model.CloudWatchMonitoringConfiguration;
import software.amazon.awssdk.services.emrcontainers.model.Configuration;
import software.amazon.awssdk.services.emrcontainers.model.ConfigurationOverrides;
import software.amazon.awssdk.services.emrcontainers.model.JobRun;
import software.amazon.awssdk.services.emrcontainers.model.ListJobRunsRequest;
import software.amazon.awssdk.services.emrcontainers.model.MonitoringConfiguration;
import software.amazon.awssdk.services.emrcontainers.model.PersistentAppUI;
import software.amazon.awssdk.services.emrcontainers.model.StartJobRunRequest;
import software.amazon.awssdk.services.emrcontainers.model.TemplateParameterDataType;
import software.amazon.awssdk.services.emrcontainers.model.VirtualClusterState;

/** EMR on EKS through the AWS SDK. */
final class AwsEmrApi implements EmrApi {
    private final EmrContainersAsyncClient client;
    private final Clock clock;
    private volatile @Nullable ReadDate lastDate;

    AwsEmrApi(EmrContainersAsyncClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<StartedRun> startJobRun(StartCommand command) {
        return Answers.map(
                client.startJobRun(request(command)),
                answer -> new StartedRun(new JobRunRef(command.virtualClusterId(), answer.id()), date(answer)));
    }

    /** By the service's clock; a client that is not the SDK's own may answer without headers. */
    private Optional<Instant> date(SdkResponse answer) {
        return Optional.ofNullable(answer.sdkHttpResponse())
                .flatMap(http -> http.firstMatchingHeader("Date"))
                .flatMap(this::date);
    }

    private Optional<Instant> date(String header) {
        ReadDate known = lastDate;
        if (known == null || !known.header().equals(header)) {
            known = ReadDate.of(header);
            lastDate = known;
        }
        return known.instant();
    }

    /** Many answers come within the second that a header tells. */
    private record ReadDate(String header, Optional<Instant> instant) {
        static ReadDate of(String header) {
            try {
                return new ReadDate(
                        header, Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header, Instant::from)));
            } catch (DateTimeParseException e) {
                return new ReadDate(header, Optional.empty());
            }
        }
    }

    @Override
    public String json(StartCommand command) {
        return RequestJson.of(request(command));
    }

    @Override
    public CompletableFuture<JobRunSnapshot> describeJobRun(JobRunRef ref) {
        return Answers.map(
                client.describeJobRun(
                        r -> r.virtualClusterId(ref.virtualClusterId()).id(ref.id())),
                answer -> snapshot(ref, answer.jobRun()));
    }

    @Override
    public CompletableFuture<JobRunPage> listJobRuns(JobRunQuery query, Optional<String> nextToken) {
        ListJobRunsRequest.Builder request = ListJobRunsRequest.builder()
                .virtualClusterId(query.virtualClusterId())
                .name(query.name().orElse(null))
                .createdAfter(query.createdAfter().orElse(null))
                .createdBefore(query.createdBefore().orElse(null))
                .nextToken(nextToken.orElse(null));
        if (!query.states().isEmpty()) {
            request.statesWithStrings(
                    query.states().stream().map(JobRunState::name).sorted().toList());
        }
        return Answers.map(
                client.listJobRuns(request.build()),
                answer -> new JobRunPage(
                        answer.jobRuns().stream()
                                .map(run -> new ListedRun(
                                        snapshot(new JobRunRef(query.virtualClusterId(), run.id()), run),
                                        run.hasTags()))
                                .toList(),
                        Optional.ofNullable(answer.nextToken())));
    }

    @Override
    public CompletableFuture<Map<String, TemplateParameter>> jobTemplateParameters(String id) {
        return Answers.map(client.describeJobTemplate(r -> r.id(id)), answer -> {
            Map<String, TemplateParameter> declared = new TreeMap<>();
            answer.jobTemplate()
                    .jobTemplateData()
                    .parameterConfiguration()
                    .forEach((name, parameter) -> declared.put(
                            name,
                            new TemplateParameter(
                                    parameter.type() == TemplateParameterDataType.NUMBER,
                                    parameter.defaultValue() != null)));
            return declared;
        });
    }

    @Override
    public CompletableFuture<JobRunRef> cancelJobRun(JobRunRef ref) {
        return Answers.map(
                client.cancelJobRun(
                        r -> r.virtualClusterId(ref.virtualClusterId()).id(ref.id())),
                answer -> ref);
    }

    @Override
    public CompletableFuture<VirtualClusterPage> listVirtualClusters(Optional<String> nextToken) {
        return Answers.map(
                client.listVirtualClusters(
                        r -> r.states(VirtualClusterState.RUNNING).nextToken(nextToken.orElse(null))),
                answer -> new VirtualClusterPage(
                        answer.virtualClusters().stream()
                                .map(cluster -> new VirtualClusterName(cluster.id(), orEmpty(cluster.name())))
                                .toList(),
                        Optional.ofNullable(answer.nextToken())));
    }

    static StartJobRunRequest request(StartCommand command) {
        StartJobRunRequest.Builder request = StartJobRunRequest.builder()
                .virtualClusterId(command.virtualClusterId())
                .clientToken(command.clientToken())
                .name(command.name());
        command.template().ifPresent(template -> {
            request.jobTemplateId(template.id());
            if (!template.parameters().isEmpty()) {
                request.jobTemplateParameters(template.parameters());
            }
        });
        command.job().ifPresent(job -> put(job, request));
        command.driverRetry()
                .ifPresent(retry -> request.retryPolicyConfiguration(r -> r.maxAttempts(retry.maxAttempts())));
        if (!command.tags().isEmpty()) {
            request.tags(command.tags());
        }
        return request.build();
    }

    private static void put(StartCommand.Job job, StartJobRunRequest.Builder request) {
        request.executionRoleArn(job.executionRoleArn())
                .releaseLabel(job.releaseLabel())
                .jobDriver(driver -> driver.sparkSubmitJobDriver(submit -> {
                    submit.entryPoint(job.entryPoint());
                    if (!job.entryPointArguments().isEmpty()) {
                        submit.entryPointArguments(job.entryPointArguments());
                    }
                    if (!job.sparkSubmitParameters().isEmpty()) {
                        submit.sparkSubmitParameters(job.sparkSubmitParameters());
                    }
                }));
        if (!job.sparkDefaults().isEmpty() || job.logs().isPresent()) {
            ConfigurationOverrides.Builder overrides = ConfigurationOverrides.builder();
            if (!job.sparkDefaults().isEmpty()) {
                overrides.applicationConfiguration(Configuration.builder()
                        .classification("spark-defaults")
                        .properties(job.sparkDefaults())
                        .build());
            }
            job.logs().ifPresent(logs -> overrides.monitoringConfiguration(monitoring(logs)));
            request.configurationOverrides(overrides.build());
        }
    }

    private static MonitoringConfiguration monitoring(LogConfig logs) {
        MonitoringConfiguration.Builder monitoring = MonitoringConfiguration.builder();
        logs.s3().ifPresent(uri -> monitoring.s3MonitoringConfiguration(s3 -> s3.logUri(uri)));
        logs.cloudWatchLogGroup()
                .ifPresent(group ->
                        monitoring.cloudWatchMonitoringConfiguration(CloudWatchMonitoringConfiguration.builder()
                                .logGroupName(group)
                                .logStreamNamePrefix(
                                        logs.cloudWatchStreamPrefix().orElse(null))
                                .build()));
        logs.persistentAppUi()
                .ifPresent(on -> monitoring.persistentAppUI(on ? PersistentAppUI.ENABLED : PersistentAppUI.DISABLED));
        logs.logFileSize()
                .ifPresent(size -> monitoring.containerLogRotationConfiguration(r ->
                        r.rotationSize(size).maxFilesToKeep(logs.maxLogFiles().orElseThrow())));
        return monitoring.build();
    }

    private JobRunSnapshot snapshot(JobRunRef ref, JobRun run) {
        return JobRunSnapshot.builder()
                .ref(ref)
                .name(Optional.ofNullable(run.name()))
                .state(JobRunState.ofServiceName(orEmpty(run.stateAsString())))
                .serviceState(orEmpty(run.stateAsString()))
                .stateDetails(Optional.ofNullable(run.stateDetails()))
                .failureReason(Optional.ofNullable(run.failureReasonAsString()).map(FailureReason::ofServiceName))
                .createdAt(Optional.ofNullable(run.createdAt()))
                .finishedAt(Optional.ofNullable(run.finishedAt()))
                .releaseLabel(Optional.ofNullable(run.releaseLabel()))
                .tags(run.tags())
                .clientToken(Optional.ofNullable(run.clientToken()))
                .observedAt(clock.instant())
                .build();
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }
}
