package io.emreks.internal.engine;

import io.emreks.client.CloseReport;
import io.emreks.client.CloseReport.UnknownSubmission;
import io.emreks.error.ClientClosedException;
import io.emreks.event.JobRunEvent;
import io.emreks.internal.aws.EmrApi;
import io.emreks.internal.calls.Calls;
import io.emreks.internal.launch.ClientTokens;
import io.emreks.internal.launch.VirtualClusters;
import io.emreks.internal.logs.LogReader;
import io.emreks.internal.loop.Callbacks;
import io.emreks.internal.loop.Loop;
import io.emreks.internal.staging.Stager;
import io.emreks.internal.watch.Watcher;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The rooms of one client and the runs that are in them. Belongs to the loop. */
final class ClientEngine {
    /** For telling what was decided only when the limit of a close had passed. */
    private static final Duration LAST_WORD = Duration.ofSeconds(1);

    final Loop loop;
    final Callbacks callbacks;
    final Promise.Deliveries deliveries;
    final Calls calls;
    final EmrApi emr;
    final VirtualClusters virtualClusters;
    final Stager stager;
    final Watcher watcher;
    final LogReader logs;
    private final RandomGenerator random;

    /** Runs that have something left to find out or to tell. */
    private final Set<JobRunProcess> unsettled = new LinkedHashSet<>();

    private final List<JobRunProcess> openAtClose = new ArrayList<>();
    private final CompletableFuture<CloseReport> report = new CompletableFuture<>();
    private final CompletableFuture<Void> quiet = new CompletableFuture<>();
    private boolean closing;
    private Loop.@Nullable Timer closeLimit;

    ClientEngine(
            Loop loop,
            Callbacks callbacks,
            Calls calls,
            EmrApi emr,
            VirtualClusters virtualClusters,
            Stager stager,
            Watcher watcher,
            LogReader logs,
            RandomGenerator random) {
        this.loop = loop;
        this.callbacks = callbacks;
        this.deliveries = new Promise.Deliveries(callbacks, () -> loop.execute(this::checkClosed));
        this.calls = calls;
        this.emr = emr;
        this.virtualClusters = virtualClusters;
        this.stager = stager;
        this.watcher = watcher;
        this.logs = logs;
        this.random = random;
    }

    void begin(JobRunProcess process) {
        unsettled.add(process);
        if (closing) {
            openAtClose.add(process);
            process.close();
        } else {
            process.begin(ClientTokens.random(random));
        }
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

    private void checkClosed() {
        if (!closing || quiet.isDone()) {
            return;
        }
        if (!report.isDone() && unsettled.stream().allMatch(JobRunProcess::answered)) {
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
        for (JobRunProcess process : processes) {
            JobRunEvent end = process.end();
            if (end instanceof JobRunEvent.Ended ended
                    && ended.failure().orElse(null) instanceof ClientClosedException) {
                neverStarted.add(process.plan().request());
            } else if (end instanceof JobRunEvent.WatchStopped stopped
                    && stopped.reason() instanceof ClientClosedException) {
                stopped.ref()
                        .ifPresentOrElse(
                                leftRunning::add,
                                () -> unknown.add(
                                        new UnknownSubmission(process.plan().request(), process.clientToken())));
            }
        }
        return new CloseReport(neverStarted, leftRunning, unknown);
    }
}
