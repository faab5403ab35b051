package io.emreks.internal.aws;

import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.calls.ApiFailure.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** The one place that reads AWS errors. */
public final class AwsErrors {
    private static final Set<String> EXPIRED = Set.of(
            "ExpiredToken",
            "ExpiredTokenException",
            "UnrecognizedClientException",
            "InvalidClientTokenId",
            "IncompleteSignature",
            "RequestExpired",
            "InvalidAccessKeyId",
            "SignatureDoesNotMatch");
    private static final Set<String> NOT_FOUND =
            Set.of("ResourceNotFoundException", "NoSuchKey", "NoSuchBucket", "NotFound");
    private static final Set<String> DENIED = Set.of("AccessDeniedException", "AccessDenied", "OptInRequired");

    private AwsErrors() {}

    /** What a failed call means. */
    public static ApiFailure map(Throwable thrown) {
        Throwable failure = thrown;
        while (failure instanceof CompletionException && failure.getCause() != null) {
            failure = failure.getCause();
        }
        if (failure instanceof ApiFailure mapped) {
            return mapped;
        }
        if (failure instanceof AwsServiceException answered) {
            return new ApiFailure(kindOf(answered), message(answered), answered);
        }
        if (failure instanceof CancellationException
                || failure instanceof AbortedException
                || failure instanceof ApiCallTimeoutException
                || failure instanceof ApiCallAttemptTimeoutException) {
            return new ApiFailure(Kind.TIMEOUT, "the call was given up", failure);
        }
        if (has(failure, ConnectException.class) || has(failure, UnknownHostException.class)) {
            return new ApiFailure(Kind.UNREACHABLE, String.valueOf(failure.getMessage()), failure);
        }
        if (failure instanceof SdkClientException client) {
            return new ApiFailure(kindOf(client), String.valueOf(client.getMessage()), client);
        }
        if (has(failure, IOException.class)) {
            return new ApiFailure(Kind.NETWORK, String.valueOf(failure.getMessage()), failure);
        }
        return new ApiFailure(Kind.OTHER, failure.toString(), failure);
    }

    private static Kind kindOf(AwsServiceException failure) {
        String code = failure.awsErrorDetails() == null
                ? ""
                : String.valueOf(failure.awsErrorDetails().errorCode());
        if (failure.isThrottlingException() || code.equals("SlowDown")) {
            return Kind.THROTTLED;
        }
        if (EXPIRED.contains(code)) {
            return Kind.CREDENTIALS;
        }
        if (NOT_FOUND.contains(code)) {
            return Kind.NOT_FOUND;
        }
        if (DENIED.contains(code)) {
            return Kind.DENIED;
        }
        if (code.startsWith("Validation")) {
            return Kind.INVALID;
        }
        int status = failure.statusCode();
        if (status >= 500 || status == 408) {
            return Kind.UNAVAILABLE;
        }
        return status == 403 ? Kind.DENIED : Kind.OTHER;
    }

    /**
     * A client-side failure has an I/O error behind it, or tells that credentials could not be had, or that an answer came
     * that could not be read; only the first and the last can mean that something was sent.
     */
    private static Kind kindOf(SdkClientException failure) {
        String message = String.valueOf(failure.getMessage());
        if (has(failure, IOException.class)) {
            return Kind.NETWORK;
        }
        return message.contains("credentials") ? Kind.CREDENTIALS : Kind.NETWORK;
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> cause) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (cause.isInstance(t)) {
                return true;
            }
        }
        return false;
    }

    private static String message(AwsServiceException failure) {
        if (failure.awsErrorDetails() == null) {
            return String.valueOf(failure.getMessage());
        }
        String id = failure.requestId() == null ? "" : " (request " + failure.requestId() + ")";
        return failure.awsErrorDetails().errorCode() + ": "
                + failure.awsErrorDetails().errorMessage() + id;
    }
}
