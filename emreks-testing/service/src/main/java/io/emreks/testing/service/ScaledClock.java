package io.emreks.testing.service;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/** A clock that starts with another one and runs faster or slower. */
final class ScaledClock extends Clock {
    private final Clock real;
    private final Instant start;
    private final double factor;
    private volatile Duration ahead = Duration.ZERO;

    ScaledClock(Clock real, double factor) {
        this(real, real.instant(), factor);
    }

    private ScaledClock(Clock real, Instant start, double factor) {
        this.real = real;
        this.start = start;
        this.factor = factor;
    }

    @Override
    public Instant instant() {
        Duration passed = Duration.between(start, real.instant());
        double nanos = (passed.getSeconds() * 1e9 + passed.getNano()) * factor;
        return start.plus(ahead).plusSeconds((long) (nanos / 1e9)).plusNanos((long) (nanos % 1e9));
    }

    /** Goes on from a time, if that is still to come. */
    void skipTo(Instant time) {
        Duration missing = Duration.between(instant(), time);
        if (!missing.isNegative()) {
            ahead = ahead.plus(missing);
        }
    }

    @Override
    public ZoneId getZone() {
        return real.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new ScaledClock(real.withZone(zone), start, factor);
    }
}
