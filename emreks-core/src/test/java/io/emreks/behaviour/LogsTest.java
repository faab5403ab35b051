package io.emreks.behaviour;

import static io.emreks.behaviour.Bed.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emreks.client.EmrEksClient;
import io.emreks.client.JobRunHandle;
import io.emreks.error.LogReadException;
import io.emreks.logs.LogStream;
import io.emreks.model.JobRunRef;
import io.emreks.testing.service.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogsTest {
    private final Bed bed = Bed.inMemory();
    private final EmrEksClient client = bed.client();

    @AfterEach
    void close() {
        client.close();
        bed.close();
    }

    private JobRunHandle run() {
        JobRunHandle run = client.submit(job("logged").andThen(j -> j.logs(l -> l.s3("s3://logs/runs/"))));
        bed.time.await(run.accepted());
        return run;
    }

    private void write(JobRunRef run, String app, String pod, String file, byte[] body) {
        String key =
                "runs/" + run.virtualClusterId() + "/jobs/" + run.id() + "/containers/" + app + "/" + pod + "/" + file;
        bed.fake.s3().put("logs", key, body);
    }

    private static byte[] packed(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Test
    void theLastLinesOfTheDriverAreRead() {
        JobRunHandle run = run();
        JobRunRef ref = run.ref().orElseThrow();
        String text = IntStream.rangeClosed(1, 1_000).mapToObj(i -> "line " + i).collect(Collectors.joining("\r\n"));
        write(ref, "spark-1", "spark-" + ref.id() + "-driver", "stderr.gz", packed(text));
        write(ref, "spark-1", "spark-" + ref.id() + "-driver", "stdout.gz", packed("hello\n"));
        write(ref, "spark-1", "spark-abc-exec-1", "stderr.gz", packed("not this one"));

        assertThat(bed.time.await(run.logs().tail(LogStream.DRIVER_STDERR, 2)))
                .containsExactly("line 999", "line 1000");
        assertThat(bed.time.await(run.logs().tail(LogStream.DRIVER_STDOUT, 20))).containsExactly("hello");
    }

    @Test
    void withDriverAttemptsTheNewestIsRead() {
        JobRunHandle run = run();
        JobRunRef ref = run.ref().orElseThrow();
        write(ref, "spark-1", "spark-" + ref.id() + "-driver-zzzz", "stderr.gz", packed("first attempt"));
        bed.time.advance(Duration.ofMinutes(1));
        write(ref, "spark-2", "spark-" + ref.id() + "-driver-aaaa", "stderr.gz", packed("second attempt"));
        assertThat(bed.time.await(run.logs().tail(LogStream.DRIVER_STDERR, 5))).containsExactly("second attempt");
    }

    @Test
    void aBucketThatIsNotThereIsSaid() {
        assertUnreadable(run(), 5, "NoSuchBucket");
    }

    @Test
    void aLogThatIsNotThereYetIsEmpty() {
        bed.fake.s3().put("logs", "elsewhere", new byte[0]);
        assertThat(bed.time.await(run().logs().tail(LogStream.DRIVER_STDERR, 5)))
                .isEmpty();
    }

    @Test
    void oneEndlessLineIsCut() {
        JobRunHandle run = run();
        JobRunRef ref = run.ref().orElseThrow();
        write(ref, "spark-1", "spark-" + ref.id() + "-driver", "stderr.gz", packed("x".repeat(5_000_000)));
        List<String> lines = bed.time.await(run.logs().tail(LogStream.DRIVER_STDERR, 5));
        assertThat(lines).singleElement().satisfies(line -> assertThat(line).hasSize(8_192));
    }

    @Test
    void whatCannotBeReadFailsTheFutureAndSaysWhy() {
        JobRunHandle unlogged = client.submit(job("unlogged"));
        assertUnreadable(unlogged, 5, "no id yet");
        bed.time.await(unlogged.accepted());
        assertUnreadable(unlogged, 5, "logs(l -> l.s3");
        JobRunHandle run = run();
        assertUnreadable(run, 0, "1 to 10,000");
        bed.fake.faults().next("ListObjectsV2", Fault.accessDenied());
        assertUnreadable(run, 5, "AccessDenied");
        JobRunRef ref = run.ref().orElseThrow();
        write(ref, "spark-1", "spark-" + ref.id() + "-driver", "stderr.gz", new byte[] {1, 2, 3});
        assertUnreadable(run, 5, "could not be read");
    }

    private void assertUnreadable(JobRunHandle run, int lines, String why) {
        assertThatThrownBy(() -> bed.time.await(run.logs().tail(LogStream.DRIVER_STDERR, lines)))
                .cause()
                .isInstanceOf(LogReadException.class)
                .hasMessageContaining(why);
    }
}
