package io.emreks.internal.watch;

import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How long runs of a name take, from their creation to COMPLETED, where that is much the same each time; the newest count
 * most. Belongs to the loop.
 */
final class Durations {
    private static final int NAMES = 1_000;
    private static final double NEWEST = 0.3;
    private static final int RUNS_NEEDED = 3;
    /** Of a tenth or so. */
    private static final double REGULAR = 0.1;

    private final Map<String, Usual> byName = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Usual> eldest) {
            return size() > NAMES;
        }
    };

    void ended(JobRunSnapshot end) {
        if (end.state() == JobRunState.COMPLETED
                && end.name().isPresent()
                && end.createdAt().isPresent()
                && end.finishedAt().isPresent()) {
            Duration took =
                    Duration.between(end.createdAt().get(), end.finishedAt().get());
            double measured = Math.log(Math.max(1.0, took.toMillis() / 1e3));
            byName.merge(end.name().get(), new Usual(1, measured, 0), (before, now) -> before.and(measured));
        }
    }

    /** Empty if nothing is known, or runs of the name take now this long and now that. */
    Optional<Duration> of(String name) {
        return Optional.ofNullable(byName.get(name))
                .filter(usual -> usual.runs >= RUNS_NEEDED && usual.deviation < REGULAR)
                .map(usual -> Duration.ofSeconds(Math.round(Math.exp(usual.log))));
    }

    /**
     * What is usual.
     *
     * @param log of the seconds, as a run that takes twice as long is as unusual as one that takes half
     * @param deviation of single runs from that
     */
    private record Usual(int runs, double log, double deviation) {
        Usual and(double measured) {
            double off = measured - log;
            return new Usual(runs + 1, log + NEWEST * off, deviation + NEWEST * (Math.abs(off) - deviation));
        }
    }
}
