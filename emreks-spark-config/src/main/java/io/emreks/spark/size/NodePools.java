package io.emreks.spark.size;

import java.util.Objects;

/**
 * The nodes on which jobs run.
 *
 * @param drivers the nodes of drivers and submitters, which should not be spot
 * @param executors the nodes of executors
 * @param reserve what DaemonSets take from each
 */
public record NodePools(NodeType drivers, NodeType executors, NodeReserve reserve) {
    /** Makes the pools. */
    public NodePools {
        Objects.requireNonNull(drivers, "drivers");
        Objects.requireNonNull(executors, "executors");
        Objects.requireNonNull(reserve, "reserve");
    }

    /** One kind of node for all pods, with a typical reserve. */
    public static NodePools of(NodeType node) {
        return new NodePools(node, node, NodeReserve.typical());
    }
}
