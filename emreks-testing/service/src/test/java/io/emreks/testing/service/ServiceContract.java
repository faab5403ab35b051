package io.emreks.testing.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.emrcontainers.model.ContainerProviderType;
import software.amazon.awssdk.services.emrcontainers.model.EmrContainersException;
import software.amazon.awssdk.services.emrcontainers.model.InternalServerException;
import software.amazon.awssdk.services.emrcontainers.model.JobRun;
import software.amazon.awssdk.services.emrcontainers.model.JobRunState;
import software.amazon.awssdk.services.emrcontainers.model.JobTemplateData;
import software.amazon.awssdk.services.emrcontainers.model.ListJobRunsRequest;
import software.amazon.awssdk.services.emrcontainers.model.ListJobRunsResponse;
import software.amazon.awssdk.services.emrcontainers.model.StartJobRunRequest;
import software.amazon.awssdk.services.emrcontainers.model.StartJobRunResponse;
import software.amazon.awssdk.services.emrcontainers.model.ValidationException;
import software.amazon.awssdk.services.emrcontainers.model.VirtualClusterState;

/** What a client of the service sees, with the AWS SDK; run against every face of the fake. */
abstract class ServiceContract extends ServiceBed {
    @Test
    void aRunGoesThroughItsStatesAndCompletes() {
        StartJobRunResponse started = client.startJobRun(request("orders", "t-1"));

        assertThat(started.id()).matches("0000000[0-9a-z]{12}");
        assertThat(started.name()).isEqualTo("orders");
        assertThat(started.virtualClusterId()).isEqualTo(cluster).matches("[0-9a-z]{25}");
        assertThat(started.arn())
                .isEqualTo("arn:aws:emr-containers:us-east-1:123456789012:/virtualclusters/" + cluster + "/jobruns/"
                        + started.id());
        JobRun pending = describe(started.id());
        assertThat(pending.state()).isEqualTo(JobRunState.PENDING);
        assertThat(pending.createdAt()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(pending.finishedAt()).isNull();
        assertThat(pending.clientToken()).isEqualTo("t-1");
        assertThat(pending.executionRoleArn()).isEqualTo(ROLE);
        assertThat(pending.releaseLabel()).isEqualTo("emr-7.5.0-latest");
        assertThat(pending.jobDriver().sparkSubmitJobDriver().entryPointArguments())
                .containsExactly("--date", "x y");
        assertThat(pending.tags()).containsExactly(Map.entry("team", "data"));

        fake.time().advance(Duration.ofSeconds(2));
        assertThat(describe(started.id()).state()).isEqualTo(JobRunState.SUBMITTED);
        fake.time().advance(Duration.ofSeconds(60));
        assertThat(describe(started.id()).state()).isEqualTo(JobRunState.RUNNING);
        assertThat(describe(started.id()).stateDetails()).isNull();
        fake.time().advance(Duration.ofHours(3));
        JobRun end = describe(started.id());
        assertThat(end.state()).isEqualTo(JobRunState.COMPLETED);
        assertThat(end.finishedAt()).isEqualTo(Instant.parse("2026-01-01T00:12:02Z"));
        assertThat(end.failureReason()).isNull();

        assertThat(fake.jobRun(started.id()).history())
                .extracting(FakeJobRun.Change::state)
                .containsExactly(
                        FakeJobRunState.PENDING,
                        FakeJobRunState.SUBMITTED,
                        FakeJobRunState.RUNNING,
                        FakeJobRunState.COMPLETED);
    }

    @Test
    void aRunFailsWithReasonAndDetails() {
        fake.script(JobRunScript.fails());
        fake.script(
                run -> run.name().orElse("").startsWith("stuck"),
                JobRunScript.fails(FakeFailureReason.CLUSTER_UNAVAILABLE, "Cluster eks does not exist.")
                        .failsWhile(FakeJobRunState.SUBMITTED));
        String failing = client.startJobRun(request("orders", "t-1")).id();
        String stuck = client.startJobRun(request("stuck-1", "t-2")).id();

        fake.time().advance(Duration.ofMinutes(2));
        JobRun early = describe(stuck);
        assertThat(early.state()).isEqualTo(JobRunState.FAILED);
        assertThat(early.failureReasonAsString()).isEqualTo("CLUSTER_UNAVAILABLE");
        assertThat(early.stateDetails()).isEqualTo("Cluster eks does not exist.");
        assertThat(fake.jobRun(stuck).history())
                .extracting(FakeJobRun.Change::state)
                .doesNotContain(FakeJobRunState.RUNNING);

        fake.time().advance(Duration.ofHours(1));
        assertThat(describe(failing).failureReasonAsString()).isEqualTo("USER_ERROR");
        assertThat(describe(failing).stateDetails())
                .startsWith("JobRun failed. Please refer logs uploaded to S3/CloudWatch");
    }

    @Test
    void aCancelIsPendingBeforeItHasHappenedAndIsTakenOnce() {
        fake.script(JobRunScript.runsForever());
        String id = client.startJobRun(request("endless", "t-1")).id();
        fake.time().advance(Duration.ofDays(3));
        assertThat(describe(id).state()).isEqualTo(JobRunState.RUNNING);

        assertThat(cancel(id)).isEqualTo(id);
        assertThat(describe(id).state()).isEqualTo(JobRunState.CANCEL_PENDING);
        assertThatThrownBy(() -> cancel(id))
                .isInstanceOfSatisfying(
                        ValidationException.class,
                        e -> assertThat(e.awsErrorDetails().errorMessage())
                                .isEqualTo("Job run " + id + " is not in a cancellable state"));

        fake.time().advance(Duration.ofSeconds(5));
        assertThat(describe(id).state()).isEqualTo(JobRunState.CANCELLED);
        assertThat(describe(id).stateDetails()).isEqualTo("JobRun CANCELLED successfully.");
        assertThat(describe(id).finishedAt()).isNotNull();
        assertThatThrownBy(() -> cancel(id)).isInstanceOf(ValidationException.class);
    }

    @Test
    void aCompletedRunCannotBeCancelled() {
        String id = client.startJobRun(request("orders", "t-1")).id();
        fake.time().advance(Duration.ofHours(1));
        assertThatThrownBy(() -> cancel(id)).hasMessageContaining("is not in a cancellable state");
        assertThat(describe(id).state()).isEqualTo(JobRunState.COMPLETED);
    }

    @Test
    void aClientTokenStartsOneRun() {
        String first = client.startJobRun(request("orders", "t-1")).id();
        assertThat(client.startJobRun(request("orders", "t-1")).id()).isEqualTo(first);
        assertThat(client.startJobRun(request("others", "t-1")).id()).isEqualTo(first);
        assertThat(client.startJobRun(request("orders", "t-2")).id()).isNotEqualTo(first);
        assertThat(fake.jobRuns()).hasSize(2);
        assertThat(fake.requests())
                .extracting(FakeRequest::operation)
                .containsExactly("StartJobRun", "StartJobRun", "StartJobRun", "StartJobRun");

        fake.time().advance(Duration.ofHours(25));
        assertThat(client.startJobRun(request("orders", "t-1")).id()).isNotEqualTo(first);
    }

    @Test
    void aClientTokenWithOtherParametersCanBeRefused() {
        replace(FakeEmrEks.builder().clientTokenReuse(ClientTokenReuse.REFUSE));
        String first = client.startJobRun(request("orders", "t-1")).id();
        assertThat(client.startJobRun(request("orders", "t-1")).id()).isEqualTo(first);
        assertThatThrownBy(() -> client.startJobRun(request("others", "t-1"))).isInstanceOf(ValidationException.class);
        fake.time().advance(Duration.ofHours(24));
        assertThat(client.startJobRun(request("others", "t-1")).id()).isNotEqualTo(first);
    }

    @Test
    void requestsAreCheckedByTheServiceModel() {
        assertThatThrownBy(() -> client.startJobRun(request("orders", "t-1").toBuilder()
                        .name("no spaces please")
                        .executionRoleArn("role")
                        .build()))
                .isInstanceOfSatisfying(ValidationException.class, e -> {
                    assertThat(e.statusCode()).isEqualTo(400);
                    assertThat(e.requestId()).hasSize(36);
                    assertThat(e.awsErrorDetails().errorMessage())
                            .startsWith("2 validation errors detected: ")
                            .contains("Value 'no spaces please' at 'name' failed to satisfy constraint: Member must"
                                    + " satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+")
                            .contains("Value 'role' at 'executionRoleArn' failed to satisfy constraint: Member must"
                                    + " have length greater than or equal to 20");
                });
        refused(r -> r.releaseLabel(null), "Value null at 'releaseLabel'");
        refused(r -> r.name("n".repeat(65)), "less than or equal to 64");
        refused(r -> r.clientToken(" "), "at 'clientToken'");
        refused(
                r -> r.jobDriver(d -> d.sparkSubmitJobDriver(s -> s.entryPoint("s3://secret/" + "x".repeat(256)))),
                "Value at 'jobDriver.sparkSubmitJobDriver.entryPoint' failed");
        refused(
                r -> r.jobDriver(d -> d.sparkSubmitJobDriver(s -> {})),
                "Value null at 'jobDriver.sparkSubmitJobDriver");
        refused(r -> r.retryPolicyConfiguration(p -> p.maxAttempts(0)), "maxAttempts is invalid");
        refused(
                r -> r.configurationOverrides(
                        c -> c.monitoringConfiguration(m -> m.s3MonitoringConfiguration(s -> s.logUri("/tmp/logs")))),
                "s3MonitoringConfiguration.logUri failed to satisfy constraint");
        refused(
                r -> r.configurationOverrides(c -> c.monitoringConfiguration(m -> m.persistentAppUI("MAYBE"))),
                "Member must satisfy enum value set: [ENABLED, DISABLED]");
        refused(r -> r.tags(numbered(51)), "at 'tags' failed to satisfy constraint: Member must have length");
        assertThat(client.startJobRun(request("ok", "t-9").toBuilder()
                                .tags(numbered(50))
                                .build())
                        .id())
                .isNotEmpty();
        assertThat(fake.jobRuns()).hasSize(1);
    }

    @Test
    void whatIsMissingIsNotFoundWithStatus400() {
        notFound(() -> describe("0000000337okspsc913"), "Job run 0000000337okspsc913 doesn't exist.");
        notFound(() -> cancel("0000000337okspsc913"), "Job run 0000000337okspsc913 doesn't exist.");
        notFound(
                () -> client.startJobRun(request("orders", "t").toBuilder()
                        .virtualClusterId("jk518skp01ys9ka8b0npx9nt0")
                        .build()),
                "Virtual cluster jk518skp01ys9ka8b0npx9nt0 doesn't exist.");
        notFound(
                () -> client.startJobRun(request("orders", "t").toBuilder()
                        .releaseLabel("spark-3")
                        .build()),
                "Release spark-3 doesn't exist.");
        String elsewhere = fake.createVirtualCluster("other");
        String id = client.startJobRun(request("orders", "t")).id();
        notFound(
                () -> client.describeJobRun(r -> r.id(id).virtualClusterId(elsewhere)),
                "Job run " + id + " doesn't exist.");
    }

    @Test
    void listsFilterAndPage() {
        replace(FakeEmrEks.builder().pageSize(3));
        for (int i = 0; i < 8; i++) {
            client.startJobRun(request(i % 2 == 0 ? "even/a#b" : "odd", "t-" + i));
            fake.time().advance(Duration.ofSeconds(1));
        }
        ListJobRunsResponse first = client.listJobRuns(r -> r.virtualClusterId(cluster));
        assertThat(first.jobRuns()).hasSize(3);
        client.startJobRun(request("late", "t-late"));
        List<String> tokens =
                client
                        .listJobRunsPaginator(r -> r.virtualClusterId(cluster).nextToken(first.nextToken()))
                        .jobRuns()
                        .stream()
                        .map(JobRun::clientToken)
                        .toList();
        assertThat(tokens).containsExactly("t-4", "t-3", "t-2", "t-1", "t-0");

        assertThat(names(r -> r.name("even/a#b"))).hasSize(3).containsOnly("even/a#b");
        assertThat(names(r -> r.name("even"))).isEmpty();
        assertThat(names(r -> r.states(JobRunState.PENDING))).containsExactly("late", "odd");
        assertThat(names(r ->
                        r.states(JobRunState.PENDING, JobRunState.SUBMITTED).maxResults(2)))
                .hasSize(2);
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(names(r -> r.createdAfter(start.plusMillis(500)).createdBefore(start.plusMillis(2500))))
                .containsExactly("even/a#b", "odd");
        assertThatThrownBy(() -> names(r -> r.nextToken("made up"))).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> names(r -> r.maxResults(0))).isInstanceOf(ValidationException.class);
        assertThat(client.listJobRuns(r -> r.virtualClusterId("unknown")).jobRuns())
                .isEmpty();
    }

