package io.emreks.testing.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is sent, signed or not: a well-formed answer of AWS, and never a failure of the fake itself. */
class FuzzTest {
    private static final List<String> METHODS = List.of("GET", "POST", "DELETE", "PATCH", "PUT", "HEAD", "QUERY");
    private static final List<String> SEGMENTS = List.of(
            "virtualclusters",
            "jobruns",
            "jobtemplates",
            "endpoints",
            "credentials",
            "securityconfigurations",
            "tags",
            "..",
            "%2e%2e",
            "%",
            "%zz",
            "%00",
            "",
            "abc",
            "arn%3Aaws%3Aemr-containers%3Ar%3A123456789012%3A%2Fvirtualclusters%2Fabcdef",
            "_emreks");
    private static final List<String> VALUES = List.of(
            "1", "-1", "99999999999", "RUNNING", "2026-01-01T00:00:00Z", "yesterday", "", "%", "a%2Fb", "null", "{}");
    private static final List<String> NAMES = List.of(
            "maxResults",
            "nextToken",
            "states",
            "types",
            "createdAfter",
            "createdBefore",
            "name",
            "tagKeys",
            "list-type",
            "prefix",
            "eksAccessEntryIntegrated");

    @Test
    void inMemory() {
        inMemory(3_000);
    }

    @Test
    @Tag("deep")
    void aMillionInMemory() {
        inMemory(1_000_000);
    }

    private static void inMemory(int requests) {
        SplittableRandom random = new SplittableRandom(1);
        try (FakeEmrEks fake = FakeEmrEks.builder().requestLog(10).build()) {
            String cluster = fake.createVirtualCluster("spark");
            for (int i = 0; i < requests; i++) {
                ApiRequest request = request(random, cluster);
                ApiResponse response = Objects.requireNonNull(fake.answer(request));
                check(request, response.status(), response.headers(), response.body());
                if (i % 1000 == 0) {
                    fake.time().advance(Duration.ofMinutes(20));
                }
            }
        }
    }

    private static void check(ApiRequest request, int status, Map<String, String> headers, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        assertThat(text).doesNotContain("The fake service failed").doesNotContain("\tat ");
        if (request.isS3()) {
            assertThat(status).isBetween(200, 501);
            if (status >= 400 && !request.method().equals("HEAD")) {
                assertThat(text).contains("<Error><Code>");
            }
            return;
        }
        assertThat(status).isIn(200, 400, 403, 404);
        JsonNode json = ServiceModel.parse(body);
        if (status != 200) {
            assertThat(headers.get("x-amzn-ErrorType")).isNotBlank();
            assertThat(json.path("message").asText()).isNotBlank();
        }
    }

    private static ApiRequest request(SplittableRandom random, String cluster) {
        StringBuilder path = new StringBuilder();
        StringBuilder query = new StringBuilder();
        if (random.nextInt(3) == 0) {
            path.append("/virtualclusters/").append(cluster).append("/jobruns");
        } else {
            int segments = random.nextInt(6);
            for (int i = 0; i < segments; i++) {
                path.append('/').append(random.nextInt(8) == 0 ? noise(random, 8) : pick(random, SEGMENTS));
            }
        }
        int parameters = random.nextInt(4);
        for (int i = 0; i < parameters; i++) {
            query.append(pick(random, NAMES))
                    .append('=')
                    .append(pick(random, VALUES))
                    .append('&');
        }
        Map<String, String> headers = new HashMap<>();
        for (int i = 0; i < Clients.SIGNED.length; i += 2) {
            String value = Clients.SIGNED[i + 1];
            headers.put(
                    Clients.SIGNED[i],
                    switch (random.nextInt(12)) {
                        case 0 -> noise(random, 40);
                        case 1 -> value.replace("emr-containers", "s3");
                        case 2 -> value.substring(0, random.nextInt(value.length()));
                        default -> value;
                    });
        }
        if (random.nextInt(10) == 0) {
            headers.put(
                    pick(random, List.of("range", "content-encoding", "if-match", "if-none-match")), noise(random, 9));
        }
        return new ApiRequest(
                pick(random, METHODS),
                random.nextInt(10) == 0 ? noise(random, 5) : "localhost",
                path.isEmpty() ? "/" : path.toString(),
                query.toString(),
                headers,
                body(random));
    }

