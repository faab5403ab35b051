package io.emreks.internal.calls;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Why one call failed, in the engine's words. The one error mapper makes it; nobody else reads AWS messages. */
public final class ApiFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /** What kind of failure, and what follows from it. */
    public enum Kind {
        /** Over a quota; nothing was done. */
        THROTTLED(true, false, false),
        /** The virtual cluster cannot take requests at the moment. */
        BUSY(true, false, false),
        /** The virtual cluster has no room for another waiting run at the moment. */
        QUEUE_FULL(true, false, false),
        /** A fault on the service's side. */
        UNAVAILABLE(true, true, true),
        /** The connection broke, or the answer could not be read. */
        NETWORK(true, true, true),
        /** The connection could not be opened. */
        UNREACHABLE(true, false, true),
        /** No connection was free in time. */
        NO_CONNECTION(true, false, false),
        /** No answer in time. */
        TIMEOUT(true, true, true),
        /** The try was still waiting for its thread when its time was over; nothing was sent. */
        NOT_SENT(true, false, false),
        /** No valid credentials at the moment. */
        CREDENTIALS(true, false, false),
        /** Not allowed. */
        DENIED(false, false, false),
        /** Not allowed, because the request has tags. */
        TAGGING_DENIED(false, false, false),
        /** What is there is not what the call was conditional on. */
        PRECONDITION(false, false, false),
        /** What was asked for is not there. */
        NOT_FOUND(false, false, false),
        /** The request is wrong. */
        INVALID(false, false, false),
        /** Anything else the service answered, or that went wrong before sending. */
        OTHER(false, false, false),
        /** Something that should not happen went wrong at a moment when the call may have been sent. */
        UNEXPECTED(true, true, false),
        /** The caller wanted no further tries. */
        STOPPED(false, false, false);

        private final boolean retryable;
        private final boolean mayHaveTakenEffect;
        private final boolean down;

        Kind(boolean retryable, boolean mayHaveTakenEffect, boolean down) {
            this.retryable = retryable;
            this.mayHaveTakenEffect = mayHaveTakenEffect;
            this.down = down;
        }

        /** Whether the same call could succeed later. */
        public boolean retryable() {
            return retryable;
        }

        /** Whether the same call can only succeed once others have made room. */
        boolean crowded() {
            return this == THROTTLED || this == BUSY || this == QUEUE_FULL;
        }

        /** Whether it speaks for the service being down. */
        boolean down() {
            return down;
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

    /** The failure of a call, out of what futures wrap it in. */
    public static ApiFailure in(Throwable thrown) {
        Throwable failure = thrown;
        while (failure instanceof CompletionException && failure.getCause() != null) {
            failure = failure.getCause();
        }
        return failure instanceof ApiFailure known
                ? known
                : new ApiFailure(Kind.UNEXPECTED, failure.toString(), failure);
    }

    /** This failure, when something behind this library made the call more than once. */
    public ApiFailure ofUnseenTries() {
        return new ApiFailure(kind, getMessage(), getCause(), true, tries);
    }

    /** This failure, when it happened before anything could be sent. */
    ApiFailure beforeSending() {
        return new ApiFailure(kind == Kind.UNEXPECTED ? Kind.OTHER : kind, getMessage(), getCause(), false, tries);
    }

    /** This failure as the last word on a call of several tries. */
    ApiFailure afterTries(int total, boolean anyMayHaveTakenEffect) {
        return new ApiFailure(kind, getMessage(), getCause(), anyMayHaveTakenEffect, total);
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
