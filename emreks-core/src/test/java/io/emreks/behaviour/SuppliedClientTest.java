package io.emreks.behaviour;

import static io.emreks.behaviour.Bed.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.client.EmrEksClient;
import io.emreks.client.JobRunHandle;
import io.emreks.model.JobRunState;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.emrcontainers.EmrContainersServiceClientConfiguration;
import software.amazon.awssdk.services.emrcontainers.model.DescribeJobRunRequest;
import software.amazon.awssdk.services.emrcontainers.model.DescribeJobRunResponse;
import software.amazon.awssdk.services.emrcontainers.model.ListJobRunsRequest;
import software.amazon.awssdk.services.emrcontainers.model.ListJobRunsResponse;
import software.amazon.awssdk.services.emrcontainers.model.StartJobRunRequest;
import software.amazon.awssdk.services.emrcontainers.model.StartJobRunResponse;

/** A client of the caller's own may be a mock, or wrapped, and answer less than the SDK's does. */
class SuppliedClientTest {
    @Test
    void answersWithoutHeadersAreAnswers() throws Exception {
        try (Bed bed = Bed.inMemory();
                SdkAsyncHttpClient http = bed.fake.asyncHttpClient();
                EmrContainersAsyncClient aws = EmrContainersAsyncClient.builder()
                        .region(Region.of(bed.fake.region()))
                        .credentialsProvider(Bed.CREDENTIALS)
                        .httpClient(http)
                        .asyncConfiguration(async -> async.advancedOption(
                                SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
                        .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()))
                        .build();
                EmrEksClient client = bed.client(builder -> builder.emrContainersClient(new Headerless(aws)))) {
            JobRunHandle run = client.submit(job("orders").andThen(job -> job.key("orders/1")));
            assertThat(run.await(Duration.ofHours(2)).state()).isEqualTo(JobRunState.COMPLETED);
            assertThat(bed.calls("StartJobRun")).isEqualTo(1);
        }
    }

    /** Only what a job run without trouble needs. */
    private static final class Headerless implements EmrContainersAsyncClient {
        private final EmrContainersAsyncClient aws;

        Headerless(EmrContainersAsyncClient aws) {
            this.aws = aws;
        }

        @Override
        public CompletableFuture<StartJobRunResponse> startJobRun(StartJobRunRequest request) {
            return aws.startJobRun(request)
                    .thenApply(answer -> StartJobRunResponse.builder()
                            .id(answer.id())
                            .virtualClusterId(answer.virtualClusterId())
                            .build());
        }

        @Override
        public CompletableFuture<DescribeJobRunResponse> describeJobRun(DescribeJobRunRequest request) {
            return aws.describeJobRun(request)
                    .thenApply(answer -> DescribeJobRunResponse.builder()
                            .jobRun(answer.jobRun())
                            .build());
        }

        @Override
        public CompletableFuture<ListJobRunsResponse> listJobRuns(ListJobRunsRequest request) {
            return aws.listJobRuns(request)
                    .thenApply(answer -> ListJobRunsResponse.builder()
                            .jobRuns(answer.jobRuns())
                            .build());
        }

        @Override
        public EmrContainersServiceClientConfiguration serviceClientConfiguration() {
            return aws.serviceClientConfiguration();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
