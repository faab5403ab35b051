package io.emreks.testing.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.emreks.testing.service.ServiceModel.Route;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;

/**
 * A fake of the EMR on EKS service, with a small S3 beside it. One model of the service behaves behind two faces: HTTP
 * clients of the AWS SDK that need no network ({@link #asyncHttpClient}, {@link #httpClient}), and an HTTP server ({@link
 * #startServer}). Both serve EMR and S3; a request belongs to the service that it was signed for.
 *
 * <p>All 25 operations of the service model (emr-containers, API version 2020-10-01) are there, and every request is
 * checked against that model. Requests must be signed by Signature Version 4 in the {@code Authorization} header ({@link
 * Builder#signatures}). Codes, texts and states are those of the model, the EMR on EKS Development Guide and the API
 * Reference; where these are silent, the builder has a setting, or the stricter behaviour is taken: a StartJobRun that
 * names a job template is refused if it also gives what the template settles (execution role, release label, job driver,
 * configuration overrides), or gives parameters that the template does not declare. Not decided by any document, and so
 * invented here: the texts about managed endpoints and security configurations, the {@code serverUrl} of an endpoint, the
 * form of their ids and of the ids of templates; {@code eksAccessEntryIntegrated} filters nothing. Every answer has a {@code
 * Date} header that shows {@link #clock}.
 *
 * <p>What happens to an accepted run is told by a {@linkplain #script script}, or carried out by a {@link JobRunEngine}.
 * Time is a {@link VirtualTime} unless the builder asks for real time.
 *
 * <p>Thread-safe; one request is handled at a time. In virtual time the fake starts no thread except for {@link
 * #startServer}.
 */
public final class FakeEmrEks implements AutoCloseable {
    static final String UNKNOWN_OPERATION = "Unknown";
    private static final int NOT_IMPLEMENTED = 501;
    private static final Fault.ErrorAnswer THROTTLED =
            new Fault.ErrorAnswer(400, "ThrottlingException", "Rate exceeded");

    private final Object lock = new Object();
    private final ServiceSettings settings;
    private final @Nullable VirtualTime virtualTime;
    private final Clock clock;
    private final ScheduledExecutorService scheduler;
    private final FakeS3 s3;
    private final S3Api s3Api;
    private final FakeEvents events = new FakeEvents(this);
    private final SqsApi sqsApi = new SqsApi(events);
    private final EventMessages eventMessages;
    private EmrModel model;
    private final Optional<JobRunEngine> engine;
    private final Faults faults;
    private final Holds holds;
    private final Signatures signatures;
    private final FakeCloudWatchLogs cloudWatchLogs = new FakeCloudWatchLogs();
    private final ScriptedLogs logs;
    private final double timeFactor;
    private final ControlApi control;
    private final Journal journal;
    private final ServiceModel serviceModel = ServiceModel.load();
    private final RequestLog log;
    private final List<Choice> choices = new ArrayList<>();
    private final List<FakeServer> servers = new ArrayList<>();
    private final JobRunScript firstScript;
    private JobRunScript script;
    private @Nullable Instant replayedAt;
    private @Nullable CallQuotas quotas;
    private boolean punctual;
    private boolean closed;

    private FakeEmrEks(Builder builder) {
        Set<String> operations = new HashSet<>(serviceModel.operations());
        operations.addAll(S3Api.OPERATIONS);
        operations.addAll(SqsApi.OPERATIONS);
        faults = new Faults(operations);
        settings = builder.settings();
        engine = Optional.ofNullable(builder.engine);
        log = new RequestLog(builder.requestLog);
        firstScript = builder.script;
        script = firstScript;
        virtualTime = builder.realTime ? null : builder.virtualTime == null ? new VirtualTime() : builder.virtualTime;
        timeFactor = builder.timeFactor;
        clock = virtualTime != null
                ? virtualTime.clock()
                : timeFactor == 1 ? Clock.systemUTC() : new ScaledClock(Clock.systemUTC(), timeFactor);
        scheduler = virtualTime == null ? realScheduler() : virtualTime;
        s3 = builder.s3;
        s3.use(clock);
        eventMessages = new EventMessages(settings.region(), settings.accountId());
        s3Api = new S3Api(s3, builder.createBucketsOnPut, settings.seed());
        logs = new ScriptedLogs(s3, cloudWatchLogs);
        signatures = new Signatures(builder.signatures, builder.credentials);
        model = new EmrModel(serviceModel, settings, new Starter());
        holds = new Holds(lock, () -> model, this::now);
        control = new ControlApi(this);
        journal = builder.journal;
        journal.replay(this::repeat);
    }

