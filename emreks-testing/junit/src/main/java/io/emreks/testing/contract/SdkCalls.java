package io.emreks.testing.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.emrcontainers.EmrContainersClient;
import software.amazon.awssdk.utils.builder.Buildable;

/** A client of the AWS SDK for Java, for every call that it can send as it is meant; the others go another way. */
final class SdkCalls implements Calls {
    private static final String MODEL = "software.amazon.awssdk.services.emrcontainers.model.";

    private final Object client;
    private final Class<?> type;
    private final Calls otherwise;

    SdkCalls(EmrContainersClient client, Calls otherwise) {
        this(client, EmrContainersClient.class, otherwise);
    }

    SdkCalls(EmrContainersAsyncClient client, Calls otherwise) {
        this(client, EmrContainersAsyncClient.class, otherwise);
    }

    private SdkCalls(Object client, Class<?> type, Calls otherwise) {
        this.client = client;
        this.type = type;
        this.otherwise = otherwise;
    }

    @Override
    public Answer call(String operation, ObjectNode input) {
        try {
            Object request = request(operation, input);
            return request == null ? otherwise.call(operation, input) : send(operation, request);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The AWS SDK has another form than this contract knows", e);
        }
    }

    /** The request, or null if the SDK knows not all of it, or would fill in what is meant to be missing. */
    private static @Nullable Object request(String operation, ObjectNode input) throws ReflectiveOperationException {
        JsonNode members = ServiceDefinition.INSTANCE
                .shape(ServiceDefinition.INSTANCE.input(operation))
                .path("members");
        if (members.has("clientToken") && !input.has("clientToken")) {
            return null;
        }
        Class<?> request;
        try {
            request = Class.forName(MODEL + operation + "Request");
        } catch (ClassNotFoundException e) {
            return null;
        }
        SdkPojo builder = (SdkPojo) request.getMethod("builder").invoke(null);
        return fill(builder, input) ? ((Buildable) builder).build() : null;
    }

    private static boolean fill(SdkPojo builder, JsonNode input) {
        Map<String, SdkField<?>> fields = new LinkedHashMap<>();
        builder.sdkFields().forEach(field -> fields.put(field.memberName(), field));
        for (Map.Entry<String, JsonNode> member : input.properties()) {
            SdkField<?> field = fields.get(member.getKey());
            Object value = field == null ? null : value(field, member.getValue());
            if (field == null || value == null) {
                return false;
            }
            field.set(builder, value);
        }
        return true;
    }

    private static @Nullable Object value(SdkField<?> field, JsonNode json) {
        MarshallingType<?> marshalling = field.marshallingType();
        if (marshalling == MarshallingType.STRING) {
            return json.isTextual() ? json.asText() : null;
        }
        if (marshalling == MarshallingType.INTEGER) {
            return json.isInt() ? json.asInt() : null;
        }
        if (marshalling == MarshallingType.BOOLEAN) {
            return json.isBoolean() ? json.asBoolean() : null;
        }
        if (marshalling == MarshallingType.INSTANT) {
            return json.asText().endsWith("Z") ? Instant.parse(json.asText()) : null;
        }
        if (marshalling == MarshallingType.LIST) {
            SdkField<?> item = field.getTrait(ListTrait.class).memberFieldInfo();
            List<Object> values = new ArrayList<>();
            for (JsonNode one : json) {
                Object value = value(item, one);
                if (value == null) {
                    return null;
                }
                values.add(value);
            }
            return values;
        }
        if (marshalling == MarshallingType.MAP) {
            SdkField<?> item = field.getTrait(MapTrait.class).valueFieldInfo();
            Map<String, Object> values = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> one : json.properties()) {
                Object value = value(item, one.getValue());
                if (value == null) {
                    return null;
                }
                values.put(one.getKey(), value);
            }
            return values;
        }
        SdkPojo nested = field.constructor().get();
        return fill(nested, json) ? ((Buildable) nested).build() : null;
    }

    private Answer send(String operation, Object request) throws ReflectiveOperationException {
        String method = Character.toLowerCase(operation.charAt(0)) + operation.substring(1);
        Method call = type.getMethod(method, request.getClass());
        try {
            Object response = call.invoke(client, request);
            if (response instanceof CompletableFuture<?> future) {
                response = future.join();
            }
            return new Answer(200, "", "", json((SdkPojo) response));
        } catch (InvocationTargetException e) {
            return error(e.getCause());
        } catch (CompletionException e) {
            return error(e.getCause());
        }
    }

    private static Answer error(@Nullable Throwable failure) {
        if (failure instanceof AwsServiceException refused && refused.awsErrorDetails() != null) {
            String code = refused.awsErrorDetails().errorCode();
            String message = refused.awsErrorDetails().errorMessage();
            return new Answer(
                    refused.statusCode(),
                    code == null ? "" : code,
                    message == null ? "" : message,
                    ServiceDefinition.JSON.createObjectNode());
        }
        throw new IllegalStateException("The call of the AWS SDK got no answer of the service", failure);
    }

    private static JsonNode json(SdkPojo pojo) {
        ObjectNode json = ServiceDefinition.JSON.createObjectNode();
        for (SdkField<?> field : pojo.sdkFields()) {
            Object value = field.getValueOrDefault(pojo);
            if (value != null && !(value instanceof SdkAutoConstructList) && !(value instanceof SdkAutoConstructMap)) {
                json.set(field.memberName(), json(value));
            }
        }
        return json;
    }

    private static JsonNode json(Object value) {
        if (value instanceof SdkPojo pojo) {
            return json(pojo);
        }
        if (value instanceof List<?> list) {
            ArrayNode array = ServiceDefinition.JSON.createArrayNode();
            list.forEach(item -> array.add(json(item)));
            return array;
        }
        if (value instanceof Map<?, ?> map) {
            ObjectNode object = ServiceDefinition.JSON.createObjectNode();
            map.forEach((name, item) -> object.set(String.valueOf(name), json(item)));
            return object;
        }
        return ServiceDefinition.JSON.valueToTree(value instanceof Instant at ? at.toString() : value);
    }
}
