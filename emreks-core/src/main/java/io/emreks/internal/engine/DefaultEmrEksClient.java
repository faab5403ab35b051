package io.emreks.internal.engine;

import io.emreks.client.ClientHealth;
import io.emreks.client.ClientHealth.Trouble;
import io.emreks.client.CloseReport;
import io.emreks.client.DryRun;
import io.emreks.client.EmrEksClient;
import io.emreks.client.JobRunGroup;
import io.emreks.client.JobRunHandle;
import io.emreks.client.Recovery;
import io.emreks.error.ClientClosedException;
import io.emreks.error.ClientClosedException.Fate;
import io.emreks.error.InvalidJobRunRequestException;
import io.emreks.error.RequestProblem;
import io.emreks.event.JobRunListener;
import io.emreks.internal.aws.AwsClients;
import io.emreks.internal.engine.JobRunProcess.Mode;
import io.emreks.internal.loop.Callbacks;
import io.emreks.internal.loop.Loop;
import io.emreks.internal.validation.ClientDefaults;
import io.emreks.internal.validation.Plan;
import io.emreks.internal.validation.Validation;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The front door: checks on the caller's thread, hands over to the loop. */
final class DefaultEmrEksClient implements EmrEksClient {
    private static final Logger LOG = LoggerFactory.getLogger(DefaultEmrEksClient.class);

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
    public DefaultJobRunHandle submit(JobRunRequest request) {
        return submit(request, Mode.SUBMIT);
    }

    @Override
    public JobRunHandle replace(JobRunRequest request) {
        if (request.key().isEmpty()) {
            throw new InvalidJobRunRequestException(List.of(new RequestProblem(
                    "key", "is missing, so there is nothing to replace", "give the request the key of the live run")));
        }
        return submit(request, Mode.REPLACE);
    }

    private DefaultJobRunHandle submit(JobRunRequest request, Mode mode) {
        requireOpen();
        return submit(Validation.plan(request, fillIns), mode);
    }

    private DefaultJobRunHandle submit(Plan plan, Mode mode) {
        plan.warnings().forEach(warning -> LOG.warn("Job run {}: {}", plan.name(), warning));
        JobRunProcess process = new JobRunProcess(engine, plan, mode);
        return begun(process, () -> engine.begin(process));
    }

    private DefaultJobRunHandle begun(JobRunProcess process, Runnable first) {
        process.begunHere();
        if (!engine.loop.execute(first)) {
            ClientClosedException closed = closedException();
            process.neverBegun(closed);
            throw closed;
        }
        return handle(process);
    }

    private DefaultJobRunHandle handle(JobRunProcess process) {
        return new DefaultJobRunHandle(this, engine, process);
    }

    private void requireOpen() {
        if (closed) {
            throw closedException();
        }
    }

    @Override
    public JobRunGroup submitAll(List<JobRunRequest> requests) {
        requireOpen();
        List<Plan> plans = new ArrayList<>();
        List<RequestProblem> problems = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            String place = "requests[" + i + "].";
            try {
                plans.add(Validation.plan(requests.get(i), fillIns));
            } catch (InvalidJobRunRequestException e) {
                e.problems()
                        .forEach(problem -> problems.add(
                                new RequestProblem(place + problem.field(), problem.problem(), problem.fix())));
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidJobRunRequestException(problems);
        }
        return group(plans.stream().map(plan -> submit(plan, Mode.SUBMIT)).toList());
    }

    private JobRunGroup group(List<DefaultJobRunHandle> handles) {
        return new DefaultJobRunGroup(handles, this::group);
    }

    @Override
    public JobRunHandle attach(JobRunRef run) {
        requireOpen();
        JobRunProcess process = JobRunProcess.attached(engine, run.toString(), Optional.empty());
        return begun(process, () -> engine.begin(process, () -> process.follow(run)));
    }

    @Override
    public CompletableFuture<Optional<JobRunHandle>> findByKey(String key) {
        return asked(finding -> finding.byKey(key));
    }

    @Override
    public CompletableFuture<Recovery> recover(Function<String, Optional<JobRunRequest>> requests) {
        return asked(finding -> finding.recover(requests));
    }

    @Override
    public CompletableFuture<List<Recovery.Orphan>> orphans(Predicate<String> knownKeys) {
        return asked(finding -> finding.orphans(knownKeys));
    }

    private <T> CompletableFuture<T> asked(Function<Finding, CompletableFuture<T>> question) {
        Optional<String> virtualCluster = fillIns.virtualCluster();
        if (virtualCluster.isEmpty()) {
            return CompletableFuture.failedFuture(new IllegalStateException(
                    "The client has no virtual cluster to look in; set virtualCluster(…) on it"));
        }
        return onLoop(() -> question.apply(new Finding(engine, virtualCluster.get(), this::handle)));
    }

    @Override
    public void addListener(JobRunListener listener) {
        Objects.requireNonNull(listener, "listener");
        engine.loop.execute(() -> engine.addListener(listener));
    }

    @Override
    public ClientHealth health() {
        return new ClientHealth(engine.missing().stream()
                .map(missing -> new Trouble(missing.operation(), missing.where(), missing.since(), missing.reason()))
                .toList());
    }

    @Override
    public CompletableFuture<DryRun> dryRun(JobRunRequest request) {
        Plan plan = Validation.plan(request, fillIns);
        return onLoop(() -> engine.virtualClusters.id(plan.virtualCluster()).thenApply(id -> {
            JobRunProcess process = new JobRunProcess(engine, plan, Mode.SUBMIT);
            return new DryRun(engine.emr.json(process.firstCommand(id)), plan.warnings());
        }));
    }

    /** A question to the engine; its answer comes from a worker, and a failure of a call as what users know. */
    private <T> CompletableFuture<T> onLoop(Supplier<CompletableFuture<T>> question) {
        Promise<T> answer = new Promise<>(engine.deliveries);
        CompletableFuture<T> copy = answer.copy();
        boolean begun = !closed
                && engine.loop.execute(() -> {
                    var unused = question.get().whenComplete((value, failure) -> {
                        if (failure == null) {
                            answer.complete(value);
                        } else {
                            answer.fail(Finding.known(failure));
                        }
                    });
                });
        return begun ? copy : CompletableFuture.failedFuture(closedException());
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
        return report.getNow(new CloseReport(List.of(), List.of(), List.of(), List.of()));
    }

    @Override
    public CloseReport closeAndCancel(Duration limit) {
        Duration bounded = limit.compareTo(CLOSE_AT_MOST) < 0 ? limit : CLOSE_AT_MOST;
        synchronized (report) {
            if (!closed) {
                closed = true;
                engine.loop.execute(() -> cancelAndBegin(bounded));
            }
        }
        return close(bounded);
    }

    private void cancelAndBegin(Duration limit) {
        long since = engine.loop.nanos();
        CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
        Loop.Timer timer = engine.loop.after(limit, () -> over.complete(null));
        var unused = engine.cancelAll().whenComplete((nothing, failure) -> over.complete(null));
        var unused2 = over.thenRun(() -> {
            timer.cancel();
            Duration left = limit.minus(Duration.ofNanos(engine.loop.nanos() - since));
            begin(left.isNegative() ? Duration.ZERO : left);
        });
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
        engine.telemetry.closed(engine.counts);
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
