package io.emreks.spark.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.emreks.spark.Classification;
import io.emreks.spark.CpuQuantity;
import io.emreks.spark.DynamicAllocation;
import io.emreks.spark.EmrContainersDefaults;
import io.emreks.spark.EmrJobSubmitter;
import io.emreks.spark.ExecutorTuning;
import io.emreks.spark.MemorySize;
import io.emreks.spark.Problem;
import io.emreks.spark.ReleaseLabel;
import io.emreks.spark.SparkConf;
import io.emreks.spark.SparkJob;
import io.emreks.spark.SparkVersion;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SizeTest {
    private static final ReleaseLabel RELEASE = ReleaseLabel.parse("emr-7.12.0-latest");

    private static final SparkVersion SPARK = SparkVersion.parse("3.5.6");

    @Test
    void aJobOfDefaults() {
        JobSize size = JobSize.of(SparkJob.builder().build(), ReleaseLabel.parse("emr-7.5.0-latest"));
        PodSize pod = PodSize.of(CpuQuantity.ofCores(1), MemorySize.ofMebibytes(1408));
        assertThat(size).isEqualTo(new JobSize(PodSize.ZERO, pod, pod, 2, OptionalInt.of(2)));
        assertThat(size.total()).isEqualTo(PodSize.of(CpuQuantity.ofCores(3), MemorySize.ofMebibytes(3 * 1408)));
    }

    @Test
    void factorsOfRolesCountFromSpark33() {
        SparkJob job = job("spark.executor.memory", "10g", "spark.executor.memoryOverheadFactor", "0.5");
        assertThat(executorMemory(job, "3.2.0")).isEqualTo(11 * 1024);
        assertThat(executorMemory(job, "3.3.0")).isEqualTo(15 * 1024);
    }

    @Test
    void theLeastOverheadCanBeSetFromSpark4() {
        SparkJob job = job("spark.executor.memory", "1g", "spark.executor.minMemoryOverhead", "500m");
        assertThat(executorMemory(job, "3.5.0")).isEqualTo(1024 + 384);
        assertThat(executorMemory(job, "4.0.0")).isEqualTo(1024 + 500);
    }

    private static long executorMemory(SparkJob job, String spark) {
        return JobSize.of(job, SparkVersion.parse(spark), SizingOptions.sparkOnly())
                .executor()
                .memory()
                .mebibytes();
    }

    @Test
    void dynamicAllocationDecidesHowManyExecutors() {
        SparkJob bounded = SparkJob.builder()
                .addPreset(DynamicAllocation.builder().min(2).initial(5).max(50).build())
                .executors(ExecutorTuning.builder().instances(3).build())
                .build();
        assertThat(size(bounded).startExecutors()).isEqualTo(5);
        assertThat(size(bounded).maxExecutors()).hasValue(50);
        JobSize unbounded = size(job("spark.dynamicAllocation.enabled", "TRUE", "spark.executor.instances", "7"));
        assertThat(unbounded.startExecutors()).isEqualTo(7);
        assertThat(unbounded.maxExecutors()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(unbounded::total).withMessageContaining("maxExecutors");
        assertThat(size(job("spark.executor.instances", "9")).maxExecutors()).hasValue(9);
    }

    @Test
    void loggingContainersAreAddedWhereEmrAddsThem() {
        PodSize pod = PodSize.of(CpuQuantity.ofCores(1), MemorySize.ofMebibytes(1408));
        JobSize size = JobSize.of(SparkJob.builder().build(), SPARK, SizingOptions.withLogging());
        assertThat(size.driver().memory().mebibytes()).isEqualTo(1408 + 512);
        assertThat(size.executor()).isEqualTo(size.driver());
        assertThat(size.submitter()).isEqualTo(PodSize.of(new CpuQuantity(100), MemorySize.ofMebibytes(200)));

        SparkJob own = SparkJob.builder()
                .addClassification(EmrContainersDefaults.builder()
                        .loggingCores(new CpuQuantity(250))
                        .loggingMemory(MemorySize.ofGibibytes(1))
                        .executorLogging(false)
                        .build()
                        .toClassification())
                .addClassification(
                        EmrJobSubmitter.builder().logging(false).build().toClassification())
                .build();
        PodSize submitter = PodSize.of(new CpuQuantity(500), MemorySize.ofGibibytes(1));
        JobSize ofOwn = JobSize.of(own, SPARK, SizingOptions.withLogging().submitter(submitter));
        assertThat(ofOwn.driver()).isEqualTo(PodSize.of(new CpuQuantity(1250), MemorySize.ofMebibytes(1408 + 1024)));
        assertThat(ofOwn.executor()).isEqualTo(pod);
        assertThat(ofOwn.submitter()).isEqualTo(submitter);

        SparkJob odd = SparkJob.builder()
                .addClassification(
                        Classification.of("emr-job-submitter", Map.of("jobsubmitter.logging.request.memory", "1G")))
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JobSize.of(odd, SPARK, SizingOptions.withLogging()))
                .withMessageContaining("1G");
        SparkJob gib = SparkJob.builder()
                .addClassification(Classification.of(
                        "emr-job-submitter",
                        Map.of(
                                "jobsubmitter.logging.request.memory",
                                "1Gi",
                                "jobsubmitter.logging.request.cores",
                                "0.2")))
                .build();
        assertThat(JobSize.of(gib, SPARK, SizingOptions.withLogging()).submitter())
                .isEqualTo(PodSize.of(new CpuQuantity(200), MemorySize.ofGibibytes(1)));
    }

    @Test
    void refusesWhatSparkCouldNotRead() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> size(job("spark.executor.memory", "lots")))
                .withMessageContaining("conf[spark.executor.memory]");
        assertThatIllegalArgumentException().isThrownBy(() -> size(job("spark.memory.offHeap.enabled", "yes")));
        assertThatIllegalArgumentException().isThrownBy(() -> size(job("spark.executor.cores", "four")));
        assertThatIllegalArgumentException().isThrownBy(() -> size(job("spark.executor.memoryOverheadFactor", "x")));
    }

    @ParameterizedTest
    @MethodSource("types")
    void theFormulaOfNodesGivesWhatKarpenterComputes(NodeType type) {
        NodeType computed = NodeType.of(
                type.name(), type.architecture(), type.vcpus(), type.memory(), type.enis(), type.ipv4PerEni());
        assertThat(computed.maxPods()).isEqualTo(type.maxPods());
        assertThat(computed.allocatableCpu()).isEqualTo(type.allocatableCpu());
        assertThat(computed.allocatableMemory().mebibytes())
                .isBetween(
                        type.allocatableMemory().mebibytes() - 1,
                        type.allocatableMemory().mebibytes() + 1);
    }

    static Stream<NodeType> types() {
        return Stream.of(
                        "m5.4xlarge",
                        "r6g.4xlarge",
                        "t3.small",
                        "m7g.16xlarge",
                        "c6i.xlarge",
                        "p3dn.24xlarge",
                        "a1.medium",
                        "c7g.large")
                .map(NodeCatalog::get);
    }

    @Test
    void knowsTheInstanceTypes() {
        assertThat(NodeCatalog.all())
                .hasSizeGreaterThan(1300)
                .allMatch(type -> type.maxPods() > 0 && type.allocatableCpu().millicores() > 0);
        NodeType m5 = NodeCatalog.get("m5.4xlarge");
        assertThat(m5.architecture()).isEqualTo(CpuArchitecture.AMD64);
        assertThat(m5.vcpus()).isEqualTo(16);
        assertThat(m5.memory()).isEqualTo(MemorySize.ofGibibytes(64));
        assertThat(m5.allocatableCpu().millicores()).isEqualTo(15890);
        assertThat(m5.allocatableMemory().mebibytes()).isEqualTo(57691);
        assertThat(m5.maxPods()).isEqualTo(234);
        assertThat(m5.onDemandUsdPerHour()).hasValue(0.768);
        assertThat(NodeCatalog.get("r6g.4xlarge").architecture()).isEqualTo(CpuArchitecture.ARM64);
        assertThat(NodeCatalog.get("p3dn.24xlarge").gpus()).isEqualTo(8);
        assertThat(NodeCatalog.get("p3dn.24xlarge").localNvmeGb()).isEqualTo(1800);
        assertThat(NodeCatalog.find("m99.huge")).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeCatalog.get("m99.huge"))
                .withMessageContaining("m99.huge");
    }

    @Test
    void findsTheCheapestNodesThatHoldAPod() {
        PodSize pod = PodSize.of(CpuQuantity.ofCores(4), MemorySize.ofGibibytes(16));
        List<NodeType> nodes = NodeCatalog.holding(pod, CpuArchitecture.ARM64, NodeReserve.typical());
        assertThat(nodes)
                .isNotEmpty()
                .allMatch(node -> node.fits(pod, NodeReserve.typical()) > 0
                        && node.architecture() == CpuArchitecture.ARM64
                        && node.gpus() == 0);
        List<Double> prices = nodes.stream()
                .map(node -> node.onDemandUsdPerHour().getAsDouble() / node.fits(pod, NodeReserve.typical()))
                .toList();
        assertThat(prices).isSorted();
        PodSize giant = PodSize.of(CpuQuantity.ofCores(10_000), MemorySize.ofGibibytes(1));
        assertThat(NodeCatalog.holding(giant, CpuArchitecture.AMD64, NodeReserve.none()))
                .isEmpty();
    }

    @Test
    void fourExecutorsOfFourCoresFitOnSixteenCpusOnlyIfTheyRequestLess() {
        NodeType node = NodeCatalog.get("m5.4xlarge");
        PodSize naive = PodSize.of(CpuQuantity.ofCores(4), MemorySize.ofGibibytes(10));
        assertThat(node.fits(naive, NodeReserve.none())).isEqualTo(3);

        ExecutorShape shape =
                ExecutorShape.of(node, 4, NodeReserve.typical(), false).orElseThrow();
        assertThat(shape.perNode()).isEqualTo(4);
        assertThat(shape.tuning().requestCores()).contains("3847m");
        assertThat(shape.tuning().cores()).hasValue(4);
        assertThat(node.fits(shape.pod(), NodeReserve.typical())).isEqualTo(4);
    }

    @Property(tries = 100)
    void shapesFillTheirNode(@ForAll("nodes") NodeType node, @ForAll boolean python) {
        NodeReserve reserve = NodeReserve.typical();
        List<ExecutorShape> shapes = ExecutorShape.filling(node, reserve, python);
        for (ExecutorShape shape : shapes) {
            SparkJob job = SparkJob.builder().executors(shape.tuning()).build();
            assertThat(job.problems()).isEmpty();
            assertThat(size(job).executor().cpu()).isEqualTo(shape.pod().cpu());
            assertThat(size(job).executor().memory()).isEqualTo(shape.pod().memory());
            assertThat(node.fits(shape.pod(), reserve)).isEqualTo(shape.perNode());
            assertThat(shape.wastedCpu()).isBetween(0.0, 1.0);
            assertThat(shape.wastedMemory()).isBetween(0.0, 1.0);
            long heap = shape.tuning().memory().orElseThrow().mebibytes();
            long overhead = shape.tuning().memoryOverhead().orElseThrow().mebibytes();
            assertThat(overhead).isGreaterThanOrEqualTo(Math.max(384, (long) (heap * (python ? 0.4 : 0.1))));
        }
        assertThat(shapes.stream()
                        .map(shape -> shape.wastedCpu() + shape.wastedMemory())
                        .toList())
                .isSorted();
    }

    @Provide
    Arbitrary<NodeType> nodes() {
        return Arbitraries.of(List.copyOf(NodeCatalog.all()));
    }

    @Test
    void someNodesHaveNoShape() {
        NodeType node = NodeCatalog.get("m5.4xlarge");
        assertThat(ExecutorShape.of(node, 17, NodeReserve.none(), false)).isEmpty();
        assertThat(ExecutorShape.of(node, 0, NodeReserve.none(), false)).isEmpty();
        assertThat(ExecutorShape.filling(NodeCatalog.get("a1.medium"), NodeReserve.typical(), false))
                .isEmpty();
        assertThat(ExecutorShape.filling(node, NodeReserve.none(), false)).isNotEmpty();
    }

    // the tables of eni-and-ip-target.md: limit of interfaces, addresses of each, mode, pods, interfaces, addresses
    @ParameterizedTest
    @CsvSource({
        "3, 4, 0, 1, 3", "3, 4, 5, 3, 9", "3, 4, 9, 3, 9",
        "15, 50, 0, 1, 49", "15, 50, 3, 2, 98", "15, 50, 95, 3, 147"
    })
    void wholeInterfaces(int enis, int ips, int pods, int attached, int secondary) {
        assertThat(IpMode.secondaryIps().ofNode(enis, ips, pods))
                .isEqualTo(new NodeAddresses(attached, secondary + attached));
    }

    @ParameterizedTest
    @CsvSource({
        "3, 4, 1, 1, 0, 1, 1",
        "3, 4, 1, 1, 5, 2, 6",
        "3, 4, 1, 1, 9, 3, 9",
        "3, 4, 2, 5, 0, 2, 5",
        "3, 4, 2, 5, 5, 3, 7",
        "3, 4, 2, 5, 9, 3, 9",
        "15, 50, 5, 10, 0, 1, 10",
        "15, 50, 5, 10, 7, 1, 12",
        "15, 50, 5, 10, 15, 1, 20",
        "15, 50, 5, 10, 45, 2, 50"
    })
    void singleAddresses(int enis, int ips, int warm, int minimum, int pods, int attached, int secondary) {
        assertThat(IpMode.warmIps(warm, minimum).ofNode(enis, ips, pods))
                .isEqualTo(new NodeAddresses(attached, secondary + attached));
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 1", "5, 1, 2", "16, 1, 2", "17, 1, 3", "58, 2, 5", "200, 3, 9"})
    void prefixes(int pods, int attached, int prefixes) {
        assertThat(IpMode.prefixes(1).ofNode(3, 4, pods))
                .isEqualTo(new NodeAddresses(attached, prefixes * 16 + attached));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 0, 1, 1",
        "1, 1, 5, 1, 1",
        "1, 1, 17, 1, 2",
        "1, 1, 58, 2, 4",
        "7, 20, 5, 1, 2",
        "7, 20, 17, 1, 2",
        "7, 20, 58, 2, 5"
    })
    void prefixesForSingleAddresses(int warm, int minimum, int pods, int attached, int prefixes) {
        assertThat(IpMode.prefixesWithWarmIps(warm, minimum).ofNode(3, 4, pods))
                .isEqualTo(new NodeAddresses(attached, prefixes * 16 + attached));
    }

    @Test
    void sixPodsOnALargeNode() {
        NodeType r5 = NodeCatalog.get("r5.4xlarge");
        assertThat(IpMode.secondaryIps().ofNode(r5, 6)).isEqualTo(new NodeAddresses(2, 60));
        assertThat(IpMode.warmIps(2, 8).ofNode(r5, 6)).isEqualTo(new NodeAddresses(1, 9));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpMode.secondaryIps().ofNode(r5, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> IpMode.warmIps(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> IpMode.prefixes(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> IpMode.prefixesWithWarmIps(0, -1));
        assertThat(NodeType.maxPods(8, 30)).isEqualTo(234);
        assertThat(NodeType.maxPodsWithCustomNetworking(8, 30)).isEqualTo(205);
    }

    @Property
    void moreAddressesForMorePods(
            @ForAll("modes") IpMode mode, @ForAll @IntRange(max = 200) int pods, @ForAll("nodes") NodeType node) {
        NodeAddresses some = mode.ofNode(node, pods);
        NodeAddresses more = mode.ofNode(node, pods + 1);
        assertThat(more.addresses()).isGreaterThanOrEqualTo(some.addresses());
        assertThat(some.enis()).isBetween(1, node.enis());
        assertThat(some.addresses() - some.enis())
                .isGreaterThanOrEqualTo(Math.min(pods, node.enis() * (node.ipv4PerEni() - 1)));
    }

    @Provide
    Arbitrary<IpMode> modes() {
        return Arbitraries.of(
                IpMode.secondaryIps(), IpMode.warmIps(2, 8), IpMode.prefixes(1), IpMode.prefixesWithWarmIps(2, 8));
    }

    @Test
    void nodesAndAddressesOfJobs() {
        NodeType r5 = NodeCatalog.get("r5.4xlarge");
        NodeReserve reserve = new NodeReserve(CpuQuantity.ZERO, MemorySize.ZERO, 3, 3);
        SparkJob job = SparkJob.builder()
                .executors(ExecutorTuning.builder()
                        .instances(10)
                        .cores(5)
                        .memory("30g")
                        .build())
                .build();
        NodePlan one = NodePlan.of(new NodePools(r5, r5, reserve), List.of(size(job)));
        // submitter, driver, and 10 executors of which 3 fit on a node
        assertThat(one.groups()).extracting(NodePlan.Group::nodes).containsExactly(1, 1, 4);
        assertThat(one.nodes()).isEqualTo(6);
        assertThat(one.pods()).isEqualTo(12);
        assertThat(one.vcpus()).isEqualTo(96);
        assertThat(one.memory()).isEqualTo(MemorySize.ofGibibytes(6 * 128));
        assertThat(one.addresses(IpMode.secondaryIps())).isEqualTo(6 * 60);
        assertThat(one.addresses(IpMode.warmIps(2, 8))).isEqualTo(3 * 9 + 3 * 9);

        NodePlan two = NodePlan.of(new NodePools(r5, r5, reserve), List.of(size(job), size(job)));
        assertThat(two.groups()).extracting(NodePlan.Group::pods).containsExactly(2, 2, 20);
        assertThat(two.nodes()).isEqualTo(1 + 1 + 7);

        assertThat(one.checkAddresses(IpMode.secondaryIps(), 450)).isEmpty();
        assertThat(one.checkAddresses(IpMode.secondaryIps(), 449))
                .singleElement()
                .extracting(Problem::message)
                .asString()
                .contains("360", "449");
    }

    @Test
    void refusesWhatFitsOnNoNodeOrHasNoBound() {
        NodePools pools = NodePools.of(NodeCatalog.get("m5.large"));
        JobSize large = size(job("spark.executor.memory", "64g"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodePlan.of(pools, List.of(large)))
                .withMessageContainingAll("executor", "m5.large");
        JobSize unbounded = size(job("spark.dynamicAllocation.enabled", "true"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodePlan.of(pools, List.of(unbounded)))
                .withMessageContaining("maxExecutors");
        JobSize none = new JobSize(PodSize.ZERO, PodSize.ZERO, PodSize.ZERO, 0, OptionalInt.of(0));
        assertThat(NodePlan.of(pools, List.of(none)).pods()).isEqualTo(2);
    }

    @Test
    void refusesImpossibleNodesAndReserves() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeType.of("x", CpuArchitecture.AMD64, 0, MemorySize.ofGibibytes(1), 1, 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeType.of("x", CpuArchitecture.AMD64, 1, MemorySize.ofGibibytes(1), 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new NodeReserve(CpuQuantity.ZERO, MemorySize.ZERO, 1, 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NodeReserve(CpuQuantity.ZERO, MemorySize.ZERO, -1, -1));
        assertThat(PodSize.of(CpuQuantity.ofCores(2), MemorySize.ofGibibytes(3)))
                .hasToString("2 CPU, 3g");
    }

    private static JobSize size(SparkJob job) {
        return JobSize.of(job, SPARK, SizingOptions.sparkOnly());
    }

    private static SparkJob job(String... settings) {
        SparkConf.Builder conf = SparkConf.builder();
        for (int i = 0; i < settings.length; i += 2) {
            conf.set(settings[i], settings[i + 1]);
        }
        return SparkJob.builder().conf(conf.build()).build();
    }

    @Test
    void aBoundAsLargeAsThereIsIsNone() {
        SparkJob job =
                job("spark.dynamicAllocation.enabled", "true", "spark.dynamicAllocation.maxExecutors", "2147483647");
        assertThat(JobSize.of(job, RELEASE).maxExecutors()).isEmpty();
        SparkJob large = job("spark.executor.instances", "2000000000");
        NodePlan plan = NodePlan.of(NodePools.of(NodeCatalog.get("m5.4xlarge")), List.of(JobSize.of(large, RELEASE)));
        assertThat(plan.nodes()).isPositive();
        assertThat(plan.pods()).isEqualTo(2_000_000_002);
        assertThat(plan.addresses(IpMode.secondaryIps())).isGreaterThan(2_000_000_000L);
    }

    @ParameterizedTest
    @CsvSource({
        "spark.executor.cores, -1",
        "spark.executor.cores, 99999999999",
        "spark.executor.instances, -1",
        "spark.executor.memoryOverheadFactor, 0",
        "spark.kubernetes.memoryOverheadFactor, NaN",
        "spark.driver.memory, 9223372036854775807",
        "spark.driver.memory, 9007199254740991g",
    })
    void refusesNumbersThatMakeNoPod(String key, String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> JobSize.of(job(key, value), RELEASE));
    }

    @Test
    void offHeapMemoryThatIsSwitchedOnHasASize() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JobSize.of(job("spark.memory.offHeap.enabled", "true"), RELEASE))
                .withMessageContaining("spark.memory.offHeap.size");
    }

    @Test
    void aShapeSaysWhatItWastes() {
        ExecutorShape four = ExecutorShape.of(NodeCatalog.get("m5.4xlarge"), 4, NodeReserve.typical(), false)
                .orElseThrow();
        assertThat(four.pod()).isEqualTo(PodSize.of(new CpuQuantity(3847), MemorySize.ofMebibytes(14_166)));
        assertThat(four.tuning().memory()).contains(MemorySize.ofMebibytes(12_878));
        assertThat(four.wastedCpu()).isCloseTo(1 - 4 * 3847 / 15_890.0, within(1e-9));
        assertThat(four.wastedMemory()).isCloseTo(1 - 4 * 14_166 / 57_691.0, within(1e-9));
        assertThat(ExecutorShape.filling(NodeCatalog.get("m5.4xlarge"), NodeReserve.typical(), false))
                .anyMatch(
                        shape -> shape.perNode() == 1 && shape.tuning().cores().equals(OptionalInt.of(16)))
                .allMatch(shape -> shape.pod().cpu().millicores()
                        >= 800L * shape.tuning().cores().orElse(0));
    }

    @Test
    void fewPodsAndLittleMemoryBoundAShape() {
        NodeReserve manyPods = new NodeReserve(CpuQuantity.ZERO, MemorySize.ZERO, 232, 0);
        // 234 pods at most
        assertThat(ExecutorShape.of(NodeCatalog.get("m5.4xlarge"), 4, manyPods, false)
                        .orElseThrow()
                        .perNode())
                .isEqualTo(2);
        NodeType small = NodeType.of("small", CpuArchitecture.AMD64, 2, MemorySize.ofMebibytes(1635), 2, 2);
        // 1113 MiB are left: one pod with a heap of 729 MiB, or two with less than 512
        assertThat(small.allocatableMemory()).isEqualTo(MemorySize.ofMebibytes(1113));
        assertThat(ExecutorShape.of(small, 2, NodeReserve.none(), false)).isPresent();
        assertThat(ExecutorShape.of(small, 1, NodeReserve.none(), false)).isEmpty();
    }

    @Test
    void optionsSayWhatIsBesideSpark() {
        SparkJob job = job();
        assertThat(JobSize.of(job, RELEASE, SizingOptions.withLogging()).driver())
                .isEqualTo(PodSize.of(CpuQuantity.ofCores(1), MemorySize.ofMebibytes(1024 + 384 + 512)));
        assertThat(JobSize.of(job, RELEASE)).isEqualTo(JobSize.of(job, RELEASE, SizingOptions.sparkOnly()));
    }
}
