package io.emreks.internal.engine;

import io.emreks.client.CancelResult;
import io.emreks.client.CloseReport;
import io.emreks.client.CloseReport.UnknownSubmission;
import io.emreks.client.FailureClassifier;
import io.emreks.client.RunClaims;
import io.emreks.client.WatchSettings;
import io.emreks.error.ClientClosedException;
import io.emreks.event.JobRunEvent;
import io.emreks.event.JobRunListener;
import io.emreks.internal.aws.EmrApi;
import io.emreks.internal.aws.ObjectStore;
import io.emreks.internal.aws.StartCommand;
import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.calls.Calls;
import io.emreks.internal.events.EventReader;
import io.emreks.internal.launch.Claims;
import io.emreks.internal.launch.JobTemplates;
import io.emreks.internal.launch.KeyedRuns;
import io.emreks.internal.launch.RunTags;
import io.emreks.internal.launch.VirtualClusters;
import io.emreks.internal.logs.LogReader;
import io.emreks.internal.loop.Callbacks;
import io.emreks.internal.loop.Loop;
import io.emreks.internal.outcome.FailureClasses;
import io.emreks.internal.staging.Stager;
import io.emreks.internal.staging.StoredTemplates;
import io.emreks.internal.validation.ClientDefaults;
import io.emreks.internal.validation.Plan;
import io.emreks.internal.watch.Missing;
import io.emreks.internal.watch.Watcher;
import io.emreks.model.JobRunAttempt;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunRequest;
import io.emreks.retry.FailureClass;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rooms of one client and the runs that are in them. Belongs to the loop. */
final class ClientEngine {
    private static final Logger LOG = LoggerFactory.getLogger(ClientEngine.class);

    /** For telling what was decided only when the limit of a close had passed. */
    private static final Duration LAST_WORD = Duration.ofSeconds(1);

    final Loop loop;
    final Callbacks callbacks;
    final Promise.Deliveries deliveries;
    final RandomGenerator random;
    final Calls calls;
    final EmrApi emr;
    final String owner;
    final ClientDefaults defaults;
    final VirtualClusters virtualClusters;
    final Stager stager;
    final StoredTemplates storedTemplates;
    final JobTemplates jobTemplates;
    final RunTags tags;
    final KeyedRuns keyedRuns;
    final Optional<Claims> claims;
    final Watcher watcher;
    final LogReader logs;
    final RunCounts counts;
    final Telemetries telemetry;
    final Whereabouts whereabouts;
    private final List<JobRunListener> listeners;
    private volatile Optional<EventReader> events = Optional.empty();
    private final Optional<FailureClassifier> classifier;
    private boolean untagged;

    /** Runs that have something left to find out or to tell. */
    private final Set<JobRunProcess> unsettled = new LinkedHashSet<>();

    private final List<JobRunProcess> openAtClose = new ArrayList<>();
    private final CompletableFuture<CloseReport> report = new CompletableFuture<>();
    private final CompletableFuture<Void> quiet = new CompletableFuture<>();
    private volatile boolean closing;
    private Loop.@Nullable Timer closeLimit;

    /** What the user said about one client. */
    record Settings(
            String owner,
            ClientDefaults defaults,
            WatchSettings watch,
            Optional<RunClaims> claims,
            Optional<FailureClassifier> classifier,
            List<JobRunListener> listeners,
            Whereabouts whereabouts) {}

    ClientEngine(
            Loop loop,
            Callbacks callbacks,
            RandomGenerator random,
            Executor callExecutor,
            Calls calls,
            Telemetries telemetry,
            EmrApi emr,
            ObjectStore store,
            Settings settings) {
        this.loop = loop;
        this.callbacks = callbacks;
        this.deliveries = new Promise.Deliveries(callbacks, this::delivered);
        this.random = random;
        this.calls = calls;
        this.emr = emr;
        this.telemetry = telemetry;
        this.counts = new RunCounts(calls);
        this.whereabouts = settings.whereabouts();
        this.listeners = new ArrayList<>(settings.listeners());
        this.owner = settings.owner();
        this.defaults = settings.defaults();
        this.classifier = settings.classifier();
        this.virtualClusters = new VirtualClusters(calls, emr);
        this.stager = new Stager(loop, calls, store);
        this.storedTemplates = new StoredTemplates(calls, store);
        this.jobTemplates = new JobTemplates(calls, emr);
        this.tags = new RunTags(defaults.submission().tagPrefix());
        this.keyedRuns = new KeyedRuns(calls, emr, tags);
        this.claims = settings.claims()
                .map(wanted -> new Claims(
                        loop,
                        calls,
                        store,
                        defaults.artifacts().orElseThrow(),
                        wanted.expiry(),
                        random,
                        this::checkClosed));
        this.watcher = new Watcher(loop, calls, emr, settings.watch(), telemetry::looked, random);
        this.logs = new LogReader(calls, store, callExecutor);
    }

    void begin(JobRunProcess process) {
        begin(process, process::begin);
    }

    /** Takes a process in, if it is not too late. */
    void begin(JobRunProcess process, Runnable first) {
        unsettled.add(process);
        listeners.forEach(process::addListener);
        if (closing) {
            openAtClose.add(process);
            process.refuse();
        } else {
            first.run();
        }
    }

    /** Lets events of the service be read; before anything else happens. */
    void read(EventReader reader) {
        events = Optional.of(reader);
    }

