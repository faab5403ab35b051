package io.emreks.testing.assertj;

import io.emreks.client.JobRunHandle;
import io.emreks.model.JobRunSnapshot;
import io.emreks.testing.RecordingJobRunListener;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeJobRun;

/**
 * Where assertions begin. To be imported beside AssertJ's own:
 *
 * <pre>{@code
 * import static io.emreks.testing.assertj.EmrEksAssertions.assertThat;
 * import static org.assertj.core.api.Assertions.assertThat;
 * }</pre>
 *
 * <p>What fails says what was there, without the settings and arguments of jobs, except for the one that was asked for.
 */
public final class EmrEksAssertions {
    private EmrEksAssertions() {}

    /** What the service saw. */
    public static FakeEmrEksAssert assertThat(FakeEmrEks actual) {
        return new FakeEmrEksAssert(actual);
    }

    /** A job run as the service has it. */
    public static FakeJobRunAssert assertThat(FakeJobRun actual) {
        return new FakeJobRunAssert(actual);
    }

    /** A job as the client follows it. */
    public static JobRunHandleAssert assertThat(JobRunHandle actual) {
        return new JobRunHandleAssert(actual);
    }

    /** A state as the client saw it. */
    public static JobRunSnapshotAssert assertThat(JobRunSnapshot actual) {
        return new JobRunSnapshotAssert(actual);
    }

    /** What a listener heard. */
    public static RecordingJobRunListenerAssert assertThat(RecordingJobRunListener actual) {
        return new RecordingJobRunListenerAssert(actual);
    }
}
