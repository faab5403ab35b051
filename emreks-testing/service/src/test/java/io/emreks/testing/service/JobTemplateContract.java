package io.emreks.testing.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.emrcontainers.model.Configuration;
import software.amazon.awssdk.services.emrcontainers.model.CreateJobTemplateResponse;
import software.amazon.awssdk.services.emrcontainers.model.JobRun;
import software.amazon.awssdk.services.emrcontainers.model.JobRunState;
import software.amazon.awssdk.services.emrcontainers.model.JobTemplate;
import software.amazon.awssdk.services.emrcontainers.model.JobTemplateData;
import software.amazon.awssdk.services.emrcontainers.model.StartJobRunRequest;
import software.amazon.awssdk.services.emrcontainers.model.TemplateParameterConfiguration;
import software.amazon.awssdk.services.emrcontainers.model.TemplateParameterDataType;
import software.amazon.awssdk.services.emrcontainers.model.ValidationException;

/** What a client sees of job templates. */
abstract class JobTemplateContract extends ServiceBed {
    @Test
    void aTemplateIsMadeFoundListedAndDeleted() {
        CreateJobTemplateResponse made = create("t-1", data -> {});
        assertThat(made.id()).matches("[0-9a-z]{19}");
        assertThat(made.name()).isEqualTo("nightly");
        assertThat(made.arn()).isEqualTo("arn:aws:emr-containers:us-east-1:123456789012:/jobtemplates/" + made.id());
        assertThat(made.createdAt()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(create("t-1", data -> {}).id()).isEqualTo(made.id());

        fake.time().advance(Duration.ofMinutes(1));
        String other =
                create("t-2", data -> data.parameterConfiguration(Map.of())).id();
        JobTemplate found = client.describeJobTemplate(r -> r.id(made.id())).jobTemplate();
        assertThat(found.name()).isEqualTo("nightly");
        assertThat(found.createdBy()).isEqualTo("arn:aws:iam::123456789012:user/caller");
        assertThat(found.tags()).containsExactly(Map.entry("owner", "orders"));
        assertThat(found.jobTemplateData()).isEqualTo(data().build());
        assertThat(client.listJobTemplates(r -> r.maxResults(1)).templates())
                .extracting(JobTemplate::id)
                .containsExactly(other);
        assertThat(client.listJobTemplatesPaginator(r -> r.maxResults(1)).templates())
                .extracting(JobTemplate::id)
                .containsExactly(other, made.id());
        assertThat(client.listJobTemplates(r -> r.createdAfter(Instant.parse("2026-01-01T00:00:30Z")))
                        .templates())
                .hasSize(1);

        assertThat(client.deleteJobTemplate(r -> r.id(made.id())).id()).isEqualTo(made.id());
        notFound(
                () -> client.describeJobTemplate(r -> r.id(made.id())),
                "Job template " + made.id() + " doesn't exist.");
        assertThatThrownBy(() -> client.deleteJobTemplate(r -> r.id(made.id())))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("doesn't exist");
        assertThat(client.listJobTemplates(r -> {}).templates()).hasSize(1);
        assertThat(create("t-1", data -> {}).id()).isNotEqualTo(made.id());
    }

    @Test
    void aRunTakesItsSettingsFromTheTemplate() {
        fake.script(run -> run.entryPoint().equals("s3://bucket/jobs/1.5/orders.jar"), JobRunScript.fails());
        String template = create("t-1", data -> {}).id();
        String id = client.startJobRun(from(
                        template,
                        "r-1",
                        Map.of("version", "1.5", "date", "${version} $1", "release", "emr-7.5.0-latest")))
                .id();

        JobRun run = describe(id);
        assertThat(run.name()).isEqualTo("orders");
        assertThat(run.executionRoleArn()).isEqualTo(ROLE);
        assertThat(run.releaseLabel()).isEqualTo("emr-7.5.0-latest");
        assertThat(run.jobDriver().sparkSubmitJobDriver().entryPoint()).isEqualTo("s3://bucket/jobs/1.5/orders.jar");
        assertThat(run.jobDriver().sparkSubmitJobDriver().entryPointArguments())
                .containsExactly("--date", "${version} $1");
        assertThat(run.jobDriver().sparkSubmitJobDriver().sparkSubmitParameters())
                .isEqualTo("--conf spark.executor.instances=2 --conf spark.local.dir=${java.io.tmpdir}");
        assertThat(run.configurationOverrides()
                        .applicationConfiguration()
                        .get(0)
                        .properties())
                .containsEntry("spark.app.name", "orders-1.5");
        assertThat(run.tags())
                .containsOnly(Map.entry("team", "run"), Map.entry("version", "1.5"), Map.entry("only-run", "yes"));
        assertThat(client.listTagsForResource(r -> r.resourceArn(run.arn())).tags())
                .hasSize(3);

        FakeJobRun view = fake.jobRun(id);
        assertThat(view.releaseLabel()).isEqualTo("emr-7.5.0-latest");
        assertThat(view.entryPointArguments()).containsExactly("--date", "${version} $1");
        assertThat(view.sparkDefaults()).containsEntry("spark.app.name", "orders-1.5");
        assertThat(view.logUri()).contains("s3://bucket/logs/1.5/");
        assertThat(view.requestJson()).contains("\"jobTemplateId\":\"" + template + "\"");

        client.deleteJobTemplate(r -> r.id(template));
        fake.time().advance(Duration.ofHours(1));
        assertThat(describe(id).state()).isEqualTo(JobRunState.FAILED);
    }

    @Test
    void anEngineGetsWhatTheTemplateSays() {
        RecordingEngine engine = new RecordingEngine();
        replace(FakeEmrEks.builder().engine(engine));
        String template = create("t-1", data -> {}).id();
        client.startJobRun(from(template, "r-1", Map.of("date", "2026-11-22", "release", "emr-7.5.0-latest")));
        assertThat(engine.started).singleElement().satisfies(run -> {
            assertThat(run.entryPoint()).isEqualTo("s3://bucket/jobs/1.0/orders.jar");
            assertThat(run.executionRoleArn()).isEqualTo(ROLE);
            assertThat(run.sparkSubmitParameters()).startsWith("--conf spark.executor.instances=2");
            assertThat(run.tags()).containsEntry("version", "1.0");
        });
    }

    @Test
    void parametersAreChecked() {
        String template = create("t-1", data -> {}).id();
        notFound(
                () -> client.startJobRun(from("0000000337okspsc913", "r", Map.of())),
                "Job template 0000000337okspsc913 doesn't exist.");
        refused(
                from(template, "r", Map.of("dat", "x", "executors", "two")),
                "the job template has no parameter 'dat'",
                "the parameter 'date' has no default and is not given",
                "the parameter 'release' has no default and is not given",
                "the parameter 'executors' is a NUMBER and its value is none");
        refused(
                from(template, "r", Map.of("date", "x", "release", "not a release")),
                "Value 'not a release' at 'releaseLabel' failed to satisfy constraint");
        notFound(
                () -> client.startJobRun(from(template, "r", Map.of("date", "x", "release", "seven"))),
                "Release seven doesn't exist.");
        refused(
                from(template, "r", Map.of("date", "x", "release", "emr-7.5.0-latest")).toBuilder()
                        .tags(numbered(49))
                        .build(),
                "at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50");
        assertThat(fake.jobRuns()).isEmpty();
        for (String number : new String[] {"-1.5e3", "7", "+.5"}) {
            client.startJobRun(
                    from(template, number, Map.of("date", "x", "release", "emr-7.5.0-latest", "executors", number)));
        }
        assertThat(fake.jobRuns()).hasSize(3);
    }

    @Test
    void aTemplateIsChecked() {
        assertThatThrownBy(() -> create("t-1", data -> data.executionRoleArn(null)))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("Value null at 'jobTemplateData.executionRoleArn'");
        assertThatThrownBy(() -> create("t-1", data -> data.jobDriver(d -> {})))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("exactly one job driver");
        assertThatThrownBy(() -> create(
                        "t-1",
                        data -> data.parameterConfiguration(Map.of(
                                "executors",
                                parameter(TemplateParameterDataType.NUMBER)
                                        .defaultValue("two")
                                        .build()))))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("'executors' is a NUMBER");
        assertThat(client.listJobTemplates(r -> {}).templates()).isEmpty();
    }

    @Test
    void whatATemplateSettlesCannotBeGivenBesides() {
        String template = create("t-1", data -> {}).id();
        Map<String, String> parameters = Map.of("date", "x", "release", "emr-7.5.0-latest");
        refused(
                from(template, "r", parameters).toBuilder()
                        .releaseLabel("emr-7.6.0-latest")
                        .build(),
                "'releaseLabel' cannot be given together with 'jobTemplateId'");
        refused(
                request("orders", "r").toBuilder()
                        .jobTemplateId(template)
                        .jobTemplateParameters(parameters)
                        .build(),
                "'executionRoleArn' cannot",
                "'jobDriver' cannot",
                "'configurationOverrides' cannot");
        refused(
                request("orders", "r").toBuilder()
                        .jobTemplateParameters(parameters)
                        .build(),
                "'jobTemplateParameters' are given without 'jobTemplateId'");
        assertThat(fake.jobRuns()).isEmpty();
    }

    private void refused(StartJobRunRequest request, String... messages) {
        assertThatThrownBy(() -> client.startJobRun(request))
                .isInstanceOf(ValidationException.class)
                .hasMessageContainingAll(messages);
    }

    private StartJobRunRequest from(String template, String token, Map<String, String> parameters) {
        return StartJobRunRequest.builder()
                .virtualClusterId(cluster)
                .name("orders")
                .clientToken(token)
                .jobTemplateId(template)
                .jobTemplateParameters(parameters)
                .tags(Map.of("team", "run", "only-run", "yes"))
                .build();
    }

    private CreateJobTemplateResponse create(String token, Consumer<JobTemplateData.Builder> change) {
        JobTemplateData.Builder data = data();
        change.accept(data);
        return client.createJobTemplate(r -> r.name("nightly")
                .clientToken(token)
                .tags(Map.of("owner", "orders"))
                .jobTemplateData(data.build()));
    }

    private static JobTemplateData.Builder data() {
        return JobTemplateData.builder()
                .executionRoleArn(ROLE)
                .releaseLabel("${release}")
                .jobTags(Map.of("team", "template", "version", "${version}"))
                .parameterConfiguration(Map.of(
                        "version",
                                parameter(TemplateParameterDataType.STRING)
                                        .defaultValue("1.0")
                                        .build(),
                        "date", parameter(TemplateParameterDataType.STRING).build(),
                        "release", TemplateParameterConfiguration.builder().build(),
                        "executors",
                                parameter(TemplateParameterDataType.NUMBER)
                                        .defaultValue("2")
                                        .build()))
                .jobDriver(d -> d.sparkSubmitJobDriver(s -> s.entryPoint("s3://bucket/jobs/${version}/orders.jar")
                        .entryPointArguments("--date", "${date}")
                        .sparkSubmitParameters("--conf spark.executor.instances=${executors}"
                                + " --conf spark.local.dir=${java.io.tmpdir}")))
                .configurationOverrides(c -> c.applicationConfiguration(Configuration.builder()
                                .classification("spark-defaults")
                                .properties(Map.of("spark.app.name", "orders-${version}"))
                                .build())
                        .monitoringConfiguration(
                                m -> m.s3MonitoringConfiguration(s -> s.logUri("s3://bucket/logs/${version}/"))));
    }

    private static TemplateParameterConfiguration.Builder parameter(TemplateParameterDataType type) {
        return TemplateParameterConfiguration.builder().type(type);
    }
}
