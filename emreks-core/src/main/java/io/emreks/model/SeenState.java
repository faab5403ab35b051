package io.emreks.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A state that a run was seen in. States that passed between two looks are not invented.
 *
 * @param state the state
 * @param firstSeen when it was first seen, by the client's clock
 * @param since when it began, by the service's clock, where the service said: PENDING since the run was accepted, a terminal
 *     state since the run ended, others if an event told
 * @param duration how long it lasted, until the next state that was seen began or, if that is not known, was seen; empty as
 *     long as it lasts, and for terminal states
 */
public record SeenState(JobRunState state, Instant firstSeen, Optional<Instant> since, Optional<Duration> duration) {
    /** When it began as far as is known: by the service, or else when it was first seen. */
    public Instant began() {
        return since.orElse(firstSeen);
    }

    /** The same, over at the moment when another state began. */
    public SeenState until(Instant next) {
        Duration lasted = Duration.between(began(), next);
        return new SeenState(state, firstSeen, since, Optional.of(lasted.isNegative() ? Duration.ZERO : lasted));
    }
}
