package io.emreks.internal.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.emreks.client.SubmissionSettings;
import io.emreks.error.InvalidJobRunRequestException;
import io.emreks.error.RequestProblem;
import io.emreks.internal.aws.S3Location;
import io.emreks.model.JobRunRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@NullMarked
class ValidationTest {
    private static final String ROLE = "arn:aws:iam::123456789012:role/emr-job-execution";
    private static final SubmissionSettings SUBMISSION =
            SubmissionSettings.builder().build();
    private static final ClientDefaults NOTHING =
            new ClientDefaults(Optional.empty(), Optional.empty(), Optional.empty(), SUBMISSION);

    private static JobRunRequest.Builder good() {
        return JobRunRequest.builder()
                .name("orders")
                .virtualCluster("jk518skp01ys9ka8b0npx9nt0")
                .executionRole(ROLE)
                .releaseLabel("emr-7.5.0-latest")
                .jar("s3://jobs/orders.jar", "com.acme.Orders");
    }

    private static List<RequestProblem> problems(Consumer<JobRunRequest.Builder> change) {
        JobRunRequest.Builder builder = good();
        change.accept(builder);
        InvalidJobRunRequestException thrown = catchThrowableOfType(
                InvalidJobRunRequestException.class, () -> Validation.plan(builder.build(), NOTHING));
        return thrown == null ? List.of() : thrown.problems();
    }

    @Test
    void aGoodRequestIsPlanned() {
        Plan plan = Validation.plan(good().build(), NOTHING);
        assertThat(plan.name()).isEqualTo("orders");
        assertThat(plan.job().orElseThrow().sparkSubmitParameters()).contains("--class com.acme.Orders");
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() {
        JobRunRequest.Builder builder = JobRunRequest.builder()
                .name("")
                .executionRole("not-an-arn")
                .releaseLabel("emr 7")
                .jar("/jobs/" + "x".repeat(300) + ".jar", "com.acme.Orders", " ", "{json}")
                .jars("/libs/udf.jar")
                .conf("spark.master", "local[1]")
                .driver(d -> d.cores(0).pod(p -> p.arm64()))
                .logs(l -> l.s3("http://logs/").cloudWatchStreamPrefix("x"));
        for (int i = 0; i < 51; i++) {
            builder.tag("t" + i, "v");
        }
        builder.tag("long", "v".repeat(257));

        assertThatThrownBy(() -> Validation.plan(builder.build(), NOTHING))
                .isInstanceOfSatisfying(InvalidJobRunRequestException.class, invalid -> {
                    assertThat(invalid.problems())
                            .extracting(RequestProblem::field)
                            .contains(
                                    "name",
                                    "virtualCluster",
                                    "executionRoleArn",
                                    "releaseLabel",
                                    "entryPoint",
                                    "entryPointArguments[0]",
                                    "entryPointArguments[1]",
                                    "tags",
                                    "tags[long]",
                                    "logs.s3",
                                    "logs.cloudWatchStreamPrefix",
                                    "artifacts",
                                    "jars[0]",
                                    "conf[spark.master]",
                                    "driver.cores");
                    assertThat(invalid.problems()).allSatisfy(problem -> {
                        assertThat(problem.problem()).isNotBlank();
                        assertThat(problem.fix()).isNotBlank();
                        assertThat(invalid).hasMessageContaining(problem.toString());
                    });
                    assertThat(invalid.retryable()).isFalse();
                });
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("empty name", b -> b.name(""), "name", "is empty"),
                mistake("spaces in the name", b -> b.name("my orders"), "name", "characters other than"),
                mistake("name of 65", b -> b.name("n".repeat(65)), "name", "at most 64"),
                mistake("no scheme", b -> b.jar("jobs/a.jar", "A"), "entryPoint", "scheme"),
                mistake("bucket only", b -> b.jar("s3://jobs/", "A"), "entryPoint", "no S3 object"),
                mistake(
                        "long entry point",
                        b -> b.jar("s3://jobs/" + "x".repeat(247), "A"),
                        "entryPoint",
                        "at most 256"),
                mistake(
                        "long argument",
                        b -> b.arguments("x".repeat(10_281)),
                        "entryPointArguments[0]",
                        "at most 10280"),
                mistake("blank argument", b -> b.arguments("a", "\t"), "entryPointArguments[1]", "blank"),
                mistake("brackets", b -> b.arguments("a[1]"), "entryPointArguments[0]", "( ) { } [ ]"),
                mistake("blank tag value", b -> b.tag("k", "  "), "tags[k]", "blank value"),
                mistake("blank tag key", b -> b.tag(" ", "v"), "tags[ ]", "blank key"),
                mistake(
                        "long tag key",
                        b -> b.tag("k".repeat(129), "v"),
                        "tags[" + "k".repeat(80) + "…] key",
                        "at most 128"),
                mistake(
                        "role without role/",
                        b -> b.executionRole("arn:aws:iam::123456789012:user/me"),
                        "executionRoleArn",
                        "not the ARN"),
                mistake(
                        "role account of 11",
                        b -> b.executionRole("arn:aws:iam::12345678901:role/r"),
                        "executionRoleArn",
                        "not the ARN"),
                mistake("release with space", b -> b.releaseLabel("emr 7.5.0"), "releaseLabel", "not a release label"),
                mistake(
                        "log group",
                        b -> b.logs(l -> l.cloudWatchLogGroup("a b")),
                        "logs.cloudWatchLogGroup",
                        "is not"),
                mistake("bad virtual cluster", b -> b.virtualCluster("a b"), "virtualCluster", "neither"),
                mistake(
                        "two templates",
                        b -> b.conf("spark.kubernetes.driver.podTemplateFile", "s3://b/t.yaml")
                                .driver(d -> d.pod(p -> p.arm64())),
                        "artifacts",
                        "has to be staged"));
    }