    /** A fake in virtual time, with everything at its default. */
    public static FakeEmrEks create() {
        return builder().build();
    }

    /** A fake with settings. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Makes a RUNNING virtual cluster on the EKS cluster {@code eks}, in the namespace of the same name.
     *
     * @param name name and namespace: 1 to 63 lower-case letters, digits and hyphens (service model)
     * @return its id
     * @throws IllegalArgumentException if the service refuses it: a malformed name, or one that is taken
     */
    public String createVirtualCluster(String name) {
        ObjectNode body = ServiceModel.JSON.createObjectNode().put("name", name);
        ObjectNode provider =
                body.putObject("containerProvider").put("type", "EKS").put("id", "eks");
        provider.putObject("info").putObject("eksInfo").put("namespace", name);
        EmrAnswer answer;
        synchronized (lock) {
            body.put("clientToken", "created-here-" + model.clusterCount());
            ApiRequest request = new ApiRequest(
                    "POST",
                    "emr-containers." + region() + ".amazonaws.com",
                    "/virtualclusters",
                    "",
                    Map.of(),
                    body.toString().getBytes(StandardCharsets.UTF_8));
            answer = model.handle(call(request), now());
            if (answer.status() == 200 && replayedAt == null) {
                journal.add(now(), request);
            }
        }
        if (answer.status() != 200) {
            throw new IllegalArgumentException(answer.body().path("message").asText());
        }
        return answer.body().path("id").asText();
    }

    /**
     * Limits the job runs of a virtual cluster, as its {@code schedulerConfiguration} does. A run that finds no slot stays
     * PENDING until one is free, and only then begins to unfold; after 30 minutes without one it is FAILED with USER_ERROR
     * (EMR on EKS Development Guide; the text of its details is invented). While the queue is full as well, StartJobRun is
     * refused ({@link Builder#queueFullMessage}). Runs that have a slot keep it, and runs that wait go on waiting, where a
     * limit shrinks.
     *
     * @param maxConcurrentJobRuns how many runs have a slot at once, 1 or more
     * @param maxInQueueJobRuns how many others may wait, 0 or more (EMR itself takes 100 to 10,000)
     * @throws NoSuchElementException if there is no such virtual cluster
     */
    public void limitJobRuns(String virtualClusterId, int maxConcurrentJobRuns, int maxInQueueJobRuns) {
        if (maxConcurrentJobRuns < 1 || maxInQueueJobRuns < 0) {
            throw new IllegalArgumentException("The limits are " + maxConcurrentJobRuns + " and " + maxInQueueJobRuns
                    + "; give 1 or more concurrent job runs, and 0 or more in the queue");
        }
        limit(virtualClusterId, OptionalInt.of(maxConcurrentJobRuns), OptionalInt.of(maxInQueueJobRuns));
    }

    /**
     * Removes the limits of a virtual cluster; what waits begins.
     *
     * @throws NoSuchElementException if there is no such virtual cluster
     */
    public void unlimitJobRuns(String virtualClusterId) {
        limit(virtualClusterId, OptionalInt.empty(), OptionalInt.empty());
    }

    private void limit(String virtualClusterId, OptionalInt maxConcurrent, OptionalInt maxInQueue) {
        synchronized (lock) {
            VirtualCluster cluster = model.findCluster(virtualClusterId)
                    .orElseThrow(() -> new NoSuchElementException("No virtual cluster has the id " + virtualClusterId));
            model.limit(cluster, maxConcurrent, maxInQueue, clock.instant());
        }
    }

    /**
     * The time of this fake.
     *
     * @throws IllegalStateException if it runs in real time
     */
    public VirtualTime time() {
        if (virtualTime == null) {
            throw new IllegalStateException("This fake runs in real time; build it without realTime()");
        }
        return virtualTime;
    }

    /** The clock of the service, virtual or real. */
    public Clock clock() {
        return clock;
    }

    /** The region in the ARNs. */
    public String region() {
        return settings.region();
    }

    /** The account in the ARNs. */
    public String accountId() {
        return settings.accountId();
    }

    /** The S3 beside the service; what runs have written up to now is there when this returns. */
    public FakeS3 s3() {
        advance();
        return s3;
    }

    /** Lets happen what is due, so that what it leaves elsewhere can be seen there. */
    private void advance() {
        synchronized (lock) {
            model.advanceTo(now());
        }
    }

