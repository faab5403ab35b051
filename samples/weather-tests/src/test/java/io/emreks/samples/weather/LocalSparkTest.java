package io.emreks.samples.weather;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.emreks.testing.service.FakeFailureReason;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeJobRunState;
import io.emreks.testing.service.FakeS3;
import io.emreks.testing.spark.ImageDeclaration;
import io.emreks.testing.spark.LocalSparkEngine;
import io.emreks.testing.spark.SparkInstallation;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the local Spark engine does with jobs other than jars, with real Spark. All runs share one engine, and so one class
 * archive. Spark 3.5 runs on Java 17 at most.
 */
@EnabledForJreRange(max = JRE.JAVA_17)
class LocalSparkTest {
    private static final Path JOBS = Path.of(LocalSpark.property("weather.jobs"));

    @TempDir
    private static Path folder;

    private static SparkInstallation installation;
    private static LocalSpark spark;

    @BeforeAll
    static void open() throws IOException {
        Path objects = Files.createDirectories(folder.resolve("s3"));
        FakeS3 s3 = FakeS3.onDisk(objects);
        installation = SparkInstallation.ofClassPathFile(JOBS.resolve("../spark-sql-cli/target/spark.classpath"));
        Path main = write("main.py", """
                import sys
                import util
                print("from", util.PLACE, sys.argv[1:])
                print("a word on stderr", file=sys.stderr)
                import pyspark
                """);
        Path util = write("util.py", "PLACE = 'the image'\n");
        Path failing = write("failing.sql", "select 1;\nselect * from nowhere;\n");
        spark = new LocalSpark(
                s3,
                LocalSparkEngine.builder()
                        .s3(s3, objects)
                        .spark(installation)
                        .releaseImage(ImageDeclaration.named("release")
                                .withFile("/app/main.py", main)
                                .withFile("/app/util.py", util)
                                .withFile("/app/failing.sql", failing))
                        .classArchive(folder.resolve("archives"))
                        .build());
        s3.put("data", "weather.csv", Files.readAllBytes(JOBS.resolve("data/weather.csv")));
    }

    private static Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @AfterAll
    static void close() {
        spark.close();
    }

    private static FakeJobRun sql(String script, String parameters) throws Exception {
        return spark.end(spark.start(
                "sql",
                driver -> driver.sparkSqlJobDriver(sql -> sql.entryPoint(script).sparkSqlParameters(parameters))));
    }

    private static FakeJobRun python(String script, String parameters, String... arguments) throws Exception {
        return spark.end(spark.start(
                "python",
                driver -> driver.sparkSubmitJobDriver(submit ->
                        submit.entryPoint(script).entryPointArguments(arguments).sparkSubmitParameters(parameters))));
    }

