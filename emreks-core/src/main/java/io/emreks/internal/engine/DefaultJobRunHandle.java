package io.emreks.internal.engine;

import io.emreks.client.CancelResult;
import io.emreks.client.JobRunHandle;
import io.emreks.error.ClientClosedException;
import io.emreks.error.ClientClosedException.Fate;
import io.emreks.error.EmrEksException;
import io.emreks.error.RequestProblem;
import io.emreks.error.WaitTimeoutException;
import io.emreks.event.JobRunListener;
import io.emreks.internal.loop.Loop;
import io.emreks.internal.validation.Plan;
import io.emreks.logs.JobRunLogs;
import io.emreks.model.IfKeyIsOver;
import io.emreks.model.JobRunAttempt;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunRequest;
import io.emreks.model.JobRunSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

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
    public Optional<JobRunRequest> request() {
        return process.plan().map(Plan::request);
    }

    @Override
    public List<RequestProblem> warnings() {
        return process.plan().map(Plan::warnings).orElse(List.of());
    }

    @Override
    public Optional<String> key() {
        return process.key();
    }

    @Override
    public String name() {
        return process.name();
    }

    @Override
    public Optional<JobRunRef> ref() {
        return Optional.ofNullable(process.ref());
    }

    @Override
    public List<JobRunAttempt> attempts() {
        return process.attempts();
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
            throw timeout(limit);
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

    private WaitTimeoutException timeout(Duration waited) {
        JobRunRef run = process.ref();
        String whereToLook = run != null
                ? engine.whereabouts.of(run)
                : process.plan()
                        .map(plan -> engine.whereabouts.ofUnknown(plan.virtualCluster(), plan.name()))
                        .orElse("");
        return new WaitTimeoutException(name(), waited, run, process.latest(), whereToLook);
    }

    @Override
    public CompletableFuture<CancelResult> cancel() {
        return onLoop(process::cancel);
    }

    @Override
    public CompletableFuture<CancelResult> cancelAndConfirm() {
        return onLoop(process::cancelAndConfirm);
    }

    private CompletableFuture<CancelResult> onLoop(Consumer<Promise<CancelResult>> step) {
        Promise<CancelResult> answer = new Promise<>(engine.deliveries);
        CompletableFuture<CancelResult> copy = answer.copy();
        if (client.closed() || !loop.execute(() -> step.accept(answer))) {
            return CompletableFuture.failedFuture(closed());
        }
        return copy;
    }

    @Override
    public DefaultJobRunHandle rerun() {
        return client.submit(
                again().toBuilder().ifKeyIsOver(IfKeyIsOver.RUN_AGAIN).build());
    }

    /** The request, if it may be submitted again. */
    JobRunRequest again() {
        JobRunRequest request = request()
                .orElseThrow(() -> new IllegalStateException(
                        "Job run " + name() + " was attached to, so its request is not known; submit one"));
        if (request.key().isEmpty() && !process.ended()) {
            throw new IllegalStateException(
                    "Job run " + name()
                            + " is not known to have ended, and without a key nothing keeps a second one from running beside it");
        }
        return request;
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