    /**
     * The service as an asynchronous HTTP client for AWS SDK clients. It answers on the calling thread before {@code
     * execute} returns, except where a {@linkplain Fault#delay fault} delays the answer: then a task of this fake's time
     * does. Any number of SDK clients may share it; closing it does nothing.
     */
    public SdkAsyncHttpClient asyncHttpClient() {
        return new InMemoryHttp.Async(this::accept, this::after);
    }

    /**
     * The service as a synchronous HTTP client for AWS SDK clients. Where a {@linkplain Fault#delay fault} delays the
     * answer, the calling thread sleeps as {@link VirtualTime#sleepWhileHolding} says. Closing it does nothing.
     */
    public SdkHttpClient httpClient() {
        return new InMemoryHttp.Sync(this::accept, this::performBlocking);
    }

    /** Starts an HTTP server for this fake on a free port of the loopback interface, otherwise as the other does. */
    public FakeServer startServer() {
        return startServer(FakeServer.LOOPBACK, 0);
    }

    /**
     * Starts an HTTP server for this fake; it stops when it, or this fake, is closed.
     *
     * @param host the address to listen on, such as {@code 127.0.0.1}; whoever reaches it can do everything
     * @param port 0 for a free one
     */
    public FakeServer startServer(String host, int port) {
        FakeServer server = FakeServer.start(
                host,
                port,
                request -> request.path().startsWith(ControlApi.PREFIX) ? control.handle(request) : answer(request));
        synchronized (lock) {
            servers.add(server);
        }
        return server;
    }

    /** How runs unfold that are accepted from now on and that no other script is for. Not asked where an engine runs them. */
    public void script(JobRunScript script) {
        synchronized (lock) {
            this.script = script;
        }
    }

    /**
     * How certain runs unfold that are accepted from now on, engine or not. Of several that match a run the last one set
     * is taken.
     *
     * @param which asked once per accepted run, in state PENDING, while the fake is locked
     */
    public void script(Predicate<FakeJobRun> which, JobRunScript script) {
        synchronized (lock) {
            choices.add(0, new Choice(which, script));
        }
    }

    /** The events of the service. */
    public FakeEvents events() {
        return events;
    }

    /** From now on time does not pass unnoticed: what scripts have planned happens when it is due. */
    void eventsWanted() {
        synchronized (lock) {
            if (!punctual) {
                punctual = true;
                model.planned().forEach(this::beThere);
            }
        }
    }

    private void beThere(Instant at) {
        Duration wait = Duration.between(clock.instant(), at);
        later(wait.isNegative() ? Duration.ZERO : wait, () -> {
            synchronized (lock) {
                model.advanceTo(clock.instant());
            }
        });
    }

    private void tell(String event, Instant at) {
        for (Duration way : events.deliveries()) {
            Duration left = Duration.between(clock.instant(), at.plus(way));
            later(left.isNegative() ? Duration.ZERO : left, () -> events.deliver(event));
        }
    }

    /** Runs something in this fake's time. */
    void later(Duration delay, Runnable action) {
        ScheduledFuture<?> unused = scheduler.schedule(action, nanos(delay), TimeUnit.NANOSECONDS);
    }

    /** What goes wrong. */
    public Faults faults() {
        return faults;
    }

    /** What is kept in a state until told otherwise. */
    public Holds holds() {
        return holds;
    }

    /**
     * What a run has written: its driver, its executors and the pod that submits the driver. It is stored only where the
     * run's monitoring configuration names a place, gzipped in {@link #s3} below {@code logUri}, and in {@link
     * #cloudWatchLogs}, when a driver and when the run ends, at the names that the EMR on EKS Development Guide gives ("Job
     * runs", logs): {@code {virtual cluster}/jobs/{run}/containers/{application}/{pod}/stderr} and {@code stdout}, and those
     * of the submitter without the application. Not documented, and so invented here: the names of the pods of executors and
     * submitter, and what they write where a script does not say it. A container that writes nothing has no log.
     *
     * @return in the order of their locations; empty without a place
     * @throws NoSuchElementException if no run has this id
     */
    public List<FakeLog> logs(String jobRunId) {
        return logs.of(jobRun(jobRunId));
    }

    /** The log streams that scripted runs wrote, if their monitoring configuration has a log group; see {@link #logs}. */
    public FakeCloudWatchLogs cloudWatchLogs() {
        advance();
        return cloudWatchLogs;
    }

