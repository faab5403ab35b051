package io.emreks.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubmitOptionsTest {
    @Test
    void everythingWithATypedPlaceGoesThere() {
        SparkJob job = SparkJob.parse("--class a.B --jars s3://b/a.jar,s3://b/b.jar --py-files s3://b/c.py"
                + " --files s3://b/d --archives s3://b/e.zip#e --packages g:a:1,g:b:2"
                + " --driver-cores 2 --driver-memory 4G --driver-java-options \"-Da=b c\""
                + " --num-executors 10 --executor-cores 4 --executor-memory 14g"
                + " --conf spark.driver.memoryOverhead=512 --conf spark.driver.memoryOverheadFactor=0.2"
                + " --conf spark.kubernetes.driver.request.cores=1900m --conf spark.kubernetes.driver.limit.cores=2"
                + " --conf spark.kubernetes.driver.container.image=r/d:1 --conf spark.kubernetes.driverEnv.A=1"
                + " --conf spark.executor.memoryOverhead=1g --conf spark.executor.memoryOverheadFactor=0.3"
                + " --conf spark.kubernetes.executor.request.cores=3900m --conf spark.kubernetes.executor.limit.cores=4"
                + " --conf spark.executor.extraJavaOptions=-Dx --conf spark.kubernetes.executor.container.image=r/e:1"
                + " --conf spark.executor.pyspark.memory=2g --conf spark.executorEnv.B=2"
                + " --conf spark.kubernetes.container.image=r/i:1 --conf spark.x=y");
        assertThat(job)
                .isEqualTo(SparkJob.builder()
                        .mainClass("a.B")
                        .jars(List.of("s3://b/a.jar", "s3://b/b.jar"))
                        .pyFiles(List.of("s3://b/c.py"))
                        .files(List.of("s3://b/d"))
                        .archives(List.of("s3://b/e.zip#e"))
                        .packages(List.of("g:a:1", "g:b:2"))
                        .image("r/i:1")
                        .driver(DriverTuning.builder()
                                .cores(2)
                                .memory("4g")
                                .memoryOverhead("512m")
                                .memoryOverheadFactor(0.2)
                                .requestCores("1900m")
                                .limitCores("2")
                                .javaOptions("-Da=b c")
                                .image("r/d:1")
                                .putEnv("A", "1")
                                .build())
                        .executors(ExecutorTuning.builder()
                                .instances(10)
                                .cores(4)
                                .memory("14g")
                                .memoryOverhead("1g")
                                .memoryOverheadFactor(0.3)
                                .requestCores("3900m")
                                .limitCores("4")
                                .javaOptions("-Dx")
                                .image("r/e:1")
                                .pysparkMemory("2g")
                                .putEnv("B", "2")
                                .build())
                        .conf(SparkConf.builder().set("spark.x", "y").build())
                        .build());
    }

    @Test
    void theOthersBecomeSettingsOrStayOptions() {
        SparkJob job = SparkJob.parse("--name n --driver-class-path /a --driver-library-path /l --queue q"
                + " --exclude-packages g:c --repositories https://r --principal p --keytab k --total-executor-cores 9"
                + " --verbose --proxy-user bob --supervise -hivevar a=b --remote sc://h");
        assertThat(job.conf().asMap())
                .isEqualTo(Map.of(
                        "spark.app.name", "n",
                        "spark.driver.extraClassPath", "/a",
                        "spark.driver.extraLibraryPath", "/l",
                        "spark.yarn.queue", "q",
                        "spark.jars.excludes", "g:c",
                        "spark.jars.repositories", "https://r",
                        "spark.kerberos.principal", "p",
                        "spark.kerberos.keytab", "k",
                        "spark.cores.max", "9",
                        "spark.remote", "sc://h"));
        assertThat(job.options()).containsExactly("--verbose", "--proxy-user", "bob", "--supervise", "-hivevar", "a=b");
        assertThat(SparkJob.parse(job.render().sparkSubmitParameters())).isEqualTo(job);
    }

    @Test
    void whatHasNoTypedFormStaysASetting() {
        SparkJob job = SparkJob.parse("--executor-memory lots --executor-cores x --conf spark.driver.memory=1500k"
                + " --conf spark.executor.memoryOverheadFactor=much --conf spark.executorEnv.=x --jars ,");
        assertThat(job.conf().asMap())
                .isEqualTo(Map.of(
                        "spark.executor.memory", "lots",
                        "spark.executor.cores", "x",
                        "spark.driver.memory", "1500k",
                        "spark.executor.memoryOverheadFactor", "much",
                        "spark.executorEnv.", "x"));
        assertThat(job.jars()).isEmpty();
    }

    @Test
    void theStringWinsOverSparkDefaults() {
        SparkJob job = SparkJob.parse(
                "--conf spark.a=string",
                Map.of("spark.a", "defaults", "spark.b", "defaults", "spark.jars", "s3://b/a.jar"));
        assertThat(job.conf().asMap()).isEqualTo(Map.of("spark.a", "string", "spark.b", "defaults"));
        assertThat(job.jars()).containsExactly("s3://b/a.jar");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--conf hunter2",
                "--conf =hunter2",
                "--conf",
                "--bogus hunter2",
                "-x",
                "hunter2",
                "--verbose=hunter2",
                "--class a.B hunter2 --conf spark.a=b",
                "--conf=",
                "--=x",
                "--conf spark.a=\"hunter2"
            })
    void refusesWhatSparkWouldAndShowsNoValue(String options) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkJob.parse(options))
                .withMessageNotContaining("hunter2");
    }

    @Test
    void saysWhichWordIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkJob.parse("--verbose --bogus"))
                .withMessageContaining("--bogus (word 2)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkJob.parse("--verbose word"))
                .withMessageContaining("word 2 ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkJob.parse("--verbose --conf x"))
                .withMessageContaining("word 3 ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkJob.parse("--num-executors"))
                .withMessageContaining("--num-executors has no value");
        String longName = "--" + "x".repeat(60);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkJob.parse(longName))
                .withMessageContaining("x…")
                .withMessageNotContaining(longName);
    }

    @Test
    void commandLines() {
        SparkJob job = SparkJob.parseCommand(
                "/usr/lib/spark/bin/spark-submit \\\n  --master yarn --deploy-mode cluster \\\n"
                        + "  --conf 'spark.a=$x `y`' --conf \"spark.b=\\\"q\\\" \\$x a\\b\\\nc\" s3://b/a.py --date 'a b' $ 5$");
        assertThat(job.conf().asMap())
                .isEqualTo(Map.of(
                        "spark.master", "yarn",
                        "spark.submit.deployMode", "cluster",
                        "spark.a", "$x `y`",
                        "spark.b", "\"q\" $x a\\bc"));
        assertThat(job.entryPoint()).contains(EntryPoint.python("s3://b/a.py", "--date", "a b", "$", "5$"));
        assertThat(job.problems())
                .extracting(Problem::field)
                .containsExactly("conf[spark.master]", "conf[spark.submit.deployMode]");
        assertThat(SparkJob.parseCommand("--verbose").entryPoint()).isEmpty();
        assertThat(SparkJob.parseCommand("spark-submit").options()).isEmpty();
        assertThat(SparkJob.parseCommand("").options()).isEmpty();
        assertThat(SparkJob.parseCommand("s3://b/spark-submit").entryPoint()).isEmpty();
        assertThat(SparkJob.parseCommand("a\\\nb").entryPoint()).contains(EntryPoint.jar("ab"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"$HOME", "a${B}", "\"$(x)\"", "`x`", "\"`x`\"", "x$1", "$?", "$_"})
    void refusesWhatOnlyAShellCouldReplace(String word) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkJob.parseCommand("spark-submit " + word))
                .withMessageContaining("a shell would replace what is at character");
        assertThat(SubmitParameters.tokenize(word.replace("\"", ""))).hasSize(1);
    }

    @Test
    void refusesAnOpenEndInAShellToo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkJob.parseCommand("a \\"))
                .withMessageContaining("character 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkJob.parseCommand("a 'b"))
                .withMessageContaining("character 2");
    }

    @Test
    void offHeapMemoryIsReadBack() {
        assertThat(read("spark.memory.offHeap.enabled=true", "spark.memory.offHeap.size=2g")
                        .offHeap())
                .contains(MemorySize.ofGibibytes(2));
        // Spark counts bytes here
        assertThat(read("spark.memory.offHeap.enabled=TRUE", "spark.memory.offHeap.size=1073741824")
                        .offHeap())
                .contains(MemorySize.ofGibibytes(1));
        for (String[] plain : List.of(
                new String[] {"spark.memory.offHeap.size=2g"},
                new String[] {"spark.memory.offHeap.enabled=false", "spark.memory.offHeap.size=2g"},
                new String[] {"spark.memory.offHeap.enabled=true"},
                new String[] {"spark.memory.offHeap.enabled=true", "spark.memory.offHeap.size=100"},
                new String[] {"spark.memory.offHeap.enabled=true", "spark.memory.offHeap.size=much"})) {
            SparkJob job = job(plain);
            assertThat(job.executors().offHeap()).isEmpty();
            assertThat(job.conf().entries()).hasSize(plain.length);
        }
    }

    @Test
    void localDisksAreReadBack() {
        List<LocalDisk> disks = List.of(
                LocalDisk.hostPath("/data1", "/mnt/k8s-disks/0"),
                LocalDisk.emptyDir("/data2"),
                LocalDisk.claim("/data3", "gp3", "100g"),
                new LocalDisk.EmptyDir("/data4", Optional.of(MemorySize.ofMebibytes(500))));
        SparkJob job = SparkJob.builder()
                .driver(DriverTuning.builder()
                        .addLocalDisk(LocalDisk.emptyDir("/data1"))
                        .build())
                .executors(ExecutorTuning.builder().localDisks(disks).build())
                .build();
        assertThat(job.problems()).isEmpty();
        assertThat(SparkJob.parse(job.render().sparkSubmitParameters())).isEqualTo(job);
        assertThat(disks(
                        "hostPath.spark-local-dir-2.mount.path=/b",
                        "hostPath.spark-local-dir-2.options.path=/mnt/b",
                        "emptyDir.spark-local-dir-1.mount.path=/a",
                        "emptyDir.spark-local-dir-1.options.sizeLimit=2Gi"))
                .containsExactly(
                        new LocalDisk.EmptyDir("/a", Optional.of(MemorySize.ofGibibytes(2))),
                        LocalDisk.hostPath("/b", "/mnt/b"));
    }

    @Test
    void disksThatSayMoreStaySettings() {
        String path = "emptyDir.spark-local-dir-1.mount.path=/a";
        for (List<String> said : List.of(
                List.of("emptyDir.spark-local-dir-2.mount.path=/a"),
                List.of("emptyDir.spark-local-dir-x.mount.path=/a"),
                List.of("emptyDir.spark-local-dir-1.options.sizeLimit=2Gi"),
                List.of("hostPath.spark-local-dir-1.mount.path=/a"),
                List.of("nfs.spark-local-dir-1.mount.path=/a"),
                List.of(path, "emptyDir.spark-local-dir-1.mount.readOnly=true"),
                List.of(path, "emptyDir.spark-local-dir-1.options.medium=Memory"),
                List.of(path, "emptyDir.spark-local-dir-1.options.sizeLimit=2G"),
                List.of(path, "emptyDir.spark-local-dir-1.options.sizeLimit=2Gi", "emptyDir.spark-local-dir-1.x=1"),
                List.of(path, "hostPath.spark-local-dir-1.mount.path=/b", "hostPath.spark-local-dir-1.options.path=/c"),
                List.of(
                        "persistentVolumeClaim.spark-local-dir-1.mount.path=/a",
                        "persistentVolumeClaim.spark-local-dir-1.options.claimName=shared",
                        "persistentVolumeClaim.spark-local-dir-1.options.storageClass=gp3",
                        "persistentVolumeClaim.spark-local-dir-1.options.sizeLimit=2Gi"))) {
            SparkJob job = job(said.stream().map(SubmitOptionsTest::volume).toArray(String[]::new));
            assertThat(job.executors().localDisks()).as(said.toString()).isEmpty();
            assertThat(job.conf().entries()).hasSize(said.size());
        }
        assertThat(job(volume("emptyDir.scratch.mount.path=/a")).conf().entries())
                .hasSize(1);
    }

    private static List<LocalDisk> disks(String... said) {
        return read(Stream.of(said).map(SubmitOptionsTest::volume).toArray(String[]::new))
                .localDisks();
    }

    private static String volume(String said) {
        return "spark.kubernetes.executor.volumes." + said;
    }

    private static ExecutorTuning read(String... settings) {
        SparkJob job = job(settings);
        assertThat(job.conf().entries()).isEmpty();
        return job.executors();
    }

    private static SparkJob job(String... settings) {
        return SparkJob.parse("--conf " + String.join(" --conf ", settings));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a | tee log", "a > log", "a 2>&1", "a; b", "a && b", "(a)", "a # why", "~/a.jar", "#a"})
    void refusesWhatAShellWouldDoBeside(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkJob.parseCommand("spark-submit " + line))
                .withMessageContaining("means something to a shell");
    }

    @Test
    void whatIsQuotedOrInsideAWordMeansNothingToAShell() {
        assertThat(SparkJob.parseCommand("s3://b/a.jar '|' \\> \"a;b\" a#b~c")
                        .entryPoint()
                        .orElseThrow()
                        .arguments())
                .containsExactly("|", ">", "a;b", "a#b~c");
        assertThat(SparkJob.parse("--name a|b;c").conf().get("spark.app.name")).contains("a|b;c");
        assertThat(SparkJob.parseCommand("spark-submit \\\r\n --name x \\\r\n s3://b/a.jar")
                        .entryPoint())
                .contains(EntryPoint.jar("s3://b/a.jar"));
    }
}
