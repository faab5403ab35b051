package io.emreks.samples.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emreks.client.AwsService;
import io.emreks.client.CancelResult;
import io.emreks.client.EmrEksClient;
import io.emreks.client.JobRunHandle;
import io.emreks.client.WatchSettings;
import io.emreks.error.JobRunCancelledException;
import io.emreks.error.JobRunFailedException;
import io.emreks.logs.LogStream;
import io.emreks.model.JobRunRequest;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeS3;
import io.emreks.testing.service.FakeServer;
import io.emreks.testing.spark.ImageDeclaration;
import io.emreks.testing.spark.LocalSparkEngine;
import io.emreks.testing.spark.SparkInstallation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Loads daily weather into a Hudi table, corrects some days, fails once, cancels once, and checks what is in the table.
 *
 * <p>Everything from {@link #defaults} on is what a program would do with AWS. What is particular to this machine is in
 * {@link #run}: the fake, its endpoints and the credentials.
 */
public final class WeatherPipeline {
    private static final String BUCKET = "weather";
    private static final String TABLE = "s3://weather/tables/weather";
    private static final String JOBS_JAR = "s3://weather/jars/weather-jobs.jar";
    private static final String UDF_JAR = "s3://weather/jars/weather-udf.jar";
    private static final String IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/spark-hudi:7.5.0";
    private static final String HUDI_BUNDLE_IN_IMAGE = "/usr/lib/hudi/hudi-spark-bundle.jar";
    private static final int ROWS = 2922;
    private static final int LOG_LINES = 30;

    private final EmrEksClient emr;
    private final S3Client s3;
    private final WeatherFiles files;
    private final Expectations expected;
    private final List<FollowedRun> runs = new ArrayList<>();

    private WeatherPipeline(EmrEksClient emr, S3Client s3, WeatherFiles files, Expectations expected) {
        this.emr = emr;
        this.s3 = s3;
        this.files = files;
        this.expected = expected;
    }

    /**
     * Runs the pipeline and ends the process: 0 if everything was as expected, 1 if not.
     *
     * @param args the folder of the built module weather-jobs, and an empty folder for what S3 would hold
     */
    public static void main(String[] args) throws InterruptedException {
        Path s3Folder = Path.of(args[1]);
        Expectations expected = new Expectations();
        try {
            run(new WeatherFiles(Path.of(args[0])), s3Folder, expected);
        } catch (IOException | RuntimeException e) {
            expected.missed(e.getCause() == null ? e.toString() : e + ", because of " + e.getCause());
        }
        conclude(expected, s3Folder.toUri());
    }

    private static void run(WeatherFiles files, Path s3Folder, Expectations expected)
            throws IOException, InterruptedException {
        FakeS3 fakeS3 = FakeS3.onDisk(s3Folder);
        LocalSparkEngine spark = LocalSparkEngine.builder()
                .s3(fakeS3, s3Folder)
                .spark(SparkInstallation.ofClassPathFile(files.sparkClassPath()))
                .image(ImageDeclaration.named(IMAGE).withFile(HUDI_BUNDLE_IN_IMAGE, files.hudiBundle()))
                .build();
        AwsCredentialsProvider credentials =
                StaticCredentialsProvider.create(AwsBasicCredentials.create("nobody", "nothing"));
        try (FakeEmrEks fake =
                        FakeEmrEks.builder().realTime().s3(fakeS3).engine(spark).build();
                FakeServer aws = fake.startServer();
                S3Client s3 = S3Client.builder()
                        .region(Region.US_EAST_1)
                        .credentialsProvider(credentials)
                        .endpointOverride(aws.endpoint())
                        .forcePathStyle(true)
                        .build();
                EmrEksClient emr = EmrEksClient.builder()
                        .region("us-east-1")
                        .credentials(credentials)
                        .endpoint(AwsService.EMR_CONTAINERS, aws.endpoint())
                        .endpoint(AwsService.S3, aws.endpoint())
                        .virtualCluster(fake.createVirtualCluster("analytics"))
                        .executionRole("arn:aws:iam::111122223333:role/emr-job-execution")
                        .artifacts("s3://weather/emreks/")
                        .watch(WatchSettings.builder()
                                .minPause(Duration.ofMillis(50))
                                .maxPause(Duration.ofMillis(500))
                                .build())
                        .defaults(WeatherPipeline::defaults)
                        .build()) {
            System.out.println(
                    "A fake of EMR on EKS and S3 listens at " + aws.endpoint() + "; jobs run in real Spark.");
            new WeatherPipeline(emr, s3, files, expected).runAll();
        }
    }

    private static void conclude(Expectations expected, URI s3Folder) {
        System.out.println();
        System.out.println("What S3 holds now, the logs of all runs included: " + s3Folder);
        if (expected.missed().isEmpty()) {
            System.out.println("Everything was as expected.");
            System.exit(0);
        }
        System.out.println("Not as expected:");
        expected.missed().forEach(what -> System.out.println("  - " + what));
        System.exit(1);
    }

    /** What all runs have in common. */
    private static void defaults(JobRunRequest.Builder job) {
        job.releaseLabel("emr-7.5.0-latest")
                .image(IMAGE)
                .driver(d ->
                        d.cores(1).memory("1g").pod(p -> p.arm64().onDemand().doNotDisrupt()))
                .executors(e ->
                        e.instances(2).cores(1).memory("1g").pod(p -> p.arm64().spot()))
                .conf("spark.log.level", "WARN")
                .logs(l -> l.s3("s3://weather/logs/"))
                .tag("team", "weather");
    }

    private void runAll() throws IOException, InterruptedException {
        upload(JOBS_JAR, files.jobsJar());
        upload(UDF_JAR, files.udfJar());
        upload("s3://weather/incoming/weather.csv", files.weather());
        upload("s3://weather/incoming/weather-corrected.csv", files.corrected());
        System.out.println();

        FollowedRun load = submit(loadWeather("weather-load", "weather.csv", "insert", "1"));
        FollowedRun endless = submit(
                emr.request(job -> job.name("weather-endless").jar(JOBS_JAR, "io.emreks.samples.weather.EndlessJob")));
        complete(load);
        cancel(endless);

        FollowedRun broken = submit(loadWeather("weather-broken", "missing.csv", "upsert", "2"));
        FollowedRun before = submit(readWeather("weather-before"));
        fail(broken);
        complete(before);
        List<WeatherDay> corrections = WeatherFiles.days(files.corrected());
        Set<String> corrected = corrections.stream().map(WeatherDay::key).collect(Collectors.toSet());
        List<WeatherDay> originals = WeatherFiles.days(files.weather()).stream()
                .filter(day -> corrected.contains(day.key()))
                .toList();
        checkTable("before the upsert", before, originals);

        complete(submit(loadWeather("weather-correct", "weather-corrected.csv", "upsert", "2")));
        FollowedRun after = submit(readWeather("weather-after"));
        complete(after);
        checkTable("after the upsert", after, corrections);

        printTable();
    }

    private FollowedRun submit(JobRunRequest request) {
        JobRunHandle handle = emr.submit(request);
        FollowedRun run = FollowedRun.follow(handle);
        runs.add(run);
        return run;
    }

    private JobRunRequest loadWeather(String name, String file, String operation, String revision) {
        return emr.request(job -> job.name(name)
                .jar(
                        JOBS_JAR,
                        "io.emreks.samples.weather.LoadWeather",
                        "s3://weather/incoming/" + file,
                        TABLE,
                        operation,
                        revision)
                .jars(UDF_JAR)
                .hudi());
    }

    private JobRunRequest readWeather(String name) throws IOException {
        String[] arguments = Stream.concat(
                        Stream.of(TABLE, "s3://weather/" + summaryKey(name)),
                        WeatherFiles.days(files.corrected()).stream().map(WeatherDay::key))
                .toArray(String[]::new);
        return emr.request(job -> job.name(name)
                .jar(JOBS_JAR, "io.emreks.samples.weather.ReadWeather", arguments)
                .hudi());
    }

    private static String summaryKey(String run) {
        return "summaries/" + run + ".json";
    }

    /** The one run that is left is cancelled, and with it goes the one Spark process that is left. */
    private void cancel(FollowedRun run) throws InterruptedException {
        List<ProcessHandle> processes = ProcessHandle.current().children().toList();
        expected.check(processes.size() == 1, run.name() + " has a process", processes);
        CancelResult result = run.handle().cancel().join();
        expected.check(
                result instanceof CancelResult.Requested, "the cancel of " + run.name() + " was accepted", result);
        try {
            JobRunSnapshot end = run.await();
            expected.missed(run.name() + " was to be CANCELLED, and ended " + end.state());
        } catch (JobRunCancelledException asWanted) {
            List<JobRunState> states = run.states();
            expected.check(
                    states.subList(Math.max(0, states.size() - 2), states.size())
                            .equals(List.of(JobRunState.CANCEL_PENDING, JobRunState.CANCELLED)),
                    run.name() + " was seen to go CANCEL_PENDING, then CANCELLED",
                    states);
        }
        expected.check(
                processes.stream().noneMatch(ProcessHandle::isAlive),
                "the process of " + run.name() + " is gone",
                processes);
    }

    private void complete(FollowedRun run) throws InterruptedException {
        try {
            run.await();
        } catch (JobRunFailedException e) {
            printEndOfLog(stderr(run));
            throw e;
        }
    }

    private void fail(FollowedRun run) throws InterruptedException {
        try {
            JobRunSnapshot end = run.await();
            expected.missed(run.name() + " was to be FAILED, and ended " + end.state());
        } catch (JobRunFailedException asWanted) {
            JobRunSnapshot end = asWanted.snapshot();
            System.out.println("          " + run.name() + " failed on purpose: "
                    + end.failureReason().map(Enum::name).orElse("no reason") + ", "
                    + end.stateDetails().orElse("no details"));
            List<String> log = stderr(run);
            printEndOfLog(log);
            expected.check(
                    log.stream().anyMatch(line -> line.contains("missing.csv")),
                    "the log of " + run.name() + " names the missing input",
                    log);
        }
    }

    private static void printEndOfLog(List<String> log) {
        System.out.println("          the end of its driver's stderr, read from S3, without the stack trace:");
        log.stream()
                .filter(line -> !line.startsWith("\tat "))
                .forEach(line -> System.out.println("            | " + line));
    }

    private List<String> stderr(FollowedRun run) throws InterruptedException {
        try {
            return run.handle().logs().tail(LogStream.DRIVER_STDERR, LOG_LINES).get(1, TimeUnit.MINUTES);
        } catch (ExecutionException | TimeoutException e) {
            expected.missed("the log of " + run.name() + " could not be read: " + e.getMessage());
            return List.of();
        }
    }

    private void checkTable(String when, FollowedRun reader, List<WeatherDay> days) throws IOException {
        JsonNode summary = new ObjectMapper()
                .readTree(s3.getObjectAsBytes(get -> get.bucket(BUCKET).key(summaryKey(reader.name())))
                        .asByteArray());
        int rows = summary.path("rows").asInt();
        expected.check(rows == ROWS, "the table has " + ROWS + " rows " + when, rows);
        List<WeatherDay> found = new ArrayList<>();
        summary.path("days").forEach(day -> found.add(WeatherDay.ofJson(day)));
        expected.check(
                found.size() == days.size() && Set.copyOf(found).equals(Set.copyOf(days)),
                days.size() + " chosen days have the values of the " + (when.startsWith("before") ? "first" : "second")
                        + " file " + when,
                found);
    }

    private void printTable() {
        System.out.printf("%n%-16s %-10s %13s %9s%n", "run", "outcome", "time to start", "duration");
        for (FollowedRun run : runs) {
            System.out.printf(
                    "%-16s %-10s %13s %9s%n",
                    run.name(),
                    run.handle().latest().map(JobRunSnapshot::serviceState).orElse("-"),
                    run.timeToStart().map(WeatherPipeline::seconds).orElse("-"),
                    run.duration().map(WeatherPipeline::seconds).orElse("-"));
        }
    }

    private static String seconds(Duration duration) {
        return String.format("%.1f s", duration.toMillis() / 1000.0);
    }

    private void upload(String uri, Path file) {
        s3.putObject(put -> put.bucket(BUCKET).key(uri.substring("s3://weather/".length())), file);
    }
}
