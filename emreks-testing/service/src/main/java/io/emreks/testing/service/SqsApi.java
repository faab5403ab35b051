package io.emreks.testing.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.emreks.testing.service.FakeEventQueue.Message;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The few operations of SQS that readers of an event queue need, in its JSON protocol. */
final class SqsApi {
    static final String RECEIVE = "ReceiveMessage";
    static final String DELETE = "DeleteMessage";
    static final String DELETE_BATCH = "DeleteMessageBatch";
    static final String SEND = "SendMessage";
    static final Set<String> OPERATIONS = Set.of(RECEIVE, DELETE, DELETE_BATCH, SEND);

    private static final String TARGET = "AmazonSQS.";
    private static final int LONGEST_WAIT_SECONDS = 20;
    private static final int BATCH = 10;

    private final FakeEvents events;

    SqsApi(FakeEvents events) {
        this.events = events;
    }

    String operation(ApiRequest request) {
        String target = request.header("x-amz-target", "");
        String operation = target.startsWith(TARGET) ? target.substring(TARGET.length()) : "";
        return OPERATIONS.contains(operation) ? operation : FakeEmrEks.UNKNOWN_OPERATION;
    }

    /** Done when the call can be answered: a receive waits for a message, as long as it asks. */
    CompletableFuture<?> ready(ApiRequest request) {
        if (!operation(request).equals(RECEIVE)) {
            return CompletableFuture.completedFuture(null);
        }
        try {
            ObjectNode input = ServiceModel.parse(request.body());
            int seconds = Math.min(
                    LONGEST_WAIT_SECONDS,
                    Math.max(0, input.path("WaitTimeSeconds").asInt(0)));
            return queue(input).awaitMessage(Duration.ofSeconds(seconds));
        } catch (ApiException e) {
            return CompletableFuture.completedFuture(null);
        }
    }

    ApiResponse handle(ApiRequest request) {
        try {
            ObjectNode input = ServiceModel.parse(request.body());
            return answer(
                    200,
                    switch (operation(request)) {
                        case RECEIVE -> receive(input);
                        case DELETE -> delete(input);
                        case DELETE_BATCH -> deleteBatch(input);
                        case SEND -> send(input);
                        default -> throw new ApiException(400, "InvalidAction", "The action is not valid.");
                    });
        } catch (ApiException e) {
            return error(e.answer());
        }
    }

    ApiResponse error(Fault.ErrorAnswer error) {
        return answer(
                error.status(),
                ServiceModel.JSON
                        .createObjectNode()
                        .put("__type", "com.amazonaws.sqs#" + error.code())
                        .put("message", error.message()));
    }

    private static ApiResponse answer(int status, ObjectNode body) {
        return new ApiResponse(
                status,
                Map.of("Content-Type", "application/x-amz-json-1.0"),
                body.toString().getBytes(StandardCharsets.UTF_8));
    }

    private FakeEventQueue queue(ObjectNode input) {
        String url = input.path("QueueUrl").asText();
        return events.find(url.substring(url.lastIndexOf('/') + 1))
                .orElseThrow(() -> new ApiException(400, "QueueDoesNotExist", "The specified queue does not exist."));
    }

    private ObjectNode receive(ObjectNode input) {
        int atMost = input.path("MaxNumberOfMessages").asInt(1);
        if (atMost < 1 || atMost > BATCH) {
            throw new ApiException(
                    400, "InvalidParameterValue", "MaxNumberOfMessages must be between 1 and 10, if provided.");
        }
        ObjectNode answer = ServiceModel.JSON.createObjectNode();
        ArrayNode messages = ServiceModel.JSON.createArrayNode();
        for (Message message : queue(input).receive(atMost)) {
            messages.addObject()
                    .put("MessageId", "message-" + message.number)
                    .put("ReceiptHandle", message.receipt())
                    .put("MD5OfBody", md5(message.body))
                    .put("Body", message.body);
        }
        if (!messages.isEmpty()) {
            answer.set("Messages", messages);
        }
        return answer;
    }

    private ObjectNode delete(ObjectNode input) {
        if (!queue(input).delete(input.path("ReceiptHandle").asText())) {
            throw new ApiException(400, "ReceiptHandleIsInvalid", "The input receipt handle is invalid.");
        }
        return ServiceModel.JSON.createObjectNode();
    }

    private ObjectNode deleteBatch(ObjectNode input) {
        JsonNode entries = input.path("Entries");
        if (entries.isEmpty() || entries.size() > BATCH) {
            throw new ApiException(
                    400, "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", "A batch has 1 to 10 entries.");
        }
        FakeEventQueue queue = queue(input);
        ObjectNode answer = ServiceModel.JSON.createObjectNode();
        ArrayNode successful = answer.putArray("Successful");
        ArrayNode failed = answer.putArray("Failed");
        for (JsonNode entry : entries) {
            String id = entry.path("Id").asText();
            if (queue.delete(entry.path("ReceiptHandle").asText())) {
                successful.addObject().put("Id", id);
            } else {
                failed.addObject()
                        .put("Id", id)
                        .put("Code", "ReceiptHandleIsInvalid")
                        .put("SenderFault", true);
            }
        }
        return answer;
    }

    private ObjectNode send(ObjectNode input) {
        String body = input.path("MessageBody").asText();
        queue(input).send(body);
        return ServiceModel.JSON.createObjectNode().put("MessageId", "sent").put("MD5OfMessageBody", md5(body));
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
