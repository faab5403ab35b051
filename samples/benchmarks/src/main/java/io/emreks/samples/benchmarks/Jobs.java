package io.emreks.samples.benchmarks;

import io.emreks.client.EmrEksRuntime;
import io.emreks.model.JobRunRequest;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.VirtualTime;
import java.util.SplittableRandom;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClientBuilder;
import software.amazon.awssdk.services.emrcontainers.model.Configuration;
import software.amazon.awssdk.services.emrcontainers.model.StartJobRunRequest;

/** The job that every benchmark runs, as a user of emreks writes it and as a user of the AWS SDK does. */
final class Jobs {
    /** Times the published quotas, as much as emreks takes. */
    static final double QUOTAS_OUT_OF_THE_WAY = 10_000;

    static final String REGION = "us-east-1";
    static final String ROLE = "arn:aws:iam::123456789012:role/emr-job-execution";
    static final AwsCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));

    private static final String RELEASE = "emr-7.5.0-latest";
    private static final String ENTRY_POINT = "s3://bucket/jobs/orders.jar";
    private static final String MAIN_CLASS = "com.acme.Orders";
    private static final String DATE = "2026-11-22";

    private Jobs() {}

    static void emreks(JobRunRequest.Builder job) {
        job.name("orders/" + DATE)
                .releaseLabel(RELEASE)
                .jar(ENTRY_POINT, MAIN_CLASS, "--date", DATE)
                .driver(driver -> driver.cores(2).memory("4g"))
                .executors(executors -> executors.instances(10).cores(4).memory("14g"))
                .conf("spark.sql.shuffle.partitions", "400")
                .tag("team", "data");
    }

    /** What emreks sent for the job, built as a user of the SDK builds it. */
    static StartJobRunRequest aws(FakeJobRun sent) {
        StartJobRunRequest.Builder request = StartJobRunRequest.builder()
                .virtualClusterId(sent.virtualClusterId())
                .name(sent.name().orElseThrow())
                .executionRoleArn(sent.executionRoleArn())
                .releaseLabel(sent.releaseLabel())
                .jobDriver(driver -> driver.sparkSubmitJobDriver(submit -> submit.entryPoint(sent.entryPoint())
                        .entryPointArguments(sent.entryPointArguments())
                        .sparkSubmitParameters(sent.sparkSubmitParameters())))
                .tags(sent.tags());
        if (!sent.sparkDefaults().isEmpty()) {
            Configuration spark = Configuration.builder()
                    .classification("spark-defaults")
                    .properties(sent.sparkDefaults())
                    .build();
            request.configurationOverrides(overrides -> overrides.applicationConfiguration(spark));
        }
        return request.build();
    }

    /** The job for a benchmark in which emreks has no part. */
    static StartJobRunRequest aws(String virtualClusterId) {
        return StartJobRunRequest.builder()
                .virtualClusterId(virtualClusterId)
                .name("orders/" + DATE)
                .executionRoleArn(ROLE)
                .releaseLabel(RELEASE)
                .jobDriver(driver -> driver.sparkSubmitJobDriver(submit -> submit.entryPoint(ENTRY_POINT)
                        .entryPointArguments("--date", DATE)
                        .sparkSubmitParameters("--class " + MAIN_CLASS
                                + " --conf spark.driver.cores=2 --conf spark.driver.memory=4g"
                                + " --conf spark.executor.instances=10 --conf spark.executor.cores=4"
                                + " --conf spark.executor.memory=14g --conf spark.sql.shuffle.partitions=400")))
                .build();
    }

    /** The body of a small StartJobRun, whose client token is the number. */
    static String json(int number) {
        return "{\"name\":\"orders\",\"clientToken\":\"" + number + "\",\"executionRoleArn\":\"" + ROLE
                + "\",\"releaseLabel\":\"" + RELEASE + "\",\"jobDriver\":{\"sparkSubmitJobDriver\":{\"entryPoint\":\""
                + ENTRY_POINT + "\"}},\"tags\":{\"team\":\"data\"}}";
    }

    /** A runtime without threads, in virtual time. */
    static EmrEksRuntime runtime(VirtualTime time) {
        return EmrEksRuntime.builder()
                .clock(time.clock())
                .ticker(time::nanoTime)
                .scheduler(time)
                .callExecutor(Runnable::run)
                .callbackExecutor(time)
                .random(new SplittableRandom(1))
                .build();
    }

    /** The SDK's client without retries. */
    static EmrContainersAsyncClientBuilder awsClient() {
        return EmrContainersAsyncClient.builder()
                .region(Region.of(REGION))
                .credentialsProvider(CREDENTIALS)
                .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()));
    }

    /** The SDK's client without retries and without threads of its own. */
    static EmrContainersAsyncClient awsClient(SdkAsyncHttpClient inMemory) {
        return awsClient()
                .httpClient(inMemory)
                .asyncConfiguration(async ->
                        async.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
                .build();
    }
}
