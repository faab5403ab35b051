package io.emreks.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.behaviour.Interleaving.Job;
import io.emreks.behaviour.Interleaving.PlannedFault;
import io.emreks.behaviour.Interleaving.Step;
import io.emreks.behaviour.Interleaving.World;
import io.emreks.client.CancelResult;
import io.emreks.client.CloseReport;
import io.emreks.client.EmrEksClient;
import io.emreks.client.EmrEksClientBuilder;
import io.emreks.client.EmrEksRuntime;
import io.emreks.client.JobRunHandle;
import io.emreks.client.RunClaims;
import io.emreks.client.SubmissionSettings;
import io.emreks.client.WatchSettings;
import io.emreks.error.ClientClosedException;
import io.emreks.error.ClientClosedException.Fate;
import io.emreks.error.EmrEksException;
import io.emreks.error.JobRunSubmissionException;
import io.emreks.error.JobRunSubmissionException.Acceptance;
import io.emreks.error.WaitTimeoutException;
import io.emreks.event.JobRunEvent;
import io.emreks.internal.launch.ClientTokens;
import io.emreks.internal.launch.Lineage;
import io.emreks.model.JobDriver;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunRequest;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import io.emreks.retry.ApiRetry;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeJobRunState;
import io.emreks.testing.service.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;

/** Performs an {@link Interleaving} in virtual time and holds what came of it to what the client promises. */
final class InterleavingRun implements AutoCloseable {
    private static final String OWNER = "owner";
    private static final int CALLS_AT_MOST = 5_000;
    /** Longer than any script takes that does not run for ever. */
    private static final Duration SETTLED = Duration.ofHours(33);

    private static final Duration CLOSE_LIMIT = Duration.ofHours(3);

    /** A virtual cluster of every fake with the same seed. */
    static String otherCluster() {
        try (FakeEmrEks fake = FakeEmrEks.create()) {
            fake.createVirtualCluster("main");
            return fake.createVirtualCluster("other");
        }
    }

    private final Interleaving plan;
    private final long seed;
    private final VirtualTime time = new VirtualTime();
    private final FakeEmrEks fake;
    private final String cluster;
    private final Side[] sides = new Side[2];
    private final List<Side> closed = new ArrayList<>();
    private final List<Followed> followed = new ArrayList<>();
    private final List<Ask> asks = new ArrayList<>();
    private final Set<String> startedAgain = new HashSet<>();
    private final Set<Followed> rerun = new HashSet<>();
    /** Without a key, who runs the same handle again twice asks for two runs. */
    private final Set<String> askedForTwice = new HashSet<>();

    private final List<Line> timeline = new ArrayList<>();
    private int submissions;
    private int generations;

    InterleavingRun(Interleaving plan, long seed) {
        this.plan = plan;
        this.seed = seed;
        World world = plan.world();
        fake = FakeEmrEks.builder()
                .virtualTime(time)
                .clientTokenRetention(world.tokensKept())
                .clientTokenReuse(world.reuse())
                .listsShowTags(world.tagsListed())
                .listsShowClientTokens(world.tokensListed())
                .pageSize(world.pageSize())
                .requestLog(2 * CALLS_AT_MOST)
                .build();
        cluster = fake.createVirtualCluster("main");
        fake.createVirtualCluster("other");
        for (int i = 0; i < plan.scripts().size(); i++) {
            int which = i;
            fake.script(
                    run -> Math.floorMod(
                                    (run.id() + seed).hashCode(), plan.scripts().size())
                            == which,
                    plan.scripts().get(i));
        }
        sides[0] = new Side(0);
        sides[1] = new Side(1);
    }

    /** Does everything and checks everything. */
    void tell() {
        for (Step step : plan.steps()) {
            time.advance(step.pause());
            perform(step);
        }
        fake.faults().clear();
        time.advance(SETTLED);
        nothingIsLeftAlone();
        for (int i = 0; i < sides.length; i++) {
            Side side = sides[i];
            side.note("closes and cancels at last");
            CloseReport report = side.client.closeAndCancel(CLOSE_LIMIT);
            side.note("reports " + report);
            closed.add(side);
            assertThat(report.leftRunning())
                    .as("left running by a last closeAndCancel")
                    .isEmpty();
        }
        closed.forEach(side -> side.callsWhenClosed = side.calls);
        time.advance(SETTLED);
        checkEnds();
    }

