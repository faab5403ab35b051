package io.emreks.testing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emreks.testing.service.FakeS3;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The engine with a stand-in for Spark; with Spark itself it is tested beside the weather jobs. */
@Timeout(120)
class LocalSparkEngineTest {
    private static final String FAILED =
            "failed USER_ERROR JobRun failed. Please refer logs uploaded to S3/CloudWatch based on your monitoring"
                    + " configuration.";

    @TempDir
    private Path folder;

    private FakeS3 s3;
    private LocalSparkEngine engine;
    private ServerSocket readiness;

    @BeforeEach
    void open() throws IOException {
        readiness = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        readiness.setSoTimeout(60_000);
        s3 = FakeS3.onDisk(folder);
        engine = builder().build();
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
        readiness.close();
        assertThat(engine.folder()).doesNotExist();
    }

    private LocalSparkEngine.Builder builder() {
        return LocalSparkEngine.builder()
                .s3(s3, folder)
                .spark(SparkInstallation.ofClassPath(List.of(testClasses())))
                .cancelTakes(Duration.ZERO)
                .cancelGrace(Duration.ofSeconds(30));
    }

    private static Path testClasses() {
        return Path.of(LocalSparkEngineTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
    }

    private RecordingControl start(TestRun run) {
        RecordingControl control = new RecordingControl();
        engine.start(run, control);
        return control;
    }

    private static String driverLog(String file, TestRun run) {
        return "spark/" + TestRun.VIRTUAL_CLUSTER + "/jobs/" + run.id() + "/containers/spark-[0-9a-f]{32}/spark-"
                + run.id() + "-driver/" + file;
    }

    private static String submitterLog(TestRun run) {
        return ".*" + TestRun.VIRTUAL_CLUSTER + "/jobs/" + run.id() + "/containers/" + run.id()
                + "-[0-9a-f]{5}/stderr.gz";
    }

    private String log(String keyPattern) {
        List<String> keys = s3.list("logs", "").stream()
                .filter(key -> key.matches(keyPattern))
                .toList();
        assertThat(keys)
                .as("keys of the log bucket that match %s: %s", keyPattern, s3.list("logs", ""))
                .hasSize(1);
        byte[] zipped = s3.get("logs", keys.get(0)).orElseThrow();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError("not gzip", e);
        }
    }

    private List<String> arguments(TestRun run) throws Exception {
        assertThat(start(run).awaitEnd()).isEqualTo("completed");
        return log(driverLog("stdout.gz", run))
                .lines()
                .filter(line -> line.startsWith("arg="))
                .map(line -> line.substring("arg=".length()))
                .toList();
    }

    private static List<ProcessHandle> drivers() {
        return ProcessHandle.current().descendants().toList();
    }

    /** The argument that makes a driver tell {@link #awaitReady} that it is up, and then sleep. */
    private String ready() {
        return "ready:" + readiness.getLocalPort();
    }

    private void awaitReady(int drivers) throws IOException {
        for (int i = 0; i < drivers; i++) {
            readiness.accept().close();
        }
    }

    @Test
    void aRunGoesThroughItsStatesAndLeavesItsLogs() throws Exception {
        TestRun run = TestRun.of("0000000337okspsc913", "hello");

        RecordingControl control = start(run);

        assertThat(control.awaitEnd()).isEqualTo("completed");
        assertThat(control.said()).containsExactly("submitted", "running", "completed");
        assertThat(log(driverLog("stdout.gz", run))).contains("arg=hello\n");
        assertThat(log(driverLog("stderr.gz", run))).contains("a line on standard error\n");
        assertThat(log(submitterLog(run))).isEqualTo("The driver ended with exit code 0: the job ended well.\n");
        assertThat(s3.list("logs", "")).hasSize(3);
    }

