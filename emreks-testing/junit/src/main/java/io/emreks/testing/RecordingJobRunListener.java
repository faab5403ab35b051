package io.emreks.testing;

import io.emreks.event.JobRunEvent;
import io.emreks.event.JobRunListener;
import io.emreks.model.JobRunState;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A listener that keeps what it hears, in the order in which it heard it. It can listen to several runs. Thread-safe; the
 * lists it gives are copies.
 */
public final class RecordingJobRunListener implements JobRunListener {
    private final List<JobRunEvent> events = new CopyOnWriteArrayList<>();

    /** A listener that has heard nothing. */
    public RecordingJobRunListener() {}

    @Override
    public void onEvent(JobRunEvent event) {
        events.add(event);
    }

    /** Everything heard so far. */
    public List<JobRunEvent> events() {
        return List.copyOf(events);
    }

    /** The events of one kind, such as {@code JobRunEvent.StateChanged.class}. */
    public <E extends JobRunEvent> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The states that were told, one per {@link JobRunEvent.StateChanged}. */
    public List<JobRunState> states() {
        return events(JobRunEvent.StateChanged.class).stream()
                .map(JobRunEvent.StateChanged::state)
                .toList();
    }

    /** The newest event. */
    public Optional<JobRunEvent> last() {
        List<JobRunEvent> heard = events();
        return heard.isEmpty() ? Optional.empty() : Optional.of(heard.get(heard.size() - 1));
    }
}