    /**
     * Every job run, in the order of acceptance, as it is now. The views of runs that did not change since the last call are
     * the same objects, so that asking often is cheap.
     */
    public List<FakeJobRun> jobRuns() {
        synchronized (lock) {
            model.advanceTo(now());
            return model.views();
        }
    }

    /**
     * A job run as it is now.
     *
     * @throws NoSuchElementException if no run has this id
     */
    public FakeJobRun jobRun(String id) {
        synchronized (lock) {
            model.advanceTo(now());
            return model.find(id)
                    .orElseThrow(() -> new NoSuchElementException("No job run has the id " + id))
                    .view();
        }
    }

    /**
     * Forgets all that clients made (virtual clusters, job runs, templates, endpoints, configurations, client tokens), the
     * calls seen, scripts, faults, holds and throttling. Time, S3 and log streams stay as they are. Runs that an engine has go
     * on there, unseen.
     */
    public void reset() {
        synchronized (lock) {
            model = new EmrModel(serviceModel, settings, new Starter());
            log.clear();
            choices.clear();
            script = firstScript;
            quotas = null;
            faults.clear();
        }
    }

    /** The calls seen through every face, oldest first; only the newest are kept ({@link Builder#requestLog}). */
    public List<FakeRequest> requests() {
        return log.views();
    }

