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
}
