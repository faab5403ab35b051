package io.emreks.testing.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The calls under {@code /_emreks/}: what the Java methods of the fake do, in JSON. README.md documents them. */
final class ControlApi {
    static final String PREFIX = "/_emreks/";

    /** What is kept over restarts, of that which is kept here. */
    private static final Set<String> LASTING = Set.of("reset", "script", "scripts", "holds", "time");

    private final FakeEmrEks fake;

    ControlApi(FakeEmrEks fake) {
        this.fake = fake;
    }

    ApiResponse handle(ApiRequest request) {
        try {
            JsonNode body = body(request);
            ObjectNode done = perform(request.method() + " " + request.path().substring(PREFIX.length()), body);
            String topic = request.path().substring(PREFIX.length()).replaceAll("/.*", "");
            if (LASTING.contains(topic)) {
                fake.remember(request);
            }
            return answer(200, done);
        } catch (NoSuchElementException e) {
            return error(404, e);
        } catch (IllegalStateException e) {
            return error(409, e);
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            return error(400, e);
        } catch (RuntimeException | StackOverflowError e) {
            return error(500, e);
        }
    }

    private static JsonNode body(ApiRequest request) {
        if (request.body().length == 0) {
            return ServiceModel.JSON.createObjectNode();
        }
        try {
            JsonNode body = ServiceModel.JSON.readTree(request.body());
            if (!body.isObject()) {
                throw new IllegalArgumentException("The body is no JSON object");
            }
            return body;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The body is no valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("The body is no text", e);
        }
    }

    private ObjectNode perform(String call, JsonNode body) {
        ObjectNode answer = ServiceModel.JSON.createObjectNode();
        if (call.startsWith("DELETE holds/")) {
            fake.holds().release(call.substring("DELETE holds/".length()));
            return answer;
        }
        switch (call) {
            case "GET health" ->
                answer.put("status", "UP")
                        .put("time", fake.clock().instant().toString())
                        .put("virtualTime", fake.inVirtualTime())
                        .put("region", fake.region())
                        .put("account", fake.accountId())
                        .put("jobRuns", fake.jobRuns().size());
            case "POST reset" -> fake.reset();
            case "POST time/advance" -> {
                only(body, "duration");
                fake.time().advance(duration(body, "duration", Optional.empty()));
                answer.put("time", fake.clock().instant().toString());
            }
            case "POST virtualclusters" -> {
                only(body, "name");
                answer.put("id", fake.createVirtualCluster(text(body, "name")));
            }
            case "PUT script" -> fake.script(script(body));
            case "POST scripts" -> {
                only(body, "name", "tag", "entryPoint", "script");
                fake.script(which(body), script(body.path("script")));
            }
            case "POST holds" -> hold(body);
            case "DELETE holds" -> fake.holds().releaseAll();
            case "POST faults" -> plant(body);
            case "DELETE faults" -> fake.faults().clear();
            case "PUT quotas" -> {
                only(body, "scale", "refill");
                fake.throttleByQuotas(
                        body.path("scale").asDouble(1),
                        constant(QuotaRefill.class, body.path("refill").asText("CONTINUOUS")));
            }
            case "DELETE quotas" -> fake.stopThrottling();
            case "GET jobruns" -> {
                ArrayNode runs = answer.putArray("jobRuns");
                fake.jobRuns().forEach(run -> runs.add(json(run)));
            }
            case "GET requests" -> {
                ArrayNode requests = answer.putArray("requests");
                fake.requests().forEach(seen -> {
                    ObjectNode json = requests.addObject()
                            .put("operation", seen.operation())
                            .put("method", seen.method())
                            .put("path", seen.path())
                            .put("query", seen.query())
                            .put("body", seen.body())
                            .put("at", seen.at().toString())
                            .put("status", seen.status());
                    seen.input().ifPresent(input -> json.set("input", ServiceModel.JSON.valueToTree(input)));
                });
            }
            default -> throw new NoSuchElementException("No call is " + call.replaceFirst(" ", " " + PREFIX));
        }
        return answer;
    }

