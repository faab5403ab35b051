package io.emreks.internal.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.calls.ApiFailure.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.emrcontainers.model.EmrContainersException;

@NullMarked
class AwsErrorsTest {
    static Throwable answered(int status, String code) {
        return EmrContainersException.builder()
                .statusCode(status)
                .requestId("r-1")
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage("the text")
                        .serviceName("EmrContainers")
                        .build())
                .build();
    }

    static Stream<Arguments> errors() {
        return Stream.of(
                Arguments.of(answered(400, "ThrottlingException"), Kind.THROTTLED, false),
                Arguments.of(answered(400, "RequestThrottledException"), Kind.THROTTLED, false),
                Arguments.of(answered(429, "EKSRequestThrottledException"), Kind.THROTTLED, false),
                Arguments.of(answered(503, "SlowDown"), Kind.THROTTLED, false),
                Arguments.of(answered(500, "InternalServerException"), Kind.UNAVAILABLE, true),
                Arguments.of(answered(503, "ServiceUnavailable"), Kind.UNAVAILABLE, true),
                Arguments.of(answered(408, "RequestTimeoutException"), Kind.UNAVAILABLE, true),
                Arguments.of(answered(400, "ValidationException"), Kind.INVALID, false),
                Arguments.of(answered(400, "ResourceNotFoundException"), Kind.NOT_FOUND, false),
                Arguments.of(answered(404, "NoSuchBucket"), Kind.NOT_FOUND, false),
                Arguments.of(answered(403, "AccessDeniedException"), Kind.DENIED, false),
                Arguments.of(answered(403, "SomethingNew"), Kind.DENIED, false),
                Arguments.of(answered(403, "ExpiredTokenException"), Kind.CREDENTIALS, false),
                Arguments.of(answered(403, "UnrecognizedClientException"), Kind.CREDENTIALS, false),
                Arguments.of(answered(404, "UnknownOperationException"), Kind.OTHER, false),
                Arguments.of(
                        SdkClientException.create("Unable to load credentials from any provider"),
                        Kind.CREDENTIALS,
                        false),
                Arguments.of(SdkClientException.create("Unable to unmarshall response"), Kind.NETWORK, true),
                Arguments.of(SdkClientException.create("x", new IOException("reset")), Kind.NETWORK, true),
                Arguments.of(SdkClientException.create("x", new ConnectException("refused")), Kind.UNREACHABLE, false),
                Arguments.of(SdkClientException.create("x", new UnknownHostException("h")), Kind.UNREACHABLE, false),
                Arguments.of(new IOException("reset"), Kind.NETWORK, true),
                Arguments.of(answered(400, "RequestAbortedException"), Kind.UNAVAILABLE, true),
                Arguments.of(
                        SdkClientException.create(
                                "Unable to execute HTTP request",
                                new Throwable("Acquire operation took longer than the configured maximum time.")),
                        Kind.NO_CONNECTION,
                        false),
                Arguments.of(
                        SdkClientException.create("x", new SSLHandshakeException("PKIX path building failed")),
                        Kind.UNREACHABLE,
                        false),
                Arguments.of(
                        SdkClientException.create(
                                "x", new NoCredentialsException(new SocketTimeoutException("the metadata service"))),
                        Kind.CREDENTIALS,
                        false),
                Arguments.of(
                        SdkClientException.builder()
                                .message("the last of four tries of the SDK")
                                .cause(new ConnectException("refused"))
                                .numAttempts(4)
                                .build(),
                        Kind.UNREACHABLE,
                        true),
                Arguments.of(new NullPointerException("while an answer was read"), Kind.UNEXPECTED, true),
                Arguments.of(new IllegalStateException("bug"), Kind.UNEXPECTED, true));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void eachErrorMeansOneThing(Throwable error, Kind kind, boolean mayHaveTakenEffect) {
        ApiFailure failure = new AwsErrors(Optional.empty()).map(new CompletionException(error));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.mayHaveTakenEffect()).isEqualTo(mayHaveTakenEffect);
        assertThat(failure).hasCause(error);
    }

    @Test
    void anAnswerIsToldWithItsCodeTextAndRequest() {
        assertThat(new AwsErrors(Optional.empty()).map(answered(400, "ValidationException")))
                .hasMessage("ValidationException: the text (request r-1)");
    }
}
