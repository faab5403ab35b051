package io.emreks.testing.service;

import java.time.Instant;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Keeps job runs and virtual clusters in a state until told otherwise; {@link FakeEmrEks#holds} gives it. What a run has to
 * do in that state when the time for it comes (also the start time-out) waits for the end of the hold; a cancel does not
 * wait. Thread-safe.
 */
public final class Holds {
    private final Object lock;
    private final Supplier<EmrModel> present;
    private final Supplier<Instant> clock;

    Holds(Object lock, Supplier<EmrModel> present, Supplier<Instant> clock) {
        this.lock = lock;
        this.present = present;
        this.clock = clock;
    }

    /**
     * Moves a run to a state now, by the states between, and keeps it there. A run that waits for a slot gets one. FAILED is
     * as its script says, or as {@link JobRunScript#fails()}.
     *
     * @throws NoSuchElementException if no run has this id
     * @throws IllegalStateException if the run is beyond that state, or an engine runs it
     */
    public void jobRun(String id, FakeJobRunState state) {
        locked((model, now) -> model.hold(
                model.find(id).orElseThrow(() -> new NoSuchElementException("No job run has the id " + id)),
                state,
                now));
    }

    /** Every run that is accepted from now on is held in this state at once; also one that an engine would have run. */
    public void newJobRuns(FakeJobRunState state) {
        locked((model, now) -> model.holdNewRuns(Optional.of(state)));
    }

    /**
     * Puts a virtual cluster into a state and keeps it there. A deletion that is accepted meanwhile begins when the hold ends.
     *
     * @throws NoSuchElementException if no virtual cluster has this id
     */
    public void virtualCluster(String id, FakeVirtualClusterState state) {
        locked((model, now) -> model.hold(
                model.findCluster(id)
                        .orElseThrow(() -> new NoSuchElementException("No virtual cluster has the id " + id)),
                state));
    }

    /** Every virtual cluster that is made from now on is held in this state. */
    public void newVirtualClusters(FakeVirtualClusterState state) {
        locked((model, now) -> model.holdNewClusters(Optional.of(state)));
    }

    /**
     * Ends the hold of a job run or virtual cluster: what it had to do meanwhile happens now. Does nothing if there is none.
     *
     * @throws NoSuchElementException if neither has this id
     */
    public void release(String id) {
        locked((model, now) -> {
            Optional<JobRun> run = model.find(id);
            Optional<VirtualCluster> cluster = model.findCluster(id);
            if (run.isEmpty() && cluster.isEmpty()) {
                throw new NoSuchElementException("No job run or virtual cluster has the id " + id);
            }
            run.ifPresent(held -> model.release(held, now));
            cluster.ifPresent(held -> model.release(held, now));
        });
    }

    /** Ends every hold, those of what is made from now on as well. */
    public void releaseAll() {
        locked((model, now) -> {
            model.holdNewRuns(Optional.empty());
            model.holdNewClusters(Optional.empty());
            model.runs().forEach(run -> model.release(run, now));
            model.clusters().forEach(cluster -> model.release(cluster, now));
        });
    }

    private void locked(BiConsumer<EmrModel, Instant> action) {
        synchronized (lock) {
            Instant now = clock.get();
            EmrModel model = present.get();
            model.advanceTo(now);
            action.accept(model, now);
        }
    }
}
