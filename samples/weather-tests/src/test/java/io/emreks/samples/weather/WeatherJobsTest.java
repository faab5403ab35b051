package io.emreks.samples.weather;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.testing.service.FakeFailureReason;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeJobRunState;
import io.emreks.testing.service.FakeS3;
import io.emreks.testing.spark.ImageDeclaration;
import io.emreks.testing.spark.LocalSparkEngine;
import io.emreks.testing.spark.SparkInstallation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** Real Spark and Hudi behind the fake service, reached through the AWS SDK. Spark 3.5 runs on Java 17 at most. */
@EnabledForJreRange(max = JRE.JAVA_17)
class WeatherJobsTest {
    private static final Path JOBS = Path.of(LocalSpark.property("weather.jobs"));
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
    private LocalSpark spark;

    @BeforeEach
    void open() throws IOException {
        s3 = FakeS3.onDisk(folder);
        String version = LocalSpark.property("weather.version");
        put("jobs", "weather.jar", "target/weather-jobs-" + version + ".jar");
        put("jobs", "weather-udf.jar", "target/weather-jobs-" + version + "-udf.jar");
        put("data", "weather.csv", "data/weather.csv");
        put("data", "weather-corrected.csv", "data/weather-corrected.csv");
        Path hudi = Path.of(
                Files.readString(JOBS.resolve("target/hudi-bundle.path")).strip());
        spark = new LocalSpark(
                s3,
                LocalSparkEngine.builder()
                        .s3(s3, folder)
                        .spark(SparkInstallation.ofClassPathFile(JOBS.resolve("target/spark.classpath")))
                        .image(ImageDeclaration.named(IMAGE).withFile("/usr/lib/hudi/hudi-spark-bundle.jar", hudi))
                        .sparkUi(true)
                        .build());
    }

    @AfterEach
    void close() {
        spark.close();
    }

    private void put(String bucket, String key, String file) throws IOException {
        s3.put(bucket, key, Files.readAllBytes(JOBS.resolve(file)));
    }

    private String start(String name, String parameters, String... arguments) {
        return spark.start(
                name,
                driver -> driver.sparkSubmitJobDriver(submit -> submit.entryPoint("s3://jobs/weather.jar")
                        .entryPointArguments(arguments)
                        .sparkSubmitParameters(parameters)));
    }

    private FakeJobRun run(String name, String parameters, String... arguments) throws Exception {
        return spark.end(start(name, parameters, arguments));
    }

    private void assertCompleted(FakeJobRun run) {
        assertThat(run.state())
                .as("%s: %s%n%s", run.name(), run.stateDetails(), spark.driverLog(run, "stderr"))
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
        assertThat(spark.driverLog(load, "stdout")).contains("wrote s3://data/weather.csv to s3://lake/weather");

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
        assertThat(spark.submitterLog(run)).contains("exit code 1:");
        assertThat(spark.driverLog(run, "stderr")).contains("Path does not exist: s3://data/none.csv");
    }

    @Test
    void whatTheImageLacksIsMissingForSpark() throws Exception {
        FakeJobRun run = run("no-such-jar", "--class com.acme.InThatJar --jars local:///usr/lib/hudi/none.jar");

        assertThat(run.state()).isEqualTo(FakeJobRunState.FAILED);
        assertThat(spark.submitterLog(run)).contains("exit code 101");
        assertThat(spark.driverLog(run, "stderr"))
                .contains("/usr/lib/hudi/none.jar does not exist, skipping", "Failed to load class com.acme.InThatJar");
    }

    /** What a Spark UI says of its applications, once it is no longer starting up. */
    private static String applications(URI ui) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(ui.resolve("/api/v1/applications"))
                .timeout(Duration.ofSeconds(60))
                .build();
        String answer;
        do {
            answer = HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
        } while (answer.startsWith("Spark is starting up"));
        return answer;
    }

    @Test
    @Timeout(120)
    void anEndlessJobShowsItsUiUntilACancelEndsIt() throws Exception {
        String id = start("weather-endless", "--class io.emreks.samples.weather.EndlessJob");
        spark.shown(id).get(60, TimeUnit.SECONDS);
        List<ProcessHandle> drivers = ProcessHandle.current().descendants().toList();
        URI ui = spark.fake.jobRun(id).sparkUi().orElseThrow();
        assertThat(ui.getHost()).isEqualTo("127.0.0.1");
        assertThat(applications(ui)).contains("\"name\" : \"endless\"");

        spark.client.cancelJobRun(
                request -> request.virtualClusterId(spark.virtualCluster).id(id));
        FakeJobRun run = spark.end(id);
        assertThat(run.sparkUi()).isEmpty();
        assertThat(spark.submitterLog(run)).contains("exit code 143");

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
}