    /** What the client may not do at the moment; read from anywhere. */
    List<Missing> missing() {
        List<Missing> all = new ArrayList<>(watcher.missing());
        events.flatMap(EventReader::missing).ifPresent(all::add);
        return all;
    }

    /** Adds a listener to every run that is there or comes. */
    void addListener(JobRunListener listener) {
        listeners.add(listener);
        List.copyOf(unsettled).forEach(process -> process.addListener(listener));
    }

    /** How old a run of a key may be to be found. */
    Optional<Instant> lookBack(boolean longRunning) {
        return longRunning
                ? Optional.empty()
                : Optional.of(loop.now().minus(defaults.submission().lookBack()));
    }

    /** The command, without its tags if the caller may not tag. */
    StartCommand taggable(StartCommand command) {
        return untagged ? command.untagged() : command;
    }

    /** Goes on without tags; false if that was so already. */
    boolean giveUpTags(ApiFailure denied) {
        if (untagged) {
            return false;
        }
        untagged = true;
        LOG.warn(
                "Runs are started without any tags from now on, as tagging was refused; allow emr-containers:TagResource: {}",
                denied.getMessage());
        return true;
    }

    /** Asks why a run failed; the answer comes on the loop, within the limit. */
    void classify(JobRunAttempt failed, Duration limit, Consumer<FailureClass> answer) {
        if (classifier.isEmpty()) {
            answer.accept(FailureClasses.of(failed));
            return;
        }
        CompletableFuture<FailureClass> known = new CompletableFuture<>();
        Loop.Timer timer = loop.after(limit, () -> known.complete(FailureClass.UNKNOWN));
        var unused = known.thenAccept(cause -> {
            timer.cancel();
            answer.accept(cause);
        });
        boolean asked = callbacks.tell(() -> classifier
                .get()
                .classify(failed)
                .whenComplete((cause, problem) -> loop.execute(
                        () -> known.complete(problem == null && cause != null ? cause : FailureClass.UNKNOWN))));
        if (!asked) {
            known.complete(FailureClass.UNKNOWN);
        }
    }

    /** Cancels everything; completes on the loop when all of it has ended or is not to be ended. */
    CompletableFuture<?> cancelAll() {
        return CompletableFuture.allOf(List.copyOf(unsettled).stream()
                .filter(process -> process.end() == null)
                .map(process -> {
                    Promise<CancelResult> answer = new Promise<>(deliveries);
                    process.cancelAndConfirm(answer);
                    return answer.settled();
                })
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Something was found out or told about a run. */
    void progressed(JobRunProcess process) {
        if (process.settled()) {
            unsettled.remove(process);
        }
        checkClosed();
    }

    /** Completes on the loop when everything is found out that can be within the limit. */
    CompletableFuture<CloseReport> report() {
        return report;
    }

    /** Completes on the loop when, moreover, everything was told and every future is completed, or the limit has passed. */
    CompletableFuture<Void> quiet() {
        return quiet;
    }

    void close(Duration limit) {
        if (closing) {
            return;
        }
        closing = true;
        events.ifPresent(EventReader::close);
        openAtClose.addAll(unsettled);
        closeLimit = loop.after(limit, () -> {
            calls.close();
            closeLimit = loop.after(LAST_WORD, () -> quiet.complete(null));
            checkClosed();
        });
        List.copyOf(unsettled).forEach(JobRunProcess::close);
        checkClosed();
    }

    /** Whether nothing more is begun or found out. */
    boolean closed() {
        return report.isDone();
    }

    /** Run by a worker. */
    private void delivered() {
        if (closing) {
            loop.execute(this::checkClosed);
        }
    }

    private void checkClosed() {
        if (!closing || quiet.isDone()) {
            return;
        }
        if (!report.isDone()
                && unsettled.stream().allMatch(JobRunProcess::answered)
                && claims.map(Claims::quiet).orElse(true)) {
            report.complete(reportOf(openAtClose));
            calls.close();
        }
        if (report.isDone() && unsettled.isEmpty() && deliveries.none()) {
            if (closeLimit != null) {
                closeLimit.cancel();
            }
            quiet.complete(null);
        }
    }

    private static CloseReport reportOf(List<JobRunProcess> processes) {
        List<JobRunRequest> neverStarted = new ArrayList<>();
        List<JobRunRef> leftRunning = new ArrayList<>();
        List<UnknownSubmission> unknown = new ArrayList<>();
        List<JobRunRef> awaiting = new ArrayList<>();
        for (JobRunProcess process : processes) {
            JobRunEvent end = process.end();
            if (end instanceof JobRunEvent.Ended ended
                    && ended.failure().orElse(null) instanceof ClientClosedException) {
                process.plan().map(Plan::request).ifPresent(neverStarted::add);
            } else if (end instanceof JobRunEvent.WatchStopped stopped
                    && stopped.reason() instanceof ClientClosedException closed) {
                switch (closed.fate()) {
                    case STARTED -> closed.jobRun().ifPresent(leftRunning::add);
                    case AWAITING_RESUBMISSION -> closed.jobRun().ifPresent(awaiting::add);
                    case UNKNOWN ->
                        process.plan()
                                .map(plan -> new UnknownSubmission(plan.request(), process.clientToken()))
                                .ifPresent(unknown::add);
                    case NEVER_STARTED -> throw new IllegalStateException("what never started has ended");
                }
            }
        }
        return new CloseReport(neverStarted, leftRunning, unknown, awaiting);
    }
}