    private static ObjectNode json(FakeJobRun run) {
        ObjectNode json = ServiceModel.JSON
                .createObjectNode()
                .put("id", run.id())
                .put("virtualClusterId", run.virtualClusterId())
                .put("state", run.state().name());
        run.name().ifPresent(name -> json.put("name", name));
        run.sparkUi().ifPresent(address -> json.put("sparkUi", address.toString()));
        ArrayNode history = json.putArray("history");
        run.history()
                .forEach(change -> history.addObject()
                        .put("state", change.state().name())
                        .put("at", change.at().toString()));
        return json;
    }

    private static Predicate<FakeJobRun> which(JsonNode body) {
        List<Predicate<FakeJobRun>> all = new ArrayList<>();
        if (body.has("name")) {
            all.add(FakeJobRun.named(text(body, "name")));
        }
        if (body.has("entryPoint")) {
            all.add(FakeJobRun.ofEntryPoint(text(body, "entryPoint")));
        }
        body.path("tag")
                .properties()
                .forEach(tag ->
                        all.add(FakeJobRun.tagged(tag.getKey(), tag.getValue().asText())));
        if (all.isEmpty()) {
            throw new IllegalArgumentException("Give a 'name', an 'entryPoint' or a 'tag' that the runs must have");
        }
        return all.stream().reduce(Predicate::and).orElseThrow();
    }

    private static JobRunScript script(JsonNode body) {
        only(
                body,
                "lifelike",
                "fails",
                "failsWhile",
                "stateDetails",
                "pending",
                "submitted",
                "running",
                "cancelling",
                "driverFailures",
                "driverFailsAfter",
                "stdout",
                "stderr",
                "submitterStderr",
                "executors",
                "executorStdout",
                "executorStderr");
        boolean lifelike = body.path("lifelike").asBoolean();
        if (lifelike && body.has("fails")) {
            throw new IllegalArgumentException("A 'lifelike' script completes; leave out 'fails'");
        }
        JobRunScript script = lifelike ? JobRunScript.lifelike() : JobRunScript.completes();
        if (body.has("fails")) {
            FakeFailureReason reason = constant(FakeFailureReason.class, text(body, "fails"));
            script = body.has("stateDetails")
                    ? JobRunScript.fails(reason, text(body, "stateDetails"))
                    : JobRunScript.fails(reason, JobRunScript.fails().failure().stateDetails());
        }
        if (body.has("failsWhile")) {
            script = script.failsWhile(constant(FakeJobRunState.class, text(body, "failsWhile")));
        }
        return written(body, script)
                .pendingFor(duration(body, "pending", Optional.of(script.timeIn(FakeJobRunState.PENDING))))
                .submittedFor(duration(body, "submitted", Optional.of(script.timeIn(FakeJobRunState.SUBMITTED))))
                .runningFor(duration(body, "running", Optional.of(script.timeIn(FakeJobRunState.RUNNING))))
                .cancelTakes(duration(body, "cancelling", Optional.of(script.timeIn(FakeJobRunState.CANCEL_PENDING))))
                .driverFails(
                        body.path("driverFailures").asInt(),
                        duration(body, "driverFailsAfter", Optional.of(Duration.ZERO)));
    }

    private static JobRunScript written(JsonNode body, JobRunScript script) {
        JobRunScript written = script.stdout(body.path("stdout").asText());
        if (body.has("stderr")) {
            written = written.stderr(text(body, "stderr"));
        }
        if (body.has("submitterStderr")) {
            written = written.submitterStderr(text(body, "submitterStderr"));
        }
        return body.has("executors") || body.has("executorStdout") || body.has("executorStderr")
                ? written.executorLogs(
                        body.has("executors")
                                ? body.path("executors").asInt(-1)
                                : JobRunScript.ExecutorLogs.USUAL.executors(),
                        body.path("executorStdout").asText(),
                        body.path("executorStderr").asText())
                : written;
    }

