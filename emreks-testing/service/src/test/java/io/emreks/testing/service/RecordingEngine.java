package io.emreks.testing.service;

import java.util.ArrayList;
import java.util.List;

/** Does nothing but remember what it was asked. */
final class RecordingEngine implements JobRunEngine {
    final List<FakeJobRun> started = new ArrayList<>();
    final List<FakeJobRun> cancelled = new ArrayList<>();
    final List<JobRunControl> controls = new ArrayList<>();
    boolean closed;

    @Override
    public void start(FakeJobRun run, JobRunControl control) {
        started.add(run);
        controls.add(control);
    }

    @Override
    public void cancel(FakeJobRun run, JobRunControl control) {
        cancelled.add(run);
    }

    @Override
    public void close() {
        closed = true;
    }
}
