package io.emreks.spark.size;

import io.emreks.spark.CpuQuantity;
import io.emreks.spark.MemorySize;
import java.util.Objects;

/**
 * What the pods of DaemonSets (network, storage, logs, metrics) take from each node before a job gets anything.
 *
 * @param cpu their CPU requests together
 * @param memory their memory requests together
 * @param pods how many of them count against the node's limit of pods
 * @param podIps how many of them have an address of their own, which those in the node's network do not
 */
public record NodeReserve(CpuQuantity cpu, MemorySize memory, int pods, int podIps) {
    /** Makes a reserve. */
    public NodeReserve {
        Objects.requireNonNull(cpu, "cpu");
        Objects.requireNonNull(memory, "memory");
        if (pods < 0 || podIps < 0 || podIps > pods) {
            throw new IllegalArgumentException("a reserve has 0 or more pods, and not more addresses than pods");
        }
    }

    /** Half a core, 1 GiB and 5 pods, 3 of them with an address: a rule of thumb, if the cluster's are not known. */
    public static NodeReserve typical() {
        return new NodeReserve(new CpuQuantity(500), MemorySize.ofGibibytes(1), 5, 3);
    }

    /** Nothing. */
    public static NodeReserve none() {
        return new NodeReserve(CpuQuantity.ZERO, MemorySize.ZERO, 0, 0);
    }
}