    @Test
    void sparkGetsTheOptionsOfTheRunInLocalMode() throws Exception {
        TestRun run = TestRun.of("r1", "one", "a b", "")
                .parameters("--master k8s://x --deploy-mode cluster --class a.Main --conf spark.master=k8s://y"
                        + " --conf \"spark.x=a b\" --jars s3://jobs/b.jar,local:///opt/none.jar --verbose")
                .defaults(Map.of("spark.submit.deployMode", "cluster", "spark.y", "1"));

        List<String> arguments = arguments(run);

        assertThat(arguments)
                .startsWith("--master", "local[2]", "--class", "a.Main", "--conf", "spark.x=a b", "--jars");
        assertThat(arguments).endsWith("s3://jobs/a.jar", "one", "a b", "");
        assertThat(arguments).contains("--verbose", "spark.ui.enabled=false");
        assertThat(String.join(" ", arguments)).doesNotContain("k8s", "deploy", "spark.y");
    }

    @Test
    void wordsThatAreNoOptionStayInTheirPlace() throws Exception {
        List<String> arguments = arguments(TestRun.of("r1", "x").parameters("--class a.Main --bogus y"));

        assertThat(arguments).endsWith("--bogus", "y", "s3://jobs/a.jar", "x");
    }

    @Test
    void localPathsAreFilesOfTheDeclaredImage() throws Exception {
        Path bundle = Files.writeString(folder.resolve("bundle.jar"), "x");
        engine.close();
        engine = builder()
                .image(ImageDeclaration.named("repo/hudi:1").withFile("/usr/lib/hudi/h.jar", bundle))
                .releaseImage(ImageDeclaration.named("emr").withFile("/usr/lib/app.jar", bundle))
                .build();

        List<String> named = arguments(TestRun.of("r1")
                .parameters("--jars local:///usr/lib/hudi/h.jar,s3://jobs/b.jar"
                        + " --conf spark.jars=local:///usr/lib/hudi/h.jar"
                        + " --conf spark.kubernetes.container.image=repo/hudi:1"));
        assertThat(named)
                .anyMatch(argument -> argument.matches("local:///.*/r1/image/usr/lib/hudi/h.jar,s3://jobs/b.jar"));
        assertThat(named).anyMatch(argument -> argument.matches("spark.jars=local:///.*/r1/image/usr/lib/hudi/h.jar"));

        TestRun inRelease = TestRun.of("r2", "exists").entryPoint("local:///usr/lib/app.jar");
        arguments(inRelease);
        assertThat(log(driverLog("stdout.gz", inRelease))).contains("/r2/image/usr/lib/app.jar exists: true");

        TestRun missing = TestRun.of("r3", "exists").entryPoint("local:///../../../etc/passwd");
        arguments(missing);
        assertThat(log(driverLog("stdout.gz", missing))).contains("/r3/image/etc/passwd exists: false");
    }

    @Test
    void anImageThatWasNotDeclaredFailsTheRun() throws Exception {
        engine.close();
        engine = builder().image(ImageDeclaration.named("repo/hudi:1")).build();
        RecordingControl control =
                start(TestRun.of("r1").defaults(Map.of("spark.kubernetes.container.image", "repo/hudi:2")));

        assertThat(control.awaitEnd())
                .isEqualTo(
                        "failed USER_ERROR JobRun failed. ErrImagePull: image repo/hudi:2 is not declared to the local"
                                + " Spark engine; declared: [repo/hudi:1]");
        assertThat(control.said()).doesNotContain("running");
    }

    @Test
    void theDriversImageWinsOverTheCommonOne() throws Exception {
        assertThat(start(TestRun.of("r1")
                                .parameters("--conf spark.kubernetes.driver.container.image=driver:1 --conf"
                                        + " spark.kubernetes.container.image=common:1"))
                        .awaitEnd())
                .contains("driver:1");
    }

