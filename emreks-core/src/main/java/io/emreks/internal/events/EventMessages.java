package io.emreks.internal.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.emreks.internal.events.EventMessage.Foreign;
import io.emreks.internal.events.EventMessage.NewDriver;
import io.emreks.internal.events.EventMessage.NotUnderstood;
import io.emreks.internal.events.EventMessage.StateChange;
import io.emreks.internal.watch.DriverRestart;
import io.emreks.model.JobRunRef;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads events of EMR on EKS as EventBridge writes them: Amazon EMR on EKS Development Guide, "Monitoring jobs with Amazon
 * CloudWatch Events".
 */
final class EventMessages {
    private static final String SOURCE = "aws.emr-containers";
    private static final Set<String> STATE_CHANGES =
            Set.of("EMR Job Run State Change", "EmrContainers Job Run State Change");
    private static final String NEW_DRIVER = "EMR Job Run New Driver Attempt";
    private static final String DETAIL = "detail.";

    private final JsonFactory json = new JsonFactory();

    EventMessage read(String body) {
        Map<String, String> members;
        try {
            members = members(body);
        } catch (IOException e) {
            return new NotUnderstood("it is no JSON object");
        }
        String source = members.get("source");
        String type = members.get("detail-type");
        if (source == null || type == null) {
            return new NotUnderstood("it has no source or no detail-type");
        }
        boolean stateChange = STATE_CHANGES.contains(type);
        if (!source.equals(SOURCE) || !(stateChange || type.equals(NEW_DRIVER))) {
            return new Foreign();
        }
        String id = members.get(DETAIL + "id");
        String virtualClusterId = members.get(DETAIL + "virtualClusterId");
        Optional<Instant> time = time(members.get("time"));
        if (id == null || virtualClusterId == null || time.isEmpty()) {
            return new NotUnderstood("it has no time, or no id or virtualClusterId in its detail");
        }
        JobRunRef run = new JobRunRef(virtualClusterId, id);
        if (!stateChange) {
            return new NewDriver(run, restart(members), time.get());
        }
        String state = members.get(DETAIL + "state");
        return state == null
                ? new NotUnderstood("it has no state in its detail")
                : new StateChange(run, state, time.get());
    }

    private static DriverRestart restart(Map<String, String> members) {
        return new DriverRestart(
                number(members.get(DETAIL + "currentAttemptCount")),
                Optional.ofNullable(members.get(DETAIL + "newDriverPodName")),
                Optional.ofNullable(members.get(DETAIL + "previousDriverFailureMessage")));
    }

    private static OptionalInt number(@Nullable String text) {
        try {
            return text == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    private static Optional<Instant> time(@Nullable String text) {
        try {
            return text == null ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Texts and numbers of the object, and those of its detail. */
    private Map<String, String> members(String body) throws IOException {
        Map<String, String> members = new HashMap<>();
        try (JsonParser parser = json.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no object");
            }
            object(parser, "", members);
            if (parser.nextToken() != null) {
                throw new IOException("more than an object");
            }
        }
        return members;
    }

    private static void object(JsonParser parser, String prefix, Map<String, String> members) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.START_OBJECT && prefix.isEmpty() && name.equals("detail")) {
                object(parser, DETAIL, members);
            } else if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT) {
                members.put(prefix + name, parser.getText());
            } else {
                parser.skipChildren();
            }
        }
    }
}
