package io.emreks.testing.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
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
    void anObjectIsReplacedOnlyWhileItIsTheOneThatWasSeen() {
        refused(404, "NoSuchKey", () -> putIfMatch("\"0123\"", "never"));
        String first = s3.putObject(r -> r.bucket("claims").key("key"), RequestBody.fromString("first"))
                .eTag();
        refused(
                404,
                "NoSuchKey",
                () -> s3.putObject(
                        r -> r.bucket("claims").key("other").ifMatch(first), RequestBody.fromString("never")));
        String second = putIfMatch(first, "other");
        assertThat(second).isNotEqualTo(first);
        refused(412, "PreconditionFailed", () -> putIfMatch(first, "third"));
        assertThat(text("claims", "key")).isEqualTo("other");
        assertThat(s3.headObject(r -> r.bucket("claims").key("key")).eTag()).isEqualTo(second);
        assertThat(s3.getObject(r -> r.bucket("claims").key("key"), ResponseTransformer.toBytes())
                        .response()
                        .eTag())
                .isEqualTo(second);
        assertThat(s3.listObjectsV2(r -> r.bucket("claims")).contents())
                .singleElement()
                .satisfies(listed -> assertThat(listed.eTag()).isEqualTo(second));

        assertThat(putIfMatch(second.replace("\"", ""), "first"))
                .as("the tag is that of the content")
                .isEqualTo(first);
        refused(501, "NotImplemented", () -> putIfMatch("*", "never"));
        assertThat(text("claims", "key")).isEqualTo("first");
    }

    @Test
    void anObjectIsDeletedOnlyWhileItIsTheOneThatWasSeen() {
        String first = s3.putObject(r -> r.bucket("claims").key("key"), RequestBody.fromString("first"))
                .eTag();
        fake.s3().put("claims", "key", "second".getBytes(UTF_8));
        refused(
                412,
                "PreconditionFailed",
                () -> s3.deleteObject(r -> r.bucket("claims").key("key").ifMatch(first)));
        assertThat(text("claims", "key")).isEqualTo("second");
        String second = s3.headObject(r -> r.bucket("claims").key("key")).eTag();
        s3.deleteObject(r -> r.bucket("claims").key("key").ifMatch(second));
        assertThat(fake.s3().get("claims", "key")).isEmpty();
        refused(
                404,
                "NoSuchKey",
                () -> s3.deleteObject(r -> r.bucket("claims").key("key").ifMatch(second)));
        refused(
                404,
                "NoSuchKey",
                () -> s3.deleteObject(r -> r.bucket("claims").key("key").ifMatch("*")));
        fake.s3().put("claims", "key", new byte[0]);
        s3.deleteObject(r -> r.bucket("claims").key("key").ifMatch("*"));
        assertThat(fake.s3().get("claims", "key")).isEmpty();

        fake.s3().put("claims", "key", new byte[0]);
        fake.s3().delete("claims", "key");
        fake.s3().delete("claims", "key");
        assertThat(s3.listObjectsV2(r -> r.bucket("claims")).contents()).isEmpty();
    }

    @Test
    void ofManyAtOnceOneWins() {
        int callers = 8;
        List<Boolean> wins = together(callers, caller -> {
            try {
                s3.putObject(r -> r.bucket("claims").key("key").ifNoneMatch("*"), RequestBody.fromString("0"));
                return true;
            } catch (S3Exception e) {
                assertThat(e.statusCode()).isEqualTo(412);
                return false;
            }
        });
        assertThat(wins).containsOnlyOnce(true);

        int each = 5;
        List<Integer> lost = together(callers, caller -> {
            int conflicts = 0;
            for (int done = 0; done < each; ) {
                ResponseBytes<GetObjectResponse> seen =
                        s3.getObjectAsBytes(r -> r.bucket("claims").key("key"));
                try {
                    putIfMatch(seen.response().eTag(), Integer.toString(Integer.parseInt(seen.asUtf8String()) + 1));
                    done++;
                } catch (S3Exception e) {
                    assertThat(e.statusCode()).isEqualTo(412);
                    conflicts++;
                }
            }
            return conflicts;
        });
        assertThat(lost).hasSize(callers);
        assertThat(text("claims", "key")).isEqualTo(Integer.toString(callers * each));
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
        assertThat(fake.requests()).extracting(FakeRequest::notImplemented).containsExactly(true);
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

    private String putIfMatch(String tag, String content) {
        return s3.putObject(r -> r.bucket("claims").key("key").ifMatch(tag), RequestBody.fromString(content))
                .eTag();
    }

    private static void refused(int status, String code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(S3Exception.class, e -> {
            assertThat(e.statusCode()).isEqualTo(status);
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
        });
    }

    /** What each of so many threads found, all started before the first one goes on. */
    private static <T> List<T> together(int threads, IntFunction<T> caller) {
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        try {
            List<CompletableFuture<T>> results = IntStream.range(0, threads)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    start.await();
                                } catch (InterruptedException | BrokenBarrierException e) {
                                    throw new IllegalStateException(e);
                                }
                                return caller.apply(i);
                            },
                            callers))
                    .toList();
            return results.stream().map(CompletableFuture::join).toList();
        } finally {
            callers.shutdownNow();
        }
    }

    String text(String bucket, String key) {
        return s3.getObjectAsBytes(r -> r.bucket(bucket).key(key)).asUtf8String();
    }

    private String range(String range) {
        return s3.getObjectAsBytes(r -> r.bucket("logs").key("stderr").range(range))
                .asUtf8String();
    }
}