    @Test
    void listsMayHideTagsAndTokens() {
        client.startJobRun(request("orders", "t-1"));
        JobRun shown =
                client.listJobRuns(r -> r.virtualClusterId(cluster)).jobRuns().get(0);
        assertThat(shown.tags()).containsKey("team");
        assertThat(shown.clientToken()).isEqualTo("t-1");

        replace(FakeEmrEks.builder().listsShowTags(false).listsShowClientTokens(false));
        client.startJobRun(request("orders", "t-1"));
        JobRun hidden =
                client.listJobRuns(r -> r.virtualClusterId(cluster)).jobRuns().get(0);
        assertThat(hidden.hasTags()).isFalse();
        assertThat(hidden.clientToken()).isNull();
        assertThat(describe(hidden.id()).tags()).containsKey("team");
    }

    @Test
    void virtualClustersLiveAndDie() {
        String id = client.createVirtualCluster(r -> r.name("analytics")
                        .clientToken("c-1")
                        .tags(Map.of("a", ""))
                        .containerProvider(p -> p.id("eks")
                                .type(ContainerProviderType.EKS)
                                .info(i -> i.eksInfo(e -> e.namespace("jobs")))))
                .id();
        assertThat(client.describeVirtualCluster(r -> r.id(id)).virtualCluster())
                .satisfies(found -> {
                    assertThat(found.state()).isEqualTo(VirtualClusterState.RUNNING);
                    assertThat(found.containerProvider().info().eksInfo().namespace())
                            .isEqualTo("jobs");
                    assertThat(found.arn())
                            .isEqualTo("arn:aws:emr-containers:us-east-1:123456789012:/virtualclusters/" + id);
                    assertThat(found.tags()).containsEntry("a", "");
                });
        assertThatThrownBy(() -> client.createVirtualCluster(r -> r.name("second")
                        .clientToken("c-2")
                        .containerProvider(p -> p.id("eks")
                                .type(ContainerProviderType.EKS)
                                .info(i -> i.eksInfo(e -> e.namespace("jobs"))))))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("A virtual cluster already exists in the given namespace");
        assertThat(client.listVirtualClusters(r -> r.containerProviderId("eks")).virtualClusters())
                .extracting(found -> found.name())
                .containsExactly("analytics", "spark");

        client.deleteVirtualCluster(r -> r.id(id));
        assertThat(stateOf(id)).isEqualTo(VirtualClusterState.TERMINATING);
        assertThatThrownBy(() -> client.startJobRun(
                        request("orders", "t").toBuilder().virtualClusterId(id).build()))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("Virtual cluster state TERMINATING is not valid to create resource JobRun.");
        fake.time().advance(Duration.ofMinutes(1));
        assertThat(stateOf(id)).isEqualTo(VirtualClusterState.TERMINATED);
        assertThat(client.listVirtualClusters(r -> r.states(VirtualClusterState.RUNNING))
                        .virtualClusters())
                .hasSize(1);
        assertThatThrownBy(() -> client.deleteVirtualCluster(r -> r.id(id))).hasMessageContaining("already terminated");
        assertThatThrownBy(() -> client.deleteVirtualCluster(r -> r.id("nothing")))
                .hasMessageContaining("not found");
        assertThat(fake.createVirtualCluster("jobs")).isNotEqualTo(id);
    }

