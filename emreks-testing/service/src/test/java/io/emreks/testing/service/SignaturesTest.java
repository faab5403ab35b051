package io.emreks.testing.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.emrcontainers.EmrContainersClient;
import software.amazon.awssdk.services.emrcontainers.model.EmrContainersException;

class SignaturesTest {
    private static final String WELL_FORMED = Clients.SIGNED[3];
    private final Signatures signatures = new Signatures(true, Map.of());

    @Test
    void aWellFormedHeaderIsTaken() {
        assertThat(problem(WELL_FORMED, "20260101T000000Z")).isEmpty();
        assertThat(problem(WELL_FORMED.replace(", ", ","), "20260101T235959Z")).isEmpty();
        assertThat(new Signatures(false, Map.of()).problem(request(Map.of()))).isEmpty();
    }

    @Test
    void aMissingHeaderIsRefused() {
        assertThat(signatures.problem(request(Map.of())).orElseThrow())
                .isEqualTo(new Fault.ErrorAnswer(
                        403, "MissingAuthenticationTokenException", "Missing Authentication Token"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Basic dGVzdDp0ZXN0",
                "AWS4-HMAC-SHA256",
                "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/emr-containers/aws4_request",
                "AWS4-HMAC-SHA256 Credential=A/2026/us-east-1/emr-containers/aws4_request, SignedHeaders=host,"
                        + " Signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/emr-containers/aws4_request, SignedHeaders=host,"
                        + " Signature=0123"
            })
    void aMalformedHeaderIsRefused(String header) {
        assertThat(problem(header, "20260101T000000Z").orElseThrow().code()).isEqualTo("IncompleteSignature");
    }

    @Test
    void theDateBelongsToTheCredential() {
        assertThat(problem(WELL_FORMED, "20260102T000000Z")).isPresent();
        assertThat(problem(WELL_FORMED, "yesterday")).isPresent();
        assertThat(signatures.problem(request(Map.of("Authorization", WELL_FORMED))))
                .isPresent();
    }

    /** The AWS SDK is the oracle. */
    @Test
    void signaturesAreComputedWhenThereAreCredentials() {
        for (boolean overHttp : new boolean[] {false, true}) {
            try (FakeEmrEks fake = FakeEmrEks.builder()
                            .credentials("AKIDEXAMPLE", "secret")
                            .build();
                    EmrContainersClient client =
                            overHttp ? Clients.overHttp(fake.startServer().endpoint()) : Clients.inMemory(fake)) {
                String cluster = fake.createVirtualCluster("spark");
                client.listVirtualClusters(
                        r -> r.containerProviderId("a b/+~*'ü").maxResults(3));
                client.tagResource(r -> r.resourceArn(
                                "arn:aws:emr-containers:us-east-1:123456789012:" + "/virtualclusters/" + cluster)
                        .tags(Map.of("a", "ü")));
                client.listJobRuns(r -> r.virtualClusterId(cluster).statesWithStrings("RUNNING", "PENDING"));
            }
        }
        refused("AKIDEXAMPLE", "other", "InvalidSignatureException");
        refused("ANOTHER", "secret", "UnrecognizedClientException");
    }

    private static void refused(String key, String secret, String code) {
        try (FakeEmrEks fake = FakeEmrEks.builder().credentials(key, secret).build();
                EmrContainersClient client = Clients.inMemory(fake)) {
            assertThatThrownBy(() -> client.listVirtualClusters(r -> {}))
                    .isInstanceOfSatisfying(EmrContainersException.class, e -> {
                        assertThat(e.statusCode()).isEqualTo(403);
                        assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
                    });
        }
    }

    private Optional<Fault.ErrorAnswer> problem(String header, String date) {
        return signatures.problem(request(new HashMap<>(Map.of("Authorization", header, "X-Amz-Date", date))));
    }

    private static ApiRequest request(Map<String, String> headers) {
        return new ApiRequest("GET", "localhost", "/virtualclusters", "", headers, new byte[0]);
    }
}