    // ---- doing

    private void perform(Step step) {
        SplittableRandom random = step.random();
        Side side = sides[step.who()];
        switch (step.act()) {
            case SUBMIT -> submit(side, random, false);
            case REPLACE -> submit(side, random, true);
            case SUBMIT_UNKEYED -> submitUnkeyed(side, random);
            case FAULT -> {
                PlannedFault planned = Interleaving.fault(random, plan.world());
                note("the next " + planned.calls() + " " + planned.operation() + ": " + planned.fault());
                fake.faults().next(planned.operation(), planned.calls(), planned.fault());
            }
            case FIND -> {
                String key = Interleaving.one(random, plan.jobs()).key();
                side.note("looks for " + key);
                side.expect(side.client
                        .findByKey(key)
                        .thenAccept(found -> found.ifPresent(
                                handle -> follow(side, handle, "found", Optional.of(key), Optional.empty()))));
            }
            case RECOVER -> recover(side, random);
            case ATTACH -> {
                List<FakeJobRun> runs = fake.jobRuns();
                if (!runs.isEmpty()) {
                    FakeJobRun run = Interleaving.one(random, runs);
                    follow(
                            side,
                            side.client.attach(new JobRunRef(run.virtualClusterId(), run.id())),
                            "attached to " + run.id(),
                            Optional.empty(),
                            Optional.empty());
                }
            }
            case CLOSE -> {
                Duration limit =
                        Interleaving.one(random, List.of(Duration.ZERO, Duration.ofSeconds(10), Duration.ofMinutes(5)));
                side.note("closes within " + limit);
                replaced(step.who(), side.client.close(limit));
            }
            case CLOSE_AND_CANCEL -> {
                Duration limit = Interleaving.one(random, List.of(Duration.ofSeconds(20), Duration.ofHours(1)));
                side.note("closes and cancels within " + limit);
                replaced(step.who(), side.client.closeAndCancel(limit));
            }
            case CANCEL, CANCEL_AND_CONFIRM, STOP_WATCHING, RERUN, AWAIT -> {
                if (!followed.isEmpty()) {
                    onHandle(step, Interleaving.one(random, followed), random);
                }
            }
        }
        time.runUntilIdle();
    }

    private void submit(Side side, SplittableRandom random, boolean replace) {
        Job job = Interleaving.one(random, plan.jobs());
        JobRunRequest request = request(side, job, random);
        JobRunHandle handle = replace ? side.client.replace(request) : side.client.submit(request);
        follow(
                side,
                handle,
                (replace ? "replaces " : "submits ") + job.key() + " " + request.ifKeyIsOver(),
                Optional.of(job.key()),
                Optional.of(identity(request)));
    }

    private JobRunRequest request(Side side, Job job, SplittableRandom random) {
        String submission = plan.world().argumentsDiffer() ? "submission-" + ++submissions : "any";
        return side.client.request(request -> {
            request.name(job.name())
                    .key(job.key())
                    .jar("s3://jobs/job.jar", "com.acme.Job", "--of", job.key(), "--by", submission)
                    .resubmission(job.resubmission());
            if (job.idempotent()) {
                request.idempotent();
            }
            Interleaving.drawn(random).accept(request);
        });
    }

    private void submitUnkeyed(Side side, SplittableRandom random) {
        String work = "unkeyed-" + ++submissions;
        Job like = Interleaving.one(random, plan.jobs());
        JobRunRequest request = side.client.request(job -> {
            job.name(work)
                    .jar("s3://jobs/job.jar", "com.acme.Job", "--of", work, "--by", work)
                    .resubmission(like.resubmission());
            if (like.idempotent()) {
                job.idempotent();
            }
            Interleaving.drawn(random).accept(job);
        });
        follow(side, side.client.submit(request), "submits " + work, Optional.of(work), Optional.of(work));
    }

