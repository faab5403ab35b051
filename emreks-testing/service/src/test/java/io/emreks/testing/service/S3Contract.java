package io.emreks.testing.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What a client of S3 sees, with the AWS SDK and its default checksums; run against every face and store. */
abstract class S3Contract {
    FakeEmrEks fake;
    S3Client s3;

    abstract FakeS3 store();

    abstract S3Client client(FakeEmrEks service);

    @BeforeEach
    void open() {
        fake = FakeEmrEks.builder().s3(store()).build();
        s3 = client(fake);
    }

    @AfterEach
    void close() {
        s3.close();
        fake.close();
    }

    @Test
    void whatWasPutIsGot() {
        String key = "templates/a b+c=ä&\u20ac.yaml";
        String tag = s3.putObject(r -> r.bucket("my-bucket").key(key), RequestBody.fromString("kind: Pod\n"))
                .eTag();
        assertThat(text("my-bucket", key)).isEqualTo("kind: Pod\n");
        HeadObjectResponse head = s3.headObject(r -> r.bucket("my-bucket").key(key));
        assertThat(head.contentLength()).isEqualTo(10);
        assertThat(head.eTag()).isEqualTo(tag);
        assertThat(head.lastModified()).isNotNull();
        assertThat(fake.s3().get("my-bucket", key))
                .hasValueSatisfying(body -> assertThat(body).isEqualTo("kind: Pod\n".getBytes(UTF_8)));
        assertThat(fake.s3().list("my-bucket", "templates/")).containsExactly(key);

        s3.putObject(r -> r.bucket("my-bucket").key(key), RequestBody.fromString("other"));
        assertThat(text("my-bucket", key)).isEqualTo("other");
        s3.deleteObject(r -> r.bucket("my-bucket").key(key));
        s3.deleteObject(r -> r.bucket("my-bucket").key(key));
        assertThat(fake.s3().get("my-bucket", key)).isEmpty();
    }

    @Test
    void largeAndEmptyBodiesSurvive() {
        byte[] large = new byte[3_000_000];
        new Random(1).nextBytes(large);
        s3.putObject(r -> r.bucket("data").key("large"), RequestBody.fromBytes(large));
        assertThat(s3.getObjectAsBytes(r -> r.bucket("data").key("large")).asByteArray())
                .isEqualTo(large);
        s3.putObject(
                r -> r.bucket("data").key("stream"),
                RequestBody.fromInputStream(new ByteArrayInputStream(large), large.length));
        assertThat(fake.s3().get("data", "stream"))
                .hasValueSatisfying(body -> assertThat(body).isEqualTo(large));
        s3.putObject(r -> r.bucket("data").key("empty"), RequestBody.empty());
        assertThat(text("data", "empty")).isEmpty();
    }

    @Test
    void whatIsMissingIsSaid() {
        assertThatThrownBy(() -> text("no-bucket", "key")).isInstanceOf(NoSuchBucketException.class);
        fake.s3().put("bucket", "key", new byte[1]);
        assertThatThrownBy(() -> text("bucket", "other")).isInstanceOf(NoSuchKeyException.class);
        assertThatThrownBy(() -> s3.headObject(r -> r.bucket("bucket").key("other")))
                .isInstanceOf(NoSuchKeyException.class);
        assertThatThrownBy(() -> s3.headBucket(r -> r.bucket("no-bucket"))).isInstanceOf(NoSuchBucketException.class);
        s3.createBucket(r -> r.bucket("no-bucket"));
        s3.headBucket(r -> r.bucket("no-bucket"));
    }

    @Test
    void anObjectIsPutOnceUnderItsCondition() {
        s3.putObject(r -> r.bucket("claims").key("key").ifNoneMatch("*"), RequestBody.fromString("first"));
        assertThatThrownBy(() -> s3.putObject(
                        r -> r.bucket("claims").key("key").ifNoneMatch("*"), RequestBody.fromString("second")))
                .isInstanceOfSatisfying(S3Exception.class, e -> {
                    assertThat(e.statusCode()).isEqualTo(412);
                    assertThat(e.awsErrorDetails().errorCode()).isEqualTo("PreconditionFailed");
                });
        assertThat(text("claims", "key")).isEqualTo("first");
    }