    @Test
    void tagsComeAndGo() {
        String arn = client.startJobRun(request("orders", "t-1")).arn();
        client.tagResource(r -> r.resourceArn(arn).tags(Map.of("emreks:key", "a/b c", "empty", "")));
        assertThat(client.listTagsForResource(r -> r.resourceArn(arn)).tags())
                .containsOnly(Map.entry("team", "data"), Map.entry("emreks:key", "a/b c"), Map.entry("empty", ""));
        client.untagResource(r -> r.resourceArn(arn).tagKeys("team", "empty"));
        assertThat(client.listTagsForResource(r -> r.resourceArn(arn)).tags())
                .containsOnly(Map.entry("emreks:key", "a/b c"));
        assertThatThrownBy(() -> client.tagResource(r -> r.resourceArn(arn).tags(numbered(50))))
                .isInstanceOf(ValidationException.class);
        notFound(() -> client.listTagsForResource(r -> r.resourceArn(arn + "0")), "doesn't exist");
    }

    @Test
    void taggingCanBeDenied() {
        replace(FakeEmrEks.builder().tagging(false));
        String resource = "arn:aws:emr-containers:us-east-1:123456789012:";
        tagsDenied(this::start, resource + "/virtualclusters/" + cluster + "/jobruns/*");
        assertThat(fake.jobRuns()).isEmpty();
        String arn = client.startJobRun(
                        request("orders", "t-1").toBuilder().tags(Map.of()).build())
                .arn();
        tagsDenied(this::start, resource);
        tagsDenied(() -> client.tagResource(r -> r.resourceArn(arn).tags(Map.of("a", "b"))), arn);
        client.untagResource(r -> r.resourceArn(arn).tagKeys("a"));

        JobTemplateData data = JobTemplateData.builder()
                .executionRoleArn(ROLE)
                .releaseLabel("emr-7.5.0-latest")
                .jobTags(Map.of("team", "data"))
                .jobDriver(d -> d.sparkSubmitJobDriver(s -> s.entryPoint("local:///job.jar")))
                .build();
        tagsDenied(
                () -> client.createJobTemplate(r -> r.name("nightly")
                        .clientToken("j-1")
                        .jobTemplateData(data)
                        .tags(Map.of("a", "b"))),
                resource + "/jobtemplates/*");
        String template = client.createJobTemplate(
                        r -> r.name("nightly").clientToken("j-1").jobTemplateData(data))
                .id();
        tagsDenied(
                () -> client.startJobRun(
                        r -> r.virtualClusterId(cluster).clientToken("t-2").jobTemplateId(template)),
                resource);
        assertThat(fake.jobRuns()).hasSize(1);
    }

