package io.emreks.testing.contract;

import io.emreks.testing.service.FakeEmrEks;
import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.emrcontainers.EmrContainersClient;

/** Every way to reach the fake. */
enum Targets {
    IN_MEMORY_RAW {
        @Override
        ContractTarget open(FakeEmrEks fake) {
            return inMemory(fake);
        }
    },
    IN_MEMORY_SYNC {
        @Override
        ContractTarget open(FakeEmrEks fake) {
            return inMemory(fake)
                    .through(plain(EmrContainersClient.builder())
                            .httpClient(fake.httpClient())
                            .build());
        }
    },
    IN_MEMORY_ASYNC {
        @Override
        ContractTarget open(FakeEmrEks fake) {
            return inMemory(fake)
                    .through(plain(EmrContainersAsyncClient.builder())
                            .httpClient(fake.asyncHttpClient())
                            .asyncConfiguration(c -> c.advancedOption(
                                    SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
                            .build());
        }
    },
    WIRE_RAW {
        @Override
        ContractTarget open(FakeEmrEks fake) {
            return wire(fake, fake.startServer().endpoint());
        }
    },
    WIRE_URL_CONNECTION {
        @Override
        ContractTarget open(FakeEmrEks fake) {
            URI endpoint = fake.startServer().endpoint();
            return wire(fake, endpoint)
                    .through(plain(EmrContainersClient.builder())
                            .endpointOverride(endpoint)
                            .httpClient(urlConnection())
                            .build());
        }
    },
    WIRE_NETTY {
        @Override
        ContractTarget open(FakeEmrEks fake) {
            return async(fake, software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient.create());
        }
    },
    WIRE_CRT {
        @Override
        ContractTarget open(FakeEmrEks fake) {
            return async(fake, software.amazon.awssdk.http.crt.AwsCrtAsyncHttpClient.create());
        }
    };

    abstract ContractTarget open(FakeEmrEks fake);

    ContractTarget open() {
        return open(FakeEmrEks.create());
    }

    private static ContractTarget inMemory(FakeEmrEks fake) {
        return ContractTarget.fake(
                fake, fake.httpClient(), URI.create("https://emr-containers.us-east-1.amazonaws.com"));
    }

    private static ContractTarget wire(FakeEmrEks fake, URI endpoint) {
        return ContractTarget.fake(fake, apache(), endpoint);
    }

    private static ContractTarget async(FakeEmrEks fake, SdkAsyncHttpClient http) {
        URI endpoint = fake.startServer().endpoint();
        return wire(fake, endpoint)
                .through(plain(EmrContainersAsyncClient.builder())
                        .endpointOverride(endpoint)
                        .httpClient(http)
                        .build());
    }

    /** For plain HTTP: the JDK's URL connection knows no PATCH. */
    static SdkHttpClient apache() {
        return software.amazon.awssdk.http.apache.ApacheHttpClient.builder()
                .socketTimeout(Duration.ofSeconds(20))
                .build();
    }

    private static SdkHttpClient urlConnection() {
        return UrlConnectionHttpClient.builder()
                .socketTimeout(Duration.ofSeconds(20))
                .build();
    }

    private static <B extends AwsClientBuilder<B, ?>> B plain(B builder) {
        return builder.region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "secret")))
                .overrideConfiguration(c -> c.retryStrategy(AwsRetryStrategy.doNotRetry()));
    }
}
