package io.emreks.testing.assertj;

import io.emreks.event.JobRunEvent;
import io.emreks.model.JobRunState;
import io.emreks.testing.RecordingJobRunListener;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;

/** Assertions about what a listener heard. */
public final class RecordingJobRunListenerAssert
        extends AbstractAssert<RecordingJobRunListenerAssert, RecordingJobRunListener> {
    RecordingJobRunListenerAssert(RecordingJobRunListener actual) {
        super(actual, RecordingJobRunListenerAssert.class);
    }

    /** It heard of these states, one after the other, and of no others. */
    public RecordingJobRunListenerAssert heardStates(JobRunState... states) {
        isNotNull();
        return expect(actual.states().equals(List.of(states)), "the states " + List.of(states));
    }

    /** It heard so many events of this kind, such as {@code JobRunEvent.Accepted.class}. */
    public RecordingJobRunListenerAssert heard(Class<? extends JobRunEvent> kind, int times) {
        isNotNull();
        return expect(actual.events(kind).size() == times, times + " times " + kind.getSimpleName());
    }

    /** The last that it heard is that the run COMPLETED. */
    public RecordingJobRunListenerAssert heardCompletion() {
        isNotNull();
        return expect(
                actual.last()
                        .filter(event -> event instanceof JobRunEvent.Ended ended && ended.completed())
                        .isPresent(),
                "that the run completed, as the last");
    }

    /** The last that it heard is that the run ended otherwise. */
    public RecordingJobRunListenerAssert heardFailure() {
        isNotNull();
        return expect(
                actual.last()
                        .filter(event -> event instanceof JobRunEvent.Ended ended && !ended.completed())
                        .isPresent(),
                "that the run ended without completing, as the last");
    }

    private RecordingJobRunListenerAssert expect(boolean fulfilled, String expectation) {
        if (!fulfilled) {
            failWithMessage(
                    "Expected to hear %s, but heard: %s",
                    expectation,
                    actual.events().stream()
                            .map(JobRunEvent::toString)
                            .collect(Collectors.joining("\n  ", "\n  ", "")));
        }
        return this;
    }
}
