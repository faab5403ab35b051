package io.emreks.spark.size;

import io.emreks.spark.CpuQuantity;
import io.emreks.spark.ExecutorTuning;
import io.emreks.spark.MemorySize;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A size of executors with which a number of them fills a node. A node never gives pods all of its cores, so executors
 * that request as many as they have tasks leave the last one out: of 4 cores, 3 fit on 16 vCPUs. A shape therefore
 * requests a little less than its cores ({@code request.cores}), and has the memory that makes the node full.
 *
 * @param node the node
 * @param perNode how many such executors the node holds beside its reserve
 * @param tuning cores, CPU request, heap and overhead of an executor
 * @param pod what an executor's pod requests
 * @param wastedCpu the share of the node's CPU for pods that no executor requests, 0 to 1
 * @param wastedMemory the share of the node's memory for pods that no executor requests, 0 to 1
 */
public record ExecutorShape(
        NodeType node, int perNode, ExecutorTuning tuning, PodSize pod, double wastedCpu, double wastedMemory) {
    private static final double JVM_FACTOR = 0.1;
    private static final double PYTHON_FACTOR = 0.4;
    private static final long MIN_OVERHEAD = 384;
    private static final long MIN_HEAP = 512;
    /** Below this, tasks would share a core too often. */
    private static final double LEAST_SHARE_OF_CORE = 0.8;

    /**
     * The shapes of all numbers of cores that divide up the node, those with the least waste of CPU and memory first.
     *
     * @param python whether the job is a Python one, which needs more memory beside the heap
     */
    public static List<ExecutorShape> filling(NodeType node, NodeReserve reserve, boolean python) {
        List<ExecutorShape> shapes = new ArrayList<>();
        for (int cores = 1; cores <= node.vcpus(); cores++) {
            of(node, cores, reserve, python).ifPresent(shapes::add);
        }
        shapes.sort(Comparator.comparingDouble((ExecutorShape shape) -> shape.wastedCpu + shape.wastedMemory)
                .thenComparing(shape -> shape.perNode));
        return List.copyOf(shapes);
    }

    /**
     * The shape with that number of cores: as many executors as the node's virtual CPUs allow, each of which requests
     * its part of what the node has for pods.
     *
     * @param cores tasks at once in each executor
     * @return empty if the node has fewer CPUs, or so little left for pods that an executor would get less than 0.8 of
     *     its cores or a heap below 512 MiB
     */
    public static Optional<ExecutorShape> of(NodeType node, int cores, NodeReserve reserve, boolean python) {
        int perNode = cores < 1 ? 0 : Math.min(node.vcpus() / cores, Math.max(0, node.maxPods() - reserve.pods()));
        if (perNode == 0) {
            return Optional.empty();
        }
        long millicores = Math.min(cores * 1000L, node.freeMillicores(reserve) / perNode);
        long podMemory = node.freeMebibytes(reserve) / perNode;
        long heap = heap(podMemory, python ? PYTHON_FACTOR : JVM_FACTOR);
        if (millicores < LEAST_SHARE_OF_CORE * cores * 1000 || heap < MIN_HEAP) {
            return Optional.empty();
        }
        PodSize pod = PodSize.of(new CpuQuantity(millicores), MemorySize.ofMebibytes(podMemory));
        ExecutorTuning.Builder tuning = ExecutorTuning.builder()
                .cores(cores)
                .memory(MemorySize.ofMebibytes(heap))
                .memoryOverhead(MemorySize.ofMebibytes(podMemory - heap));
        if (millicores < cores * 1000L) {
            tuning.requestCores(pod.cpu().toString());
        }
        return Optional.of(new ExecutorShape(
                node,
                perNode,
                tuning.build(),
                pod,
                wasted(millicores * perNode, node.allocatableCpu().millicores()),
                wasted(podMemory * perNode, node.allocatableMemory().mebibytes())));
    }

    /** The largest heap that leaves as much beside it as Spark would. */
    private static long heap(long podMemory, double factor) {
        return Math.min((long) (podMemory / (1 + factor)), podMemory - MIN_OVERHEAD);
    }

    private static double wasted(long used, long all) {
        return 1 - (double) used / all;
    }
}
