package io.emreks.testing.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.emreks.testing.service.FakeJobRun.Change;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A job run of the model; confined to it. */
final class JobRun extends Resource {
    private static final int DETAILS_LIMIT = 256;

    private final String createdBy;
    private final String virtualClusterId;
    private final String name;
    private final int maxAttempts;
    private final boolean keepsLogs;
    private final String requestJson;
    private final List<Change> history = new ArrayList<>(4);
    private final List<Instant> driverRestarts = new ArrayList<>(0);
    private Optional<JobRunScript> script = Optional.empty();
    private @Nullable ObjectNode request;
    private byte[] packedRequest = {};
    private @Nullable FakeFailureReason failureReason;
    private @Nullable String stateDetails;
    private @Nullable FakeJobRunState heldIn;
    private Timeline.@Nullable Happening parked;
    private Optional<URI> sparkUi = Optional.empty();
    private @Nullable FakeJobRun view;

    JobRun(String id, String arn, String createdBy, ObjectNode request, String requestJson, Instant now) {
        super(id, arn, request, now);
        this.createdBy = createdBy;
        this.request = request;
        this.requestJson = requestJson;
        this.virtualClusterId = text(request, "virtualClusterId");
        this.name = text(request, "name");
        this.maxAttempts =
                request.path("retryPolicyConfiguration").path("maxAttempts").asInt(1);
        JsonNode monitoring = request.path("configurationOverrides").path("monitoringConfiguration");
        this.keepsLogs =
                monitoring.has("s3MonitoringConfiguration") || monitoring.has("cloudWatchMonitoringConfiguration");
        history.add(new Change(FakeJobRunState.PENDING, now));
    }

    String virtualClusterId() {
        return virtualClusterId;
    }

    String name() {
        return name;
    }

    @Override
    Map<String, String> tags() {
        view = null;
        return super.tags();
    }

    FakeJobRunState state() {
        return lastChange().state();
    }

    /** The state at a moment since the creation. */
    FakeJobRunState stateAt(Instant moment) {
        return entered(moment).state();
    }

    private Change entered(Instant moment) {
        int last = history.size() - 1;
        while (last > 0 && history.get(last).at().isAfter(moment)) {
            last--;
        }
        return history.get(last);
    }

    /** How this run unfolds; empty if an engine steers it. */
    Optional<JobRunScript> script() {
        return script;
    }

    void follow(JobRunScript chosen) {
        script = Optional.of(chosen);
    }

    /** Enters a state if the service knows that transition; says whether it did. */
    boolean become(FakeJobRunState next, Instant at) {
        if (!state().canBecome(next)) {
            return false;
        }
        history.add(new Change(next, at));
        parked = null;
        sparkUi = Optional.empty();
        view = null;
        if (next.terminal()) {
            pack();
        }
        if (next == FakeJobRunState.CANCELLED) {
            stateDetails = "JobRun CANCELLED successfully.";
        }
        return true;
    }

    /** A run that is over is kept for long and seldom asked for, and its request takes far less room as text. */
    private void pack() {
        packedRequest = request().toString().getBytes(StandardCharsets.UTF_8);
        request = null;
    }

    /** The request with what its template says; for reading. */
    private ObjectNode request() {
        ObjectNode unpacked = request;
        return unpacked == null ? ServiceModel.parse(packedRequest) : unpacked;
    }

    /** Enters FAILED as {@link #become} does. */
    boolean fail(FakeFailureReason reason, String details, Instant at) {
        boolean changed = become(FakeJobRunState.FAILED, at);
        if (changed) {
            failureReason = reason;
            stateDetails = details.length() > DETAILS_LIMIT ? details.substring(0, DETAILS_LIMIT) : details;
        }
        return changed;
    }

    /** Where the driver's Spark UI is, or is no more; not kept unless a driver is RUNNING. */
    void showSparkUi(Optional<URI> address) {
        if (state() == FakeJobRunState.RUNNING) {
            sparkUi = address;
            view = null;
        }
    }

    Optional<Instant> startedRunningAt() {
        return history.stream()
                .filter(change -> change.state() == FakeJobRunState.RUNNING)
                .findFirst()
                .map(Change::at);
    }

    /** Keeps this run in a state from when it is there; one state at a time. */
    void hold(FakeJobRunState state) {
        heldIn = state;
    }

    /** Keeps a step for the end of the hold, if there is one of the present state; says whether. */
    boolean park(Timeline.Happening step) {
        boolean held = state() == heldIn;
        if (held) {
            parked = step;
        }
        return held;
    }

    /** Ends the hold; the step that it kept from happening. */
    Optional<Timeline.Happening> release() {
        Optional<Timeline.Happening> step = Optional.ofNullable(parked);
        heldIn = null;
        parked = null;
        return step;
    }

    /** Whether a driver runs, or is being stopped. */
    boolean driverRuns() {
        FakeJobRunState state = state();
        return state == FakeJobRunState.RUNNING
                || (state == FakeJobRunState.CANCEL_PENDING
                        && history.get(history.size() - 2).state() == FakeJobRunState.RUNNING);
    }

    /** Whether the pod that submits the driver was ever started. */
    boolean wasSubmitted() {
        return history.stream().anyMatch(change -> change.state() == FakeJobRunState.SUBMITTED);
    }

    /** Whether the monitoring configuration names a place for logs. */
    boolean keepsLogs() {
        return keepsLogs;
    }