    @Test
    void theDriverSeesItsOwnWorldOnly() throws Exception {
        TestRun run = TestRun.of("r1")
                .defaults(Map.of(
                        "spark.kubernetes.driverEnv.STAGE",
                        "test",
                        "spark.driver.extraJavaOptions",
                        "-XX:+UseG1GC -Dgreeting='hello there'"));

        assertThat(start(run).awaitEnd()).isEqualTo("completed");

        String stdout = log(driverLog("stdout.gz", run));
        assertThat(stdout).contains("env STAGE=test\n", "env TZ=UTC\n", "env SPARK_LOCAL_IP=127.0.0.1\n");
        assertThat(stdout).contains("greeting=hello there\n").containsPattern("cwd=.*/r1/home\n");
        assertThat(stdout).containsPattern("tmp=.*/r1/tmp\n");
        assertThat(stdout.lines().filter(line -> line.startsWith("env ")).map(line -> line.replaceAll("^env |=.*", "")))
                .isSubsetOf(
                        "PATH",
                        "HOME",
                        "LANG",
                        "TZ",
                        "SPARK_LOCAL_IP",
                        "SPARK_LOCAL_DIRS",
                        "SPARK_CONF_DIR",
                        "SPARK_PUBLIC_DNS",
                        "STAGE",
                        "PWD",
                        "SHLVL",
                        "_");
    }

    @Test
    void anExitCodeOtherThanZeroIsAFailureAndItsMeaningIsTold() throws Exception {
        Map<Integer, String> meanings = Map.of(
                1, "the job threw an exception, ended itself with this code, or Spark refused its parameters",
                7, "the job's own code",
                101, "Spark did not find the main class or the jar that holds it",
                134, "a signal ended it, number 6",
                137, "it was killed (SIGKILL)",
                143, "it was told to end (SIGTERM)");
        for (Map.Entry<Integer, String> meaning : meanings.entrySet()) {
            TestRun run = TestRun.of("r" + meaning.getKey(), "exit:" + meaning.getKey());

            assertThat(start(run).awaitEnd()).isEqualTo(FAILED);
            assertThat(log(submitterLog(run)))
                    .startsWith("The driver ended with exit code " + meaning.getKey() + ": " + meaning.getValue());
            assertThat(log(driverLog("stderr.gz", run))).contains("a line on standard error");
        }
    }

    @Test
    void aThreadWithoutMemoryEndsTheDriver() throws Exception {
        TestRun run = TestRun.of("r1", "out-of-memory").parameters("--class a.Main --driver-memory 512m");

        String end = start(run).awaitEnd();

        String words =
                "The driver ran out of memory (OutOfMemoryError; its heap was 512 MiB, see spark.driver.memory).";
        assertThat(end)
                .isEqualTo("failed USER_ERROR JobRun failed. " + words
                        + " Please refer logs uploaded to S3/CloudWatch based on your monitoring configuration.");
        assertThat(end.length()).isLessThan(256);
        assertThat(log(submitterLog(run))).isEqualTo("The driver ended with exit code 137: " + words + "\n");
    }

    @Test
    void aDriverHasTheHeapItsRunAsksForWithinLimits() throws Exception {
        engine.close();
        engine = builder().driverHeapMebibytes(900).build();
        Map<String, Integer> heaps = Map.of(
                "", 900, // Spark's default is 1g
                "--driver-memory 600M", 600,
                "--conf spark.driver.memory=640", 640,
                "--conf spark.driver.memory=700000k", 683,
                "--conf spark.driver.memory=1m", 512,
                "--driver-memory 700m --conf spark.driver.memory=600m", 700,
                "--conf spark.driver.memory=99999t", 900);
        for (Map.Entry<String, Integer> heap : heaps.entrySet()) {
            TestRun run = TestRun.of("r" + heap.getValue() + heap.getKey().length(), "heap")
                    .parameters(heap.getKey());
            assertThat(start(run).awaitEnd()).isEqualTo("completed");
            String stdout = log(driverLog("stdout.gz", run));
            int seen = Integer.parseInt(stdout.replaceAll("(?s).*heap=(\\d+).*", "$1"));
            // the serial collector keeps one of its spaces free
            assertThat(seen).as(heap.getKey()).isBetween(heap.getValue() * 95 / 100, heap.getValue());
        }
        assertThat(start(TestRun.of("r1").defaults(Map.of("spark.driver.memory", "much")))
                        .awaitEnd())
                .contains("spark.driver.memory is 'much'; give a size such as 2g");
    }

