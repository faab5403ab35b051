package io.emreks.samples.weather;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeFailureReason;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeJobRunState;
import io.emreks.testing.service.FakeS3;
import io.emreks.testing.service.JobRunControl;
import io.emreks.testing.service.JobRunEngine;
import io.emreks.testing.spark.ImageDeclaration;
import io.emreks.testing.spark.LocalSparkEngine;
import io.emreks.testing.spark.SparkInstallation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.emrcontainers.EmrContainersClient;

/** Real Spark and Hudi behind the fake service, reached through the AWS SDK. Spark 3.5 runs on Java 17 at most. */
@EnabledForJreRange(max = JRE.JAVA_17)
class WeatherJobsTest {
    private static final Path JOBS = Path.of(property("weather.jobs"));
    private static final String IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/spark-hudi:7.5.0";
    private static final String HUDI = "--conf spark.kubernetes.container.image=" + IMAGE
            + " --jars local:///usr/lib/hudi/hudi-spark-bundle.jar,s3://jobs/weather-udf.jar"
            + " --conf spark.serializer=org.apache.spark.serializer.KryoSerializer"
            + " --conf spark.kryo.registrator=org.apache.spark.HoodieSparkKryoRegistrar"
            + " --conf spark.sql.extensions=org.apache.spark.sql.hudi.HoodieSparkSessionExtension"
            + " --conf spark.sql.catalog.spark_catalog=org.apache.spark.sql.hudi.catalog.HoodieCatalog";

    @TempDir
    private Path folder;

    private FakeS3 s3;
    private Ends ends;
    private FakeEmrEks fake;
    private EmrContainersClient client;
    private String virtualCluster;

    @BeforeEach
    void open() throws IOException {
        s3 = FakeS3.onDisk(folder);
        String version = property("weather.version");
        put("jobs", "weather.jar", "target/weather-jobs-" + version + ".jar");
        put("jobs", "weather-udf.jar", "target/weather-jobs-" + version + "-udf.jar");
        put("data", "weather.csv", "data/weather.csv");
        put("data", "weather-corrected.csv", "data/weather-corrected.csv");
        Path hudi = Path.of(
                Files.readString(JOBS.resolve("target/hudi-bundle.path")).strip());
        ends = new Ends(LocalSparkEngine.builder()
                .s3(s3, folder)
                .spark(SparkInstallation.ofClassPathFile(JOBS.resolve("target/spark.classpath")))
                .image(ImageDeclaration.named(IMAGE).withFile("/usr/lib/hudi/hudi-spark-bundle.jar", hudi))
                .build());
        fake = FakeEmrEks.builder().realTime().s3(s3).engine(ends).build();
        virtualCluster = fake.createVirtualCluster("weather");
        client = EmrContainersClient.builder()
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .httpClient(fake.httpClient())
                .build();
    }

    @AfterEach
    void close() {
        client.close();
        fake.close();
    }

    private void put(String bucket, String key, String file) throws IOException {
        s3.put(bucket, key, Files.readAllBytes(JOBS.resolve(file)));
    }

