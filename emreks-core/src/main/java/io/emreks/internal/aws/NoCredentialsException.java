package io.emreks.internal.aws;

import software.amazon.awssdk.core.exception.SdkClientException;

/** Marks that a call failed before it was sent, because there were no credentials for it. */
final class NoCredentialsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Keeps the provider's own words; they name places it looked at, never credentials. */
    NoCredentialsException(Throwable cause) {
        super(
                "no credentials: "
                        + (cause instanceof SdkClientException
                                ? cause.getMessage()
                                : cause.getClass().getName()),
                cause);
    }
}
