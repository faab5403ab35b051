package io.emreks.internal.engine;

import io.emreks.client.CancelResult;
import io.emreks.client.JobRunHandle;
import io.emreks.error.ClientClosedException;
import io.emreks.error.ClientClosedException.Fate;
import io.emreks.error.EmrEksException;
import io.emreks.error.WaitTimeoutException;
import io.emreks.event.JobRunListener;
import io.emreks.internal.loop.Loop;
import io.emreks.logs.JobRunLogs;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunRequest;
import io.emreks.model.JobRunSnapshot;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The user's side of a run: every call goes to the loop, every answer comes from a worker. */
final class DefaultJobRunHandle implements JobRunHandle {
    private final DefaultEmrEksClient client;
    private final ClientEngine engine;
    private final Loop loop;
    private final JobRunProcess process;
    private final JobRunLogs logs;

    DefaultJobRunHandle(DefaultEmrEksClient client, ClientEngine engine, JobRunProcess process) {
        this.client = client;
        this.engine = engine;
        this.loop = engine.loop;
        this.process = process;
        this.logs = new DefaultJobRunLogs(client, engine, process);
    }

    @Override
    public JobRunRequest request() {
        return process.plan().request();
    }

    @Override
    public String name() {
        return process.plan().name();
    }

    @Override
    public Optional<JobRunRef> ref() {
        return Optional.ofNullable(process.ref());
    }

    @Override
    public Optional<JobRunSnapshot> latest() {
        return Optional.ofNullable(process.latest());
    }

    @Override
    public CompletableFuture<JobRunRef> accepted() {
        return process.accepted.copy();
    }

    @Override
    public CompletableFuture<JobRunSnapshot> started() {
        return process.started.copy();
    }

    @Override
    public CompletableFuture<JobRunSnapshot> completion() {
        return process.completion.copy();
    }

    @Override
    public JobRunSnapshot await(Duration limit) throws InterruptedException {
        CompletableFuture<JobRunSnapshot> completion = process.completion.settled();
        if (!loop.await(completion, limit)) {
            throw new WaitTimeoutException(name(), limit, process.ref(), process.latest());
        }
        try {
            return completion.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof EmrEksException known) {
                throw known;
            }
            throw e;
        }
    }

    @Override
    public CompletableFuture<CancelResult> cancel() {
        Promise<CancelResult> answer = new Promise<>(engine.deliveries);
        CompletableFuture<CancelResult> copy = answer.copy();
        if (client.closed() || !loop.execute(() -> process.cancel(answer))) {
            return CompletableFuture.failedFuture(closed());
        }
        return copy;
    }

    private ClientClosedException closed() {
        Fate fate = process.ref() == null ? Fate.UNKNOWN : Fate.STARTED;
        return new ClientClosedException(
                "The client is closed; job run " + name() + " was not asked to cancel", fate, process.ref());
    }

    @Override
    public void stopWatching() {
        loop.execute(process::stopWatching);
    }

    @Override
    public void addListener(JobRunListener listener) {
        Objects.requireNonNull(listener, "listener");
        loop.execute(() -> process.addListener(listener));
    }

    @Override
    public JobRunLogs logs() {
        return logs;
    }

    /** The name, and the run's id once it has one. */
    @Override
    public String toString() {
        return "JobRunHandle{" + name() + ref().map(run -> ", " + run).orElse("")
                + latest().map(snapshot -> ", " + snapshot.serviceState()).orElse("") + "}";
    }
}
