package io.emreks.testing.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.emreks.testing.service.ServiceModel.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Whatever is sent, the answer is one of AWS: never a stack trace, never a fault of the fake itself. */
class HostileInputTest {
    private static final ServiceSettings SETTINGS = FakeEmrEks.builder().settings();
    private final EmrModel model = new EmrModel(ServiceModel.load(), SETTINGS, new NoRuns());
    private final S3Api s3 = new S3Api(FakeS3.inMemory(), true, 0);

    @Property(tries = 2000)
    void theServiceAnswersInItsForm(
            @ForAll("methods") String method,
            @ForAll("paths") String path,
            @ForAll("queries") String query,
            @ForAll("bodies") String body)
            throws Exception {
        ApiResponse response = handle(new ApiRequest(method, "localhost", path, query, Map.of(), body.getBytes(UTF_8)));
        JsonNode answer = ServiceModel.JSON.readTree(response.body());
        assertThat(response.headers()).containsKey("x-amzn-RequestId");
        if (response.status() != 200) {
            assertThat(response.status()).isIn(400, 404);
            assertThat(response.headers().get("x-amzn-ErrorType")).matches("[A-Za-z]+Exception");
            assertThat(answer.path("message").asText()).isNotEmpty();
        }
    }

    @Property(tries = 1000)
    void s3AnswersInItsForm(
            @ForAll("methods") String method,
            @ForAll("paths") String path,
            @ForAll("queries") String query,
            @ForAll byte[] body,
            @ForAll boolean chunked) {
        ApiRequest request = new ApiRequest(
                method,
                "s3.us-east-1.amazonaws.com",
                path,
                query,
                chunked ? Map.of("content-encoding", "aws-chunked") : Map.of("Range", "bytes=0-"),
                body);
        ApiResponse response = s3.handle(request);
        assertThat(response.status()).isLessThan(502);
        if (response.status() >= 400 && !method.equals("HEAD")) {
            assertThat(new String(response.body(), UTF_8)).contains("<Error><Code>");
        }
    }

    @Test
    void deepAndWideBodiesAreRefused() {
        for (String body : List.of(
                "[".repeat(100_000),
                "{\"configurationOverrides\":".repeat(5_000),
                "{} {}",
                "[]",
                "\"text\"",
                "{\"name\":5}",
                "{\"name\":null}",
                "{\"tags\":[]}",
                "{\"jobDriver\":{\"sparkSubmitJobDriver\":{\"entryPoint\":\"a\",\"entryPointArguments\":[null]}}}")) {
            ApiResponse response = handle(new ApiRequest(
                    "POST", "localhost", "/virtualclusters/abc/jobruns", "", Map.of(), body.getBytes(UTF_8)));
            assertThat(response.status()).isEqualTo(400);
        }
    }

    @Test
    void aRouteIsExact() {
        assertThat(operation(get("/virtualclusters/abc/jobruns/def"))).isEqualTo("DescribeJobRun");
        assertThat(operation(get("/tags/arn%3Aaws%3A%2Fvirtualclusters%2Fabc"))).isEqualTo("ListTagsForResource");
        assertThat(operation(get("/virtualclusters/abc/jobruns/def/"))).isEqualTo("Unknown");
        assertThat(operation(get("/virtualclusters//jobruns/def"))).isEqualTo("Unknown");
        assertThat(operation(get("/tags/arn:aws:/virtualclusters/abc"))).isEqualTo("Unknown");
        assertThat(handle(get("/nothing")).status()).isEqualTo(404);
        assertThat(handle(get("/nothing")).headers()).containsEntry("x-amzn-ErrorType", "UnknownOperationException");
    }

    private ApiResponse handle(ApiRequest request) {
        EmrCall call = EmrCall.of(ServiceModel.load(), ServiceModel.load().route(request), request);
        return model.handle(call, VirtualTime.DEFAULT_START).toResponse();
    }

    private String operation(ApiRequest request) {
        return ServiceModel.load().route(request).map(Route::operation).orElse("Unknown");
    }

    @Provide
    Arbitrary<String> methods() {
        return Arbitraries.of("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH");
    }

    @Provide
    Arbitrary<String> paths() {
        Arbitrary<String> segment = Arbitraries.oneOf(
                Arbitraries.of(
                        "virtualclusters",
                        "jobruns",
                        "tags",
                        "jobtemplates",
                        "endpoints",
                        "..",
                        "%2e%2e",
                        "%",
                        "%zz",
                        "%00",
                        "",
                        "abc",
                        "securityconfigurations",
                        "credentials"),
                Arbitraries.strings().ofMaxLength(8));
        return segment.list().ofMaxSize(6).map(segments -> "/" + String.join("/", segments));
    }

    @Provide
    Arbitrary<String> queries() {
        Arbitrary<String> pair = Arbitraries.of(
                "list-type=2",
                "prefix=%",
                "prefix=a",
                "max-keys=-1",
                "max-keys=x",
                "continuation-token=%%%",
                "continuation-token=***",
                "states=RUNNING",
                "states=&",
                "maxResults=99999999999",
                "maxResults=x",
                "nextToken=",
                "createdAfter=yesterday",
                "&&&=",
                "encoding-type=url",
                "tagKeys=a");
        return pair.list().ofMaxSize(4).map(pairs -> String.join("&", pairs));
    }

    @Provide
    Arbitrary<String> bodies() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(30),
                Arbitraries.of(
                        "",
                        "{}",
                        "null",
                        "{\"name\":{}}",
                        "{\"clientToken\":\"t\",\"name\":\"n\"}",
                        "{\"name\":\"n\",\"clientToken\":\"t\",\"containerProvider\":{\"type\":\"EKS\",\"id\":\"e\"}}",
                        "{\"containerProvider\":{\"info\":{}}}",
                        "{\"tags\":{\"\":5}}"));
    }

    private static ApiRequest get(String path) {
        return new ApiRequest("GET", "localhost", path, "", Map.of(), new byte[0]);
    }

    private static final class NoRuns implements EmrModel.RunStarter {
        @Override
        public Optional<JobRunScript> script(String id, Supplier<FakeJobRun> run) {
            return Optional.of(JobRunScript.completes());
        }

        @Override
        public void started(FakeJobRun run) {}

        @Override
        public void cancelled(FakeJobRun run) {}

        @Override
        public void driverEnded(FakeJobRun run, JobRunScript script) {}

        @Override
        public void ended(FakeJobRun run, JobRunScript script) {}
    }
}
