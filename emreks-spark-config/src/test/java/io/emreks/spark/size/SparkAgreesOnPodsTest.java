package io.emreks.spark.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emreks.spark.CpuQuantity;
import io.emreks.spark.EntryPoint;
import io.emreks.spark.MemorySize;
import io.emreks.spark.RealSpark;
import io.emreks.spark.SparkConf;
import io.emreks.spark.SparkJob;
import io.emreks.spark.check.FindingCode;
import io.emreks.spark.check.SparkChecks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** The pods are those that Spark's own Kubernetes code builds. */
class SparkAgreesOnPodsTest {
    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void podsAreThoseOfSpark(@ForAll("settings") Map<String, String> settings, @ForAll boolean python) {
        agree(settings, python);
    }

    @Property(tries = 20_000, edgeCases = EdgeCasesMode.NONE)
    @Tag("deep")
    void thousandsOfPodsAreThoseOfSpark(@ForAll("settings") Map<String, String> settings, @ForAll boolean python) {
        agree(settings, python);
    }

    private static void agree(Map<String, String> settings, boolean python) {
        SparkConf.Builder conf = SparkConf.builder();
        settings.forEach(conf::set);
        SparkJob job = SparkJob.builder()
                .entryPoint(python ? EntryPoint.python("s3://b/a.py") : EntryPoint.jar("s3://b/a.jar"))
                .conf(conf.build())
                .build();
        for (RealSpark spark : RealSpark.values()) {
            Map<String, String> theirs = spark.pods(settings, python);

            JobSize ours = JobSize.of(job, spark.version(), SizingOptions.sparkOnly());

            assertThat(pods(ours)).as("%s %s", spark, settings).isEqualTo(normalized(theirs));
        }
    }

    private static Map<String, String> pods(JobSize size) {
        Map<String, String> pods = new HashMap<>();
        put(pods, "driver", size.driver());
        put(pods, "executor", size.executor());
        return pods;
    }

    private static void put(Map<String, String> pods, String role, PodSize pod) {
        pods.put(role + ".request.cpu", pod.cpu().toString());
        pod.cpuLimit().ifPresent(limit -> pods.put(role + ".limit.cpu", limit.toString()));
        pods.put(role + ".request.memory", pod.memory().mebibytes() + "Mi");
        pods.put(role + ".limit.memory", pod.memory().mebibytes() + "Mi");
    }

    private static Map<String, String> normalized(Map<String, String> theirs) {
        Map<String, String> normalized = new HashMap<>(theirs);
        normalized.replaceAll(
                (key, value) -> key.endsWith("cpu") ? CpuQuantity.parse(value).toString() : value);
        return normalized;
    }

    @Provide
    Arbitrary<Map<String, String>> settings() {
        Arbitrary<String> memory = Arbitraries.oneOf(
                Arbitraries.longs().between(1, 400_000).map(n -> n + "m"),
                Arbitraries.longs().between(1, 400).map(n -> n + "g"),
                Arbitraries.longs().between(1, 400).map(n -> n + "GB"),
                Arbitraries.longs().between(1, 400_000).map(n -> Long.toString(n)),
                Arbitraries.longs().between(1024, 400_000_000).map(n -> n + "k"));
        Arbitrary<String> bytes = Arbitraries.oneOf(
                memory.filter(text -> !text.matches("[0-9]+")),
                Arbitraries.longs().between(1 << 20, 400_000_000_000L).map(n -> Long.toString(n)));
        Arbitrary<String> factor = Arbitraries.oneOf(
                Arbitraries.doubles().between(0.001, 3).ofScale(3).map(d -> Double.toString(d)),
                Arbitraries.of("0.1", "0.4", "1"));
        Arbitrary<String> cores = Arbitraries.integers().between(1, 64).map(n -> Integer.toString(n));
        Arbitrary<String> cpu = Arbitraries.oneOf(
                cores, Arbitraries.integers().between(1, 64_000).map(n -> n + "m"), Arbitraries.of("0.5", "3.9"));
        // Spark refuses a limit below the request
        Arbitrary<String> limit = Arbitraries.integers().between(64, 99).map(n -> Integer.toString(n));
        List<Arbitrary<Map<String, String>>> each = List.of(
                maybe("spark.driver.memory", memory),
                maybe("spark.executor.memory", memory),
                maybe("spark.driver.memoryOverhead", memory),
                maybe("spark.executor.memoryOverhead", memory),
                maybe("spark.driver.memoryOverheadFactor", factor),
                maybe("spark.executor.memoryOverheadFactor", factor),
                maybe("spark.kubernetes.memoryOverheadFactor", factor),
                maybe("spark.driver.minMemoryOverhead", memory),
                maybe("spark.executor.minMemoryOverhead", memory),
                maybe("spark.executor.pyspark.memory", memory),
                maybe("spark.driver.cores", cores),
                maybe("spark.executor.cores", cores),
                maybe("spark.kubernetes.driver.request.cores", cpu),
                maybe("spark.kubernetes.executor.request.cores", cpu),
                maybe("spark.kubernetes.driver.limit.cores", limit),
                maybe("spark.kubernetes.executor.limit.cores", limit),
                bytes.flatMap(size -> Arbitraries.of(
                        Map.of(),
                        Map.of("spark.memory.offHeap.size", size),
                        Map.of("spark.memory.offHeap.enabled", "true", "spark.memory.offHeap.size", size),
                        Map.of("spark.memory.offHeap.enabled", "false", "spark.memory.offHeap.size", size))));
        return Combinators.combine(each).as((List<Map<String, String>> maps) -> {
            Map<String, String> all = new HashMap<>();
            maps.forEach(all::putAll);
            return all;
        });
    }

