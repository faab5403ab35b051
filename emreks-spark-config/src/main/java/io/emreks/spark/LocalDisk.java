package io.emreks.spark;

import java.util.Optional;

/**
 * A disk on which a driver or executor keeps shuffle and spill data, mounted as a volume whose name starts with
 * {@code spark-local-dir-} (Spark documentation, "Running Spark on Kubernetes", local storage). Without one, Spark uses
 * an {@code emptyDir} on the node's own disk.
 */
public sealed interface LocalDisk {
    /** Where the disk is mounted in the pod; an absolute path. */
    String mountPath();

    /**
     * A folder of the node, such as one on its NVMe disks. It must belong to the user 999 and group 1000 of EMR's image.
     *
     * @param mountPath where it is mounted in the pod
     * @param nodePath the folder on the node
     */
    record HostPath(String mountPath, String nodePath) implements LocalDisk {}

    /**
     * A folder that lives as long as the pod, on the node's disk.
     *
     * @param mountPath where it is mounted in the pod
     * @param sizeLimit how large it may become before the pod is evicted; empty for no limit
     */
    record EmptyDir(String mountPath, Optional<MemorySize> sizeLimit) implements LocalDisk {}

    /**
     * A volume that Spark asks a storage class for, for each pod anew ({@code OnDemand}).
     *
     * @param mountPath where it is mounted in the pod
     * @param storageClass the Kubernetes storage class, such as {@code gp3}
     * @param size how large it is
     */
    record Claim(String mountPath, String storageClass, MemorySize size) implements LocalDisk {}

    /** A folder of the node. */
    static LocalDisk hostPath(String mountPath, String nodePath) {
        return new HostPath(mountPath, nodePath);
    }

    /** A folder on the node's disk without a limit of size. */
    static LocalDisk emptyDir(String mountPath) {
        return new EmptyDir(mountPath, Optional.empty());
    }

    /**
     * A volume of a storage class for each pod.
     *
     * @param size such as {@code 100g}
     * @throws IllegalArgumentException if {@link MemorySize#parse(String)} cannot read the size
     */
    static LocalDisk claim(String mountPath, String storageClass, String size) {
        return new Claim(mountPath, storageClass, MemorySize.parse(size));
    }
}
