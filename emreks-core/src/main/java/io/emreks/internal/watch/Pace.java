package io.emreks.internal.watch;

import io.emreks.client.WatchSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long to wait for the next look at a run: little after a change, more with every look that finds nothing new, and less
 * again when the run is expected to end.
 */
final class Pace {
    private static final double GROWTH = 1.5;
    /** A look when a third of the time to the expected end is over comes soon enough to be early the next time. */
    private static final int LOOKS_AHEAD = 3;

    private final WatchSettings settings;
    private Optional<Duration> byEvents = Optional.empty();

    Pace(WatchSettings settings) {
        this.settings = settings;
    }

    /** While events come, looks only find what they have missed; empty when they do not come. */
    void events(Optional<Duration> reconcileEvery) {
        byEvents = reconcileEvery;
    }

    Duration first() {
        return settings.minPause();
    }

    Duration grown(Duration before) {
        return within(Duration.ofNanos((long) (before.toNanos() * GROWTH)));
    }

    /** The longest: nothing tells when something will happen. */
    boolean longest(Duration pause) {
        return pause.compareTo(settings.maxPause()) >= 0;
    }

    /**
     * After a look.
     *
     * @param expectedEnd when the run is likely to end, if anything is known of that
     * @param endTold whether an event told that it has ended
     */
    Duration after(boolean changed, Duration before, Optional<Instant> expectedEnd, boolean endTold, Instant now) {
        if (byEvents.isPresent() && !endTold) {
            return byEvents.get();
        }
        if (changed) {
            return settings.minPause();
        }
        Duration usual = grown(before);
        return expectedEnd
                .map(end -> within(Duration.between(now, end).abs().dividedBy(LOOKS_AHEAD)))
                .filter(nearer -> nearer.compareTo(usual) < 0)
                .orElse(usual);
    }

    private Duration within(Duration wanted) {
        if (wanted.compareTo(settings.minPause()) < 0) {
            return settings.minPause();
        }
        return wanted.compareTo(settings.maxPause()) < 0 ? wanted : settings.maxPause();
    }
}
