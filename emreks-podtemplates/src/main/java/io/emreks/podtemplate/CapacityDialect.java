package io.emreks.podtemplate;

/**
 * The labels a cluster's nodes carry for spot and on-demand capacity. They depend on what creates the nodes; a selector in
 * the wrong dialect matches no node, and the pod stays pending.
 */
public enum CapacityDialect {
    /**
     * Nodes made by Karpenter: label {@code karpenter.sh/capacity-type} with {@code on-demand} or {@code spot}; pods are
     * kept from voluntary disruption by the annotation {@code karpenter.sh/do-not-disrupt: "true"}.
     */
    KARPENTER("karpenter.sh/capacity-type", "on-demand", "spot", "karpenter.sh/do-not-disrupt", "true"),
    /**
     * Nodes of EKS managed node groups: label {@code eks.amazonaws.com/capacityType} with {@code ON_DEMAND} or
     * {@code SPOT}; pods are kept from being moved by the Cluster Autoscaler with the annotation
     * {@code cluster-autoscaler.kubernetes.io/safe-to-evict: "false"}.
     */
    MANAGED_NODE_GROUPS(
            "eks.amazonaws.com/capacityType",
            "ON_DEMAND",
            "SPOT",
            "cluster-autoscaler.kubernetes.io/safe-to-evict",
            "false");

    private final String capacityLabel;
    private final String onDemand;
    private final String spot;
    private final String keepAnnotation;
    private final String keepValue;

    CapacityDialect(String capacityLabel, String onDemand, String spot, String keepAnnotation, String keepValue) {
        this.capacityLabel = capacityLabel;
        this.onDemand = onDemand;
        this.spot = spot;
        this.keepAnnotation = keepAnnotation;
        this.keepValue = keepValue;
    }

    String capacityLabel() {
        return capacityLabel;
    }

    String onDemand() {
        return onDemand;
    }

    String spot() {
        return spot;
    }

    String keepAnnotation() {
        return keepAnnotation;
    }

    String keepValue() {
        return keepValue;
    }
}
