package io.emreks.testing.service;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Something that goes wrong with one call; set through {@link Faults}. Immutable.
 *
 * <p>Error answers carry the codes and HTTP statuses of the service model and of the "Common Error Types" page of the
 * Amazon EMR on EKS API Reference.
 */
public final class Fault {
    enum Answer {
        GIVEN,
        DROPPED,
        MALFORMED
    }

    private final String name;
    private final Duration before;
    private final Duration after;
    private final Answer answer;
    private final @Nullable ErrorAnswer instead;
    private final boolean effect;

    private Fault(
            String name,
            Duration before,
            Duration after,
            Answer answer,
            @Nullable ErrorAnswer instead,
            boolean effect) {
        this.name = name;
        this.before = before;
        this.after = after;
        this.answer = answer;
        this.instead = instead;
        this.effect = effect;
    }

    /** {@code ThrottlingException}, HTTP 400, "Rate exceeded"; no effect. */
    public static Fault throttle() {
        return error(400, "ThrottlingException", "Rate exceeded");
    }

    /** {@code InternalServerException}, HTTP 500; no effect. */
    public static Fault internalError() {
        return error(500, "InternalServerException", "Internal Server Error");
    }

    /** {@code EKSRequestThrottledException}, HTTP 429, which the model has for CreateVirtualCluster; no effect. */
    public static Fault eksThrottle() {
        return error(429, "EKSRequestThrottledException", "Rate exceeded");
    }

    /** {@code RequestThrottledException}, HTTP 400, which the model has for session credentials; no effect. */
    public static Fault requestThrottle() {
        return error(400, "RequestThrottledException", "Rate exceeded");
    }

    /** {@code AccessDeniedException}, HTTP 403; no effect. */
    public static Fault accessDenied() {
        return error(403, "AccessDeniedException", "User is not authorized to perform this operation");
    }

    /** {@code ExpiredTokenException}, HTTP 403; no effect. */
    public static Fault expiredToken() {
        return error(403, "ExpiredTokenException", "The security token included in the request is expired");
    }

    /**
     * An error answer in the form of the service that is called (JSON for EMR, XML for S3); no effect.
     *
     * @param status the HTTP status, 400 to 599
     */
    public static Fault error(int status, String code, String message) {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("HTTP status " + status + " is no error; give 400 to 599");
        }
        return new Fault(
                status + " " + code,
                Duration.ZERO,
                Duration.ZERO,
                Answer.GIVEN,
                new ErrorAnswer(status, code, message),
                false);
    }

    /** The connection is lost before the request has any effect. */
    public static Fault dropBefore() {
        return new Fault("dropped before the effect", Duration.ZERO, Duration.ZERO, Answer.DROPPED, null, false);
    }

    /** The request takes effect, and the connection is lost before the answer arrives. */
    public static Fault dropAfter() {
        return new Fault("dropped after the effect", Duration.ZERO, Duration.ZERO, Answer.DROPPED, null, true);
    }

    /**
     * A late answer.
     *
     * @param before how long the request waits before it takes effect
     * @param after how long the answer waits after the effect
     */
    public static Fault delay(Duration before, Duration after) {
        if (before.isNegative() || after.isNegative()) {
            throw new IllegalArgumentException("A delay is zero or more, not " + before + " and " + after);
        }
        return new Fault("delayed " + before + " and " + after, before, after, Answer.GIVEN, null, true);
    }

    /** The request takes effect, and the answer is cut in its middle: HTTP 200 with a body that cannot be read. */
    public static Fault malformedBody() {
        return new Fault("malformed body", Duration.ZERO, Duration.ZERO, Answer.MALFORMED, null, true);
    }

    Duration before() {
        return before;
    }

    Duration after() {
        return after;
    }

    Answer answer() {
        return answer;
    }

    @Nullable
    ErrorAnswer instead() {
        return instead;
    }

    boolean effect() {
        return effect;
    }

    @Override
    public String toString() {
        return name;
    }

    record ErrorAnswer(int status, String code, String message) {}
}
