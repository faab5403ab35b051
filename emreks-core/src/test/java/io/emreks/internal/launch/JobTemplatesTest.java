package io.emreks.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emreks.error.InvalidJobRunRequestException;
import io.emreks.error.RequestProblem;
import io.emreks.internal.calls.ApiFailure;
import io.emreks.model.JobTemplateUse;
import io.emreks.testing.service.Fault;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.emrcontainers.EmrContainersClient;
import software.amazon.awssdk.services.emrcontainers.model.TemplateParameterConfiguration;
import software.amazon.awssdk.services.emrcontainers.model.TemplateParameterDataType;

@NullMarked
class JobTemplatesTest {
    private final LaunchBed bed = new LaunchBed(fake -> {});
    private final JobTemplates templates = new JobTemplates(bed.calls, bed.emr);

    @AfterEach
    void closeBed() {
        bed.close();
    }

    /** A template that declares a number and two texts, one of which has a default. */
    private String template() {
        try (EmrContainersClient emr = EmrContainersClient.builder()
                .region(Region.of(bed.fake.region()))
                .credentialsProvider(LaunchBed.CREDENTIALS)
                .httpClient(bed.fake.httpClient())
                .build()) {
            return Objects.requireNonNull(emr.createJobTemplate(r -> r.name("orders")
                            .jobTemplateData(data -> data.executionRoleArn("arn:aws:iam::123456789012:role/job")
                                    .releaseLabel("emr-7.5.0-latest")
                                    .jobDriver(d -> d.sparkSubmitJobDriver(
                                            s -> s.entryPoint("s3://jobs/${date}/${region}/${partitions}.jar")))
                                    .parameterConfiguration(Map.of(
                                            "date", parameter(TemplateParameterDataType.STRING, null),
                                            "region", parameter(TemplateParameterDataType.STRING, "eu"),
                                            "partitions", parameter(TemplateParameterDataType.NUMBER, "64")))))
                    .id());
        }
    }

    private static TemplateParameterConfiguration parameter(TemplateParameterDataType type, @Nullable String value) {
        return TemplateParameterConfiguration.builder()
                .type(type)
                .defaultValue(value)
                .build();
    }

    private void check(String id, Map<String, String> parameters) {
        bed.await(templates.check(new JobTemplateUse(id, parameters)));
    }

    @Test
    void whatFitsPassesAndIsLookedUpOnce() {
        String id = template();
        check(id, Map.of("date", "2026-11-22"));
        check(id, Map.of("date", "2026-11-23", "region", "us", "partitions", "8"));
        assertThat(bed.calls("DescribeJobTemplate")).isEqualTo(1);
    }

    @Test
    void everythingWrongIsSaidAtOnce() {
        String id = template();
        assertThatThrownBy(() -> check(id, Map.of("partitions", "many", "zone", "a", "colour", "red")))
                .cause()
                .isInstanceOfSatisfying(InvalidJobRunRequestException.class, invalid -> {
                    assertThat(invalid.problems())
                            .extracting(RequestProblem::field)
                            .containsExactlyInAnyOrder(
                                    "templateParameter[date]",
                                    "templateParameter[partitions]",
                                    "templateParameter[colour]",
                                    "templateParameter[zone]");
                    assertThat(invalid.problems())
                            .filteredOn(problem -> problem.field().equals("templateParameter[zone]"))
                            .singleElement()
                            .satisfies(problem -> {
                                assertThat(problem.problem())
                                        .contains("not declared")
                                        .contains(id);
                                assertThat(problem.fix()).contains("[date, partitions, region]");
                            });
                    assertThat(invalid).hasMessageContaining("missing").hasMessageContaining("not a number");
                });
        assertThatThrownBy(() -> check(id, Map.of("zone", "a", "date", "d")))
                .as("also when the template is known")
                .hasCauseInstanceOf(InvalidJobRunRequestException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "-8", "+8.5", "8.", ".5", "1e9", "1.5E-3"})
    void numbersAreNumbers(String number) {
        check(template(), Map.of("date", "d", "partitions", number));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "8 ", "0x8", "1e", ".", "NaN", "٣", "8,5", "1_000"})
    void otherThingsAreNot(String number) {
        String id = template();
        assertThatThrownBy(() -> check(id, Map.of("date", "d", "partitions", number)))
                .hasCauseInstanceOf(InvalidJobRunRequestException.class)
                .hasMessageContaining("templateParameter[partitions]");
    }

    @Test
    void whoMayNotLookIsNotChecked() {
        String id = template();
        bed.fake.faults().next("DescribeJobTemplate", 2, Fault.accessDenied());
        check(id, Map.of("nonsense", "a"));
        check(id, Map.of("nonsense", "a"));
        assertThatThrownBy(() -> check(id, Map.of("nonsense", "a")))
                .as("the right can be given later")
                .hasCauseInstanceOf(InvalidJobRunRequestException.class);
    }

    @Test
    void otherFailuresAreToldAndNotRemembered() {
        String id = template();
        bed.fake.faults().next("DescribeJobTemplate", 2, Fault.internalError());
        assertThatThrownBy(() -> check(id, Map.of("date", "d"))).hasCauseInstanceOf(ApiFailure.class);
        check(id, Map.of("date", "d"));
        assertThatThrownBy(() -> check("0000000nosuchtemplate", Map.of()))
                .cause()
                .isInstanceOfSatisfying(
                        ApiFailure.class, failure -> assertThat(failure.kind()).isEqualTo(ApiFailure.Kind.NOT_FOUND));
    }

    @Test
    void onlyTheLastThousandTemplatesAreRemembered() {
        String first = template();
        check(first, Map.of("date", "d"));
        for (int i = 0; i < 1_000; i++) {
            check(template(), Map.of("date", "d"));
        }
        long before = bed.calls("DescribeJobTemplate");
        check(first, Map.of("date", "d"));
        assertThat(bed.calls("DescribeJobTemplate")).isEqualTo(before + 1);
    }
}
