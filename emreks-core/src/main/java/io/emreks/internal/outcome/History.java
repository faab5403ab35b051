package io.emreks.internal.outcome;

import io.emreks.retry.FailureClass;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The runs of a job that failed before the present one.
 *
 * @param attempts how many runs there were, also those whose failure was forgotten
 * @param failures the failures that count, oldest first
 */
public record History(int attempts, List<Failure> failures) {
    /** What there is before the first run. */
    public static final History NONE = new History(0, List.of());

    /** Copies the list. */
    public History {
        failures = List.copyOf(failures);
    }

    /** One run that failed. */
    public record Failure(FailureClass failure, Instant at) {}

    /** This history with one more failed run. */
    public History with(FailureClass failure, Instant at) {
        List<Failure> all = new ArrayList<>(failures);
        all.add(new Failure(failure, at));
        return new History(attempts + 1, all);
    }

    /** The same runs, when only some of their failures count any more. */
    History counting(List<Failure> some) {
        return new History(attempts, some);
    }
}
