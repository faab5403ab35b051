package io.emreks.testing.service;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.emrcontainers.EmrContainersClient;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Clients of the AWS SDK as tests need them: fixed credentials, no retries. */
final class Clients {
    private static final StaticCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "secret"));

    /** Headers of a request that looks signed; names and values in turn. */
    static final String[] SIGNED = {
        "X-Amz-Date",
        "20260101T000000Z",
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/emr-containers/aws4_request,"
                + " SignedHeaders=host;x-amz-date, Signature=" + "0123456789abcdef".repeat(4)
    };

    private Clients() {}

    static EmrContainersClient inMemory(FakeEmrEks fake) {
        return plain(EmrContainersClient.builder())
                .httpClient(fake.httpClient())
                .build();
    }

    static EmrContainersClient overHttp(URI endpoint) {
        return plain(EmrContainersClient.builder())
                .endpointOverride(endpoint)
                .httpClient(urlConnection())
                .build();
    }

    static EmrContainersAsyncClient async(FakeEmrEks fake) {
        return plain(EmrContainersAsyncClient.builder())
                .httpClient(fake.asyncHttpClient())
                .asyncConfiguration(
                        c -> c.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
                .build();
    }

    static S3Client s3(FakeEmrEks fake) {
        return plain(S3Client.builder()).httpClient(fake.httpClient()).build();
    }

    static S3Client s3OverHttp(URI endpoint) {
        return plain(S3Client.builder())
                .endpointOverride(endpoint)
                .forcePathStyle(true)
                .httpClient(urlConnection())
                .build();
    }

    static S3AsyncClient s3Async(FakeEmrEks fake) {
        return plain(S3AsyncClient.builder())
                .httpClient(fake.asyncHttpClient())
                .asyncConfiguration(
                        c -> c.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
                .build();
    }

    private static SdkHttpClient urlConnection() {
        return UrlConnectionHttpClient.builder()
                .socketTimeout(Duration.ofSeconds(20))
                .build();
    }

    private static <B extends AwsClientBuilder<B, ?>> B plain(B builder) {
        return builder.region(Region.US_EAST_1)
                .credentialsProvider(CREDENTIALS)
                .overrideConfiguration(c -> c.retryStrategy(DefaultRetryStrategy.doNotRetry()));
    }
}
