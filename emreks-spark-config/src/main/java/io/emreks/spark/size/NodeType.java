package io.emreks.spark.size;

import io.emreks.spark.CpuQuantity;
import io.emreks.spark.MemorySize;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * An EC2 instance type as a Kubernetes node, and what of it pods can have.
 *
 * @param name such as {@code m7g.4xlarge}
 * @param architecture its instruction set
 * @param vcpus its nominal virtual CPUs
 * @param memory its nominal memory
 * @param localNvmeGb its local NVMe disks together, in GB (1 GB = 10⁹ bytes); 0 for none
 * @param allocatableCpu what the kubelet leaves to pods
 * @param allocatableMemory what the kubelet and the operating system leave to pods, as Karpenter assumes it
 * @param maxPods the most pods with addresses of the secondary-IP mode
 * @param enis how many network interfaces it can have, of those of the default network card
 * @param ipv4PerEni how many IPv4 addresses each interface can have
 * @param gpus how many GPUs it has
 * @param onDemandUsdPerHour its on-demand price for Linux in us-east-1, in US dollars per hour, if known
 */
public record NodeType(
        String name,
        CpuArchitecture architecture,
        int vcpus,
        MemorySize memory,
        int localNvmeGb,
        CpuQuantity allocatableCpu,
        MemorySize allocatableMemory,
        int maxPods,
        int enis,
        int ipv4PerEni,
        int gpus,
        OptionalDouble onDemandUsdPerHour) {
    private static final double VM_OVERHEAD = 0.075;
    private static final long ARM_RESERVED_MEBIBYTES = 64;
    private static final int EVICTION_MEBIBYTES = 100;

    /** Makes a type. */
    public NodeType {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(architecture, "architecture");
        Objects.requireNonNull(onDemandUsdPerHour, "onDemandUsdPerHour");
        if (vcpus < 1 || enis < 1 || ipv4PerEni < 2) {
            throw new IllegalArgumentException("a node has 1 or more CPUs and interfaces, and 2 or more addresses");
        }
    }

    /**
     * A type that the catalogue does not have, with what the EKS node image reserves: of the CPU 6 % of the first core,
     * 1 % of the second, 0.5 % of the next two and 0.25 % of the rest; of the memory 11 MiB for each possible pod,
     * 255 MiB, and 100 MiB below which pods are evicted; and 7.5 % of the nominal memory, on Arm of 64 MiB less, which
     * Karpenter takes off for the machine itself. Source: amazon-eks-ami, {@code nodeadm}; Karpenter,
     * {@code VM_MEMORY_OVERHEAD_PERCENT}.
     */
    public static NodeType of(
            String name, CpuArchitecture architecture, int vcpus, MemorySize memory, int enis, int ipv4PerEni) {
        int pods = maxPods(enis, ipv4PerEni);
        long machine = memory.mebibytes() - (architecture == CpuArchitecture.ARM64 ? ARM_RESERVED_MEBIBYTES : 0);
        return new NodeType(
                name,
                architecture,
                vcpus,
                memory,
                0,
                new CpuQuantity(vcpus * 1000L - reservedMillicores(vcpus)),
                MemorySize.ofMebibytes(
                        Math.max(0, (long) (machine * (1 - VM_OVERHEAD)) - (11L * pods + 255) - EVICTION_MEBIBYTES)),
                pods,
                enis,
                ipv4PerEni,
                0,
                OptionalDouble.empty());
    }

    private static long reservedMillicores(int vcpus) {
        long second = vcpus >= 2 ? 10 : 0;
        long nextTwo = 5L * Math.max(0, Math.min(vcpus, 4) - 2);
        double rest = 2.5 * Math.max(0, vcpus - 4);
        return (long) (60 + second + nextTwo + rest);
    }

    /**
     * The most pods of a node in the secondary-IP mode: one address of each interface is the interface's own, and two
     * pods are in the node's network (amazon-vpc-cni-k8s, {@code eni-max-pods.txt}).
     */
    public static int maxPods(int enis, int ipv4PerEni) {
        return enis * (ipv4PerEni - 1) + 2;
    }

    /**
     * The most pods with custom networking, where the first interface has no pods.
     */
    public static int maxPodsWithCustomNetworking(int enis, int ipv4PerEni) {
        return maxPods(enis - 1, ipv4PerEni);
    }

    /** How many such pods the node holds beside the reserve. */
    public int fits(PodSize pod, NodeReserve reserve) {
        long pods = Math.max(0, maxPods - reserve.pods());
        pods = Math.min(pods, share(freeMillicores(reserve), pod.cpu().millicores()));
        pods = Math.min(pods, share(freeMebibytes(reserve), pod.memory().mebibytes()));
        return (int) pods;
    }

    private static long share(long free, long wanted) {
        return wanted == 0 ? Integer.MAX_VALUE : free / wanted;
    }

    long freeMillicores(NodeReserve reserve) {
        return Math.max(0, allocatableCpu.millicores() - reserve.cpu().millicores());
    }

    long freeMebibytes(NodeReserve reserve) {
        return Math.max(0, allocatableMemory.mebibytes() - reserve.memory().mebibytes());
    }
}