    private void hold(JsonNode body) {
        only(body, "jobRun", "virtualCluster", "newJobRuns", "newVirtualClusters", "state");
        if (body.has("jobRun")) {
            fake.holds().jobRun(text(body, "jobRun"), constant(FakeJobRunState.class, text(body, "state")));
        } else if (body.has("virtualCluster")) {
            fake.holds()
                    .virtualCluster(
                            text(body, "virtualCluster"), constant(FakeVirtualClusterState.class, text(body, "state")));
        } else if (body.has("newJobRuns")) {
            fake.holds().newJobRuns(constant(FakeJobRunState.class, text(body, "newJobRuns")));
        } else {
            fake.holds().newVirtualClusters(constant(FakeVirtualClusterState.class, text(body, "newVirtualClusters")));
        }
    }

    private void plant(JsonNode body) {
        only(
                body,
                "operation",
                "fault",
                "count",
                "always",
                "rate",
                "seed",
                "before",
                "after",
                "status",
                "code",
                "message");
        String operation = text(body, "operation");
        Fault fault = fault(body);
        if (body.has("rate")) {
            fake.faults().withRate(body.path("seed").asLong(), body.path("rate").asDouble(-1), operation, fault);
        } else if (body.path("always").asBoolean()) {
            fake.faults().always(operation, fault);
        } else {
            fake.faults().next(operation, body.path("count").asInt(1), fault);
        }
    }

    private static Fault fault(JsonNode body) {
        return switch (text(body, "fault")) {
            case "throttle" -> Fault.throttle();
            case "internalError" -> Fault.internalError();
            case "accessDenied" -> Fault.accessDenied();
            case "expiredToken" -> Fault.expiredToken();
            case "dropBefore" -> Fault.dropBefore();
            case "dropAfter" -> Fault.dropAfter();
            case "malformedBody" -> Fault.malformedBody();
            case "delay" ->
                Fault.delay(
                        duration(body, "before", Optional.of(Duration.ZERO)),
                        duration(body, "after", Optional.of(Duration.ZERO)));
            case "error" ->
                Fault.error(
                        body.path("status").asInt(),
                        text(body, "code"),
                        body.path("message").asText());
            default ->
                throw new IllegalArgumentException("'fault' is none of throttle, internalError, accessDenied,"
                        + " expiredToken, dropBefore, dropAfter, malformedBody, delay and error");
        };
    }

    private static void only(JsonNode body, String... members) {
        List<String> known = List.of(members);
        body.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "'" + name + "' is not known here; known are " + new TreeSet<>(known));
            }
        });
    }

    private static String text(JsonNode body, String member) {
        if (!body.path(member).isTextual()) {
            throw new IllegalArgumentException("'" + member + "' is missing or no text");
        }
        return body.path(member).asText();
    }

    private static Duration duration(JsonNode body, String member, Optional<Duration> whenAbsent) {
        if (!body.has(member) && whenAbsent.isPresent()) {
            return whenAbsent.get();
        }
        try {
            return Duration.parse(text(body, member));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + member + "' is no duration of ISO 8601, such as PT90S", e);
        }
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String name) {
        try {
            return Enum.valueOf(type, name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + name + "' is none of " + List.of(type.getEnumConstants()), e);
        }
    }

    private static ApiResponse error(int status, Throwable e) {
        return answer(status, ServiceModel.JSON.createObjectNode().put("message", String.valueOf(e.getMessage())));
    }

    private static ApiResponse answer(int status, ObjectNode body) {
        return new ApiResponse(
                status,
                Map.of("Content-Type", "application/json"),
                body.toString().getBytes(StandardCharsets.UTF_8));
    }
}
