package io.emreks.internal.engine;

import io.emreks.client.CloseReport;
import io.emreks.client.EmrEksClient;
import io.emreks.client.JobRunHandle;
import io.emreks.error.ClientClosedException;
import io.emreks.error.ClientClosedException.Fate;
import io.emreks.internal.aws.AwsClients;
import io.emreks.internal.loop.Callbacks;
import io.emreks.internal.validation.ClientDefaults;
import io.emreks.internal.validation.Plan;
import io.emreks.internal.validation.Validation;
import io.emreks.model.JobRunRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The front door: checks on the caller's thread, hands over to the loop. */
final class DefaultEmrEksClient implements EmrEksClient {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
    private static final Duration CLOSE_AT_MOST = Duration.ofDays(1);
    /** What comes after the limit of a close: the AWS clients' own end. */
    private static final Duration TEAR_DOWN_LIMIT = Duration.ofSeconds(10);

    private final DefaultEmrEksRuntime runtime;
    private final boolean ownsRuntime;
    private final ClientEngine engine;
    private final AwsClients aws;
    private final ClientDefaults fillIns;
    private final Consumer<JobRunRequest.Builder> defaults;
    private final CompletableFuture<CloseReport> report = new CompletableFuture<>();
    private final CompletableFuture<Void> tornDown = new CompletableFuture<>();
    private volatile boolean closed;

    DefaultEmrEksClient(
            DefaultEmrEksRuntime runtime,
            boolean ownsRuntime,
            ClientEngine engine,
            AwsClients aws,
            ClientDefaults fillIns,
            Consumer<JobRunRequest.Builder> defaults) {
        this.runtime = runtime;
        this.ownsRuntime = ownsRuntime;
        this.engine = engine;
        this.aws = aws;
        this.fillIns = fillIns;
        this.defaults = defaults;
    }

    @Override
    public JobRunRequest request(Consumer<JobRunRequest.Builder> job) {
        JobRunRequest.Builder builder = JobRunRequest.builder();
        defaults.accept(builder);
        job.accept(builder);
        return builder.build();
    }

    @Override
    public JobRunHandle submit(Consumer<JobRunRequest.Builder> job) {
        return submit(request(job));
    }

    @Override
    public JobRunHandle submit(JobRunRequest request) {
        if (closed) {
            throw closedException();
        }
        Plan plan = Validation.plan(request, fillIns);
        JobRunProcess process = new JobRunProcess(engine, plan);
        if (!engine.loop.execute(() -> engine.begin(process))) {
            throw closedException();
        }
        return new DefaultJobRunHandle(this, engine, process);
    }

    private static ClientClosedException closedException() {
        return new ClientClosedException("The client is closed; nothing was submitted", Fate.NEVER_STARTED, null);
    }

    boolean closed() {
        return closed;
    }

    @Override
    public void close() {
        close(CLOSE_LIMIT);
    }

    @Override
    public CloseReport close(Duration limit) {
        Duration bounded = limit.compareTo(CLOSE_AT_MOST) < 0 ? limit : CLOSE_AT_MOST;
        synchronized (report) {
            if (!closed) {
                closed = true;
                engine.loop.execute(() -> begin(bounded));
            }
        }
        try {
            engine.loop.await(report, bounded.plus(TEAR_DOWN_LIMIT));
            if (!Callbacks.inside()) {
                engine.loop.await(tornDown, bounded.plus(TEAR_DOWN_LIMIT));
                if (ownsRuntime) {
                    runtime.awaitEnd(TEAR_DOWN_LIMIT);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return report.getNow(new CloseReport(List.of(), List.of(), List.of()));
    }

    private void begin(Duration limit) {
        var unused = engine.report()
                .thenAccept(report::complete)
                .thenCombine(engine.quiet(), (nothing, quiet) -> null)
                .whenComplete((nothing, failure) -> runtime.background(this::tearDown));
        engine.close(limit);
    }

    /** Closing connections may block for a moment. */
    private void tearDown() {
        aws.close();
        runtime.forget(this);
        tornDown.complete(null);
        if (ownsRuntime) {
            runtime.shutDown();
        }
    }

    /** Done when everything this client made is closed, its runtime apart. */
    CompletableFuture<Void> tornDown() {
        return tornDown;
    }
}
