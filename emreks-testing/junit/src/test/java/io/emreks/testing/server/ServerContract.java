package io.emreks.testing.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server in a process of its own, spoken to by plain HTTP. */
abstract class ServerContract {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** What starts the server, without options. */
    abstract List<String> command();

    @Test
    void servesIsSteeredAndKeepsItsState(@TempDir Path folder) throws Exception {
        String cluster;
        String run;
        String held;
        JsonNode before;
        try (Server server = start(
                "--seed", "7", "--account", "111122223333", "--region", "eu-west-1", "--data-dir", folder.toString())) {
            assertThat(server.call("GET", "/_emreks/health", "").path("status").asText())
                    .isEqualTo("UP");
            cluster = server.call("POST", "/_emreks/virtualclusters", "{\"name\":\"spark\"}")
                    .path("id")
                    .asText();
            server.call("PUT", "/_emreks/script", "{\"running\":\"PT5M\"}");
            server.call(
                    "POST",
                    "/_emreks/scripts",
                    "{\"name\":\"bad\",\"script\":{\"fails\":\"USER_ERROR\",\"stateDetails\":\"no\"}}");
            run = server.startRun(cluster, "good", "t-1");
            String bad = server.startRun(cluster, "bad", "t-2");
            server.call("POST", "/_emreks/time/advance", "{\"duration\":\"PT2H\"}");
            assertThat(server.state(cluster, run)).isEqualTo("COMPLETED");
            assertThat(server.state(cluster, bad)).isEqualTo("FAILED");

            held = server.startRun(cluster, "held", "t-3");
            server.call("POST", "/_emreks/holds", "{\"jobRun\":\"" + held + "\",\"state\":\"RUNNING\"}");
            server.call("POST", "/_emreks/time/advance", "{\"duration\":\"PT2H\"}");
            assertThat(server.state(cluster, held)).isEqualTo("RUNNING");

            server.call("POST", "/_emreks/faults", "{\"operation\":\"DescribeJobRun\",\"fault\":\"throttle\"}");
            assertThat(server.send("GET", "/virtualclusters/" + cluster + "/jobruns/" + run, "")
                            .statusCode())
                    .isEqualTo(400);
            assertThat(server.call("GET", "/_emreks/requests", "").path("requests"))
                    .last()
                    .matches(seen -> seen.path("status").asInt() == 400);
            before = server.call("GET", "/_emreks/jobruns", "");
            assertThat(before.path("jobRuns")).hasSize(3);

            HttpResponse<String> unsigned = HTTP.send(
                    HttpRequest.newBuilder(server.at("/virtualclusters")).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(unsigned.statusCode()).isEqualTo(403);
            assertThat(unsigned.headers().firstValue("x-amzn-ErrorType"))
                    .contains("MissingAuthenticationTokenException");
            wrong(server, 404, "GET", "/_emreks/nothing", "");
            wrong(server, 400, "PUT", "/_emreks/script", "{\"runing\":\"PT5M\"}");
            wrong(server, 400, "PUT", "/_emreks/script", "[]");
            wrong(server, 400, "POST", "/_emreks/time/advance", "{\"duration\":\"5 minutes\"}");
            wrong(server, 404, "POST", "/_emreks/holds", "{\"jobRun\":\"none\",\"state\":\"RUNNING\"}");
            wrong(server, 409, "POST", "/_emreks/holds", "{\"jobRun\":\"" + run + "\",\"state\":\"RUNNING\"}");
        }
        try (Server server = start(
                "--seed", "7", "--account", "111122223333", "--region", "eu-west-1", "--data-dir", folder.toString())) {
            assertThat(server.call("GET", "/_emreks/jobruns", "")).isEqualTo(before);
            assertThat(server.startRun(cluster, "good", "t-1"))
                    .as("the token is remembered")
                    .isEqualTo(run);
            server.call("DELETE", "/_emreks/holds/" + held, "");
            assertThat(server.state(cluster, held)).isEqualTo("COMPLETED");
            server.call("POST", "/_emreks/reset", "");
            assertThat(server.call("GET", "/_emreks/jobruns", "").path("jobRuns"))
                    .isEmpty();
        }
    }

    private static void wrong(Server server, int status, String method, String path, String body) throws Exception {
        HttpResponse<String> answer = server.send(method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(JSON.readTree(answer.body()).path("message").asText()).isNotBlank();
    }

    private Server start(String... options) throws IOException {
        List<String> line = new ArrayList<>(command());
        line.addAll(List.of("--port", "0"));
        line.addAll(List.of(options));
        return new Server(new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    private static final class Server implements AutoCloseable {
        private final Process process;
        private final URI endpoint;

        Server(Process process) throws IOException {
            this.process = process;
            BufferedReader out = process.inputReader();
            String line = Objects.requireNonNull(out.readLine());
            assertThat(line).contains("111122223333").contains("eu-west-1");
            endpoint = URI.create(line.replaceAll(".* (http://127.0.0.1:\\d+),.*", "$1"));
        }

        URI at(String path) {
            return endpoint.resolve(path);
        }

        HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
            return HTTP.send(
                    HttpRequest.newBuilder(at(path))
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .header("X-Amz-Date", "20260101T000000Z")
                            .header(
                                    "Authorization",
                                    "AWS4-HMAC-SHA256 Credential=A/20260101/eu-west-1/emr-containers/aws4_request,"
                                            + " SignedHeaders=host;x-amz-date, Signature="
                                            + "0123456789abcdef".repeat(4))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }

        JsonNode call(String method, String path, String body) throws IOException, InterruptedException {
            HttpResponse<String> answer = send(method, path, body);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return JSON.readTree(answer.body());
        }

        String startRun(String cluster, String name, String token) throws IOException, InterruptedException {
            return call(
                            "POST",
                            "/virtualclusters/" + cluster + "/jobruns",
                            "{\"name\":\"" + name
                                    + "\",\"clientToken\":\"" + token + "\",\"executionRoleArn\":"
                                    + "\"arn:aws:iam::111122223333:role/job\",\"releaseLabel\":\"emr-7.5.0-latest\","
                                    + "\"jobDriver\":{\"sparkSubmitJobDriver\":{\"entryPoint\":\"local:///j.jar\"}}}")
                    .path("id")
                    .asText();
        }

        String state(String cluster, String run) throws IOException, InterruptedException {
            return call("GET", "/virtualclusters/" + cluster + "/jobruns/" + run, "")
                    .at("/jobRun/state")
                    .asText();
        }

        /** Ends it politely. */
        @Override
        public void close() {
            process.destroy();
            Process unused = process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
        }
    }
}
