package io.emreks.testing.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/** Signed HTTP, put together from the service model: also what the AWS SDK for Java does not know or would not send. */
final class RawCalls implements Calls {
    private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();

    private final SdkHttpClient http;
    private final URI endpoint;
    private final String region;
    private final AwsCredentialsIdentity credentials;

    RawCalls(SdkHttpClient http, URI endpoint, String region, AwsCredentialsIdentity credentials) {
        this.http = http;
        this.endpoint = endpoint;
        this.region = region;
        this.credentials = credentials;
    }

    @Override
    public Answer call(String operation, ObjectNode input) {
        JsonNode definition = ServiceDefinition.INSTANCE.operation(operation);
        String path = definition.path("http").path("requestUri").asText();
        ObjectNode body = input.deepCopy();
        SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(
                        definition.path("http").path("method").asText()))
                .uri(endpoint);
        JsonNode members = ServiceDefinition.INSTANCE
                .shape(ServiceDefinition.INSTANCE.input(operation))
                .path("members");
        for (Map.Entry<String, JsonNode> member : members.properties()) {
            String location = member.getValue().path("location").asText();
            String name = member.getValue().path("locationName").asText(member.getKey());
            JsonNode value = location.isEmpty() ? null : body.remove(member.getKey());
            if (value == null) {
                continue;
            }
            if (location.equals("uri")) {
                path = path.replace("{" + name + "}", SdkHttpUtils.urlEncode(value.asText()));
            } else if (value.isArray()) {
                value.forEach(item -> request.appendRawQueryParameter(name, item.asText()));
            } else {
                request.putRawQueryParameter(name, value.asText());
            }
        }
        request.encodedPath(path);
        byte[] content = body.isEmpty() ? new byte[0] : body.toString().getBytes(StandardCharsets.UTF_8);
        if (content.length > 0) {
            request.putHeader("Content-Type", "application/json");
        }
        request.putHeader("Content-Length", Integer.toString(content.length));
        return send(request.build(), content);
    }

    private Answer send(SdkHttpRequest request, byte[] content) {
        ContentStreamProvider payload = () -> new ByteArrayInputStream(content);
        SignedRequest signed = SIGNER.sign(sign -> sign.identity(credentials)
                .request(request)
                .payload(payload)
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "emr-containers")
                .putProperty(AwsV4HttpSigner.REGION_NAME, region));
        try {
            HttpExecuteResponse response = http.prepareRequest(HttpExecuteRequest.builder()
                            .request(signed.request())
                            .contentStreamProvider(
                                    content.length == 0
                                            ? null
                                            : signed.payload().orElse(null))
                            .build())
                    .call();
            byte[] answer = new byte[0];
            if (response.responseBody().isPresent()) {
                try (InputStream stream = response.responseBody().get()) {
                    answer = stream.readAllBytes();
                }
            }
            JsonNode json = ServiceDefinition.JSON.readTree(answer);
            int status = response.httpResponse().statusCode();
            String code = response.httpResponse()
                    .firstMatchingHeader("x-amzn-ErrorType")
                    .orElse("");
            return new Answer(
                    status, code.replaceAll(":.*", ""), json.path("message").asText(), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
