package io.emreks.internal.aws;

import io.emreks.model.FailureReason;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import io.emreks.model.LogConfig;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.emrcontainers.model.CloudWatchMonitoringConfiguration;
import software.amazon.awssdk.services.emrcontainers.model.Configuration;
import software.amazon.awssdk.services.emrcontainers.model.ConfigurationOverrides;
import software.amazon.awssdk.services.emrcontainers.model.JobRun;
import software.amazon.awssdk.services.emrcontainers.model.MonitoringConfiguration;
import software.amazon.awssdk.services.emrcontainers.model.PersistentAppUI;
import software.amazon.awssdk.services.emrcontainers.model.StartJobRunRequest;
import software.amazon.awssdk.services.emrcontainers.model.VirtualClusterState;

/** EMR on EKS through the AWS SDK. */
final class AwsEmrApi implements EmrApi {
    private final EmrContainersAsyncClient client;
    private final Clock clock;

    AwsEmrApi(EmrContainersAsyncClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<JobRunRef> startJobRun(StartCommand command) {
        return Answers.map(
                client.startJobRun(request(command)), answer -> new JobRunRef(command.virtualClusterId(), answer.id()));
    }

    @Override
    public CompletableFuture<JobRunSnapshot> describeJobRun(JobRunRef ref) {
        return Answers.map(
                client.describeJobRun(
                        r -> r.virtualClusterId(ref.virtualClusterId()).id(ref.id())),
                answer -> snapshot(ref, answer.jobRun()));
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
                .name(command.name())
                .executionRoleArn(command.executionRoleArn())
                .releaseLabel(command.releaseLabel())
                .jobDriver(driver -> driver.sparkSubmitJobDriver(submit -> {
                    submit.entryPoint(command.entryPoint());
                    if (!command.entryPointArguments().isEmpty()) {
                        submit.entryPointArguments(command.entryPointArguments());
                    }
                    if (!command.sparkSubmitParameters().isEmpty()) {
                        submit.sparkSubmitParameters(command.sparkSubmitParameters());
                    }
                }));
        if (!command.tags().isEmpty()) {
            request.tags(command.tags());
        }
        if (!command.sparkDefaults().isEmpty() || command.logs().isPresent()) {
            ConfigurationOverrides.Builder overrides = ConfigurationOverrides.builder();
            if (!command.sparkDefaults().isEmpty()) {
                overrides.applicationConfiguration(Configuration.builder()
                        .classification("spark-defaults")
                        .properties(command.sparkDefaults())
                        .build());
            }
            command.logs().ifPresent(logs -> overrides.monitoringConfiguration(monitoring(logs)));
            request.configurationOverrides(overrides.build());
        }
        return request.build();
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
                .observedAt(clock.instant())
                .build();
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }
}