    @Test
    void runsThatDoNotFitTogetherWaitInOrderAndOneThatNeverFitsFails() throws Exception {
        TestRun first = TestRun.of("r1", ready()).parameters("--driver-memory 512m");
        TestRun big = TestRun.of("r2", ready()).parameters("--driver-memory 1g");
        TestRun small = TestRun.of("r3", ready()).parameters("--driver-memory 512m");
        TestRun never = TestRun.of("r4").parameters("--driver-memory 1400m");
        engine.close();
        engine = builder().memoryMebibytes(2 * 812).driverHeapMebibytes(2048).build();
        RecordingControl firstControl = start(first);
        RecordingControl bigControl = start(big);
        RecordingControl smallControl = start(small);

        assertThat(start(never).awaitEnd())
                .isEqualTo("failed USER_ERROR JobRun failed. Its driver takes 1700 MiB, 1400 of them heap, and all"
                        + " drivers of the local Spark engine may take 1624; lower spark.driver.memory, or raise"
                        + " memoryMebibytes.");
        assertThat(firstControl.said()).containsExactly("submitted", "running");
        assertThat(bigControl.said()).containsExactly("submitted");
        assertThat(smallControl.said()).as("does not overtake").containsExactly("submitted");

        engine.cancel(first, firstControl);
        assertThat(firstControl.awaitEnd()).isEqualTo("cancelled");
        bigControl.awaitRunning();
        assertThat(smallControl.said()).containsExactly("submitted");

        engine.cancel(big, bigControl);
        smallControl.awaitRunning();
    }

    @Test
    void smallDriversRunTogether() throws Exception {
        engine.close();
        engine = builder().memoryMebibytes(2 * 812).build();
        start(TestRun.of("r1", ready()).parameters("--driver-memory 512m"));
        start(TestRun.of("r2", ready()).parameters("--driver-memory 512m"));

        awaitReady(2);
    }

    @Test
    void theSparkUiIsToldWhileThereIsOne() throws Exception {
        engine.close();
        engine = builder().sparkUi(true).build();
        TestRun run = TestRun.of("r1", "ui", ready()).parameters("--conf spark.plugins=a.Plugin");
        RecordingControl control = start(run);

        assertThat(control.awaitUi()).isEqualTo("http://127.0.0.1:40123");
        awaitReady(1);
        engine.cancel(run, control);
        assertThat(control.awaitEnd()).isEqualTo("cancelled");
        assertThat(control.said()).containsExactly("submitted", "running", "ui http://127.0.0.1:40123", "cancelled");
        assertThat(log(driverLog("stdout.gz", run)))
                .contains(
                        "arg=spark.ui.enabled=true\n",
                        "arg=spark.ui.port=0\n",
                        "arg=spark.plugins=a.Plugin,io.emreks.testing.spark.UiPlugin\n");
    }

    @Test
    void aSqlScriptNeedsSparksProgramForIt() throws Exception {
        assertThat(start(TestRun.of("r1").sql("s3://jobs/q.sql", "")).awaitEnd())
                .isEqualTo("failed USER_ERROR JobRun failed. The Spark of the local Spark engine runs no SQL scripts:"
                        + " org.apache.spark.sql.hive.thriftserver.SparkSQLCLIDriver is missing; add"
                        + " spark-hive-thriftserver to its class path.");
    }

    @Test
    void variablesComeFromThePodTemplateAndTheSettings() throws Exception {
        s3.put("conf", "driver.yaml", """
                spec:
                  containers:
                    - name: spark-kubernetes-driver
                      env:
                        - {name: FROM_TEMPLATE, value: a b}
                        - {name: NUMBER, value: 5}
                        - {name: BOTH, value: template}
                        - {name: SECRET, valueFrom: {secretKeyRef: {name: s, key: k}}}
                    - name: sidecar
                      env: [{name: OF_SIDECAR, value: x}]
                """.getBytes(StandardCharsets.UTF_8));
        TestRun run = TestRun.of("r1")
                .parameters("--conf spark.kubernetes.driver.podTemplateFile=s3://conf/driver.yaml"
                        + " --conf spark.kubernetes.driverEnv.BOTH=setting"
                        + " --conf spark.executorEnv.BOTH=executor --conf spark.executorEnv.TASK=t"
                        + " --conf spark.kubernetes.driverEnv.TZ=Asia/Singapore");

        assertThat(start(run).awaitEnd()).isEqualTo("completed");

        assertThat(log(driverLog("stdout.gz", run)))
                .contains(
                        "env FROM_TEMPLATE=a b\n",
                        "env NUMBER=5\n",
                        "env BOTH=setting\n",
                        "env TASK=t\n",
                        "env TZ=UTC\n")
                .doesNotContain("OF_SIDECAR", "env SECRET");
    }

