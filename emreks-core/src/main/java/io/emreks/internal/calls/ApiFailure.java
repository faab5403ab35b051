package io.emreks.internal.calls;

import org.jspecify.annotations.Nullable;

/** Why one call failed, in the engine's words. The one error mapper makes it; nobody else reads AWS messages. */
public final class ApiFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /** What kind of failure, and what follows from it. */
    public enum Kind {
        /** Over a quota; nothing was done. */
        THROTTLED(true, false),
        /** A fault on the service's side. */
        UNAVAILABLE(true, true),
        /** The connection broke, or the answer could not be read. */
        NETWORK(true, true),
        /** The connection could not be opened. */
        UNREACHABLE(true, false),
        /** No answer in time. */
        TIMEOUT(true, true),
        /** The try was still waiting for its thread when its time was over; nothing was sent. */
        NOT_SENT(true, false),
        /** No valid credentials at the moment. */
        CREDENTIALS(true, false),
        /** Not allowed. */
        DENIED(false, false),
        /** What was asked for is not there. */
        NOT_FOUND(false, false),
        /** The request is wrong. */
        INVALID(false, false),
        /** Anything else that was refused or went wrong before sending. */
        OTHER(false, false),
        /** The caller wanted no further tries. */
        STOPPED(false, false);

        private final boolean retryable;
        private final boolean mayHaveTakenEffect;

        Kind(boolean retryable, boolean mayHaveTakenEffect) {
            this.retryable = retryable;
            this.mayHaveTakenEffect = mayHaveTakenEffect;
        }

        /** Whether the same call could succeed later. */
        public boolean retryable() {
            return retryable;
        }
    }

    private final Kind kind;
    private final boolean mayHaveTakenEffect;
    private final int tries;

    public ApiFailure(Kind kind, String message, @Nullable Throwable cause) {
        this(kind, message, cause, kind.mayHaveTakenEffect, 1);
    }

    private ApiFailure(Kind kind, String message, @Nullable Throwable cause, boolean mayHaveTakenEffect, int tries) {
        super(message, cause);
        this.kind = kind;
        this.mayHaveTakenEffect = mayHaveTakenEffect;
        this.tries = tries;
    }

    /** This failure as the last word on a call of several tries. */
    ApiFailure afterTries(int total, boolean anyMayHaveTakenEffect) {
        return new ApiFailure(kind, String.valueOf(getMessage()), getCause(), anyMayHaveTakenEffect, total);
    }

    public Kind kind() {
        return kind;
    }

    /** Whether the service may have done what was asked although no answer says so. */
    public boolean mayHaveTakenEffect() {
        return mayHaveTakenEffect;
    }

    /** How often the call was tried. */
    public int tries() {
        return tries;
    }

    /** The message; never null here. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
