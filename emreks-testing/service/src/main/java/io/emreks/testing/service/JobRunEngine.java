package io.emreks.testing.service;

/**
 * Runs the job runs that the fake accepts, in place of scripts: a local Spark, or a test that steers every transition.
 * Both calls come while the fake is locked, in the order of the requests, and must return at once.
 */
public interface JobRunEngine extends AutoCloseable {
    /** Called once for every accepted run, in state PENDING. */
    void start(FakeJobRun run, JobRunControl control);

    /** Called once for every accepted cancel; the run is CANCEL_PENDING until {@link JobRunControl#cancelled}. */
    void cancel(FakeJobRun run, JobRunControl control);

    /** Called when the fake is closed: ends what still runs. By default nothing. */
    @Override
    default void close() {}
}