    @Test
    void parametersThatCannotBeReadFailTheRun() throws Exception {
        TestRun run = TestRun.of("r1").parameters("--conf \"spark.x=1");

        assertThat(start(run).awaitEnd()).startsWith("failed USER_ERROR Invalid option string");
        assertThat(log("spark/.*/jobs/r1/containers/r1-[0-9a-f]{5}/stderr.gz")).startsWith("Invalid option string");
    }

    @Test
    void podTemplatesAreFetchedAndChecked() throws Exception {
        s3.put(
                "conf",
                "good.yaml",
                "spec: {containers: [{name: spark-kubernetes-driver}]}".getBytes(StandardCharsets.UTF_8));
        s3.put("conf", "bad.yaml", "spec: {hostPID: true}".getBytes(StandardCharsets.UTF_8));
        TestRun good =
                TestRun.of("r1").parameters("--conf spark.kubernetes.driver.podTemplateFile=s3://conf/good.yaml");
        TestRun bad = TestRun.of("r2")
                .defaults(Map.of("spark.kubernetes.driver.podTemplateFile", "s3://conf/bad.yaml"))
                .parameters("--conf spark.kubernetes.executor.podTemplateFile=s3://conf/good.yaml");
        TestRun gone =
                TestRun.of("r3").parameters("--conf spark.kubernetes.executor.podTemplateFile=s3://conf/gone.yaml");

        assertThat(start(good).awaitEnd()).isEqualTo("completed");
        RecordingControl refused = start(bad);
        assertThat(refused.awaitEnd())
                .isEqualTo(
                        "failed USER_ERROR Driver pod template validation failed. Field spec.hostPID is not allowed but"
                                + " specified. Executor pod template validation failed. No container is named"
                                + " spark-kubernetes-executor.");
        assertThat(refused.said()).containsExactly("submitted", refused.awaitEnd());
        assertThat(log("spark/.*/jobs/r2/containers/r2-[0-9a-f]{5}/stderr.gz"))
                .contains("Driver pod template validation failed.");
        assertThat(start(gone).awaitEnd()).contains("Could not load pod from template file.", "s3://conf/gone.yaml");
    }

    @Test
    void cancelEndsTheProcessAndItsChildren() throws Exception {
        TestRun run = TestRun.of("r1", "parent", ready());
        RecordingControl control = start(run);
        awaitReady(1);
        List<ProcessHandle> drivers = drivers();
        assertThat(drivers).hasSizeGreaterThanOrEqualTo(2);

        engine.cancel(run, control);
        engine.cancel(run, control);

        assertThat(control.awaitEnd()).isEqualTo("cancelled");
        assertThat(drivers).noneMatch(ProcessHandle::isAlive);
        assertThat(log(driverLog("stdout.gz", run))).contains("arg=parent");
    }

