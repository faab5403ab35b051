package io.emreks.spark.size;

/**
 * How the VPC network plugin gives pods addresses, which decides how many a node takes from its subnet. The default is
 * {@link #secondaryIps()}. Source: amazon-vpc-cni-k8s, {@code docs/eni-and-ip-target.md} and
 * {@code docs/prefix-and-ip-target.md}, whose tables these formulas give again.
 */
public sealed interface IpMode {
    /** What one node takes. */
    NodeAddresses ofNode(int eniLimit, int ipv4PerEni, int podIps);

    /**
     * The addresses that a node takes for that many pods with an address of their own.
     *
     * @throws IllegalArgumentException if {@code podIps} is negative
     */
    default NodeAddresses ofNode(NodeType node, int podIps) {
        if (podIps < 0) {
            throw new IllegalArgumentException("a node has 0 or more pods, not " + podIps);
        }
        return ofNode(node.enis(), node.ipv4PerEni(), podIps);
    }

    /**
     * Whole interfaces: those that the pods need, and one more full of free addresses ({@code WARM_ENI_TARGET=1}).
     */
    static IpMode secondaryIps() {
        return new SecondaryIps();
    }

    /**
     * Single addresses ({@code WARM_IP_TARGET}, {@code MINIMUM_IP_TARGET}).
     *
     * @param warm how many free addresses to keep
     * @param minimum how many addresses to keep at least
     */
    static IpMode warmIps(int warm, int minimum) {
        return new WarmIps(warm, minimum);
    }

    /**
     * Prefixes of 16 addresses ({@code ENABLE_PREFIX_DELEGATION}), on Nitro nodes.
     *
     * @param warm how many free prefixes to keep ({@code WARM_PREFIX_TARGET}); usual is 1
     */
    static IpMode prefixes(int warm) {
        return new Prefixes(warm);
    }

    /**
     * Prefixes of 16 addresses, as many as single addresses are wanted ({@code ENABLE_PREFIX_DELEGATION} with
     * {@code WARM_IP_TARGET} and {@code MINIMUM_IP_TARGET}).
     *
     * @param warm how many free addresses to keep
     * @param minimum how many addresses to keep at least
     */
    static IpMode prefixesWithWarmIps(int warm, int minimum) {
        return new PrefixesWithWarmIps(warm, minimum);
    }

    /** Whole interfaces. */
    record SecondaryIps() implements IpMode {
        @Override
        public NodeAddresses ofNode(int eniLimit, int ipv4PerEni, int podIps) {
            int enis = podIps == 0 ? 1 : Math.min(eniLimit, NodeAddresses.ceil(podIps, ipv4PerEni - 1) + 1);
            return new NodeAddresses(enis, enis * ipv4PerEni);
        }
    }

    /**
     * Single addresses.
     *
     * @param warm how many free addresses to keep
     * @param minimum how many addresses to keep at least
     */
    record WarmIps(int warm, int minimum) implements IpMode {
        /** Makes the mode; neither number may be negative. */
        public WarmIps {
            NodeAddresses.checkNotNegative(warm, minimum);
        }

        @Override
        public NodeAddresses ofNode(int eniLimit, int ipv4PerEni, int podIps) {
            int usable = ipv4PerEni - 1;
            int wanted = Math.min(eniLimit * usable, Math.max(podIps + warm, minimum));
            int enis = Math.max(1, NodeAddresses.ceil(wanted, usable));
            return new NodeAddresses(enis, wanted + enis);
        }
    }

    /**
     * Prefixes of 16 addresses.
     *
     * @param warm how many free prefixes to keep
     */
    record Prefixes(int warm) implements IpMode {
        /** Makes the mode; the number may not be negative. */
        public Prefixes {
            NodeAddresses.checkNotNegative(warm);
        }

        @Override
        public NodeAddresses ofNode(int eniLimit, int ipv4PerEni, int podIps) {
            return NodeAddresses.ofPrefixes(
                    eniLimit, ipv4PerEni, NodeAddresses.ceil(podIps, NodeAddresses.PREFIX) + warm);
        }
    }

    /**
     * Prefixes of 16 addresses, as many as single addresses are wanted.
     *
     * @param warm how many free addresses to keep
     * @param minimum how many addresses to keep at least
     */
    record PrefixesWithWarmIps(int warm, int minimum) implements IpMode {
        /** Makes the mode; neither number may be negative. */
        public PrefixesWithWarmIps {
            NodeAddresses.checkNotNegative(warm, minimum);
        }

        @Override
        public NodeAddresses ofNode(int eniLimit, int ipv4PerEni, int podIps) {
            return NodeAddresses.ofPrefixes(
                    eniLimit, ipv4PerEni, NodeAddresses.ceil(Math.max(podIps + warm, minimum), NodeAddresses.PREFIX));
        }
    }
}
