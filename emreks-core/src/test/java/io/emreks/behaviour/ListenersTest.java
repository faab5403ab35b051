package io.emreks.behaviour;

import static io.emreks.behaviour.Bed.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emreks.client.EmrEksClient;
import io.emreks.client.JobRunGroup;
import io.emreks.client.JobRunHandle;
import io.emreks.error.EmrEksException;
import io.emreks.error.JobRunCancelledException;
import io.emreks.error.JobRunFailedException;
import io.emreks.error.JobRunSubmissionException;
import io.emreks.error.JobRunSubmissionException.Acceptance;
import io.emreks.error.MonitoringException;
import io.emreks.error.WaitTimeoutException;
import io.emreks.event.JobRunCallbacks;
import io.emreks.event.JobRunEvent;
import io.emreks.event.JobRunListener;
import io.emreks.model.JobRunState;
import io.emreks.retry.ApiRetry;
import io.emreks.retry.Resubmission;
import io.emreks.testing.service.FakeFailureReason;
import io.emreks.testing.service.FakeJobRunState;
import io.emreks.testing.service.Fault;
import io.emreks.testing.service.JobRunScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** Who hears what where, what surrounds them, and what failures say. */
class ListenersTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final JobRunScript UNREACHABLE = JobRunScript.fails(
                    FakeFailureReason.CLUSTER_UNAVAILABLE, "Cluster c1 is currently not reachable.")
            .failsWhile(FakeJobRunState.SUBMITTED);

    private final Bed bed = Bed.inMemory();

    @AfterEach
    void close() {
        MDC.clear();
        bed.close();
    }

    private void runToItsEnd(JobRunHandle run) {
        bed.time.runUntil(run.completion()::isDone, DAY);
        bed.time.runUntilIdle();
        assertThat(run.completion()).isDone();
    }

    // ---- levels

    /** Which jobs a listener has heard of, each with how often it heard the end. */
    private static final class Jobs implements JobRunCallbacks {
        final Map<String, List<String>> heard = new TreeMap<>();

        @Override
        public void onEvent(JobRunEvent event) {
            heard.computeIfAbsent(event.jobName(), name -> new ArrayList<>());
            JobRunCallbacks.super.onEvent(event);
        }

        @Override
        public void onAccepted(JobRunEvent.Accepted event) {
            add(event, "accepted");
        }

        @Override
        public void onStateChanged(JobRunEvent.StateChanged event) {
            add(event, event.state().name());
        }

        @Override
        public void onEnded(JobRunEvent.Ended event) {
            add(event, "ended");
        }

        private void add(JobRunEvent event, String what) {
            Objects.requireNonNull(heard.get(event.jobName())).add(what);
        }
    }

    private static final List<String> ALL = List.of("accepted", "SUBMITTED", "RUNNING", "COMPLETED", "ended");

    @Test
    void aListenerOfTheClientHearsEveryRunFromTheBeginning() {
        bed.script(JobRunScript.completes().pendingFor(Duration.ofSeconds(1)));
        Jobs jobs = new Jobs();
        try (EmrEksClient client = bed.client(builder -> builder.listener(jobs))) {
            runToItsEnd(client.submit(job("one")));
            runToItsEnd(client.submit(job("two")));
        }
        assertThat(jobs.heard).containsExactlyInAnyOrderEntriesOf(Map.of("one", ALL, "two", ALL));
    }

    @Test
    void aListenerThatTheClientGetsLaterHearsThePresentAndTheFuture() {
        bed.script(JobRunScript.completes().pendingFor(Duration.ofSeconds(1)));
        Jobs jobs = new Jobs();
        try (EmrEksClient client = bed.client()) {
            runToItsEnd(client.submit(job("over")));
            JobRunHandle running = client.submit(job("running"));
            bed.time.await(running.started());
            client.addListener(jobs);
            runToItsEnd(running);
            runToItsEnd(client.submit(job("later")));
        }
        assertThat(jobs.heard)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("running", List.of("RUNNING", "COMPLETED", "ended"), "later", ALL));
    }

    @Test
    void aListenerOfAGroupHearsItsRunsAlone() {
        bed.script(JobRunScript.completes().pendingFor(Duration.ofSeconds(1)));
        Jobs jobs = new Jobs();
        try (EmrEksClient client = bed.client()) {
            JobRunGroup group = client.submitAll(List.of(client.request(job("one")), client.request(job("two"))));
            group.addListener(jobs);
            JobRunHandle other = client.submit(job("other"));
            group.handles().forEach(this::runToItsEnd);
            runToItsEnd(other);
        }
        assertThat(jobs.heard).containsExactlyInAnyOrderEntriesOf(Map.of("one", ALL, "two", ALL));
    }

    @Test
    void aListenerOfAllLevelsHearsEverythingOnEach() {
        List<JobRunEvent> heard = new ArrayList<>();
        JobRunListener listener = heard::add;
        try (EmrEksClient client = bed.client(builder -> builder.listener(listener))) {
            JobRunHandle run = client.submit(job("one"));
            run.addListener(listener);
            runToItsEnd(run);
        }
        assertThat(heard.stream().filter(JobRunEvent.Ended.class::isInstance)).hasSize(2);
    }

    // ---- MDC

    private static Map<String, String> mdc() {
        Map<String, String> all = MDC.getCopyOfContextMap();
        return all == null ? Map.of() : new TreeMap<>(all);
    }

    private Map<String, String> mdcOf(int run, int attempt) {
        return Map.of(
                "emreks.jobRunId", bed.runs().get(run).id(),
                "emreks.virtualClusterId", bed.cluster(),
                "emreks.key", "k",
                "emreks.attempt", String.valueOf(attempt));
    }

    @Test
    void theMdcNamesTheRunWhileAListenerHears() {
        bed.script(run -> bed.runs().size() == 1, UNREACHABLE);
        Map<String, Map<String, String>> seen = new TreeMap<>();
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("job")
                    .andThen(job ->
                            job.key("k").resubmission(Resubmission.upTo(2).onInfrastructureFailure())));
            run.addListener(event -> seen.put(
                    event.getClass().getSimpleName()
                            + event.ref().map(ref -> " " + bedIndex(ref.id())).orElse(""),
                    mdc()));
            runToItsEnd(run);
        }
        assertThat(seen)
                .containsEntry("Accepted 0", mdcOf(0, 1))
                .containsEntry("AttemptEnded 0", mdcOf(0, 1))
                .containsEntry("Accepted 1", mdcOf(1, 2))
                .containsEntry("StateChanged 1", mdcOf(1, 2))
                .containsEntry("Ended 1", mdcOf(1, 2));
        assertThat(mdc()).isEmpty();
    }

    private int bedIndex(String id) {
        return bed.runs().stream().map(run -> run.id()).toList().indexOf(id);
    }

    @Test
    void theMdcNamesTheRunInWhatHangsOnFutures() {
        Map<String, Map<String, String>> seen = new TreeMap<>();
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("job").andThen(job -> job.key("k")));
            var unused = run.accepted().thenAccept(ref -> seen.put("accepted", mdc()));
            var unused2 = run.started().thenAccept(ref -> seen.put("started", mdc()));
            var unused3 = run.completion().thenAccept(ref -> seen.put("completion", mdc()));
            runToItsEnd(run);
        }
        assertThat(seen).isEqualTo(Map.of("accepted", mdcOf(0, 1), "started", mdcOf(0, 1), "completion", mdcOf(0, 1)));
        assertThat(mdc()).isEmpty();
    }

    @Test
    void theMdcOfAThreadIsAsBeforeAlsoAfterAListenerThatThrows() {
        MDC.put("emreks.key", "somebody's own");
        MDC.put("request", "42");
        List<Map<String, String>> seen = new ArrayList<>();
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("job").andThen(job -> job.key("k")));
            run.addListener(event -> {
                seen.add(mdc());
                throw new IllegalStateException("on purpose");
            });
            runToItsEnd(run);
        }
        assertThat(seen)
                .allSatisfy(
                        mdc -> assertThat(mdc).containsEntry("emreks.key", "k").containsEntry("request", "42"));
        assertThat(mdc()).isEqualTo(Map.of("emreks.key", "somebody's own", "request", "42"));
    }

    @Test
    void aRunWithoutKeyOrIdHasThatMuchLessInTheMdc() {
        List<Map<String, String>> seen = new ArrayList<>();
        try (EmrEksClient client = bed.client()) {
            bed.fake.faults().next("StartJobRun", Fault.error(400, "ValidationException", "no"));
            JobRunHandle refused = client.submit(job("refused"));
            refused.addListener(event -> seen.add(mdc()));
            runToItsEnd(refused);
            JobRunHandle attached =
                    client.attach(bed.time.await(client.submit(job("job")).accepted()));
            attached.addListener(event -> seen.add(mdc()));
            runToItsEnd(attached);
        }
        assertThat(seen.get(0)).isEmpty();
        assertThat(seen.get(seen.size() - 1).keySet())
                .containsExactly("emreks.attempt", "emreks.jobRunId", "emreks.virtualClusterId");
    }

    // ---- where to look further

    private <E extends EmrEksException> E failureOf(CompletableFuture<?> future, Class<E> type) {
        bed.time.runUntil(future::isDone, DAY);
        Throwable failure = future.handle((value, problem) ->
                        problem instanceof CompletionException wrapped ? wrapped.getCause() : problem)
                .join();
        return type.cast(failure);
    }

    /** The run, and lines that a person can click on or paste. */
    private void assertTellsWhereToLook(EmrEksException failure) {
        String id = bed.runs().get(bed.runs().size() - 1).id();
        String region = bed.fake.region();
        assertThat(failure)
                .hasMessageContaining(id)
                .hasMessageContaining("virtual cluster " + bed.cluster() + " in " + region)
                .hasMessageContaining("https://" + region + ".console.aws.amazon.com/emr/home?region=" + region
                        + "#/eks/clusters/" + bed.cluster())
                .hasMessageEndingWith("aws emr-containers describe-job-run --virtual-cluster-id " + bed.cluster()
                        + " --id " + id + " --region " + region);
    }

    @Test
    void aFailedRunSaysWhereToLook() {
        bed.script(JobRunScript.fails());
        try (EmrEksClient client = bed.client()) {
            assertTellsWhereToLook(failureOf(client.submit(job("job")).completion(), JobRunFailedException.class));
        }
    }

    @Test
    void aCancelledRunSaysWhereToLook() {
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("job"));
            bed.time.await(run.started());
            bed.time.await(run.cancel());
            assertTellsWhereToLook(failureOf(run.completion(), JobRunCancelledException.class));
        }
    }

    @Test
    void aWaitThatRanOutSaysWhereToLook() {
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("job"));
            bed.time.await(run.started());
            assertThatThrownBy(() -> run.await(Duration.ofSeconds(1)))
                    .isInstanceOfSatisfying(WaitTimeoutException.class, this::assertTellsWhereToLook);
        }
    }

    @Test
    void aWaitThatRanOutBeforeThereWasARunSaysWhereItWillBe() {
        bed.fake.faults().next("StartJobRun", Fault.delay(Duration.ofSeconds(20), Duration.ZERO));
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("job"));
            assertThatThrownBy(() -> run.await(Duration.ofSeconds(1)))
                    .isInstanceOf(WaitTimeoutException.class)
                    .hasMessageContaining("no state is known yet")
                    .hasMessageContaining("virtual cluster " + bed.cluster())
                    .hasMessageEndingWith("aws emr-containers list-job-runs --virtual-cluster-id " + bed.cluster()
                            + " --name 'job' --region " + bed.fake.region());
        }
    }

    @Test
    void aWatchThatWasGivenUpSaysWhereToLook() {
        bed.script(JobRunScript.runsForever());
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("job"));
            bed.time.await(run.started());
            bed.fake.faults().always("DescribeJobRun", Fault.internalError());
            bed.fake.faults().always("ListJobRuns", Fault.internalError());
            assertTellsWhereToLook(failureOf(run.completion(), MonitoringException.class));
        }
    }

    @Test
    void aWatchThatWasStoppedSaysWhereToLook() {
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("job"));
            bed.time.await(run.started());
            run.stopWatching();
            assertTellsWhereToLook(failureOf(run.completion(), MonitoringException.class));
            assertThat(run.latest().orElseThrow().state()).isEqualTo(JobRunState.RUNNING);
        }
    }

    @Test
    void aSubmissionThatIsNotKnownSaysWhereToLook() {
        bed.fake.faults().next("StartJobRun", Fault.dropBefore());
        try (EmrEksClient client = bed.client(
                builder -> builder.apiRetry(ApiRetry.builder().maxAttempts(1).build()))) {
            JobRunSubmissionException unknown =
                    failureOf(client.submit(job("#job")).completion(), JobRunSubmissionException.class);
            assertThat(unknown.acceptance()).isEqualTo(Acceptance.UNKNOWN);
            assertThat(unknown)
                    .hasMessageContaining("client token " + unknown.clientToken())
                    .hasMessageContaining("https://us-east-1.console.aws.amazon.com/emr/home?region=us-east-1")
                    .hasMessageEndingWith("aws emr-containers list-job-runs --virtual-cluster-id " + bed.cluster()
                            + " --name '#job' --region us-east-1");
        }
    }
}