    private static void put(String key, String text) {
        spark.s3.put("jobs", key, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void assumePython() {
        String path = System.getenv().getOrDefault("PATH", "");
        assumeTrue(
                Stream.of(path.split(File.pathSeparator))
                        .anyMatch(entry -> Files.isExecutable(Path.of(entry, "python3"))),
                "no python3 on the PATH, so no Python job can run here");
    }

    @Test
    void aSqlScriptRunsWithItsVariables() throws Exception {
        put("summary.sql", """
                create temporary view weather using csv
                options (path 's3://data/weather.csv', header 'true', inferSchema 'true');
                select location, count(*), max(${column}) from weather group by location order by location;
                insert overwrite directory 's3://lake/${hiveconf:target}' using json
                select count(*) as days from weather;
                set spark.sql.catalogImplementation;
                """);

        FakeJobRun run = sql(
                "s3://jobs/summary.sql",
                "--conf spark.sql.shuffle.partitions=1 -d column=wind --hiveconf target=days --name summary");

        assertThat(run.state()).as("%s", spark.driverLog(run, "stderr")).isEqualTo(FakeJobRunState.COMPLETED);
        assertThat(spark.driverLog(run, "stdout"))
                .containsPattern("New York\\t\\d+\\t[\\d.]+\n.*Seattle\\t1461\\t9.5\n")
                .contains("spark.sql.catalogImplementation\tin-memory");
        String key = spark.s3.list("lake", "days/part-").get(0);
        assertThat(new String(spark.s3.get("lake", key).orElseThrow(), StandardCharsets.UTF_8))
                .isEqualTo("{\"days\":2922}\n");
        assertThatTheArchiveIsGood();
    }

    /** Java refuses to start if it cannot use the archive with the class path of the drivers. */
    private static void assertThatTheArchiveIsGood() throws Exception {
        Path archive;
        try (Stream<Path> files = Files.list(folder.resolve("archives"))) {
            archive = files.filter(file -> file.toString().endsWith(".jsa"))
                    .findFirst()
                    .orElseThrow();
        }
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:on",
                        "-XX:SharedArchiveFile=" + archive,
                        "-Xlog:class+load",
                        "-cp",
                        Files.readString(JOBS.resolve("../spark-sql-cli/target/spark.classpath"))
                                .strip(),
                        "org.apache.spark.deploy.SparkSubmit",
                        "--version")
                .redirectErrorStream(true)
                .start();
        assertThat(new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("org.apache.spark.deploy.SparkSubmit source: shared objects file (top)");
    }

    @Test
    void aSqlScriptThatFailsIsTold() throws Exception {
        FakeJobRun run = sql("local:///app/failing.sql", "-S");

        assertThat(run.state()).isEqualTo(FakeJobRunState.FAILED);
        assertThat(run.failureReason()).contains(FakeFailureReason.USER_ERROR);
        assertThat(spark.driverLog(run, "stderr")).contains("TABLE_OR_VIEW_NOT_FOUND");
        assertThat(spark.submitterLog(run)).contains("exit code 1:");
    }

    @Test
    void aTaskWithoutMemoryEndsTheDriver() throws Exception {
        put("memory.sql", "select size(sequence(0L, id + 200000000L)) from range(1);\n");

        FakeJobRun run = sql("s3://jobs/memory.sql", "--driver-memory 512m");

        assertThat(run.failureReason()).contains(FakeFailureReason.USER_ERROR);
        assertThat(run.stateDetails().orElseThrow())
                .startsWith("JobRun failed. The driver ran out of memory (OutOfMemoryError; its heap was 512 MiB");
        assertThat(spark.submitterLog(run)).contains("exit code 137");
    }

    @Test
    void aPythonScriptRunsWithItsFilesButWithoutPyspark() throws Exception {
        assumePython();

        FakeJobRun run = python("local:///app/main.py", "--py-files local:///app/util.py", "one", "a b");

        assertThat(run.failureReason()).contains(FakeFailureReason.USER_ERROR);
        assertThat(spark.submitterLog(run)).contains("exit code 1:");
        assertThat(spark.driverLog(run, "stdout"))
                .contains(
                        "from the image ['one', 'a b']",
                        "a word on stderr",
                        "Traceback (most recent call last)",
                        "ModuleNotFoundError: No module named 'pyspark'");
    }

    @Test
    void aPythonScriptOfS3SeesTheEnvironmentAndEndsWithItsCode() throws Exception {
        assumePython();
        put("main.py", "import os, sys, util\nprint(util.PLACE, os.environ['STAGE'])\nsys.exit(5)\n");
        put("util.py", "PLACE = 'S3'\n");

        FakeJobRun run = python(
                "s3://jobs/main.py", "--py-files s3://jobs/util.py --conf spark.kubernetes.driverEnv.STAGE=test");

        assertThat(spark.driverLog(run, "stdout")).contains("S3 test");
        assertThat(spark.submitterLog(run)).contains("exit code 5: the job's own code");
    }

    @Test
    void withoutPythonTheLogSaysSo() throws Exception {
        put("none.py", "print('not seen')\n");

        FakeJobRun run = python("s3://jobs/none.py", "--conf spark.kubernetes.driverEnv.PATH=/none");

        assertThat(run.failureReason()).contains(FakeFailureReason.USER_ERROR);
        assertThat(spark.driverLog(run, "stderr")).contains("Cannot run program \"python3\"");
    }
}
