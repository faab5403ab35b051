package io.emreks.internal.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.model.JobRunState;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class TransitionsTest {
    private static final List<JobRunState> PATH =
            List.of(JobRunState.PENDING, JobRunState.SUBMITTED, JobRunState.RUNNING, JobRunState.CANCEL_PENDING);

    @Test
    void nothingComesAfterTheEnd() {
        for (JobRunState end : List.of(JobRunState.COMPLETED, JobRunState.FAILED, JobRunState.CANCELLED)) {
            for (JobRunState next : JobRunState.values()) {
                assertThat(Transitions.forward(end, next))
                        .as("%s -> %s", end, next)
                        .isFalse();
            }
        }
    }

    @Test
    void onlyForwardOnThePathAndAnyEndFromAnywhere() {
        for (JobRunState from : PATH) {
            for (JobRunState to : PATH) {
                assertThat(Transitions.forward(from, to))
                        .as("%s -> %s", from, to)
                        .isEqualTo(PATH.indexOf(to) >= PATH.indexOf(from));
            }
            assertThat(Transitions.forward(from, JobRunState.COMPLETED)).isTrue();
            assertThat(Transitions.forward(from, JobRunState.FAILED)).isTrue();
            assertThat(Transitions.forward(from, JobRunState.CANCELLED)).isTrue();
        }
    }

    @Test
    void anUnknownStateFitsAnywhereButAfterTheEnd() {
        for (JobRunState furthest : JobRunState.values()) {
            if (furthest != JobRunState.UNKNOWN) {
                assertThat(Transitions.forward(furthest, JobRunState.UNKNOWN)).isEqualTo(!furthest.terminal());
            }
        }
    }
}