    private static void tagsDenied(ThrowingCallable call, String resource) {
        assertThatThrownBy(call).isInstanceOfSatisfying(EmrContainersException.class, e -> {
            assertThat(e.statusCode()).isEqualTo(403);
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo("AccessDeniedException");
            assertThat(e.awsErrorDetails().errorMessage())
                    .startsWith("User: arn:aws:iam::123456789012:user/caller is not authorized to perform:"
                            + " emr-containers:TagResource on resource: " + resource);
        });
    }

    @Test
    void aRunFromBeforeIsOneThatWasStartedAtAnEarlierTime() {
        fake.script(JobRunScript.runsForever());
        client.startJobRun(request("orders", "another-process"));
        fake.time().advance(Duration.ofDays(3));
        fake.script(JobRunScript.completes());
        start();
        JobRun old = client.listJobRuns(r -> r.virtualClusterId(cluster)
                        .name("orders")
                        .createdBefore(fake.clock().instant().minus(Duration.ofDays(1))))
                .jobRuns()
                .get(0);
        assertThat(old.clientToken()).isEqualTo("another-process");
        assertThat(old.createdAt()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(old.state()).isEqualTo(JobRunState.RUNNING);
        assertThat(fake.jobRun(old.id()).createdAt()).isEqualTo(old.createdAt());
    }

    @Test
    void aListMayBeBehind() {
        replace(FakeEmrEks.builder().listLag(Duration.ofSeconds(30)));
        fake.script(JobRunScript.fails()
                .pendingFor(Duration.ofSeconds(40))
                .submittedFor(Duration.ZERO)
                .driverFails(1, Duration.ofSeconds(10))
                .runningFor(Duration.ofSeconds(20)));
        String id = client.startJobRun(request("orders", "t-1").toBuilder()
                        .retryPolicyConfiguration(p -> p.maxAttempts(2))
                        .build())
                .id();
        assertThat(describe(id).state()).isEqualTo(JobRunState.PENDING);
        fake.time().advance(Duration.ofSeconds(29));
        assertThat(names(r -> {})).isEmpty();
        fake.time().advance(Duration.ofSeconds(1));
        assertThat(names(r -> {})).containsExactly("orders");

        fake.time().advance(Duration.ofSeconds(40 + 10 + 10 - 1));
        assertThat(describe(id).state()).isEqualTo(JobRunState.FAILED);
        JobRun listed = client.listJobRuns(r -> r.virtualClusterId(cluster).states(JobRunState.RUNNING))
                .jobRuns()
                .get(0);
        assertThat(listed.retryPolicyExecution().currentAttemptCount()).isEqualTo(1);
        assertThat(listed.finishedAt()).isNull();
        assertThat(listed.failureReason()).isNull();
        assertThat(listed.stateDetails()).isNull();
        assertThat(names(r -> r.states(JobRunState.FAILED))).isEmpty();
        fake.time().advance(Duration.ofSeconds(1));
        assertThat(client.listJobRuns(r -> r.virtualClusterId(cluster)).jobRuns())
                .singleElement()
                .satisfies(run -> assertThat(run.retryPolicyExecution().currentAttemptCount())
                        .isEqualTo(2));
        fake.time().advance(Duration.ofSeconds(20));
        assertThat(client.listJobRuns(r -> r.virtualClusterId(cluster).states(JobRunState.FAILED))
                        .jobRuns())
                .singleElement()
                .satisfies(run -> {
                    assertThat(run.finishedAt()).isEqualTo(describe(id).finishedAt());
                    assertThat(run.stateDetails()).startsWith("JobRun failed.");
                });
    }

    @Test
    void aClientTokenIsRememberedForItsTime() {
        replace(FakeEmrEks.builder().clientTokenRetention(Duration.ofMinutes(10)));
        String first = start();
        fake.time().advance(Duration.ofMinutes(10).minusMillis(1));
        assertThat(start()).isEqualTo(first);
        fake.time().advance(Duration.ofMillis(1));
        String second = start();
        assertThat(second).isNotEqualTo(first);
        fake.time().advance(Duration.ofMinutes(10).minusMillis(1));
        assertThat(start()).as("remembered anew").isEqualTo(second);

        replace(FakeEmrEks.builder().clientTokenRetention(Duration.ZERO));
        assertThat(start()).isNotEqualTo(start());
    }

    @Test
    void aPageIsNoLargerThanTheService() {
        replace(FakeEmrEks.builder().pageSize(2));
        for (int i = 0; i < 5; i++) {
            start("orders", "t-" + i);
        }
        assertThat(names(r -> {})).hasSize(2);
        assertThat(names(r -> r.maxResults(1))).hasSize(1);
        assertThat(names(r -> r.maxResults(50))).hasSize(2);
        assertThat(client.listJobRunsPaginator(r -> r.virtualClusterId(cluster)).jobRuns())
                .hasSize(5);
    }

    @Test
    void aPlantedErrorIsNoMissingOperation() {
        fake.faults().next("DescribeJobRun", Fault.error(501, "NotImplemented", "planted"));
        assertThatThrownBy(() -> describe("none")).hasMessageContaining("planted");
        assertThatThrownBy(() -> describe("none")).hasMessageContaining("doesn't exist");
        assertThat(fake.requests()).extracting(FakeRequest::notImplemented).containsExactly(false, false);
        assertThat(fake.requests()).extracting(FakeRequest::status).containsExactly(501, 400);
    }

    @Test
    void everyAnswerSaysOnceWhenItWasMade() {
        fake.time().advance(Duration.ofDays(40).plusMillis(7_900));
        assertThat(client.startJobRun(request("orders", "t-1"))
                        .sdkHttpResponse()
                        .matchingHeaders("Date"))
                .containsExactly("Tue, 10 Feb 2026 00:00:07 GMT");
        fake.faults().next("DescribeJobRun", Fault.throttle());
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> describe("unknown"))
                    .isInstanceOfSatisfying(
                            EmrContainersException.class,
                            e -> assertThat(e.awsErrorDetails()
                                            .sdkHttpResponse()
                                            .matchingHeaders("Date"))
                                    .containsExactly("Tue, 10 Feb 2026 00:00:07 GMT"));
        }
    }

    @Test
    void faultsComeInTheirOrder() {
        fake.faults().next("StartJobRun", Fault.throttle());
        fake.faults().next("StartJobRun", 2, Fault.internalError());
        fake.faults().always("StartJobRun", Fault.accessDenied());
        assertThatThrownBy(this::start).isInstanceOfSatisfying(EmrContainersException.class, e -> {
            assertThat(e.isThrottlingException()).isTrue();
            assertThat(e.statusCode()).isEqualTo(400);
            assertThat(e.awsErrorDetails().errorMessage()).isEqualTo("Rate exceeded");
        });
        assertThatThrownBy(this::start).isInstanceOf(InternalServerException.class);
        assertThatThrownBy(this::start).isInstanceOf(InternalServerException.class);
        assertThatThrownBy(this::start)
                .isInstanceOfSatisfying(
                        EmrContainersException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("AccessDeniedException"));
        fake.faults().clear();
        start();
        assertThat(fake.jobRuns()).hasSize(1);
        assertThat(fake.requests()).extracting(FakeRequest::status).containsExactly(400, 500, 500, 403, 200);
    }

    @Test
    void anAnswerMayBeLostWithOrWithoutItsEffect() {
        fake.faults().next("StartJobRun", Fault.dropBefore());
        assertThatThrownBy(this::start).isInstanceOf(SdkClientException.class);
        assertThat(fake.jobRuns()).isEmpty();

        fake.faults().next("StartJobRun", Fault.dropAfter());
        assertThatThrownBy(this::start).isInstanceOf(SdkClientException.class);
        assertThat(fake.jobRuns()).hasSize(1);
        assertThat(start()).isEqualTo(fake.jobRuns().get(0).id());

        fake.faults().next("DescribeJobRun", Fault.malformedBody());
        assertThatThrownBy(() -> describe(start())).isInstanceOf(SdkClientException.class);
        assertThat(describe(start()).state()).isEqualTo(JobRunState.PENDING);
    }

    @Test
    void anAnswerMayComeLate() {
        fake.faults().next("StartJobRun", Fault.delay(Duration.ofSeconds(20), Duration.ofSeconds(10)));
        Instant start = fake.clock().instant();
        String id = start();
        assertThat(fake.clock().instant()).isEqualTo(start.plusSeconds(30));
        assertThat(fake.jobRun(id).createdAt()).isEqualTo(start.plusSeconds(20));
        assertThat(describe(id).state()).isEqualTo(JobRunState.SUBMITTED);
    }

    @Test
    void anEngineSteersRunsThatNoScriptIsFor() {
        close();
        RecordingEngine engine = new RecordingEngine();
        setUp(FakeEmrEks.builder().engine(engine).build());
        fake.script(run -> run.name().orElse("").equals("scripted"), JobRunScript.completes());
        client.startJobRun(request("scripted", "t-0"));
        String id = start();
        assertThat(engine.started).singleElement().satisfies(run -> {
            assertThat(run.id()).isEqualTo(id);
            assertThat(run.state()).isEqualTo(FakeJobRunState.PENDING);
            assertThat(run.entryPoint()).isEqualTo("s3://bucket/jobs/orders.jar");
            assertThat(run.entryPointArguments()).containsExactly("--date", "x y");
            assertThat(run.sparkSubmitParameters()).isEqualTo("--class com.acme.Orders");
            assertThat(run.sparkDefaults()).containsEntry("spark.executor.instances", "2");
            assertThat(run.logUri()).contains("s3://bucket/logs/");
            assertThat(run.requestJson()).contains("\"sparkSubmitParameters\":\"--class com.acme.Orders\"");
            assertThat(run.toString()).doesNotContain("x y").doesNotContain("spark.executor.instances");
        });
        fake.time().advance(Duration.ofDays(1));
        JobRunControl control = engine.controls.get(0);
        control.completed();
        assertThat(describe(id).state()).isEqualTo(JobRunState.PENDING);
        control.submitted();
        control.running();
        control.submitted();
        assertThat(describe(id).state()).isEqualTo(JobRunState.RUNNING);
        cancel(id);
        control.failed(FakeFailureReason.USER_ERROR, "exit code 143");
        control.completed();
        assertThat(describe(id).state()).isEqualTo(JobRunState.CANCEL_PENDING);
        assertThat(engine.cancelled).singleElement().extracting(FakeJobRun::id).isEqualTo(id);
        control.cancelled();
        assertThat(describe(id).state()).isEqualTo(JobRunState.CANCELLED);
        control.running();
        assertThat(describe(id).state()).isEqualTo(JobRunState.CANCELLED);

        client.startJobRun(request("second", "t-2"));
        JobRunControl second = engine.controls.get(engine.controls.size() - 1);
        second.failed(FakeFailureReason.VALIDATION_ERROR, "d".repeat(300));
        FakeJobRun failed = fake.jobRuns().get(2);
        assertThat(failed.state()).isEqualTo(FakeJobRunState.FAILED);
        assertThat(describe(failed.id()).stateDetails()).hasSize(256);
        fake.close();
        assertThat(engine.closed).isTrue();
    }

    private VirtualClusterState stateOf(String id) {
        return client.describeVirtualCluster(r -> r.id(id)).virtualCluster().state();
    }

    private List<String> names(Consumer<ListJobRunsRequest.Builder> filter) {
        return client
                .listJobRuns(r -> {
                    r.virtualClusterId(cluster);
                    filter.accept(r);
                })
                .jobRuns()
                .stream()
                .map(JobRun::name)
                .toList();
    }

    private void refused(Consumer<StartJobRunRequest.Builder> change, String message) {
        StartJobRunRequest.Builder changed = request("orders", "t-1").toBuilder();
        change.accept(changed);
        assertThatThrownBy(() -> client.startJobRun(changed.build()))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(message);
    }
}
