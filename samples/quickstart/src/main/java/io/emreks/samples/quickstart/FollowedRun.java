package io.emreks.samples.quickstart;

import io.emreks.client.JobRunHandle;
import io.emreks.event.JobRunEvent;
import io.emreks.event.JobRunListener;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A run of the pipeline: prints each state as it is seen, and keeps what the table at the end tells. */
final class FollowedRun implements JobRunListener {
    /** Ample for a job of seconds, so that a pipeline that hangs ends with an error. */
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final Duration LAST_EVENT_LIMIT = Duration.ofSeconds(5);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final JobRunHandle handle;
    private final List<JobRunEvent.StateChanged> seen = new CopyOnWriteArrayList<>();
    private final CountDownLatch last = new CountDownLatch(1);

    private FollowedRun(JobRunHandle handle) {
        this.handle = handle;
    }

    static FollowedRun follow(JobRunHandle handle) {
        FollowedRun run = new FollowedRun(handle);
        handle.addListener(run);
        return run;
    }

    @Override
    public void onEvent(JobRunEvent event) {
        if (event instanceof JobRunEvent.StateChanged change) {
            seen.add(change);
            System.out.printf(
                    "%s  %-16s %-15s %s%n",
                    TIME.format(change.at()),
                    change.jobName(),
                    change.state(),
                    change.ref().map(JobRunRef::id).orElse(""));
        } else if (event instanceof JobRunEvent.Ended || event instanceof JobRunEvent.WatchStopped) {
            last.countDown();
        }
    }

    JobRunHandle handle() {
        return handle;
    }

    String name() {
        return handle.name();
    }

    /** Waits for the end as {@link JobRunHandle#await} does, and until the listener has heard of it. */
    JobRunSnapshot await() throws InterruptedException {
        try {
            return handle.await(LIMIT);
        } finally {
            var unused = last.await(LAST_EVENT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** The states that were seen, in order. */
    List<JobRunState> states() {
        return seen.stream().map(JobRunEvent.StateChanged::state).toList();
    }

    /** From the acceptance until it was seen RUNNING. */
    Optional<Duration> timeToStart() {
        return handle.latest()
                .flatMap(JobRunSnapshot::createdAt)
                .flatMap(created -> firstRunning().map(running -> Duration.between(created, running)));
    }

    /** From when it was seen RUNNING until its end. */
    Optional<Duration> duration() {
        return handle.latest()
                .flatMap(JobRunSnapshot::finishedAt)
                .flatMap(finished -> firstRunning().map(running -> Duration.between(running, finished)));
    }

    private Optional<Instant> firstRunning() {
        return seen.stream()
                .filter(change -> change.state() == JobRunState.RUNNING)
                .map(JobRunEvent::at)
                .findFirst();
    }
}
