package io.emreks.spark.size;

import io.emreks.spark.MemorySize;
import io.emreks.spark.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The nodes that a set of jobs needs when all of them have their most executors, each kind of pod on nodes of its own
 * (an upper bound, as a scheduler may put pods of several kinds on one node).
 *
 * @param groups the nodes of each kind of pod
 * @param reserve what DaemonSets take from each node
 */
public record NodePlan(List<Group> groups, NodeReserve reserve) {
    /** Addresses of a subnet that AWS keeps for itself are not among the free ones, so none are taken off here. */
    private static final double FULL = 0.8;

    /** Keeps a copy of the groups. */
    public NodePlan {
        groups = List.copyOf(groups);
    }

    /**
     * Nodes with the same pods.
     *
     * @param node the kind of node
     * @param podsPerNode how many of the pods a node holds
     * @param pods how many pods there are
     */
    public record Group(NodeType node, int podsPerNode, int pods) {
        /** How many nodes the pods need. */
        public int nodes() {
            return NodeAddresses.ceil(pods, podsPerNode);
        }

        private long addresses(IpMode mode, NodeReserve reserve) {
            int full = pods / podsPerNode;
            int rest = pods % podsPerNode;
            long addresses = (long) full
                    * mode.ofNode(node, podsPerNode + reserve.podIps()).addresses();
            return rest == 0
                    ? addresses
                    : addresses + mode.ofNode(node, rest + reserve.podIps()).addresses();
        }
    }

    /**
     * The nodes of the jobs in those pools.
     *
     * @throws IllegalArgumentException if a job has no bound on its executors, or a pod fits on no node of its pool
     */
    public static NodePlan of(NodePools pools, List<JobSize> jobs) {
        List<Group> groups = new ArrayList<>();
        for (JobSize job : jobs) {
            add(groups, pools.drivers(), "submitter", job.submitter(), 1, pools.reserve());
            add(groups, pools.drivers(), "driver", job.driver(), 1, pools.reserve());
            add(groups, pools.executors(), "executor", job.executor(), job.boundedExecutors(), pools.reserve());
        }
        return new NodePlan(joined(groups), pools.reserve());
    }

    private static void add(
            List<Group> groups, NodeType node, String role, PodSize pod, int pods, NodeReserve reserve) {
        int perNode = node.fits(pod, reserve);
        if (perNode == 0) {
            throw new IllegalArgumentException("a " + role + " pod of " + pod + " fits on no " + node.name()
                    + ", which has " + node.allocatableCpu() + " CPU, " + node.allocatableMemory()
                    + " for pods; make it smaller, or use larger nodes");
        }
        if (pods > 0) {
            groups.add(new Group(node, perNode, pods));
        }
    }

    private static List<Group> joined(List<Group> groups) {
        return groups.stream()
                .collect(Collectors.groupingBy(
                        group -> List.of(group.node(), group.podsPerNode()), LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .map(same -> new Group(
                        same.get(0).node(),
                        same.get(0).podsPerNode(),
                        Math.toIntExact(same.stream().mapToLong(Group::pods).sum())))
                .toList();
    }

    /** How many nodes there are. */
    public int nodes() {
        return Math.toIntExact(groups.stream().mapToLong(Group::nodes).sum());
    }

    /** How many pods of the jobs there are. */
    public int pods() {
        return Math.toIntExact(groups.stream().mapToLong(Group::pods).sum());
    }

    /** The nominal virtual CPUs of all nodes. */
    public long vcpus() {
        return groups.stream()
                .mapToLong(group -> (long) group.nodes() * group.node().vcpus())
                .sum();
    }

    /** The nominal memory of all nodes. */
    public MemorySize memory() {
        return MemorySize.ofMebibytes(groups.stream()
                .mapToLong(group -> group.nodes() * group.node().memory().mebibytes())
                .sum());
    }

    /** The VPC addresses that the nodes take in that mode. */
    public long addresses(IpMode mode) {
        return groups.stream()
                .mapToLong(group -> group.addresses(mode, reserve))
                .sum();
    }

    /**
     * Whether the addresses are enough; empty if they are. Four fifths of the free ones may be taken, as pods that are
     * replaced overlap and addresses are not free again at once.
     *
     * @param freeAddresses the {@code AvailableIpAddressCount} of the pods' subnets together, in the zone of the job
     */
    public List<Problem> checkAddresses(IpMode mode, long freeAddresses) {
        long needed = addresses(mode);
        if (needed <= FULL * freeAddresses) {
            return List.of();
        }
        return List.of(new Problem(
                "addresses",
                "are " + needed + " for " + nodes() + " nodes, and of the " + freeAddresses
                        + " free ones four fifths may be taken",
                "start fewer jobs at once, lower maxExecutors, keep fewer warm addresses (WARM_IP_TARGET) or prefixes,"
                        + " or give the pods larger subnets"));
    }
}
