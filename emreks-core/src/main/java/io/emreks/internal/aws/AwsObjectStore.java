package io.emreks.internal.aws;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** S3 through the AWS SDK. */
final class AwsObjectStore implements ObjectStore {
    private final Supplier<S3AsyncClient> client;

    AwsObjectStore(Supplier<S3AsyncClient> client) {
        this.client = client;
    }

    @Override
    public CompletableFuture<String> put(S3Location location, byte[] body, String contentType) {
        return Answers.map(
                client.get()
                        .putObject(
                                r -> r.bucket(location.bucket())
                                        .key(location.key())
                                        .contentType(contentType),
                                AsyncRequestBody.fromBytes(body)),
                answer -> location.toString());
    }

    @Override
    public CompletableFuture<byte[]> get(S3Location location) {
        return Answers.map(
                client.get()
                        .getObject(
                                r -> r.bucket(location.bucket()).key(location.key()),
                                AsyncResponseTransformer.toBytes()),
                answer -> answer.asByteArrayUnsafe());
    }

    @Override
    public CompletableFuture<String> putIf(Optional<String> tag, S3Location location, byte[] body, String contentType) {
        return Answers.map(
                client.get()
                        .putObject(
                                r -> {
                                    r.bucket(location.bucket())
                                            .key(location.key())
                                            .contentType(contentType);
                                    tag.ifPresentOrElse(r::ifMatch, () -> r.ifNoneMatch("*"));
                                },
                                AsyncRequestBody.fromBytes(body)),
                answer -> tag(answer.eTag()));
    }

    @Override
    public CompletableFuture<Tagged> getTagged(S3Location location) {
        return Answers.map(
                client.get()
                        .getObject(
                                r -> r.bucket(location.bucket()).key(location.key()),
                                AsyncResponseTransformer.toBytes()),
                answer ->
                        new Tagged(answer.asUtf8String(), tag(answer.response().eTag())));
    }

    @Override
    public CompletableFuture<Page> list(S3Location prefix, Optional<String> nextToken) {
        return Answers.map(
                client.get()
                        .listObjectsV2(r -> r.bucket(prefix.bucket())
                                .prefix(prefix.key())
                                .continuationToken(nextToken.orElse(null))),
                answer -> new Page(
                        answer.contents().stream()
                                .map(object -> new StoredObject(object.key(), object.lastModified()))
                                .toList(),
                        Optional.ofNullable(answer.nextContinuationToken())));
    }

    /** An answer that got mangled on its way can lack it. */
    private static String tag(@Nullable String shown) {
        return Objects.requireNonNull(shown, "S3 answered without an ETag");
    }
}
