package io.emreks.testing.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Events as EventBridge delivers them. Which states are told, and the texts: EMR on EKS Development Guide, "Monitoring jobs";
 * the members of the detail are those that a consumer of such events reads.
 */
final class EventMessages {
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private final String region;
    private final String account;
    private long numbers;

    EventMessages(String region, String account) {
        this.region = region;
        this.account = account;
    }

    /** The state that a run has entered; empty for those that the service does not tell of. */
    Optional<String> stateChange(JobRun run, Instant at) {
        return switch (run.state()) {
            case PENDING, CANCEL_PENDING -> Optional.empty();
            case SUBMITTED, RUNNING, COMPLETED, FAILED, CANCELLED ->
                Optional.of(event("EMR Job Run State Change", stateDetail(run, at), at));
        };
    }

    String newDriver(JobRun run, Instant at) {
        ObjectNode detail = common(run);
        detail.put("newDriverPodName", "spark-" + run.id() + "-driver-" + run.attempts())
                .put("newDriverCreatedAt", JobRun.wire(at))
                .put("previousDriverFailureMessage", "The driver pod failed.")
                .put("currentAttemptCount", run.attempts());
        return event("EMR Job Run New Driver Attempt", detail, at);
    }

    private ObjectNode common(JobRun run) {
        ObjectNode json = run.toJson(Instant.MAX);
        ObjectNode detail = ServiceModel.JSON.createObjectNode();
        for (String member : List.of(
                "name",
                "id",
                "arn",
                "virtualClusterId",
                "state",
                "createdBy",
                "releaseLabel",
                "executionRoleArn",
                "failureReason",
                "stateDetails")) {
            JsonNode value = json.get(member);
            if (value != null) {
                detail.set(member, value);
            }
        }
        return detail;
    }

    private ObjectNode stateDetail(JobRun run, Instant at) {
        ObjectNode detail = common(run);
        detail.put("severity", severity(run.state()));
        detail.put("message", message(run, at));
        return detail;
    }

    private static String severity(FakeJobRunState state) {
        return switch (state) {
            case FAILED -> "ERROR";
            case CANCELLED -> "WARN";
            case PENDING, SUBMITTED, RUNNING, CANCEL_PENDING, COMPLETED -> "INFO";
        };
    }

    private static String message(JobRun run, Instant at) {
        String which = "Job Run " + run.id() + " (" + run.name() + ")";
        String here = which + " in virtual cluster " + run.virtualClusterId();
        String when = MINUTE.format(at);
        return switch (run.state()) {
            case SUBMITTED ->
                which + " was successfully submitted to virtual cluster " + run.virtualClusterId() + " at " + when
                        + " UTC.";
            case RUNNING -> here + " started running at " + when + " UTC.";
            case COMPLETED ->
                here + " completed at " + when + " UTC."
                        + run.startedRunningAt()
                                .map(started -> " The Job Run started running at " + MINUTE.format(started)
                                        + " UTC and took "
                                        + Duration.between(started, at).toMinutes() + " minutes to complete.")
                                .orElse("");
            case FAILED -> here + " failed at " + when + " UTC.";
            case CANCELLED ->
                "Cancellation request has succeeded for " + here + " at " + when
                        + " UTC and the Job Run is now cancelled.";
            case PENDING, CANCEL_PENDING -> "";
        };
    }

    private String event(String type, ObjectNode detail, Instant at) {
        ObjectNode event = ServiceModel.JSON.createObjectNode();
        event.put("version", "0")
                .put("id", new UUID(0xe5e5L, ++numbers).toString())
                .put("detail-type", type)
                .put("source", "aws.emr-containers")
                .put("account", account)
                .put("time", JobRun.wire(at))
                .put("region", region);
        event.putArray("resources");
        event.set("detail", detail);
        return event.toString();
    }
}
