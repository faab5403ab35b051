package io.emreks.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.client.JobRunHandle;
import io.emreks.event.JobRunEvent;
import io.emreks.event.JobRunListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it hears and holds it to the rules every story of a run obeys. */
final class Recorder implements JobRunListener {
    private final List<JobRunEvent> events = new CopyOnWriteArrayList<>();

    static Recorder on(JobRunHandle handle) {
        Recorder recorder = new Recorder();
        handle.addListener(recorder);
        return recorder;
    }

    @Override
    public void onEvent(JobRunEvent event) {
        events.add(event);
    }

    List<JobRunEvent> events() {
        return events;
    }

    /** The story in words, such as {@code [Accepted, PENDING, RUNNING, Ended COMPLETED]}. */
    List<String> story() {
        return events.stream().map(Recorder::word).toList();
    }

    private static String word(JobRunEvent event) {
        if (event instanceof JobRunEvent.StateChanged changed) {
            return changed.state().name();
        }
        if (event instanceof JobRunEvent.Ended ended) {
            return "Ended " + ended.snapshot().map(s -> s.state().name()).orElse("without a run");
        }
        return event.getClass().getSimpleName();
    }

    static boolean last(JobRunEvent event) {
        return event instanceof JobRunEvent.Ended || event instanceof JobRunEvent.WatchStopped;
    }

    /** Exactly one last event, at the end, agreeing with the future. */
    void ranToItsEnd(JobRunHandle handle) {
        assertThat(events).as("events").isNotEmpty();
        assertThat(events.stream().filter(Recorder::last))
                .as("last events of %s", story())
                .hasSize(1);
        JobRunEvent end = events.get(events.size() - 1);
        assertThat(last(end)).as("the end of %s", story()).isTrue();
        assertThat(handle.completion()).isDone();
        boolean completed = end instanceof JobRunEvent.Ended ended && ended.completed();
        assertThat(handle.completion().isCompletedExceptionally())
                .as("completion agrees with %s", story())
                .isEqualTo(!completed);
        assertThat(handle.accepted()).isDone();
        assertThat(handle.started()).isDone();
    }
}