    private static byte[] body(SplittableRandom random) {
        byte[] valid = ("{\"name\":\"orders\",\"clientToken\":\"t-" + random.nextInt(1000)
                        + "\",\"executionRoleArn\":\""
                        + ServiceBed.ROLE + "\",\"releaseLabel\":\"emr-7.5.0-latest\",\"jobDriver\":{"
                        + "\"sparkSubmitJobDriver\":{\"entryPoint\":\"s3://b/j.jar\",\"entryPointArguments\":[\"a\"]}},"
                        + "\"tags\":{\"a\":\"b\"},\"retryPolicyConfiguration\":{\"maxAttempts\":2},"
                        + "\"configurationOverrides\":{\"applicationConfiguration\":[{\"classification\":\"c\"}],"
                        + "\"monitoringConfiguration\":{\"s3MonitoringConfiguration\":{\"logUri\":\"s3://b/../l\"}}}}")
                .getBytes(StandardCharsets.UTF_8);
        switch (random.nextInt(4)) {
            case 0 -> {
                byte[] bytes = new byte[random.nextInt(60)];
                random.nextBytes(bytes);
                return bytes;
            }
            case 1 -> {
                return new byte[0];
            }
            case 2 -> {
                int changes = 1 + random.nextInt(3);
                for (int i = 0; i < changes; i++) {
                    valid[random.nextInt(valid.length)] = (byte) "\"{}[]:,0nte\\".charAt(random.nextInt(12));
                }
                return valid;
            }
            default -> {
                return valid;
            }
        }
    }

    private static String noise(SplittableRandom random, int limit) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(limit);
        for (int i = 0; i < length; i++) {
            text.append((char) random.nextInt(0x250));
        }
        return text.toString();
    }

    private static <T> T pick(SplittableRandom random, List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    @Test
    void onTheWire() throws IOException {
        onTheWire(150);
    }

    @Test
    @Tag("deep")
    void longOnTheWire() throws IOException {
        onTheWire(20_000);
    }

    /** Bytes on a socket: no request at all, or half of one, or one that only nearly is HTTP. */
    private static void onTheWire(int requests) throws IOException {
        SplittableRandom random = new SplittableRandom(2);
        try (FakeEmrEks fake = FakeEmrEks.create();
                FakeServer server = fake.startServer()) {
            String cluster = fake.createVirtualCluster("spark");
            for (int i = 0; i < requests; i++) {
                byte[] sent = wire(random, cluster);
                String answer = exchange(server.port(), sent);
                if (!answer.isEmpty()) {
                    assertThat(answer)
                            .as(new String(sent, StandardCharsets.ISO_8859_1))
                            .startsWith("HTTP/1.1 ")
                            .doesNotContain("\tat ")
                            .doesNotContain("<html")
                            .doesNotContain("The fake service failed");
                    if (!answer.startsWith("HTTP/1.1 200") && !answer.startsWith("HTTP/1.1 100")) {
                        assertThat(answer.toLowerCase(java.util.Locale.ROOT)).contains("x-amzn-errortype");
                    }
                }
            }
            assertThat(exchange(server.port(), get("/virtualclusters/" + cluster)))
                    .contains("\"state\":\"RUNNING\"");
        }
    }

    private static byte[] wire(SplittableRandom random, String cluster) {
        byte[] bytes =
                random.nextBoolean() ? get("/virtualclusters/" + cluster + "/jobruns") : new byte[random.nextInt(200)];
        if (bytes.length > 0 && bytes[0] == 0) {
            random.nextBytes(bytes);
        }
        int changes = random.nextInt(4);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private static byte[] get(String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + Clients.SIGNED[0] + ": "
                        + Clients.SIGNED[1] + "\r\n" + Clients.SIGNED[2] + ": " + Clients.SIGNED[3] + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String exchange(int port, byte[] sent) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(sent);
            out.flush();
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (java.net.SocketException reset) {
            return "";
        }
    }

    @Test
    void noNameLeadsOutOfTheFolderOfS3(@TempDir Path folder) throws IOException {
        Path inside = folder.resolve("s3");
        try (FakeEmrEks fake = FakeEmrEks.builder().s3(FakeS3.onDisk(inside)).build();
                var client = Clients.inMemory(fake)) {
            fake.script(JobRunScript.completes().stdout("out"));
            String cluster = fake.createVirtualCluster("spark");
            for (String uri : List.of(
                    "s3://bucket/../../out/", "s3://../out/", "s3://bucket/%2e%2e/../out", "s3://", "s3:///x")) {
                client.startJobRun(r -> r.virtualClusterId(cluster)
                        .executionRoleArn(ServiceBed.ROLE)
                        .releaseLabel("emr-7.5.0-latest")
                        .jobDriver(d -> d.sparkSubmitJobDriver(s -> s.entryPoint("local:///j.jar")))
                        .configurationOverrides(
                                c -> c.monitoringConfiguration(m -> m.s3MonitoringConfiguration(s -> s.logUri(uri)))));
            }
            fake.time().advance(Duration.ofDays(1));
            assertThat(fake.jobRuns()).allSatisfy(run -> assertThat(run.state()).isEqualTo(FakeJobRunState.COMPLETED));
            FakeS3 unused = fake.s3();
            try (Stream<Path> files = Files.walk(folder)) {
                assertThat(files.filter(Files::isRegularFile))
                        .allSatisfy(file -> assertThat(file.toRealPath()).startsWith(inside.toRealPath()));
            }
        }
    }
}