    /** The {@code job-start-timeout} of the classification {@code emr-containers-defaults}, if it is given in seconds. */
    Optional<Duration> startTimeout() {
        for (JsonNode one : request().path("configurationOverrides").path("applicationConfiguration")) {
            String seconds = one.path("properties").path("job-start-timeout").asText();
            if (one.path("classification").asText().equals("emr-containers-defaults") && seconds.matches("\\d{1,9}")) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(seconds)));
            }
        }
        return Optional.empty();
    }

    /** How many drivers were started, counting the first before it is. */
    int attempts() {
        return 1 + driverRestarts.size();
    }

    int maxAttempts() {
        return maxAttempts;
    }

    void restartDriver(Instant at) {
        driverRestarts.add(at);
        view = null;
    }

    /** This run as it is now; the same object until something changes. */
    FakeJobRun view() {
        FakeJobRun known = view;
        if (known == null) {
            known = newView();
            view = known;
        }
        return known;
    }

    private FakeJobRun newView() {
        ObjectNode request = request();
        JsonNode driver = request.path("jobDriver");
        JsonNode submit = driver.path("sparkSubmitJobDriver");
        JsonNode sql = driver.path("sparkSqlJobDriver");
        JsonNode overrides = request.path("configurationOverrides");
        ImmutableFakeJobRun.Builder built = ImmutableFakeJobRun.builder()
                .id(id())
                .arn(arn())
                .virtualClusterId(virtualClusterId())
                .name(given(request.path("name")))
                .state(state())
                .clientToken(text(request, "clientToken"))
                .releaseLabel(text(request, "releaseLabel"))
                .executionRoleArn(text(request, "executionRoleArn"))
                .driver(sql.isMissingNode() ? FakeJobDriver.SPARK_SUBMIT : FakeJobDriver.SPARK_SQL)
                .entryPoint(
                        submit.path("entryPoint").asText(sql.path("entryPoint").asText()))
                .sparkSubmitParameters(submit.path("sparkSubmitParameters")
                        .asText(sql.path("sparkSqlParameters").asText()))
                .logUri(given(overrides
                        .path("monitoringConfiguration")
                        .path("s3MonitoringConfiguration")
                        .path("logUri")))
                .logGroupName(given(overrides
                        .path("monitoringConfiguration")
                        .path("cloudWatchMonitoringConfiguration")
                        .path("logGroupName")))
                .logStreamNamePrefix(given(overrides
                        .path("monitoringConfiguration")
                        .path("cloudWatchMonitoringConfiguration")
                        .path("logStreamNamePrefix")))
                .maxAttempts(maxAttempts())
                .tags(super.tags())
                .createdAt(createdAt())
                .finishedAt(finishedAt(lastChange()))
                .failureReason(Optional.ofNullable(failureReason))
                .stateDetails(Optional.ofNullable(stateDetails))
                .currentAttemptCount(attempts())
                .sparkUi(sparkUi)
                .requestJson(requestJson)
                .history(history);
        submit.path("entryPointArguments").forEach(argument -> built.addEntryPointArgument(argument.asText()));
        Map<String, String> defaults = new LinkedHashMap<>();
        for (JsonNode configuration : overrides.path("applicationConfiguration")) {
            if (configuration.path("classification").asText().equals("spark-defaults")) {
                configuration
                        .path("properties")
                        .properties()
                        .forEach(property -> defaults.put(
                                property.getKey(), property.getValue().asText()));
            }
        }
        return built.sparkDefaults(defaults).build();
    }

    /** The {@code JobRun} of the service model, as DescribeJobRun answered it at a moment since the creation. */
    ObjectNode toJson(Instant asOf) {
        ObjectNode request = request();
        Change entered = entered(asOf);
        ObjectNode json = ServiceModel.JSON.createObjectNode();
        json.put("id", id()).put("arn", arn()).put("createdBy", createdBy);
        for (String member : List.of(
                "name",
                "virtualClusterId",
                "clientToken",
                "executionRoleArn",
                "releaseLabel",
                "configurationOverrides",
                "jobDriver")) {
            JsonNode value = request.get(member);
            if (value != null) {
                json.set(member, value);
            }
        }
        json.put("state", entered.state().name()).put("createdAt", wire(createdAt()));
        finishedAt(entered).ifPresent(at -> json.put("finishedAt", wire(at)));
        if (failureReason != null && entered.state().terminal()) {
            json.put("failureReason", failureReason.name());
        }
        if (stateDetails != null && entered.state().terminal()) {
            json.put("stateDetails", stateDetails);
        }
        json.set("tags", tagsJson());
        if (maxAttempts() > 1) {
            json.set("retryPolicyConfiguration", request.path("retryPolicyConfiguration"));
            json.putObject("retryPolicyExecution").put("currentAttemptCount", attempts(asOf));
        }
        return json;
    }

    /** A date as the service writes it: ISO 8601 in whole seconds. */
    static String wire(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private int attempts(Instant asOf) {
        return 1 + (int) driverRestarts.stream().filter(at -> !at.isAfter(asOf)).count();
    }

    private Change lastChange() {
        return history.get(history.size() - 1);
    }

    private static Optional<Instant> finishedAt(Change entered) {
        return entered.state().terminal() ? Optional.of(entered.at()) : Optional.empty();
    }

    private static String text(ObjectNode request, String member) {
        return request.path(member).asText();
    }

    private static Optional<String> given(JsonNode node) {
        return node.isMissingNode() ? Optional.empty() : Optional.of(node.asText());
    }
}