    private static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name), name);
    }

    private String start(String name, String parameters, String... arguments) {
        return client.startJobRun(request -> request.name(name)
                        .virtualClusterId(virtualCluster)
                        .executionRoleArn("arn:aws:iam::123456789012:role/job")
                        .releaseLabel("emr-7.5.0-latest")
                        .jobDriver(
                                driver -> driver.sparkSubmitJobDriver(spark -> spark.entryPoint("s3://jobs/weather.jar")
                                        .entryPointArguments(arguments)
                                        .sparkSubmitParameters(parameters)))
                        .configurationOverrides(overrides -> overrides.monitoringConfiguration(
                                monitoring -> monitoring.s3MonitoringConfiguration(logs -> logs.logUri("s3://logs/")))))
                .id();
    }

    private FakeJobRun run(String name, String parameters, String... arguments) throws Exception {
        return end(start(name, parameters, arguments));
    }

    private FakeJobRun end(String id) throws Exception {
        ends.of(id).get(120, TimeUnit.SECONDS);
        return fake.jobRun(id);
    }

    private String driverLog(FakeJobRun run, String file) throws IOException {
        String end = "/spark-" + run.id() + "-driver/" + file + ".gz";
        String key = s3.list("logs", virtualCluster + "/jobs/" + run.id() + "/containers/spark-").stream()
                .filter(each -> each.endsWith(end))
                .findFirst()
                .orElseThrow();
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(s3.get("logs", key).orElseThrow()))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void assertCompleted(FakeJobRun run) throws IOException {
        assertThat(run.state())
                .as("%s: %s%n%s", run.name(), run.stateDetails(), driverLog(run, "stderr"))
                .isEqualTo(FakeJobRunState.COMPLETED);
    }

    @Test
    void loadsAHudiTableAndCorrectsIt() throws Exception {
        FakeJobRun load = run(
                "weather-load",
                "--class io.emreks.samples.weather.LoadWeather " + HUDI,
                "s3://data/weather.csv",
                "s3://lake/weather",
                "insert",
                "1");
        assertCompleted(load);
        assertThat(driverLog(load, "stdout")).contains("wrote s3://data/weather.csv to s3://lake/weather");

        assertCompleted(run(
                "weather-correct",
                "--class io.emreks.samples.weather.LoadWeather " + HUDI,
                "s3://data/weather-corrected.csv",
                "s3://lake/weather",
                "upsert",
                "2"));

        assertCompleted(run(
                "weather-read",
                "--class io.emreks.samples.weather.ReadWeather " + HUDI,
                "s3://lake/weather",
                "s3://lake/summary.json",
                "Seattle/2012-01-02",
                "New York/2013-02-09"));
        assertThat(new String(s3.get("lake", "summary.json").orElseThrow(), StandardCharsets.UTF_8))
                .isEqualTo("{\"rows\":2922,\"days\":["
                        + "{\"location\":\"New York\",\"date\":\"2013-02-09\",\"precipitation\":41.6,\"temp_max\":0.0,"
                        + "\"temp_min\":-6.1,\"wind\":19.1,\"weather\":\"snow\",\"beaufort\":8,\"revision\":2},"
                        + "{\"location\":\"Seattle\",\"date\":\"2012-01-02\",\"precipitation\":10.9,\"temp_max\":10.6,"
                        + "\"temp_min\":2.8,\"wind\":4.5,\"weather\":\"rain\",\"beaufort\":3,\"revision\":1}]}");
    }

    @Test
    void aJobThatThrowsIsFailedAndItsLogSaysWhy() throws Exception {
        FakeJobRun run = run(
                "weather-broken",
                "--class io.emreks.samples.weather.LoadWeather " + HUDI,
                "s3://data/none.csv",
                "s3://lake/broken",
                "insert",
                "1");

        assertThat(run.state()).isEqualTo(FakeJobRunState.FAILED);
        assertThat(run.failureReason()).contains(FakeFailureReason.USER_ERROR);
        assertThat(run.stateDetails())
                .contains("JobRun failed. Please refer logs uploaded to S3/CloudWatch based on your monitoring"
                        + " configuration.");
        assertThat(driverLog(run, "stderr")).contains("Path does not exist: s3://data/none.csv");
    }

    @Test
    void whatTheImageLacksIsMissingForSpark() throws Exception {
        FakeJobRun run = run("no-such-jar", "--class com.acme.InThatJar --jars local:///usr/lib/hudi/none.jar");

        assertThat(run.state()).isEqualTo(FakeJobRunState.FAILED);
        assertThat(driverLog(run, "stderr"))
                .contains("/usr/lib/hudi/none.jar does not exist, skipping", "Failed to load class com.acme.InThatJar");
    }

    @Test
    void cancelEndsAnEndlessJob() throws Exception {
        String id = start("weather-endless", "--class io.emreks.samples.weather.EndlessJob");
        ends.running(id).get(60, TimeUnit.SECONDS);
        List<ProcessHandle> drivers = ProcessHandle.current().descendants().toList();

        client.cancelJobRun(request -> request.virtualClusterId(virtualCluster).id(id));
        FakeJobRun run = end(id);

        assertThat(run.history().stream().map(FakeJobRun.Change::state))
                .containsExactly(
                        FakeJobRunState.PENDING,
                        FakeJobRunState.SUBMITTED,
                        FakeJobRunState.RUNNING,
                        FakeJobRunState.CANCEL_PENDING,
                        FakeJobRunState.CANCELLED);
        assertThat(drivers).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void aPodTemplateWithAWrongContainerNameNeverStarts() throws Exception {
        s3.put("jobs", "driver.yaml", "spec: {containers: [{name: driver}]}".getBytes(StandardCharsets.UTF_8));

        FakeJobRun run = run(
                "wrong-template",
                "--class io.emreks.samples.weather.EndlessJob"
                        + " --conf spark.kubernetes.driver.podTemplateFile=s3://jobs/driver.yaml");

        assertThat(run.failureReason()).contains(FakeFailureReason.USER_ERROR);
        assertThat(run.stateDetails().orElseThrow()).contains("spark-kubernetes-driver");
        assertThat(run.history().stream().map(FakeJobRun.Change::state))
                .containsExactly(FakeJobRunState.PENDING, FakeJobRunState.SUBMITTED, FakeJobRunState.FAILED);
    }

    /** Tells when the runs of an engine are up and when they have ended. */
    private static final class Ends implements JobRunEngine {
        private final JobRunEngine engine;
        private final Map<String, CompletableFuture<Void>> running = new ConcurrentHashMap<>();
        private final Map<String, CompletableFuture<Void>> ended = new ConcurrentHashMap<>();

        Ends(JobRunEngine engine) {
            this.engine = engine;
        }

        CompletableFuture<Void> running(String id) {
            return running.computeIfAbsent(id, any -> new CompletableFuture<>());
        }

        CompletableFuture<Void> of(String id) {
            return ended.computeIfAbsent(id, any -> new CompletableFuture<>());
        }

        @Override
        public void start(FakeJobRun run, JobRunControl control) {
            engine.start(run, new Telling(run.id(), control));
        }

        @Override
        public void cancel(FakeJobRun run, JobRunControl control) {
            engine.cancel(run, new Telling(run.id(), control));
        }

        @Override
        public void close() {
            engine.close();
        }

        private final class Telling implements JobRunControl {
            private final String id;
            private final JobRunControl control;

            Telling(String id, JobRunControl control) {
                this.id = id;
                this.control = control;
            }

            @Override
            public void submitted() {
                control.submitted();
            }

            @Override
            public void running() {
                control.running();
                Ends.this.running(id).complete(null);
            }

            @Override
            public void completed() {
                control.completed();
                of(id).complete(null);
            }

            @Override
            public void failed(FakeFailureReason reason, String stateDetails) {
                control.failed(reason, stateDetails);
                of(id).complete(null);
            }

            @Override
            public void cancelled() {
                control.cancelled();
                of(id).complete(null);
            }
        }
    }
}