    @Test
    void aDriverThatDoesNotListenIsKilled() throws Exception {
        engine.close();
        engine = builder().cancelGrace(Duration.ofMillis(300)).build();
        TestRun run = TestRun.of("r1", "deaf", ready());
        RecordingControl control = start(run);
        awaitReady(1);
        List<ProcessHandle> drivers = drivers();

        engine.cancel(run, control);

        assertThat(control.awaitEnd()).isEqualTo("cancelled");
        assertThat(drivers).hasSize(1).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void aCancelRightAfterTheStartEndsTheRunToo() throws Exception {
        TestRun run = TestRun.of("r1", ready());
        RecordingControl control = start(run);

        engine.cancel(run, control);

        assertThat(control.awaitEnd()).isEqualTo("cancelled");
        assertThat(drivers()).isEmpty();
    }

    @Test
    void aCancelAfterTheEndIsAnsweredToo() throws Exception {
        TestRun run = TestRun.of("r1");
        assertThat(start(run).awaitEnd()).isEqualTo("completed");

        RecordingControl late = new RecordingControl();
        engine.cancel(run, late);

        assertThat(late.awaitEnd()).isEqualTo("cancelled");
    }

    @Test
    void runsBeyondTheLimitWaitTheirTurnAndCanBeCancelledMeanwhile() throws Exception {
        engine.close();
        engine = builder().memoryMebibytes(2 * 1324 - 1).build();
        TestRun first = TestRun.of("r1", ready());
        TestRun second = TestRun.of("r2");
        TestRun third = TestRun.of("r3");
        RecordingControl firstControl = start(first);
        RecordingControl secondControl = start(second);
        RecordingControl thirdControl = start(third);
        firstControl.awaitRunning();

        engine.cancel(second, secondControl);
        assertThat(secondControl.awaitEnd()).isEqualTo("cancelled");
        assertThat(secondControl.said()).containsExactly("submitted", "cancelled");
        assertThat(thirdControl.said()).containsExactly("submitted");

        engine.cancel(first, firstControl);
        assertThat(thirdControl.awaitEnd()).isEqualTo("completed");
    }

    /** The stand-in as a jar: Java makes no archive of folders. */
    private LocalSparkEngine engineWithArchive(Path archives) throws IOException {
        Path jar = folder.resolve("stand-in.jar");
        if (!Files.exists(jar)) {
            String name = "org/apache/spark/deploy/SparkSubmit.class";
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
                out.putNextEntry(new ZipEntry(name));
                Files.copy(testClasses().resolve(name), out);
            }
        }
        engine.close();
        engine = builder()
                .spark(SparkInstallation.ofClassPath(List.of(jar)))
                .classArchive(archives)
                .build();
        return engine;
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    private String jvmOf(String id) throws Exception {
        TestRun run = TestRun.of(id, "jvm");
        assertThat(start(run).awaitEnd()).isEqualTo("completed");
        return log(driverLog("stdout.gz", run))
                .lines()
                .filter(line -> line.startsWith("jvm="))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theFirstRunWaitsForTheArchiveAndTheNextEngineFindsIt() throws Exception {
        Path archives = folder.resolve("archives");
        engine = engineWithArchive(archives);
        assertThat(jvmOf("r1")).contains("-XX:SharedArchiveFile=" + archives, ".jsa");
        Path archive = files(archives, ".jsa").get(0);
        assertThat(files(archives, "")).hasSize(2); // and the lock

        engine = engineWithArchive(archives);
        assertThat(jvmOf("r2")).contains("-XX:SharedArchiveFile=" + archive);
    }

    @Test
    void aDamagedArchiveIsMadeAnew() throws Exception {
        Path archives = folder.resolve("archives");
        engine = engineWithArchive(archives);
        jvmOf("r1");
        Path archive = files(archives, ".jsa").get(0);
        byte[] whole = Files.readAllBytes(archive);
        Files.delete(archive);
        Files.write(archive, Arrays.copyOf(whole, whole.length / 10));

        engine = engineWithArchive(archives);
        assertThat(jvmOf("r2")).contains("-XX:SharedArchiveFile=" + archives);
        assertThat(Files.size(files(archives, ".jsa").get(0))).isGreaterThan(whole.length / 2);
    }

    @Test
    void whereNoArchiveCanBeMadeRunsGoWithout() throws Exception {
        Path archives = folder.resolve("archives");
        engine.close();
        engine = builder().classArchive(archives).build();
        assertThat(jvmOf("r1")).doesNotContain("SharedArchiveFile");
        assertThat(files(archives, ".jsa")).isEmpty();
        assertThat(files(archives, ".draft")).isEmpty();
        assertThat(Files.readString(files(archives, ".log").get(0))).contains("non-empty directory");

        engine.close();
        engine = builder()
                .classArchive(Files.writeString(folder.resolve("a-file"), "x"))
                .build();
        assertThat(jvmOf("r2")).doesNotContain("SharedArchiveFile");
    }

    @Test
    void whileAnotherMakesTheArchiveRunsGoWithout() throws Exception {
        Path archives = folder.resolve("archives");
        engine = engineWithArchive(archives);
        ClassArchive other = new ClassArchive(
                archives,
                Path.of(System.getProperty("java.home"), "bin", "java"),
                folder.resolve("stand-in.jar").toString());
        assertThat(other.claim()).isTrue();
        assertThat(jvmOf("r1")).doesNotContain("SharedArchiveFile");

        Files.writeString(other.draft(), "no archive, which Java notices");
        Path made = other.keep();
        assertThat(jvmOf("r2")).contains("-XX:SharedArchiveFile=" + made);
    }

    @Test
    void closeDoesNotWaitForTheArchive() throws Exception {
        Path archives = folder.resolve("archives");
        Path neverDone = Files.writeString(folder.resolve("java"), "#!/bin/sh\nexec sleep 1000\n");
        assertThat(neverDone.toFile().setExecutable(true)).isTrue();
        engine.close();
        engine = builder().java(neverDone).classArchive(archives).build();
        RecordingControl control = start(TestRun.of("r1"));
        while (drivers().isEmpty()) {
            Thread.onSpinWait();
        }
        engine.close();

        assertThat(control.said()).doesNotContain("running");
        assertThat(files(archives, ".jsa")).isEmpty();
        assertThat(files(archives, ".draft")).isEmpty();
    }

    @Test
    void anArchiveIsOfOneJavaAndOneClassPath() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path archives = folder.resolve("archives");
        Path jar = Files.writeString(folder.resolve("a.jar"), "x");
        ClassArchive archive = new ClassArchive(archives, java, jar.toString());
        assertThat(archive.find()).isEmpty();
        assertThat(archive.claim()).isTrue();
        Files.writeString(archive.draft(), "classes");
        Path kept = archive.keep();

        assertThat(new ClassArchive(archives, java, jar.toString()).find()).contains(kept);
        assertThat(new ClassArchive(archives, jar, jar.toString()).find()).isEmpty();
        assertThat(new ClassArchive(archives, java, jar + ":" + testClasses()).find())
                .isEmpty();
        Files.writeString(jar, "another");
        assertThat(new ClassArchive(archives, java, jar.toString()).find()).isEmpty();
        assertThat(archive.claim()).as("the claim was ended").isTrue();
        archive.giveUp();
    }

    @Test
    void withoutALogUriNothingIsStored() throws Exception {
        assertThat(start(TestRun.of("r1").logUri(Optional.empty())).awaitEnd()).isEqualTo("completed");
        assertThat(s3.list("logs", "")).isEmpty();
    }

    @Test
    void aLogUriWithoutAFolderOrASlashMakesNoEmptySegments() throws Exception {
        assertThat(start(TestRun.of("r1").logUri(Optional.of("s3://logs"))).awaitEnd())
                .isEqualTo("completed");
        assertThat(start(TestRun.of("r2").logUri(Optional.of("s3://logs/a/b"))).awaitEnd())
                .isEqualTo("completed");

        assertThat(s3.list("logs", ""))
                .hasSize(6)
                .allMatch(key -> key.matches("(a/b/)?" + TestRun.VIRTUAL_CLUSTER + "/jobs/.*"));
    }

    @Test
    void logsThatCannotBeStoredAreTold() throws Exception {
        assertThat(start(TestRun.of("r1").logUri(Optional.of("s3://No_Bucket/x")))
                        .awaitEnd())
                .startsWith("failed INTERNAL_ERROR The logs of the JobRun cannot be stored.");
    }

    @Test
    void aCancelIsACancelEvenIfTheLogsCannotBeStored() throws Exception {
        TestRun run = TestRun.of("r1", ready()).logUri(Optional.of("s3://No_Bucket/x"));
        RecordingControl control = start(run);

        engine.cancel(run, control);

        assertThat(control.awaitEnd()).isEqualTo("cancelled");
    }

    @Test
    void aSparkThatCannotBeStartedFailsThatRun() throws Exception {
        Path notJava = Files.writeString(folder.resolve("java"), "");
        assertThat(notJava.toFile().setExecutable(true)).isTrue();
        engine.close();
        engine = builder().java(notJava).build();
        Files.writeString(notJava, "#!/does/not/exist");

        assertThat(start(TestRun.of("r1")).awaitEnd()).startsWith("failed INTERNAL_ERROR");
        assertThat(start(TestRun.of("r2")).awaitEnd()).startsWith("failed INTERNAL_ERROR");
    }

    @Test
    void closeEndsEveryProcess() throws Exception {
        RecordingControl first = start(TestRun.of("r1", "parent", ready()));
        RecordingControl second = start(TestRun.of("r2", ready()));
        awaitReady(2);
        List<ProcessHandle> drivers = drivers();
        assertThat(drivers).hasSizeGreaterThanOrEqualTo(3);

        engine.close();
        engine.close();

        assertThat(drivers).noneMatch(ProcessHandle::isAlive);
        assertThat(first.hasEnded()).isFalse();
        assertThat(second.hasEnded()).isFalse();
    }

    @Test
    void closeKillsWhatDoesNotListen() throws Exception {
        engine.close();
        engine = builder().cancelGrace(Duration.ZERO).build();
        start(TestRun.of("r1", "deaf", ready()));
        awaitReady(1);
        List<ProcessHandle> drivers = drivers();

        engine.close();

        assertThat(drivers).hasSize(1).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void theBuilderNamesEveryProblem() {
        assertThatThrownBy(() -> LocalSparkEngine.builder()
                        .memoryMebibytes(811)
                        .threads(0)
                        .driverHeapMebibytes(1)
                        .cancelTakes(Duration.ofSeconds(-1))
                        .cancelGrace(Duration.ofSeconds(-1))
                        .java(folder.resolve("none"))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "s3:",
                        "spark:",
                        "memoryMebibytes: 811",
                        "threads: 0",
                        "driverHeapMebibytes: 1",
                        "cancelTakes:",
                        "cancelGrace:",
                        "java:");
    }

    @Test
    void installationsAndImagesCheckTheirFiles() throws IOException {
        assertThatThrownBy(() -> SparkInstallation.ofHome(folder)).hasMessageContaining("jars");
        assertThatThrownBy(() -> SparkInstallation.ofClassPath(List.of())).hasMessageContaining("empty");
        assertThatThrownBy(() -> SparkInstallation.ofClassPath(List.of(folder, folder.resolve("none"))))
                .hasMessageContaining("none");
        Path file = Files.writeString(folder.resolve("spark.classpath"), folder + ":" + testClasses() + "\n");
        assertThat(SparkInstallation.ofClassPathFile(file).classPath())
                .isEqualTo(folder + ":" + testClasses().toFile());
        Path jars = Files.createDirectories(folder.resolve("home/jars"));
        assertThatThrownBy(() -> SparkInstallation.ofHome(folder.resolve("home")))
                .hasMessageContaining("no jars");
        Files.createFile(jars.resolve("b.jar"));
        Files.createFile(jars.resolve("a.jar"));
        assertThat(SparkInstallation.ofHome(folder.resolve("home")).classPath())
                .isEqualTo(jars.resolve("a.jar") + ":" + jars.resolve("b.jar"));

        ImageDeclaration image = ImageDeclaration.named("i");
        for (String path : List.of("lib/a.jar", "", "/", "/lib/", "/lib/../../a.jar", "//a")) {
            assertThatThrownBy(() -> image.withFile(path, file))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + path + "'");
        }
        assertThatThrownBy(() -> image.withFile("/lib/a.jar", folder.resolve("none")))
                .hasMessageContaining("none");
        assertThat(image.withFile("/lib/a.jar", file).files()).containsOnlyKeys("/lib/a.jar");
        assertThat(image.files()).isEmpty();
    }
}