    private static Arbitrary<Map<String, String>> maybe(String key, Arbitrary<String> values) {
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(2, Arbitraries.just(Map.of())),
                net.jqwik.api.Tuple.of(1, values.map(value -> Map.of(key, value))));
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void executorsAtTheStartAreThoseOfSpark(
            @ForAll RealSpark spark, @ForAll("executors") Map<String, String> settings) {
        SparkConf.Builder conf = SparkConf.builder();
        settings.forEach(conf::set);
        SparkJob job = SparkJob.builder().conf(conf.build()).build();
        JobSize ours = JobSize.of(job, spark.version(), SizingOptions.sparkOnly());
        boolean refused = SparkChecks.withoutRelease().check(job).stream()
                .anyMatch(finding -> finding.code() == FindingCode.DYNAMIC_ALLOCATION_OUT_OF_ORDER);
        if (refused) {
            assertThatThrownBy(() -> spark.executorsAtTheStart(settings)).isInstanceOf(IllegalArgumentException.class);
        } else {
            assertThat(ours.startExecutors()).isEqualTo(spark.executorsAtTheStart(settings));
        }
    }

    @Provide
    Arbitrary<Map<String, String>> executors() {
        Arbitrary<String> number = Arbitraries.integers().between(0, 6).map(n -> Integer.toString(n));
        return Combinators.combine(List.of(
                        maybe("spark.dynamicAllocation.minExecutors", number),
                        maybe("spark.dynamicAllocation.initialExecutors", number),
                        maybe(
                                "spark.dynamicAllocation.maxExecutors",
                                Arbitraries.integers().between(1, 6).map(n -> Integer.toString(n))),
                        maybe(
                                "spark.executor.instances",
                                Arbitraries.integers().between(1, 6).map(n -> Integer.toString(n))),
                        Arbitraries.of("true", "false").map(on -> Map.of("spark.dynamicAllocation.enabled", on))))
                .as((List<Map<String, String>> maps) -> {
                    Map<String, String> all = new HashMap<>();
                    maps.forEach(all::putAll);
                    return all;
                });
    }

    @Property(tries = 1)
    void theExamplesOfSparksDocumentation() {
        assertThat(memory(Map.of("spark.executor.memory", "20G"), false)).isEqualTo(MemorySize.ofMebibytes(22528));
        assertThat(memory(Map.of("spark.executor.memory", "2G"), false)).isEqualTo(MemorySize.ofMebibytes(2432));
        assertThat(memory(Map.of("spark.executor.memory", "10G"), true)).isEqualTo(MemorySize.ofMebibytes(14336));
    }

    private static MemorySize memory(Map<String, String> settings, boolean python) {
        SparkConf.Builder conf = SparkConf.builder();
        settings.forEach(conf::set);
        SparkJob job = SparkJob.builder()
                .entryPoint(python ? EntryPoint.python("s3://b/a.py") : EntryPoint.jar("s3://b/a.jar"))
                .conf(conf.build())
                .build();
        return JobSize.of(job, RealSpark.V3_5.version(), SizingOptions.sparkOnly())
                .executor()
                .memory();
    }
}
