package io.emreks.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TuningTest {
    @Test
    void driverSaysItInSparksWords() {
        DriverTuning driver = DriverTuning.builder()
                .cores(2)
                .memory("4g")
                .memoryOverhead("512m")
                .requestCores("1900m")
                .limitCores("2")
                .putEnv("ZONE", "a")
                .build();
        assertThat(driver.problems()).isEmpty();
        assertThat(driver.toConf().entries()).allMatch(entry -> entry.origin() == SparkConf.Origin.TUNING);
        assertThat(driver.toConf().asMap())
                .isEqualTo(Map.of(
                        "spark.driver.cores", "2",
                        "spark.driver.memory", "4g",
                        "spark.driver.memoryOverhead", "512m",
                        "spark.kubernetes.driver.request.cores", "1900m",
                        "spark.kubernetes.driver.limit.cores", "2",
                        "spark.kubernetes.driverEnv.ZONE", "a"));
    }

    @Test
    void executorsSayItInSparksWords() {
        ExecutorTuning executors = ExecutorTuning.builder()
                .instances(10)
                .cores(4)
                .memory(MemorySize.ofGibibytes(14))
                .memoryOverhead(MemorySize.ofMebibytes(1500))
                .requestCores("3.9")
                .limitCores("4")
                .env(Map.of("ZONE", "a"))
                .build();
        assertThat(executors.problems()).isEmpty();
        assertThat(executors.toConf().asMap())
                .isEqualTo(Map.of(
                        "spark.executor.instances", "10",
                        "spark.executor.cores", "4",
                        "spark.executor.memory", "14g",
                        "spark.executor.memoryOverhead", "1500m",
                        "spark.kubernetes.executor.request.cores", "3.9",
                        "spark.kubernetes.executor.limit.cores", "4",
                        "spark.executorEnv.ZONE", "a"));
    }

    @Test
    void equalTuningsSayTheSame() {
        DriverTuning ab =
                DriverTuning.builder().putEnv("A", "1").putEnv("B", "2").build();
        DriverTuning ba =
                DriverTuning.builder().putEnv("B", "2").putEnv("A", "1").build();
        assertThat(ab).isEqualTo(ba);
        assertThat(ab.toConf()).isEqualTo(ba.toConf());
    }

    @Test
    void nothingSetSaysNothing() {
        assertThat(DriverTuning.builder().build().toConf().isEmpty()).isTrue();
        assertThat(ExecutorTuning.builder().build())
                .isEqualTo(ExecutorTuning.builder().build());
    }

    @Test
    void tellsEverythingThatIsWrong() {
        ExecutorTuning executors = ExecutorTuning.builder()
                .instances(0)
                .cores(-1)
                .memory("0")
                .requestCores("four")
                .limitCores("0m")
                .putEnv("A=B", "x")
                .build();
        assertThat(executors.problems())
                .extracting(Problem::field)
                .containsExactly(
                        "executors.instances",
                        "executors.cores",
                        "executors.memory",
                        "executors.requestCores",
                        "executors.limitCores",
                        "executors.env[A=B]");
        assertThat(DriverTuning.builder().cores(0).build().problems())
                .extracting(Problem::toString)
                .containsExactly("driver.cores is 0; make it 1 or more, or leave it out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0.0", "-1", "1.", ".5", "1k", "1 ", "1m\n", "1e3", "12345678901"})
    void refusesWhatIsNoCpuQuantity(String quantity) {
        assertThat(DriverTuning.builder().requestCores(quantity).build().problems())
                .hasSize(1);
    }

    @Test
    void refusesUnreadableMemory() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DriverTuning.builder().memory("lots"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExecutorTuning.builder().memoryOverhead("1.5g"));
    }

    @Test
    void hidesSecretEnvironmentVariables() {
        assertThat(DriverTuning.builder()
                        .putEnv("DB_PASSWORD", "hunter2")
                        .cores(1)
                        .build())
                .hasToString("DriverTuning{spark.driver.cores=1, spark.kubernetes.driverEnv.DB_PASSWORD=***}");
        assertThat(ExecutorTuning.builder()
                        .putEnv("DB_PASSWORD", "hunter2")
                        .build()
                        .toString())
                .doesNotContain("hunter2");
    }

    @Test
    void everythingElseThatARoleIsTold() {
        ExecutorTuning executors = ExecutorTuning.builder()
                .memory("14g")
                .memoryOverheadFactor(0.2)
                .offHeap("4g")
                .pysparkMemory("2g")
                .javaOptions("-XX:+UseG1GC")
                .image("repo/executor:1")
                .addLocalDisk(LocalDisk.hostPath("/data1", "/mnt/nvme"))
                .addLocalDisk(LocalDisk.emptyDir("/data2"))
                .addLocalDisk(new LocalDisk.EmptyDir("/data3", java.util.Optional.of(MemorySize.ofGibibytes(1))))
                .addLocalDisk(LocalDisk.claim("/data4", "gp3", "100g"))
                .build();
        assertThat(executors.problems()).isEmpty();
        String volumes = "spark.kubernetes.executor.volumes.";
        assertThat(executors.toConf().asMap())
                .isEqualTo(Map.ofEntries(
                        Map.entry("spark.executor.memory", "14g"),
                        Map.entry("spark.executor.memoryOverheadFactor", "0.2"),
                        Map.entry("spark.memory.offHeap.enabled", "true"),
                        Map.entry("spark.memory.offHeap.size", "4g"),
                        Map.entry("spark.executor.pyspark.memory", "2g"),
                        Map.entry("spark.executor.extraJavaOptions", "-XX:+UseG1GC"),
                        Map.entry("spark.kubernetes.executor.container.image", "repo/executor:1"),
                        Map.entry(volumes + "hostPath.spark-local-dir-1.mount.path", "/data1"),
                        Map.entry(volumes + "hostPath.spark-local-dir-1.mount.readOnly", "false"),
                        Map.entry(volumes + "hostPath.spark-local-dir-1.options.path", "/mnt/nvme"),
                        Map.entry(volumes + "emptyDir.spark-local-dir-2.mount.path", "/data2"),
                        Map.entry(volumes + "emptyDir.spark-local-dir-2.mount.readOnly", "false"),
                        Map.entry(volumes + "emptyDir.spark-local-dir-3.mount.path", "/data3"),
                        Map.entry(volumes + "emptyDir.spark-local-dir-3.mount.readOnly", "false"),
                        Map.entry(volumes + "emptyDir.spark-local-dir-3.options.sizeLimit", "1024Mi"),
                        Map.entry(volumes + "persistentVolumeClaim.spark-local-dir-4.mount.path", "/data4"),
                        Map.entry(volumes + "persistentVolumeClaim.spark-local-dir-4.mount.readOnly", "false"),
                        Map.entry(volumes + "persistentVolumeClaim.spark-local-dir-4.options.claimName", "OnDemand"),
                        Map.entry(volumes + "persistentVolumeClaim.spark-local-dir-4.options.storageClass", "gp3"),
                        Map.entry(volumes + "persistentVolumeClaim.spark-local-dir-4.options.sizeLimit", "102400Mi")));
    }

    @Test
    void tellsWhatElseIsWrong() {
        ExecutorTuning executors = ExecutorTuning.builder()
                .memoryOverhead("1g")
                .memoryOverheadFactor(0.2)
                .cores(4)
                .limitCores("3900m")
                .javaOptions("-Dspark.x=y -Xmx4g")
                .image("a b")
                .offHeap(MemorySize.ZERO)
                .pysparkMemory(MemorySize.ZERO)
                .addLocalDisk(LocalDisk.emptyDir("data"))
                .addLocalDisk(LocalDisk.emptyDir("/"))
                .addLocalDisk(LocalDisk.emptyDir("/mnt/x"))
                .addLocalDisk(LocalDisk.emptyDir("/mnt1"))
                .build();
        assertThat(executors.problems())
                .extracting(Problem::field)
                .containsExactly(
                        "executors.memoryOverheadFactor",
                        "executors.limitCores",
                        "executors.javaOptions",
                        "executors.javaOptions",
                        "executors.image",
                        "executors.localDisks[0]",
                        "executors.localDisks[1]",
                        "executors.localDisks[2]",
                        "executors.offHeap",
                        "executors.pysparkMemory");
        for (double factor : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThat(DriverTuning.builder()
                            .memoryOverheadFactor(factor)
                            .build()
                            .problems())
                    .hasSize(1);
        }
        assertThat(DriverTuning.builder()
                        .javaOptions("-Dspark.x=y -Da=-Xmxish")
                        .build()
                        .problems())
                .isEmpty();
        assertThat(DriverTuning.builder().javaOptions("-Xmx1g").build().problems())
                .hasSize(1);
        assertThat(DriverTuning.builder()
                        .requestCores("2")
                        .limitCores("2")
                        .build()
                        .problems())
                .isEmpty();
        assertThat(DriverTuning.builder().limitCores("1").build().problems()).isEmpty();
        assertThat(DriverTuning.builder()
                        .requestCores("2")
                        .limitCores("1")
                        .build()
                        .problems())
                .hasSize(1);
    }
}
