package io.emreks.internal.watch;

import io.emreks.internal.calls.ApiCall;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a watcher knows of one run, for everybody who wants to know about it. Belongs to the loop. */
final class RunWatch {
    static final Comparator<RunWatch> BY_DUE =
            Comparator.<RunWatch>comparingLong(run -> run.due).thenComparing(run -> run.ref.id());

    /** Of those whose age is known. */
    static final Comparator<RunWatch> BY_AGE = Comparator.comparing(
                    (RunWatch run) -> run.createdAt().orElse(Instant.EPOCH))
            .thenComparing(run -> run.ref.id());

    final JobRunRef ref;
    final Instant notOlderThan;
    final List<Watcher.Watch> watches = new ArrayList<>(1);

    /** When it is to be looked at, by the loop's count of nanoseconds. */
    long due;

    /** When it was to be looked at, before it was hurried. */
    private long planned;

    private long lookedAt;

    Duration pause;
    /** Whether only a look at this run alone will do. */
    boolean alone;
    /** Whether an event told that it has ended. */
    boolean endTold;
    /** Whether a list that is being read is expected to tell of it. */
    boolean listed;

    Optional<Duration> expected = Optional.empty();
    /** How many other runs a list shows between this one and the next that is watched. */
    int others;

    int notFound;
    private JobRunState furthest = JobRunState.PENDING;
    private @Nullable Instant createdAt;
    private @Nullable JobRunSnapshot last;

    @Nullable
    ApiCall<JobRunSnapshot> look;

    private @Nullable Long failingSince;

    RunWatch(JobRunRef ref, Instant notOlderThan, Duration pause, long now) {
        this.ref = ref;
        this.notOlderThan = notOlderThan;
        this.pause = pause;
        this.lookedAt = now;
    }

    void plan(long nanos) {
        due = nanos;
        planned = nanos;
    }

    /** How much later than planned a look comes. */
    Duration late(long now) {
        return Duration.ofNanos(Math.max(0, now - planned));
    }

    Optional<Instant> createdAt() {
        return Optional.ofNullable(createdAt);
    }

    @Nullable
    JobRunSnapshot last() {
        return last;
    }

    /** How long nobody has looked; where there is much to look at, that can be more than was planned. */
    Duration unseen(long now) {
        return Duration.ofNanos(now - lookedAt);
    }

    /** Takes in what was seen, if it is not older than what is known; whether it is something new. */
    Optional<Boolean> learn(JobRunSnapshot snapshot, long now) {
        lookedAt = now;
        failingSince = null;
        notFound = 0;
        alone = false;
        if (!Transitions.forward(furthest, snapshot.state())) {
            return Optional.empty();
        }
        if (snapshot.state() != JobRunState.UNKNOWN) {
            furthest = snapshot.state();
        }
        boolean changed = last == null || !last.serviceState().equals(snapshot.serviceState());
        last = snapshot;
        if (createdAt == null) {
            createdAt = snapshot.createdAt().orElse(null);
        }
        return Optional.of(changed);
    }

    /** How long looks at this run have failed without a success between. */
    Duration failing(long now) {
        if (failingSince == null) {
            failingSince = now;
        }
        return Duration.ofNanos(now - failingSince);
    }
}
