package io.emreks.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emreks.client.EmrEksClient;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.JobRunScript;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Who has no Micrometer on the class path misses nothing but its two classes. */
class WithoutMicrometerTest {
    @Test
    void aClientRunsAJob() throws Exception {
        List<URL> classPath = classPath();
        List<URL> without = classPath.stream()
                .filter(entry -> !entry.getPath().contains("micrometer"))
                .toList();
        assertThat(without).as("what is left out").hasSize(classPath.size() - 3);
        try (URLClassLoader host =
                new URLClassLoader(without.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> host.loadClass("io.micrometer.core.instrument.MeterRegistry"))
                    .isInstanceOf(ClassNotFoundException.class);
            assertThatThrownBy(() -> host.loadClass("io.micrometer.observation.Observation"))
                    .isInstanceOf(ClassNotFoundException.class);
            Class<?> job = host.loadClass(Job.class.getName());
            assertThat(job).isNotSameAs(Job.class);
            assertThat(job.getMethod("run").invoke(null)).isEqualTo("COMPLETED, 14 meters");
        }
    }

    /** Surefire's own class path is a jar that names the real one. */
    private static List<URL> classPath() throws MalformedURLException {
        String real = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<URL> all = new ArrayList<>();
        for (String entry : real.split(File.pathSeparator)) {
            all.add(Path.of(entry).toUri().toURL());
        }
        return all;
    }

    /** Is loaded by the host's class loader. */
    public static final class Job {
        private Job() {}

        public static String run() throws InterruptedException {
            try (FakeEmrEks fake = FakeEmrEks.builder().realTime().build()) {
                Duration instant = Duration.ofMillis(1);
                fake.script(JobRunScript.completes()
                        .pendingFor(instant)
                        .submittedFor(instant)
                        .runningFor(instant));
                String cluster = fake.createVirtualCluster("analytics");
                try (EmrEksClient client = EmrEksClient.builder()
                        .region(fake.region())
                        .credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                        .httpClient(fake.asyncHttpClient())
                        .virtualCluster(cluster)
                        .executionRole("arn:aws:iam::123456789012:role/emr-job-execution")
                        .telemetry(new ClientTelemetry() {})
                        .build()) {
                    return client.submit(job -> job.name("job")
                                            .releaseLabel("emr-7.5.0-latest")
                                            .jar("s3://jobs/job.jar", "com.acme.Job"))
                                    .await(Duration.ofMinutes(1))
                                    .state()
                            + ", " + EmrEksMeter.values().length + " meters";
                }
            }
        }
    }
}
