package io.emreks.podtemplate;

import java.util.Optional;

/**
 * What Spark asks of Kubernetes for a driver or an executor, as it comes out of the Spark settings.
 *
 * @param cores Spark's cores: {@code spark.driver.cores} or {@code spark.executor.cores}; at least 1
 * @param heapMebibytes the heap: {@code spark.driver.memory} or {@code spark.executor.memory}, in MiB
 * @param podMebibytes request and limit of memory: the heap with its overhead and all else, in MiB
 * @param requestCores the CPU request if it differs from the cores, such as {@code 3900m}
 * @param limitCores the CPU limit, if there is one, such as {@code 4}
 */
public record PodSizing(
        int cores, long heapMebibytes, long podMebibytes, Optional<String> requestCores, Optional<String> limitCores) {

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if there is no core, no heap, or less memory than heap
     */
    public PodSizing {
        if (cores < 1 || heapMebibytes < 1 || podMebibytes < heapMebibytes) {
            throw new IllegalArgumentException(
                    "A pod has at least 1 core and a heap, and its memory is not below its heap;" + " cores are "
                            + cores + ", heapMebibytes " + heapMebibytes + ", podMebibytes " + podMebibytes);
        }
    }

    /**
     * A size whose CPU request is its cores, without a CPU limit.
     *
     * @param cores Spark's cores
     * @param heapMebibytes the heap, in MiB
     * @param podMebibytes request and limit of memory, in MiB
     * @return the size
     */
    public static PodSizing of(int cores, long heapMebibytes, long podMebibytes) {
        return new PodSizing(cores, heapMebibytes, podMebibytes, Optional.empty(), Optional.empty());
    }
}
