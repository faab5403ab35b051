package io.emreks.internal.watch;

import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How long runs of a name have taken, from their creation to COMPLETED; the newest count most. Belongs to the loop. */
final class Durations {
    private static final int NAMES = 1_000;
    private static final double NEWEST = 0.3;

    /** Logarithms of seconds, as a run that takes twice as long is as unusual as one that takes half. */
    private final Map<String, Double> byName = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Double> eldest) {
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
            byName.merge(end.name().get(), measured, (before, now) -> before + NEWEST * (now - before));
        }
    }

    Optional<Duration> of(String name) {
        return Optional.ofNullable(byName.get(name)).map(log -> Duration.ofSeconds(Math.round(Math.exp(log))));
    }
}