    /**
     * Stops servers, the engine and, in real time, the fake's own thread. What was recorded can still be read. Closing twice
     * is harmless.
     */
    @Override
    public void close() {
        List<FakeServer> stopped;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            stopped = List.copyOf(servers);
            servers.clear();
        }
        stopped.forEach(FakeServer::close);
        journal.close();
        engine.ifPresent(JobRunEngine::close);
        if (virtualTime == null) {
            scheduler.shutdownNow();
        }
    }

    /** Throttles calls from now on as {@link #throttleByQuotas(double, QuotaRefill)} does, by buckets that refill continuously. */
    public void throttleByQuotas(double scale) {
        throttleByQuotas(scale, QuotaRefill.CONTINUOUS);
    }

    /**
     * Throttles calls from now on as the service does, by a bucket for each operation that has a published quota and one for
     * all together, which are full now: {@code ThrottlingException} when one is empty, and no effect. Not on unless asked for.
     * Source: Amazon EMR on EKS Development Guide, "Service quotas".
     *
     * @param scale how many times the published size and rate they have; more than 0, at most 1,000,000
     * @throws IllegalArgumentException if out of range
     */
    public void throttleByQuotas(double scale, QuotaRefill refill) {
        synchronized (lock) {
            quotas = new CallQuotas(scale, refill, clock.instant());
        }
    }

    /** Ends {@link #throttleByQuotas(double)}. */
    public void stopThrottling() {
        synchronized (lock) {
            quotas = null;
        }
    }

    /** The answer to a request; null if a fault drops it. Waits, where a fault delays it. */
    @Nullable
    ApiResponse answer(ApiRequest request) {
        return performBlocking(accept(request));
    }

    private Exchange accept(ApiRequest request) {
        Optional<Route> route = request.isSqs() || request.isS3() ? Optional.empty() : serviceModel.route(request);
        String operation = operation(request, route);
        RequestLog.Entry logged =
                new RequestLog.Entry(operation, operation.equals(UNKNOWN_OPERATION), request, clock.instant());
        Optional<Fault> fault = faults.take(operation, logged::view);
        log.add(logged);
        return new Exchange() {
            @Override
            public Duration before() {
                return fault.map(Fault::before).orElse(Duration.ZERO);
            }

            @Override
            public CompletableFuture<?> ready() {
                return request.isSqs() ? sqsApi.ready(request) : Exchange.super.ready();
            }

            @Override
            public @Nullable ApiResponse perform() {
                ApiResponse response = answer(logged, route, request, fault);
                logged.answered(response == null ? 0 : response.status());
                return response == null ? null : response.dated(clock.instant());
            }

            @Override
            public Duration after() {
                return fault.map(Fault::after).orElse(Duration.ZERO);
            }
        };
    }

    private EmrCall call(ApiRequest request) {
        return EmrCall.of(serviceModel, serviceModel.route(request), request);
    }

    private String operation(ApiRequest request, Optional<Route> route) {
        if (request.isSqs()) {
            return sqsApi.operation(request);
        }
        return request.isS3()
                ? s3Api.operation(request)
                : route.map(Route::operation).orElse(UNKNOWN_OPERATION);
    }

    private @Nullable ApiResponse answer(
            RequestLog.Entry logged, Optional<Route> route, ApiRequest request, Optional<Fault> fault) {
        if (fault.isEmpty()) {
            return ownAnswer(logged, route, request);
        }
        Fault wrong = fault.get();
        Fault.ErrorAnswer instead = wrong.instead();
        if (instead != null) {
            return error(instead, request);
        }
        ApiResponse response = wrong.effect() ? ownAnswer(logged, route, request) : null;
        if (response == null || wrong.answer() == Fault.Answer.DROPPED) {
            return null;
        }
        return wrong.answer() == Fault.Answer.MALFORMED ? response.cut() : response;
    }

    private ApiResponse ownAnswer(RequestLog.Entry logged, Optional<Route> route, ApiRequest request) {
        ApiResponse response = handle(route, request);
        if (response.status() == NOT_IMPLEMENTED) {
            logged.notImplemented();
        }
        return response;
    }

    private ApiResponse handle(Optional<Route> route, ApiRequest request) {
        try {
            if (request.isSqs()) {
                return sqsApi.handle(request);
            }
            if (request.isS3()) {
                advance();
                return s3Api.handle(request);
            }
            Optional<Fault.ErrorAnswer> unsigned = signatures.problem(request);
            EmrAnswer answer = unsigned.isPresent()
                    ? refuse(unsigned.get())
                    : handle(EmrCall.of(serviceModel, route, request), request);
            return answer.toResponse();
        } catch (RuntimeException | StackOverflowError e) {
            return error(new Fault.ErrorAnswer(500, "InternalFailure", "The fake service failed: " + e), request);
        }
    }

    private EmrAnswer handle(EmrCall call, ApiRequest request) {
        synchronized (lock) {
            Instant now = clock.instant();
            if (quotas != null && !quotas.admit(call.operation(), now)) {
                return model.error(THROTTLED);
            }
            EmrAnswer answer = model.handle(call, now);
            if (answer.status() == 200 && !request.method().equals("GET")) {
                journal.add(now, request);
            }
            return answer;
        }
    }

    private EmrAnswer refuse(Fault.ErrorAnswer error) {
        synchronized (lock) {
            return model.error(error);
        }
    }

    /** Does what a journal says that was done. */
    private void repeat(ApiRequest request, Instant at) {
        synchronized (lock) {
            if (virtualTime != null) {
                virtualTime.advance(Duration.between(clock.instant(), at));
            } else if (clock instanceof ScaledClock scaled) {
                scaled.skipTo(at);
            }
            replayedAt = at;
            try {
                if (request.path().startsWith(ControlApi.PREFIX)) {
                    ApiResponse unused = control.handle(request);
                } else {
                    EmrAnswer unused = model.handle(call(request), at);
                }
            } finally {
                replayedAt = null;
            }
        }
    }

    /** Writes down a call that steers the fake. */
    void remember(ApiRequest request) {
        synchronized (lock) {
            if (replayedAt == null) {
                // every line moves the time to its own: that the time was moved is a line that does nothing else
                boolean time = request.path().startsWith(ControlApi.PREFIX + "time");
                journal.add(
                        clock.instant(),
                        time
                                ? new ApiRequest(
                                        "GET", "localhost", ControlApi.PREFIX + "health", "", Map.of(), new byte[0])
                                : request);
            }
        }
    }

    /** The present, or that of the call which is done again. */
    private Instant now() {
        Instant then = replayedAt;
        return then == null ? clock.instant() : then;
    }

    boolean inVirtualTime() {
        return virtualTime != null;
    }

    private ApiResponse error(Fault.ErrorAnswer error, ApiRequest request) {
        if (request.isSqs()) {
            return sqsApi.error(error);
        }
        if (request.isS3()) {
            return s3Api.error(error, request);
        }
        return refuse(error).toResponse();
    }

    private void after(Duration delay, Runnable action) {
        if (delay.isZero()) {
            action.run();
        } else {
            ScheduledFuture<?> unused = scheduler.schedule(action, nanos(delay), TimeUnit.NANOSECONDS);
        }
    }

    private @Nullable ApiResponse performBlocking(Exchange exchange) {
        sleep(exchange.before());
        CompletableFuture<?> ready = exchange.ready();
        if (virtualTime == null) {
            ready.join();
        } else {
            virtualTime.await(ready);
        }
        ApiResponse response = exchange.perform();
        sleep(exchange.after());
        return response;
    }

    private void sleep(Duration duration) {
        if (duration.isZero()) {
            return;
        }
        if (virtualTime != null) {
            virtualTime.sleepWhileHolding(duration);
            return;
        }
        try {
            scheduler.schedule(() -> {}, nanos(duration), TimeUnit.NANOSECONDS).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | RejectedExecutionException e) {
            throw new IllegalStateException("The fake was closed while a call was under way", e);
        }
    }

    /** What a time of the service is on the scheduler, which is virtual or real. */
    private long nanos(Duration duration) {
        return virtualTime != null ? duration.toNanos() : (long) (duration.toNanos() / timeFactor);
    }

    private static ScheduledExecutorService realScheduler() {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "emreks-fake-service");
            thread.setDaemon(true);
            return thread;
        });
    }

    private final class Starter implements EmrModel.RunStarter {
        @Override
        public Optional<JobRunScript> script(String id, Supplier<FakeJobRun> run) {
            for (Choice choice : choices) {
                if (choice.which.test(run.get())) {
                    return Optional.of(choice.script.of(settings.seed(), id));
                }
            }
            return engine.isPresent() ? Optional.empty() : Optional.of(script.of(settings.seed(), id));
        }

        @Override
        public void driverEnded(FakeJobRun run, JobRunScript followed) {
            logs.putDriver(run, followed);
        }

        @Override
        public void ended(FakeJobRun run, JobRunScript followed) {
            logs.putSubmitter(run, followed);
        }

        @Override
        public void started(FakeJobRun run) {
            if (replayedAt != null) {
                // what an engine did with a run in an earlier process is not known
                model.find(run.id())
                        .ifPresent(lost -> model.fail(
                                lost,
                                FakeFailureReason.INTERNAL_ERROR,
                                "Trouble monitoring your JobRun due to an internal error",
                                run.createdAt()));
            } else {
                engine.ifPresent(runner -> runner.start(run, new Control(run.id())));
            }
        }

        @Override
        public void cancelled(FakeJobRun run) {
            engine.ifPresent(runner -> runner.cancel(run, new Control(run.id())));
        }

        @Override
        public void changed(JobRun run, Instant at) {
            if (events.wanted()) {
                eventMessages.stateChange(run, at).ifPresent(event -> tell(event, at));
            }
        }

        @Override
        public void driverRestarted(JobRun run, Instant at) {
            if (events.wanted()) {
                tell(eventMessages.newDriver(run, at), at);
            }
        }

        @Override
        public void planned(Instant at) {
            if (punctual) {
                beThere(at);
            }
        }
    }

    private final class Control implements JobRunControl {
        private final String id;

        Control(String id) {
            this.id = id;
        }

        @Override
        public void submitted() {
            become(FakeJobRunState.SUBMITTED);
        }

        @Override
        public void running() {
            become(FakeJobRunState.RUNNING);
        }

        @Override
        public void sparkUi(Optional<URI> address) {
            change((run, now) -> run.showSparkUi(address));
        }

        @Override
        public void completed() {
            become(FakeJobRunState.COMPLETED);
        }

        @Override
        public void failed(FakeFailureReason reason, String stateDetails) {
            change((run, now) -> model.fail(run, reason, stateDetails, now));
        }

        @Override
        public void cancelled() {
            become(FakeJobRunState.CANCELLED);
        }

        private void become(FakeJobRunState next) {
            change((run, now) -> model.become(run, next, now));
        }

        private void change(BiConsumer<JobRun, Instant> change) {
            synchronized (lock) {
                Instant now = clock.instant();
                model.advanceTo(now);
                model.find(id).ifPresent(run -> change.accept(run, now));
                model.advanceTo(now);
            }
        }
    }

    private record Choice(Predicate<FakeJobRun> which, JobRunScript script) {}

    /** Settings of a {@link FakeEmrEks}; not thread-safe. */
    public static final class Builder {
        private @Nullable VirtualTime virtualTime;
        private boolean realTime;
        private String region = "us-east-1";
        private String accountId = "123456789012";
        private long seed;
        private FakeS3 s3 = FakeS3.inMemory();
        private @Nullable JobRunEngine engine;
        private Duration clientTokenRetention = Duration.ofHours(24);
        private ClientTokenReuse clientTokenReuse = ClientTokenReuse.RETURN_FIRST;
        private int pageSize = 100;
        private OptionalInt largestPage = OptionalInt.empty();
        private double timeFactor = 1;
        private JobRunScript script = JobRunScript.lifelike();
        private Journal journal = Journal.none();
        private boolean signatures = true;
        private final Map<String, String> credentials = new HashMap<>();
        private Duration startTimeout = Duration.ofMinutes(15);
        private Duration managedEndpointCreationTakes = Duration.ofMinutes(2);
        private Duration managedEndpointDeletionTakes = Duration.ofSeconds(30);
        private boolean listsShowTags = true;
        private boolean listsShowClientTokens = true;
        private boolean createBucketsOnPut = true;
        private Duration virtualClusterDeletionTakes = Duration.ofSeconds(30);
        private Duration listLag = Duration.ZERO;
        private boolean tagging = true;
        private String queueFullMessage = "The queue of the virtual cluster is full.";
        private int requestLog = 10_000;

        private Builder() {}

        /** The time to run in; by default the fake makes its own {@link VirtualTime}. */
        public Builder virtualTime(VirtualTime time) {
            this.virtualTime = time;
            this.realTime = false;
            return this;
        }

        /** Runs in real time; the fake then has one daemon thread of its own for late answers. */
        public Builder realTime() {
            return realTime(1);
        }

        /**
         * Runs in real time as {@link #realTime()} does, but faster or slower: what takes the service a minute takes a minute
         * divided by the factor. Its clock begins at the real time of {@link #build}.
         *
         * @param factor more than 0, at most 1,000,000
         */
        public Builder realTime(double factor) {
            if (!(factor > 0 && factor <= 1e6)) {
                throw new IllegalArgumentException("factor is " + factor + "; give more than 0, at most 1,000,000");
            }
            this.realTime = true;
            this.timeFactor = factor;
            return this;
        }

        /** The region in the ARNs, by default {@code us-east-1}. */
        public Builder region(String region) {
            this.region = region;
            return this;
        }

        /** The account in the ARNs, 12 digits, by default {@code 123456789012}. */
        public Builder accountId(String accountId) {
            if (!accountId.matches("\\d{12}")) {
                throw new IllegalArgumentException("accountId is '" + accountId + "'; give 12 digits");
            }
            this.accountId = accountId;
            return this;
        }

        /** From which ids are made, by default 0: the same seed and calls give the same ids. */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /** The S3 beside the service, by default an empty one in memory. */
        public Builder s3(FakeS3 s3) {
            this.s3 = s3;
            return this;
        }

        /** Who runs accepted job runs; by default they follow scripts. Closed with the fake. */
        public Builder engine(JobRunEngine engine) {
            this.engine = engine;
            return this;
        }

        /** How long a client token is remembered, by default 24 hours; EMR does not document it. */
        public Builder clientTokenRetention(Duration retention) {
            this.clientTokenRetention = notNegative("clientTokenRetention", retention);
            return this;
        }

        /** What a remembered token with other parameters does, by default {@link ClientTokenReuse#RETURN_FIRST}. */
        public Builder clientTokenReuse(ClientTokenReuse reuse) {
            this.clientTokenReuse = reuse;
            return this;
        }

        /**
         * The size of a page without {@code maxResults}, by default 100; also the most that it can ask for, unless {@link
         * #largestPage} says otherwise. EMR documents neither.
         */
        public Builder pageSize(int items) {
            this.pageSize = positive("pageSize", items);
            return this;
        }

        /** The most items of a page, however many {@code maxResults} asks for; by default that of {@link #pageSize}. */
        public Builder largestPage(int items) {
            this.largestPage = OptionalInt.of(positive("largestPage", items));
            return this;
        }

        /**
         * Whether calls of EMR must be signed, by default yes: without a well-formed {@code Authorization} header of Signature
         * Version 4 they are refused, HTTP 403. The signature itself is not looked at, unless there are {@link #credentials}.
         */
        public Builder signatures(boolean required) {
            this.signatures = required;
            return this;
        }

        /**
         * An access key whose calls of EMR are accepted; may be called for several. Once there is one, other keys are refused
         * (UnrecognizedClientException), and signatures that do not fit the request (InvalidSignatureException).
         */
        public Builder credentials(String accessKeyId, String secretAccessKey) {
            credentials.put(accessKeyId, secretAccessKey);
            return this;
        }

        /**
         * How long a run may be SUBMITTED before it is FAILED with USER_ERROR, by default 15 minutes; a run's own {@code
         * job-start-timeout} (classification {@code emr-containers-defaults}, seconds) wins. Source: EMR on EKS Development
         * Guide, "Job run errors". Of runs that an engine has the engine decides.
         */
        public Builder startTimeout(Duration limit) {
            this.startTimeout = notNegative("startTimeout", limit);
            return this;
        }

        /** How long a new managed endpoint is CREATING before it is ACTIVE, by default 2 minutes. */
        public Builder managedEndpointCreationTakes(Duration duration) {
            this.managedEndpointCreationTakes = notNegative("managedEndpointCreationTakes", duration);
            return this;
        }

        /** How long a deleted managed endpoint is TERMINATING, by default 30 seconds. */
        public Builder managedEndpointDeletionTakes(Duration duration) {
            this.managedEndpointDeletionTakes = notNegative("managedEndpointDeletionTakes", duration);
            return this;
        }

        /** How runs unfold that no other script is for, by default {@link JobRunScript#lifelike}; {@link #script} changes it. */
        public Builder script(JobRunScript script) {
            this.script = script;
            return this;
        }

        /**
         * Keeps what clients made, and what was told over {@code /_emreks/}, in a file of this folder, and begins with what is
         * there: the calls are done again, at their times. It takes the same seed, account and region. Virtual time goes on
         * where it was. Runs that an engine had are FAILED. S3 is kept by {@link FakeS3#onDisk}.
         *
         * @param folder made if it is missing; for one process at a time
         */
        public Builder dataFolder(Path folder) {
            this.journal = Journal.in(folder);
            return this;
        }

        /** Whether ListJobRuns gives tags, by default yes; EMR does not document it. */
        public Builder listsShowTags(boolean shown) {
            this.listsShowTags = shown;
            return this;
        }

        /** Whether ListJobRuns gives client tokens, by default yes; EMR does not document it. */
        public Builder listsShowClientTokens(boolean shown) {
            this.listsShowClientTokens = shown;
            return this;
        }

        /**
         * Whether the caller is allowed {@code emr-containers:TagResource}, by default yes. If not, TagResource is refused with
         * AccessDeniedException, HTTP 403, and so is whatever comes with tags: StartJobRun, also with those of a job template,
         * and everything that creates.
         */
        public Builder tagging(boolean allowed) {
            this.tagging = allowed;
            return this;
        }

        /**
         * How long ListJobRuns is behind, by default not at all: a new run, and every later state of it, shows only after that
         * time. DescribeJobRun is never behind. EMR does not document whether its lists are.
         */
        public Builder listLag(Duration lag) {
            this.listLag = notNegative("listLag", lag);
            return this;
        }

        /** Whether PutObject makes a bucket that is missing, by default yes; S3 answers NoSuchBucket. */
        public Builder createBucketsOnPut(boolean create) {
            this.createBucketsOnPut = create;
            return this;
        }

        /** How long a deleted virtual cluster is TERMINATING, by default 30 seconds. */
        public Builder virtualClusterDeletionTakes(Duration duration) {
            this.virtualClusterDeletionTakes = notNegative("virtualClusterDeletionTakes", duration);
            return this;
        }

        /**
         * The message of the ValidationException that refuses a StartJobRun while the queue of the virtual cluster is full,
         * by default {@code The queue of the virtual cluster is full.} EMR's own text is not documented; this is invented.
         */
        public Builder queueFullMessage(String message) {
            this.queueFullMessage = message;
            return this;
        }

        /** How many calls {@link FakeEmrEks#requests} keeps, by default 10,000. */
        public Builder requestLog(int calls) {
            this.requestLog = positive("requestLog", calls);
            return this;
        }

        /** The fake, ready for calls. */
        public FakeEmrEks build() {
            return new FakeEmrEks(this);
        }

        ServiceSettings settings() {
            return new ServiceSettings(
                    region,
                    accountId,
                    seed,
                    clientTokenRetention,
                    clientTokenReuse,
                    Math.min(pageSize, largestPage.orElse(pageSize)),
                    largestPage.orElse(pageSize),
                    listsShowTags,
                    listsShowClientTokens,
                    virtualClusterDeletionTakes,
                    managedEndpointCreationTakes,
                    managedEndpointDeletionTakes,
                    startTimeout,
                    queueFullMessage,
                    tagging,
                    listLag);
        }

        private static Duration notNegative(String name, Duration duration) {
            if (duration.isNegative()) {
                throw new IllegalArgumentException(name + " is " + duration + "; give zero or more");
            }
            return duration;
        }

        private static int positive(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " is " + value + "; give 1 or more");
            }
            return value;
        }
    }
}