    private static Arguments mistake(String what, Consumer<JobRunRequest.Builder> change, String field, String words) {
        return Arguments.of(what, change, field, words);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void oneMistakeIsOneProblem(String what, Consumer<JobRunRequest.Builder> change, String field, String words) {
        assertThat(problems(change)).as(what).singleElement().satisfies(problem -> {
            assertThat(problem.field()).isEqualTo(field);
            assertThat(problem.problem()).contains(words);
        });
    }

    @Test
    void limitsThemselvesAreAllowed() {
        assertThat(problems(b -> b.name("n".repeat(64))
                        .jar("s3://jobs/" + "x".repeat(246), "A", "x".repeat(10_280))
                        .tag("k".repeat(128), "v".repeat(256))
                        .tag("empty", "")))
                .isEmpty();
    }

    @Test
    void aTemplateBesideItsSettingIsAConflict() {
        ClientDefaults staging = new ClientDefaults(
                Optional.empty(), Optional.empty(), S3Location.parse("s3://artifacts/emreks/"), SUBMISSION);
        JobRunRequest request = good().conf("spark.kubernetes.driver.podTemplateFile", "s3://b/t.yaml")
                .driver(d -> d.pod(p -> p.arm64()))
                .build();
        assertThatThrownBy(() -> Validation.plan(request, staging)).hasMessageContaining("keep one of the two");
    }

    @Test
    void aMistakeInATemplateIsFoundBeforeAnythingIsSent() {
        ClientDefaults staging = new ClientDefaults(
                Optional.empty(), Optional.empty(), S3Location.parse("s3://artifacts/emreks/"), SUBMISSION);
        JobRunRequest request = good().driver(d -> d.pod(p -> p.field("spec.hostNetwork", true)))
                .build();
        assertThatThrownBy(() -> Validation.plan(request, staging))
                .isInstanceOf(InvalidJobRunRequestException.class)
                .hasMessageContaining("driver.pod.spec.hostNetwork");
    }

    @Test
    void theNameComesFromTheMainClassOrTheFile() {
        assertThat(nameOf(b -> b.jar("s3://jobs/a.jar", "com.acme.Orders"))).isEqualTo("Orders");
        assertThat(nameOf(b -> b.jar("s3://jobs/a.jar", "com.acme.Go"))).isEqualTo("Go");
        assertThat(nameOf(b -> b.python("s3://jobs/etl/orders.daily.py"))).isEqualTo("orders.daily.py");
        assertThat(nameOf(b -> b.python("s3://jobs/etl/o rders"))).isEqualTo("o-rders");
        assertThat(nameOf(b -> b.python("s3://jobs/" + "x".repeat(100)))).hasSize(64);
    }

    private static String nameOf(Consumer<JobRunRequest.Builder> driver) {
        JobRunRequest.Builder builder = nameless();
        driver.accept(builder);
        return Validation.plan(builder.build(), NOTHING).name();
    }

    private static JobRunRequest.Builder nameless() {
        return JobRunRequest.builder().virtualCluster("c").executionRole(ROLE).releaseLabel("emr-7.5.0-latest");
    }

    @Property
    void whateverTheTextsAreNothingButTheDocumentedExceptionIsThrown(
            @ForAll @StringLength(max = 300) String a,
            @ForAll @StringLength(max = 300) String b,
            @ForAll @StringLength(max = 300) String c) {
        JobRunRequest request = JobRunRequest.builder()
                .name(a)
                .virtualCluster(b)
                .executionRole(c)
                .releaseLabel(a)
                .jar(b, c, a)
                .jars(c)
                .image(a)
                .tag(b, c)
                .logs(l -> l.s3(a).cloudWatchLogGroup(b))
                .build();
        assertThatThrownBy(() -> Validation.plan(request, NOTHING)).isInstanceOf(InvalidJobRunRequestException.class);
    }

    @Test
    void anExpectedDurationIsPositive() {
        assertThat(problems(job -> job.expectedDuration(Duration.ZERO)))
                .extracting(RequestProblem::field)
                .containsExactly("expectedDuration");
    }
}
