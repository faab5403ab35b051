package io.emreks.internal.engine;

import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import io.emreks.model.SeenState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The states of a run, in order. */
final class Timelines {
    private Timelines() {}

    /**
     * A timeline and the state that comes next.
     *
     * @param told when the state began, if an event told
     */
    static List<SeenState> and(List<SeenState> before, JobRunSnapshot next, Optional<Instant> told, Instant now) {
        SeenState seen = new SeenState(next.state(), now, told.or(() -> since(next)), Optional.empty());
        List<SeenState> all = new ArrayList<>(before);
        if (!all.isEmpty()) {
            int last = all.size() - 1;
            all.set(last, all.get(last).until(seen.began()));
        }
        all.add(seen);
        return List.copyOf(all);
    }

    private static Optional<Instant> since(JobRunSnapshot snapshot) {
        if (snapshot.state().terminal()) {
            return snapshot.finishedAt();
        }
        return snapshot.state() == JobRunState.PENDING ? snapshot.createdAt() : Optional.empty();
    }
}
