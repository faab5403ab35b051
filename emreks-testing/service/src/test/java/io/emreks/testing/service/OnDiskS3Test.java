package io.emreks.testing.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

@SuppressWarnings("NullAway.Init") // the folder is injected
class OnDiskS3Test extends S3Contract {
    @TempDir
    Path folder;

    @Override
    FakeS3 store() {
        return FakeS3.onDisk(folder.resolve("s3"));
    }

    @Override
    S3Client client(FakeEmrEks service) {
        return Clients.s3(service);
    }

    @Test
    void objectsAreFilesThatOthersShare() throws IOException {
        s3.putObject(r -> r.bucket("bucket").key("jobs/out.txt"), RequestBody.fromString("from the client"));
        assertThat(folder.resolve("s3/bucket/jobs/out.txt")).hasContent("from the client");

        Files.writeString(folder.resolve("s3/bucket/jobs/in.txt"), "from a program");
        assertThat(text("bucket", "jobs/in.txt")).isEqualTo("from a program");
        assertThat(fake.s3().list("bucket", "jobs/")).isEqualTo(List.of("jobs/in.txt", "jobs/out.txt"));
    }

    @Test
    void theTagFollowsWhatOthersWrite() throws IOException {
        String first = s3.putObject(r -> r.bucket("bucket").key("a"), RequestBody.fromString("first"))
                .eTag();
        Files.writeString(folder.resolve("s3/bucket/a"), "from a program");
        assertThatThrownBy(() ->
                        s3.putObject(r -> r.bucket("bucket").key("a").ifMatch(first), RequestBody.fromString("never")))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(412));
        String written = s3.headObject(r -> r.bucket("bucket").key("a")).eTag();
        s3.putObject(r -> r.bucket("bucket").key("b"), RequestBody.fromString("from a program"));
        assertThat(s3.headObject(r -> r.bucket("bucket").key("b")).eTag()).isEqualTo(written);
        s3.putObject(r -> r.bucket("bucket").key("a").ifMatch(written), RequestBody.fromString("second"));
        assertThat(text("bucket", "a")).isEqualTo("second");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../outside",
                "a/../../outside",
                "a/..",
                "..",
                ".",
                "./a",
                "a//b",
                "/etc/passwd",
                "dir/",
                "a/./b",
                "nul\u0000byte",
                "back\\..\\slash"
            })
    void noKeyLeadsOut(String key) throws IOException {
        Files.writeString(folder.resolve("outside"), "secret");
        assertThatThrownBy(() -> fake.s3().put("bucket", key, "x".getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> s3.putObject(r -> r.bucket("bucket").key(key), RequestBody.fromString("x")))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(400));
        fake.s3().put("bucket", "a/b", "x".getBytes(UTF_8));
        assertThat(fake.s3().get("bucket", key)).isEmpty();
        assertThat(files()).containsExactly("outside", "s3/bucket/a/b");
        assertThat(folder.resolve("outside")).hasContent("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "", "a", "../x", "Bucket", "a..b", "-ab", ".uploads", "a/b/c"})
    void noBucketLeadsOut(String bucket) throws IOException {
        assertThatThrownBy(() -> fake.s3().put(bucket, "key", new byte[1]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(fake.s3().get(bucket, "key")).isEmpty();
        assertThat(fake.s3().list(bucket, "")).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void anObjectCannotBeTheFolderOfOthers() {
        fake.s3().put("bucket", "a", new byte[1]);
        assertThatThrownBy(() -> fake.s3().put("bucket", "a/b", new byte[1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in the object 'a'");
        fake.s3().put("bucket", "c/d", new byte[1]);
        assertThatThrownBy(() -> fake.s3().put("bucket", "c", new byte[1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the folder of other objects");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
