package io.emreks.spark.size;

import io.emreks.spark.CpuQuantity;
import io.emreks.spark.MemorySize;
import java.util.Optional;

/**
 * What a pod requests of its node.
 *
 * @param cpu the CPU request
 * @param cpuLimit the CPU limit; empty for none
 * @param memory the memory request, which for Spark's containers is the limit too
 */
public record PodSize(CpuQuantity cpu, Optional<CpuQuantity> cpuLimit, MemorySize memory) {
    /** Nothing at all. */
    public static final PodSize ZERO = of(CpuQuantity.ZERO, MemorySize.ZERO);

    /** A size without a CPU limit. */
    public static PodSize of(CpuQuantity cpu, MemorySize memory) {
        return new PodSize(cpu, Optional.empty(), memory);
    }

    /** This pod with a further container in it; the limit stays that of this one. */
    public PodSize plus(PodSize container) {
        return new PodSize(cpu.plus(container.cpu), cpuLimit, memory.plus(container.memory));
    }

    /** Both requests, such as {@code 4 CPU, 14g}. */
    @Override
    public String toString() {
        return cpu + " CPU, " + memory;
    }
}
