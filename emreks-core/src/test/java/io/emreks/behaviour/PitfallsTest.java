package io.emreks.behaviour;

import static io.emreks.behaviour.Bed.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emreks.client.CancelResult;
import io.emreks.client.EmrEksClient;
import io.emreks.client.JobRunHandle;
import io.emreks.client.Recovery;
import io.emreks.client.SubmissionSettings;
import io.emreks.error.InvalidJobRunRequestException;
import io.emreks.error.JobRunCancelledException;
import io.emreks.error.JobRunFailedException;
import io.emreks.error.WaitTimeoutException;
import io.emreks.event.JobRunEvent;
import io.emreks.model.IfKeyIsOver;
import io.emreks.model.JobRunRequest;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import io.emreks.model.TimeLimit;
import io.emreks.retry.ApiRetry;
import io.emreks.retry.DriverRetry;
import io.emreks.retry.Resubmission;
import io.emreks.testing.service.FakeFailureReason;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeJobRunState;
import io.emreks.testing.service.Fault;
import io.emreks.testing.service.JobRunScript;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What other tools for job runs are known to get wrong, one test each. */
class PitfallsTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final JobRunScript UNREACHABLE = JobRunScript.fails(
                    FakeFailureReason.CLUSTER_UNAVAILABLE, "Cluster c1 is currently not reachable.")
            .failsWhile(FakeJobRunState.SUBMITTED);

    private final Bed bed = Bed.inMemory(settings -> settings.clientTokenRetention(Duration.ofDays(365)));

    @AfterEach
    void close() {
        bed.close();
    }

    private static Consumer<JobRunRequest.Builder> keyed(String key) {
        return job("job").andThen(job -> job.key(key));
    }

    private static Consumer<JobRunRequest.Builder> resubmitted(String key) {
        return keyed(key).andThen(job -> job.resubmission(Resubmission.upTo(3).onInfrastructureFailure()));
    }

    private @Nullable Throwable failureOf(CompletableFuture<?> future) {
        bed.time.runUntil(future::isDone, DAY);
        return future.handle((value, failure) ->
                        failure instanceof CompletionException wrapped ? wrapped.getCause() : failure)
                .join();
    }

    @Test
    void pitfall01AStartThatIsTriedAgainKeepsItsToken() {
        bed.fake.faults().next("StartJobRun", 2, Fault.dropAfter());
        try (EmrEksClient client = bed.client()) {
            bed.time.await(client.submit(job("once")).accepted());
            assertThat(bed.calls("StartJobRun")).isEqualTo(3);
            assertThat(bed.runs()).hasSize(1);
        }
    }

    @Test
    void pitfall02ANewAttemptIsANewRun() {
        bed.script(run -> bed.runs().size() == 1, UNREACHABLE);
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(resubmitted("k"));
            JobRunSnapshot end = bed.time.await(run.completion());
            assertThat(bed.runs()).hasSize(2);
            assertThat(end.ref().id()).isEqualTo(bed.runs().get(1).id());
            assertThat(bed.runs().stream().map(FakeJobRun::clientToken).distinct())
                    .hasSize(2);
        }
    }

    @Test
    void pitfall03ALostAnswerLeavesNeitherOrphanNorDuplicate() {
        EmrEksClient dead = bed.client(
                builder -> builder.apiRetry(ApiRetry.builder().maxAttempts(1).build()));
        bed.fake.faults().next("StartJobRun", Fault.dropAfter());
        dead.submit(keyed("k"));
        bed.time.runUntil(() -> !bed.runs().isEmpty(), DAY);
        dead.close(Duration.ZERO);
        try (EmrEksClient next = bed.client()) {
            JobRunHandle run = next.submit(keyed("k"));
            assertThat(bed.time.await(run.accepted()).id())
                    .isEqualTo(bed.runs().get(0).id());
            assertThat(bed.runs()).hasSize(1);
        }
    }

    @Test
    void pitfall04AWaitThatRunsOutAndALimitOfTheRunAreDifferentThings() throws Exception {
        bed.script(JobRunScript.runsForever());
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run =
                    client.submit(job("long").andThen(j -> j.runTimeout(Duration.ofHours(3), TimeLimit.Then.CANCEL)));
            assertThatThrownBy(() -> run.await(Duration.ofHours(1))).isInstanceOf(WaitTimeoutException.class);
            assertThat(bed.runs().get(0).state()).isEqualTo(FakeJobRunState.RUNNING);
            assertThatThrownBy(() -> run.await(Duration.ofHours(9))).isInstanceOf(JobRunCancelledException.class);
        }
    }

    @Test
    void pitfall05WhatADeadClientLeftIsFoundByItsOwner() {
        EmrEksClient dead = bed.client();
        bed.time.await(dead.submit(keyed("k")).started());
        dead.close(Duration.ZERO);
        try (EmrEksClient next = bed.client()) {
            Recovery recovery = bed.time.await(next.recover(key -> Optional.of(next.request(keyed(key)))));
            assertThat(bed.time.await(recovery.handles().get(0).completion()).state())
                    .isEqualTo(JobRunState.COMPLETED);
            assertThat(bed.runs()).hasSize(1);
        }
    }

    @Test
    void pitfall06ARedeployCancelsNothing() {
        EmrEksClient client = bed.client();
        bed.time.await(client.submit(keyed("k")).started());
        client.close();
        bed.time.advance(DAY);
        assertThat(bed.runs().get(0).state()).isEqualTo(FakeJobRunState.COMPLETED);
        assertThat(bed.calls("CancelJobRun")).isZero();
    }

    @Test
    void pitfall07CancelPendingIsNoEnd() {
        bed.script(JobRunScript.completes().cancelTakes(Duration.ofMinutes(10)));
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("slow-to-stop"));
            bed.time.await(run.started());
            bed.time.await(run.cancel());
            bed.time.advance(Duration.ofMinutes(5));
            assertThat(run.latest().orElseThrow().state()).isEqualTo(JobRunState.CANCEL_PENDING);
            assertThat(run.completion()).isNotDone();
            assertThat(failureOf(run.completion())).isInstanceOf(JobRunCancelledException.class);
        }
    }

    @Test
    void pitfall08ACancelThatComesTooLateTellsTheTrueEnd() {
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("quick"));
            bed.time.await(run.started());
            bed.fake.faults().always("DescribeJobRun", Fault.throttle());
            bed.time.runUntil(() -> bed.runs().get(0).state().terminal(), DAY);
            bed.fake.faults().clear();
            assertThat(bed.time.await(run.cancel()))
                    .isInstanceOfSatisfying(
                            CancelResult.AlreadyOver.class,
                            over -> assertThat(over.snapshot().state()).isEqualTo(JobRunState.COMPLETED));
            bed.time.advance(DAY);
            assertThat(bed.calls("CancelJobRun")).isEqualTo(1);
        }
    }

    @Test
    void pitfall09ACancelBeforeTheIdIsKnownIsNotLost() {
        bed.fake.faults().next("StartJobRun", Fault.delay(Duration.ZERO, Duration.ofSeconds(20)));
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(keyed("k"));
            bed.time.advance(Duration.ofSeconds(5));
            assertThat(bed.time.await(run.cancel())).isInstanceOf(CancelResult.Requested.class);
            assertThat(failureOf(run.completion())).isInstanceOf(JobRunCancelledException.class);
            assertThat(bed.runs()).allMatch(r -> r.state() == FakeJobRunState.CANCELLED);
        }
    }

    @Test
    void pitfall10CancellingAFutureCancelsNoRun() {
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("unharmed"));
            assertThat(run.completion().cancel(true)).isTrue();
            assertThat(run.accepted().cancel(true)).isTrue();
            assertThat(bed.time.await(run.completion()).state()).isEqualTo(JobRunState.COMPLETED);
        }
    }

    @Test
    void pitfall15AttemptsAndTriesAreCounted() {
        bed.script(UNREACHABLE);
        try (EmrEksClient client = bed.client(
                builder -> builder.apiRetry(ApiRetry.builder().maxAttempts(4).build()))) {
            JobRunHandle run = client.submit(resubmitted("k"));
            assertThat(failureOf(run.completion())).isInstanceOf(JobRunFailedException.class);
            bed.time.advance(DAY);
            assertThat(bed.runs()).hasSize(3);
            bed.fake.faults().always("StartJobRun", Fault.throttle());
            long before = bed.calls("StartJobRun");
            assertThat(failureOf(client.submit(job("throttled")).completion())).isNotNull();
            assertThat(bed.calls("StartJobRun") - before).isEqualTo(4);
        }
    }

    @Test
    void pitfall16AWaitThatRunsOutIsNoCancellationAndCarriesTheRun() {
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(job("long"));
            bed.time.await(run.started());
            assertThatThrownBy(() -> run.await(Duration.ofSeconds(1)))
                    .isInstanceOfSatisfying(WaitTimeoutException.class, timeout -> {
                        assertThat(timeout.jobRun()).isEqualTo(run.ref());
                        assertThat(timeout.lastSnapshot()).isEqualTo(run.latest());
                    });
        }
    }

    @Test
    void pitfall17AListenerThatThrowsStopsNobody() {
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(resubmitted("k"));
            run.addListener(event -> {
                throw new IllegalStateException("on purpose");
            });
            Recorder other = Recorder.on(run);
            bed.time.await(run.completion());
            bed.time.runUntilIdle();
            other.ranToItsEnd(run);
        }
    }

    @Test
    void pitfall18AListenerThatComesLateHearsTheEnd() {
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(keyed("k"));
            bed.time.await(run.completion());
            Recorder late = Recorder.on(run);
            bed.time.runUntilIdle();
            assertThat(late.events()).singleElement().isInstanceOf(JobRunEvent.Ended.class);
        }
    }

    @Test
    void pitfall21AFullQueueIsNoFinalRefusal() {
        bed.fake.faults().next("StartJobRun", Fault.error(400, "ValidationException", "Queue limit exceeded"));
        try (EmrEksClient client = bed.client(builder -> builder.submission(
                SubmissionSettings.builder().queueFullMessage("(?i)queue limit").build()))) {
            bed.time.await(client.submit(job("patient")).accepted());
            assertThat(bed.calls("StartJobRun")).isEqualTo(2);
        }
    }

    @Test
    void pitfall22RetriesThatMultiplyAreWarnedOfAndRefused() {
        try (EmrEksClient client = bed.client()) {
            JobRunHandle warned = client.submit(resubmitted("k").andThen(j -> j.driverRetry(DriverRetry.upTo(4))));
            assertThat(warned.warnings()).hasSize(1);
            assertThatThrownBy(() -> client.submit(resubmitted("l").andThen(j -> j.driverRetry(DriverRetry.upTo(34)))))
                    .isInstanceOf(InvalidJobRunRequestException.class)
                    .hasMessageContaining("102 executions");
        }
    }

    @Test
    void pitfall23ADriverRetryOfNoneOrOnAnOldReleaseIsRefused() {
        assertThatThrownBy(() -> DriverRetry.upTo(0)).hasMessageContaining("must be at least 1");
        try (EmrEksClient client = bed.client()) {
            assertThatThrownBy(() -> client.submit(job("old")
                            .andThen(j -> j.releaseLabel("emr-6.8.0-latest").driverRetry(DriverRetry.upTo(2)))))
                    .isInstanceOf(InvalidJobRunRequestException.class)
                    .hasMessageContaining("6.9.0");
        }
    }

    @Test
    void pitfall31ARequestIsNeverChanged() {
        bed.script(run -> bed.runs().size() == 1, UNREACHABLE);
        try (EmrEksClient client = bed.client()) {
            JobRunRequest request = client.request(resubmitted("k").andThen(j -> j.tag("team", "data")));
            JobRunRequest copy = request.toBuilder().build();
            JobRunHandle run = client.submit(request);
            bed.time.await(run.completion());
            assertThat(run.request()).containsSame(request);
            assertThat(request).isEqualTo(copy);
            assertThat(request.tags()).hasSize(1);
        }
    }

    @Test
    void pitfall32SecretsAreNotTold() {
        String secret = "s3cr3t-value";
        bed.script(UNREACHABLE);
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(resubmitted("k")
                    .andThen(j -> j.conf("spark.db.password", secret).sensitiveArgument(secret)));
            Recorder heard = Recorder.on(run);
            Throwable failure = failureOf(run.completion());
            bed.time.runUntilIdle();
            StringBuilder told = new StringBuilder();
            told.append(run).append(run.request()).append(run.attempts()).append(heard.events());
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                told.append(cause).append(List.of(cause.getSuppressed()));
            }
            told.append(bed.time.await(client.dryRun(run.request().orElseThrow())));
            assertThat(told.toString()).doesNotContain(secret);
            assertThat(bed.runs().get(0).requestJson()).contains(secret);
            assertThat(bed.runs().get(0).tags().toString()).doesNotContain(secret);
        }
    }

    @Test
    void pitfall33HandlesThatAreOverAreNotKept() {
        try (EmrEksClient client = bed.client()) {
            List<WeakReference<JobRunHandle>> handles = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                handles.add(new WeakReference<>(
                        client.submit(keyed("k/" + i).andThen(j -> j.ifKeyIsOver(IfKeyIsOver.RETURN_RESULT)))));
            }
            bed.time.advance(DAY);
            assertThat(bed.runs()).allMatch(run -> run.state().terminal());
            for (int round = 0; round < 50 && handles.stream().anyMatch(handle -> handle.get() != null); round++) {
                System.gc();
            }
            assertThat(handles).allMatch(handle -> handle.get() == null);
        }
    }
}
