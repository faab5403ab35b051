package io.emreks.internal.aws;

import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.calls.ApiFailure.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

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

    private static final Set<String> PRECONDITION = Set.of("PreconditionFailed", "ConditionalRequestConflict");
    /** Seen of virtual clusters whose connection to the EKS cluster is being changed. */
    private static final Pattern UPDATING = Pattern.compile("connection is (currently )?being updated");

    private final Optional<Pattern> queueFull;

    /**
     * A mapper.
     *
     * @param queueFull found in the message of a ValidationException that tells of a full queue
     */
    public AwsErrors(Optional<Pattern> queueFull) {
        this.queueFull = queueFull;
    }

    /** What a failed call means. */
    public ApiFailure map(Throwable thrown) {
        ApiFailure failure = read(ApiFailure.in(thrown));
        Throwable cause = failure.getCause();
        return cause instanceof SdkException sdk && sdk.numAttempts() != null && sdk.numAttempts() > 1
                ? failure.ofUnseenTries()
                : failure;
    }

    private ApiFailure read(ApiFailure unread) {
        Throwable failure = unread.getCause();
        if (unread.kind() != Kind.UNEXPECTED || failure == null) {
            return unread;
        }
        if (has(failure, NoCredentialsException.class)) {
            return new ApiFailure(Kind.CREDENTIALS, message(failure), failure);
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
        if (has(failure, ConnectException.class)
                || has(failure, UnknownHostException.class)
                || has(failure, SSLHandshakeException.class)) {
            return new ApiFailure(Kind.UNREACHABLE, message(failure), failure);
        }
        if (says(failure, "Acquire operation took longer") || says(failure, "pending connection acquisition")) {
            return new ApiFailure(Kind.NO_CONNECTION, message(failure), failure);
        }
        if (says(failure, "Unable to load credentials")) {
            return new ApiFailure(Kind.CREDENTIALS, message(failure), failure);
        }
        if (failure instanceof SdkClientException || has(failure, IOException.class)) {
            return new ApiFailure(Kind.NETWORK, message(failure), failure);
        }
        return unread;
    }

    private Kind kindOf(AwsServiceException failure) {
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
        if (PRECONDITION.contains(code)) {
            return Kind.PRECONDITION;
        }
        if (DENIED.contains(code)) {
            return message(failure).contains("emr-containers:TagResource") ? Kind.TAGGING_DENIED : Kind.DENIED;
        }
        if (code.startsWith("Validation")) {
            return refused(message(failure));
        }
        int status = failure.statusCode();
        if (status >= 500 || status == 408 || code.equals("RequestAbortedException")) {
            return Kind.UNAVAILABLE;
        }
        return status == 403 ? Kind.DENIED : Kind.OTHER;
    }

    private Kind refused(String message) {
        if (UPDATING.matcher(message).find()) {
            return Kind.BUSY;
        }
        return queueFull.filter(full -> full.matcher(message).find()).isPresent() ? Kind.QUEUE_FULL : Kind.INVALID;
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> cause) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (cause.isInstance(t)) {
                return true;
            }
        }
        return false;
    }

    /** The SDK gives these no type of their own. */
    private static boolean says(Throwable failure, String words) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (message(t).contains(words)) {
                return true;
            }
        }
        return false;
    }

    private static String message(Throwable failure) {
        return String.valueOf(failure.getMessage());
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