    private void recover(Side side, SplittableRandom random) {
        side.note("recovers");
        Map<String, String> identities = new HashMap<>();
        side.expect(side.client
                .recover(key -> plan.jobs().stream()
                        .filter(job -> job.key().equals(key) && random.nextInt(5) > 0)
                        .findFirst()
                        .map(job -> {
                            JobRunRequest request = request(side, job, random);
                            identities.put(key, identity(request));
                            return request;
                        }))
                .thenAccept(recovery -> recovery.handles().forEach(handle -> {
                    String key = handle.key().orElseThrow();
                    follow(
                            side,
                            handle,
                            "recovered " + key,
                            Optional.of(key),
                            Optional.ofNullable(identities.get(key)));
                })));
    }

    private void onHandle(Step step, Followed one, SplittableRandom random) {
        switch (step.act()) {
            case CANCEL -> ask(one, false, one.handle.cancel());
            case CANCEL_AND_CONFIRM -> ask(one, true, one.handle.cancelAndConfirm());
            case STOP_WATCHING -> {
                one.note("is not watched any more");
                one.handle.stopWatching();
            }
            case RERUN -> rerun(one);
            default -> await(one, Interleaving.seconds(random, 600));
        }
    }

    private void ask(Followed one, boolean confirm, CompletableFuture<CancelResult> answer) {
        one.note(confirm ? "is asked to cancel and confirm" : "is asked to cancel");
        Ask ask = new Ask(one, confirm, answer);
        asks.add(ask);
        var unused = answer.whenComplete((result, failure) -> {
            ask.answered = time.clock().instant();
            ask.startedBefore = one.startedRuns();
            one.note("cancel -> " + (failure == null ? result : failure));
        });
    }

    private void rerun(Followed one) {
        one.note("is run again");
        boolean mayLive = one.handle.key().isEmpty() && one.end() instanceof JobRunEvent.WatchStopped;
        try {
            JobRunHandle again = one.handle.rerun();
            assertThat(mayLive)
                    .as("%s has no key, may have a live run and was run again", one.label)
                    .isFalse();
            one.identity.ifPresent(startedAgain::add);
            if (!rerun.add(one) && one.handle.key().isEmpty()) {
                one.work.ifPresent(askedForTwice::add);
            }
            follow(one.side, again, "reruns " + one.label, one.work, one.identity);
        } catch (IllegalStateException e) {
            assertThat(one.handle.request().isEmpty() || one.handle.key().isEmpty())
                    .as(e.getMessage())
                    .isTrue();
        } catch (ClientClosedException e) {
            assertThat(one.side.over).as("closed").isTrue();
        }
    }