    @Test
    void rangesAreGot() {
        fake.s3().put("logs", "stderr", "0123456789".getBytes(UTF_8));
        assertThat(range("bytes=2-4")).isEqualTo("234");
        assertThat(range("bytes=7-")).isEqualTo("789");
        assertThat(range("bytes=-3")).isEqualTo("789");
        assertThat(range("bytes=5-100")).isEqualTo("56789");
        assertThatThrownBy(() -> range("bytes=10-"))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(416));
    }

    @Test
    void listsArePagedAndGrouped() {
        for (String key : List.of("a/1", "a/2", "b/1", "b/x/2", "c & d", "top")) {
            fake.s3().put("bucket", key, key.getBytes(UTF_8));
        }
        assertThat(s3.listObjectsV2Paginator(r -> r.bucket("bucket").maxKeys(2)).contents())
                .extracting(S3Object::key)
                .containsExactly("a/1", "a/2", "b/1", "b/x/2", "c & d", "top");
        ListObjectsV2Response grouped = s3.listObjectsV2(r -> r.bucket("bucket").delimiter("/"));
        assertThat(grouped.commonPrefixes()).extracting(CommonPrefix::prefix).containsExactly("a/", "b/");
        assertThat(grouped.contents()).extracting(S3Object::key).containsExactly("c & d", "top");
        assertThat(grouped.contents().get(1).size()).isEqualTo(3);
        assertThat(s3.listObjectsV2(r -> r.bucket("bucket").prefix("b/").delimiter("/"))
                        .commonPrefixes())
                .extracting(CommonPrefix::prefix)
                .containsExactly("b/x/");
        assertThat(s3.listObjectsV2Paginator(
                                r -> r.bucket("bucket").delimiter("/").maxKeys(1))
                        .commonPrefixes())
                .extracting(CommonPrefix::prefix)
                .containsExactly("a/", "b/");
        assertThat(s3.listObjectsV2(r -> r.bucket("bucket").prefix("zz")).contents())
                .isEmpty();
    }

    @Test
    void everyAnswerSaysOnceWhenItWasMade() {
        fake.time().advance(Duration.ofHours(13));
        assertThat(s3.putObject(r -> r.bucket("data").key("key"), RequestBody.empty())
                        .sdkHttpResponse()
                        .matchingHeaders("Date"))
                .containsExactly("Thu, 01 Jan 2026 13:00:00 GMT");
        assertThatThrownBy(() -> text("data", "missing"))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.awsErrorDetails().sdkHttpResponse().matchingHeaders("Date"))
                                .containsExactly("Thu, 01 Jan 2026 13:00:00 GMT"));
    }

    @Test
    void whatIsOutsideIsRefused() {
        assertThatThrownBy(() -> s3.createMultipartUpload(r -> r.bucket("b-1").key("k")))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("NotImplemented"));
    }

    @Test
    void faultsOfS3HaveItsForm() {
        fake.faults().next("PutObject", Fault.error(503, "SlowDown", "Please reduce your request rate."));
        assertThatThrownBy(() -> s3.putObject(r -> r.bucket("b-1").key("k"), RequestBody.fromString("x")))
                .isInstanceOfSatisfying(S3Exception.class, e -> {
                    assertThat(e.statusCode()).isEqualTo(503);
                    assertThat(e.isThrottlingException()).isTrue();
                });
        assertThat(fake.requests()).singleElement().satisfies(request -> {
            assertThat(request.operation()).isEqualTo("PutObject");
            assertThat(request.status()).isEqualTo(503);
        });
    }

    String text(String bucket, String key) {
        return s3.getObjectAsBytes(r -> r.bucket(bucket).key(key)).asUtf8String();
    }

    private String range(String range) {
        return s3.getObjectAsBytes(r -> r.bucket("logs").key("stderr").range(range))
                .asUtf8String();
    }
}