    private void await(Followed one, Duration limit) {
        one.note("is waited for " + limit);
        try {
            JobRunSnapshot end = one.handle.await(limit);
            assertThat(end.state()).isEqualTo(JobRunState.COMPLETED);
            assertThat(one.handle.completion()).isDone();
        } catch (WaitTimeoutException e) {
            assertThat(one.end()).as("a wait that ran out").isNull();
        } catch (EmrEksException e) {
            assertThat(one.handle.completion()).isCompletedExceptionally();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void replaced(int who, CloseReport report) {
        Side side = sides[who];
        side.note("reports " + report);
        side.over = true;
        side.reports(report);
        side.callsWhenClosed = side.calls;
        closed.add(side);
        sides[who] = new Side(who);
    }

    private void follow(Side side, JobRunHandle handle, String how, Optional<String> work, Optional<String> identity) {
        Followed one = new Followed("handle-" + followed.size(), side, handle, work, identity);
        followed.add(one);
        one.note(side.label + " " + how);
        handle.addListener(event -> {
            one.events.add(event);
            one.note(told(event));
        });
    }

    private static String identity(JobRunRequest request) {
        return ((JobDriver.SparkSubmit) request.jobDriver().orElseThrow())
                .arguments()
                .get(3)
                .value();
    }

    private static String told(JobRunEvent event) {
        if (event instanceof JobRunEvent.StateChanged changed) {
            return "is " + changed.snapshot().serviceState() + " "
                    + changed.ref().map(JobRunRef::id).orElse("");
        }
        return event.toString();
    }

    // ---- checking

    /** What is live is followed, or was let go of, and its end is nobody's business but EMR's. */
    private void nothingIsLeftAlone() {
        if (!plan.world().oneLiveWithoutKey()) {
            return;
        }
        for (FakeJobRun run : fake.jobRuns()) {
            if (!run.state().terminal()) {
                assertThat(followed.stream().anyMatch(one -> one.answersFor(run)))
                        .as("run %s is live and nobody follows it", run.id())
                        .isTrue();
            }
        }
    }

    private void checkEnds() {
        followed.forEach(Followed::check);
        asks.forEach(Ask::check);
        closed.forEach(Side::check);
        oneLiveRunEach();
        fake.jobRuns().forEach(this::checkTokenAndTags);
    }

    private void oneLiveRunEach() {
        Map<String, List<FakeJobRun>> byWork = new HashMap<>();
        fake.jobRuns()
                .forEach(run -> byWork.computeIfAbsent(workOf(run), work -> new ArrayList<>())
                        .add(run));
        byWork.forEach((work, runs) -> {
            boolean promised = plan.jobs().stream()
                    .filter(job -> job.key().equals(work))
                    .findFirst()
                    .map(job -> plan.world().oneLive(job))
                    .orElseGet(() -> plan.world().oneLiveWithoutKey() && !askedForTwice.contains(work));
            if (promised) {
                List<FakeJobRun> inOrder = runs.stream()
                        .sorted(Comparator.comparing(run -> run.history().get(0).at()))
                        .toList();
                for (int i = 1; i < inOrder.size(); i++) {
                    FakeJobRun before = inOrder.get(i - 1);
                    assertThat(before.finishedAt())
                            .as(
                                    "end of %s, before %s of the same %s",
                                    before.id(), inOrder.get(i).id(), work)
                            .hasValueSatisfying(
                                    ended -> assertThat(ended).isBeforeOrEqualTo(inOrderCreated(before, inOrder)));
                }
            }
        });
    }

    private static Instant inOrderCreated(FakeJobRun before, List<FakeJobRun> inOrder) {
        return inOrder.get(inOrder.indexOf(before) + 1).history().get(0).at();
    }

    private static String workOf(FakeJobRun run) {
        return run.entryPointArguments().get(1);
    }

    private static String identityOf(FakeJobRun run) {
        return run.entryPointArguments().get(3);
    }

    private List<FakeJobRun> runsOf(String identity) {
        return fake.jobRuns().stream()
                .filter(run -> identityOf(run).equals(identity))
                .toList();
    }

    /** Whether every run with an identity was started by one handle. */
    private boolean oneHandle(String identity) {
        return !identity.equals("any") && !startedAgain.contains(identity);
    }

    private void checkTokenAndTags(FakeJobRun run) {
        String work = workOf(run);
        if (work.startsWith("unkeyed-")) {
            assertThat(run.tags()).as("tags of %s", run.id()).isEmpty();
            return;
        }
        Lineage lineage = new Lineage(OWNER, work, true);
        String first = ClientTokens.first(lineage, run.virtualClusterId());
        if (run.tags().isEmpty()) {
            Stream<String> possible = Stream.concat(
                    Stream.of(first),
                    fake.jobRuns().stream()
                            .map(other -> ClientTokens.following(lineage, run.virtualClusterId(), other.id())));
            assertThat(possible).as("tokens of %s", work).contains(run.clientToken());
            return;
        }
        Optional<String> follows = Optional.ofNullable(run.tags().get("emreks:follows"));
        assertThat(run.tags()).containsEntry("emreks:owner", OWNER).containsEntry("emreks:key", work);
        assertThat(run.tags().get("emreks:attempt")).matches("[1-9][0-9]*");
        assertThat(run.clientToken())
                .isEqualTo(follows.map(id -> ClientTokens.following(lineage, run.virtualClusterId(), id))
                        .orElse(first));
        follows.ifPresent(id -> {
            FakeJobRun before = fake.jobRun(id);
            assertThat(workOf(before)).as("the run that %s follows", run.id()).isEqualTo(work);
            assertThat(before.state().terminal()).isTrue();
            assertThat(before.finishedAt().orElseThrow())
                    .as("end of %s, which %s follows", id, run.id())
                    .isBeforeOrEqualTo(run.history().get(0).at());
        });
    }

    /** What happened, in order. */
    String timeline() {
        Stream<Line> calls = fake.requests().stream()
                .map(call -> new Line(
                        call.at(),
                        "        " + call.operation() + " " + call.path()
                                + (call.query().isEmpty() ? "" : "?" + call.query()) + " -> " + call.status()));
        Stream<Line> changes = fake.jobRuns().stream()
                .flatMap(run -> run.history().stream()
                        .map(change -> new Line(
                                change.at(),
                                "    EMR: " + run.id() + " of " + run.entryPointArguments() + " " + change.state() + " "
                                        + (change.state() == FakeJobRunState.PENDING ? run.tags() : ""))));
        StringBuilder text = new StringBuilder();
        Stream.concat(timeline.stream(), Stream.concat(changes, calls))
                .sorted(Comparator.comparing(Line::at))
                .forEach(line ->
                        text.append(line.at()).append(' ').append(line.text()).append('\n'));
        return text.toString();
    }

    private void note(String text) {
        timeline.add(new Line(time.clock().instant(), text));
    }

    @Override
    public void close() {
        fake.close();
    }

    private record Line(Instant at, String text) {}

    /** One client, and what it calls. */
    private final class Side {
        private final String label;
        private final EmrEksClient client;
        private final List<CompletableFuture<?>> expected = new ArrayList<>();
        private int calls;
        private int callsWhenClosed;
        private boolean over;

        Side(int who) {
            label = "client-" + who + "." + generations++;
            World world = plan.world();
            EmrEksRuntime runtime = EmrEksRuntime.builder()
                    .clock(time.clock())
                    .ticker(time::nanoTime)
                    .scheduler(time)
                    .callExecutor(Runnable::run)
                    .callbackExecutor(time)
                    .random(new SplittableRandom(seed * 1_000 + generations))
                    .build();
            EmrEksClientBuilder builder = EmrEksClient.builder()
                    .runtime(runtime)
                    .region(fake.region())
                    .credentials(Bed.CREDENTIALS)
                    .httpClient(new Counting(fake.asyncHttpClient()))
                    .owner(OWNER)
                    .virtualCluster(cluster)
                    .executionRole(Bed.ROLE)
                    .artifacts("s3://artifacts/emreks/")
                    .defaults(job -> job.releaseLabel("emr-7.5.0-latest"))
                    .apiRetry(ApiRetry.builder().maxAttempts(world.tries()).build())
                    .submission(SubmissionSettings.builder()
                            .lookBack(world.lookBack())
                            .build())
                    .watch(WatchSettings.builder()
                            .maxPause(world.longestPause())
                            .giveUpAfter(world.giveUpAfter())
                            .build());
            if (world.claims()) {
                builder.runClaims(new RunClaims(world.claimExpiry()));
            }
            client = builder.build();
        }

        void expect(CompletableFuture<?> answer) {
            expected.add(answer);
        }

        void note(String text) {
            InterleavingRun.this.note(label + " " + text);
        }

        /** Holds the report of a close to what the handles were told. */
        void reports(CloseReport report) {
            time.runUntilIdle();
            Set<JobRunRef> left = new HashSet<>(report.leftRunning());
            for (Followed one : followed) {
                if (one.side == this
                        && one.end() instanceof JobRunEvent.WatchStopped stopped
                        && stopped.reason() instanceof ClientClosedException reason
                        && reason.fate() == Fate.STARTED) {
                    assertThat(left).as("left running").contains(reason.jobRun().orElseThrow());
                }
            }
            report.neverStarted().forEach(request -> {
                if (oneHandle(identity(request))) {
                    assertThat(runsOf(identity(request)))
                            .as("runs of what never started")
                            .isEmpty();
                }
            });
        }

        void check() {
            assertThat(calls).as("calls of %s after its close", label).isEqualTo(callsWhenClosed);
            assertThat(calls).as("calls of %s", label).isLessThan(CALLS_AT_MOST);
            expected.forEach(
                    answer -> assertThat(answer).as("answers to %s", label).isDone());
        }

        private final class Counting implements SdkAsyncHttpClient {
            private final SdkAsyncHttpClient http;

            Counting(SdkAsyncHttpClient http) {
                this.http = http;
            }

            @Override
            public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
                calls++;
                note("calls " + request.request().method() + " "
                        + request.request().encodedPath());
                return http.execute(request);
            }

            @Override
            public void close() {}
        }
    }

    /** A handle and what was heard of it. */
    private final class Followed {
        private final String label;
        private final Side side;
        private final JobRunHandle handle;
        private final Optional<String> work;
        private final Optional<String> identity;
        private final List<JobRunEvent> events = new ArrayList<>();

        Followed(String label, Side side, JobRunHandle handle, Optional<String> work, Optional<String> identity) {
            this.label = label;
            this.side = side;
            this.handle = handle;
            this.work = work;
            this.identity = identity;
        }

        void note(String text) {
            InterleavingRun.this.note("  " + label + " " + text);
        }

        @Nullable
        JobRunEvent end() {
            return events.stream().filter(Recorder::last).findFirst().orElse(null);
        }

        int startedRuns() {
            return identity.map(name -> runsOf(name).size()).orElse(0);
        }

        /** Whether a live run is this handle's, or one of which it was said that it may be live. */
        boolean answersFor(FakeJobRun run) {
            JobRunRef ref = new JobRunRef(run.virtualClusterId(), run.id());
            JobRunEvent end = end();
            boolean duplicate = events.stream()
                    .anyMatch(event -> event instanceof JobRunEvent.DuplicateCancelled cancelled
                            && cancelled.cancelled().equals(ref));
            if (end == null) {
                return duplicate || handle.ref().equals(Optional.of(ref));
            }
            return duplicate
                    || (end instanceof JobRunEvent.WatchStopped stopped
                            && (stopped.ref().equals(Optional.of(ref))
                                    || (mayHaveStarted(stopped.reason()) && work.equals(Optional.of(workOf(run))))));
        }

        private static boolean mayHaveStarted(EmrEksException reason) {
            return (reason instanceof JobRunSubmissionException refused && refused.acceptance() == Acceptance.UNKNOWN)
                    || (reason instanceof ClientClosedException left && left.fate() == Fate.UNKNOWN);
        }

        void check() {
            List<String> story = events.stream().map(InterleavingRun::told).toList();
            assertThat(events.stream().filter(Recorder::last))
                    .as("last events of %s: %s", label, story)
                    .hasSize(1);
            JobRunEvent end = events.get(events.size() - 1);
            assertThat(Recorder.last(end)).as("the end of %s: %s", label, story).isTrue();
            checkFutures(end);
            checkOrder();
            if (end instanceof JobRunEvent.Ended ended) {
                ended.snapshot().ifPresent(this::checkState);
                if (ended.snapshot().isEmpty()
                        && identity.filter(InterleavingRun.this::oneHandle).isPresent()) {
                    assertThat(runsOf(identity.get()))
                            .as("runs of %s, of which none was ever started", label)
                            .isEmpty();
                }
            }
            handle.attempts()
                    .forEach(attempt -> attempt.last().ifPresent(last -> {
                        if (last.state().terminal()) {
                            checkState(last);
                        }
                    }));
        }

        private void checkState(JobRunSnapshot snapshot) {
            assertThat(fake.jobRun(snapshot.ref().id()).state().name())
                    .as("state of %s as %s was told", snapshot.ref(), label)
                    .isEqualTo(snapshot.serviceState());
        }

        private void checkFutures(JobRunEvent end) {
            assertThat(handle.accepted()).as("accepted of %s", label).isDone();
            assertThat(handle.started()).as("started of %s", label).isDone();
            assertThat(handle.completion()).as("completion of %s", label).isDone();
            Optional<EmrEksException> failure = end instanceof JobRunEvent.Ended ended
                    ? ended.failure()
                    : Optional.of(((JobRunEvent.WatchStopped) end).reason());
            failure.ifPresent(reason -> assertThat(reason.getMessage())
                    .doesNotContain("fault in emreks")
                    .isNotBlank());
            Object told = handle.completion()
                    .handle((value, problem) ->
                            problem instanceof CompletionException wrapped ? wrapped.getCause() : value)
                    .join();
            Object expected = failure.<Object>map(reason -> reason)
                    .orElseGet(() -> ((JobRunEvent.Ended) end).snapshot().orElseThrow());
            assertThat(told).as("completion of %s", label).isSameAs(expected);
        }

        /** Who hears of a run hears of its acceptance first, of its states forward, and of its end before another run. */
        private void checkOrder() {
            JobRunRef present = null;
            int rank = 0;
            for (JobRunEvent event : events) {
                if (event instanceof JobRunEvent.Accepted || event instanceof JobRunEvent.Joined) {
                    assertThat(present).as("%s was given a second run", label).isNull();
                    present = event.ref().orElseThrow();
                    rank = 0;
                } else if (event instanceof JobRunEvent.StateChanged changed) {
                    if (present == null) {
                        present = changed.snapshot().ref();
                    }
                    assertThat(changed.snapshot().ref()).as("run of %s", label).isEqualTo(present);
                    assertThat(rank(changed.state())).as("states of %s", label).isGreaterThanOrEqualTo(rank);
                    rank = rank(changed.state());
                } else if (event instanceof JobRunEvent.AttemptEnded ended) {
                    // who comes late hears this first
                    assertThat(ended.snapshot().ref())
                            .as("run of %s", label)
                            .isEqualTo(present == null ? ended.snapshot().ref() : present);
                    checkState(ended.snapshot());
                    present = null;
                }
            }
        }

        private static int rank(JobRunState state) {
            return switch (state) {
                case PENDING -> 0;
                case SUBMITTED -> 1;
                case RUNNING -> 2;
                case CANCEL_PENDING -> 3;
                case COMPLETED, FAILED, CANCELLED -> 4;
                case UNKNOWN -> throw new AssertionError("the fake has no such state");
            };
        }
    }

    /** A wish to cancel, and what came of it. */
    private final class Ask {
        private final Followed one;
        private final boolean confirm;
        private final CompletableFuture<CancelResult> answer;
        private @Nullable Instant answered;
        private int startedBefore;

        Ask(Followed one, boolean confirm, CompletableFuture<CancelResult> answer) {
            this.one = one;
            this.confirm = confirm;
            this.answer = answer;
        }

        void check() {
            assertThat(answer).as("cancel of %s", one.label).isDone();
            CancelResult result = answer.exceptionally(failure -> {
                        assertThat(failure instanceof CompletionException wrapped ? wrapped.getCause() : failure)
                                .isInstanceOf(ClientClosedException.class);
                        return null;
                    })
                    .join();
            if (result == null) {
                assertThat(one.side.over || closed.contains(one.side)).isTrue();
                return;
            }
            boolean attributed =
                    one.identity.filter(InterleavingRun.this::oneHandle).isPresent();
            if (result instanceof CancelResult.NeverStarted) {
                if (attributed) {
                    assertThat(one.startedRuns())
                            .as("runs of %s, which never started", one.label)
                            .isZero();
                }
            } else if (result instanceof CancelResult.AlreadyOver over) {
                one.checkState(over.snapshot());
                checkNoFurther(attributed);
            } else if (result instanceof CancelResult.Requested requested) {
                assertThat(confirm)
                        .as("a confirmed cancel is not only requested")
                        .isFalse();
                assertThat(fake.jobRun(requested.run().id()).history())
                        .as("history of %s, which was asked to cancel", requested.run())
                        .anyMatch(change -> change.state() == FakeJobRunState.CANCEL_PENDING);
                checkNoFurther(attributed);
            } else if (result instanceof CancelResult.Confirmed confirmed) {
                assertThat(confirm).isTrue();
                assertThat(confirmed.snapshot().state()).isEqualTo(JobRunState.CANCELLED);
                one.checkState(confirmed.snapshot());
                checkNoFurther(attributed);
            }
        }

        private void checkNoFurther(boolean attributed) {
            if (attributed) {
                assertThat(one.startedRuns())
                        .as("runs of %s since its cancel was answered at %s", one.label, answered)
                        .isEqualTo(startedBefore);
            }
        }
    }
}
