package io.emreks.podtemplate;

import java.util.List;
import java.util.Optional;

/**
 * The labels a cluster's nodes carry for spot and on-demand capacity, and the annotation that keeps a pod where it is. They
 * depend on what creates the nodes; a selector in the wrong dialect matches no node, and the pod stays pending.
 *
 * @param capacityLabel the node label that tells spot from on-demand capacity
 * @param onDemand its value on on-demand nodes
 * @param spot its value on spot nodes
 * @param keepAnnotation the annotation of pods that are not to be moved
 * @param keepValue its value
 */
public record CapacityDialect(
        String capacityLabel, String onDemand, String spot, String keepAnnotation, String keepValue) {
    private static final String SAFE_TO_EVICT = "cluster-autoscaler.kubernetes.io/safe-to-evict";

    /**
     * Nodes made by Karpenter: label {@code karpenter.sh/capacity-type} with {@code on-demand} or {@code spot}; pods are
     * kept from voluntary disruption by the annotation {@code karpenter.sh/do-not-disrupt: "true"} (Karpenter,
     * "Scheduling" and "Disruption").
     */
    public static final CapacityDialect KARPENTER = new CapacityDialect(
            "karpenter.sh/capacity-type", "on-demand", "spot", "karpenter.sh/do-not-disrupt", "true");

    /**
     * Nodes of EKS managed node groups: label {@code eks.amazonaws.com/capacityType} with {@code ON_DEMAND} or
     * {@code SPOT}; pods are kept from being moved by the Cluster Autoscaler with the annotation
     * {@code cluster-autoscaler.kubernetes.io/safe-to-evict: "false"}.
     */
    public static final CapacityDialect MANAGED_NODE_GROUPS =
            new CapacityDialect("eks.amazonaws.com/capacityType", "ON_DEMAND", "SPOT", SAFE_TO_EVICT, "false");

    /**
     * Nodes of groups of your own that the Cluster Autoscaler scales. They carry the labels you gave them; the annotation
     * is the Cluster Autoscaler's, {@code cluster-autoscaler.kubernetes.io/safe-to-evict: "false"}.
     *
     * @param capacityLabel the node label that tells spot from on-demand capacity
     * @param onDemand its value on on-demand nodes
     * @param spot its value on spot nodes
     * @return the dialect
     */
    public static CapacityDialect clusterAutoscaler(String capacityLabel, String onDemand, String spot) {
        return new CapacityDialect(capacityLabel, onDemand, spot, SAFE_TO_EVICT, "false");
    }

    /** The dialects whose labels are known everywhere. */
    static List<CapacityDialect> known() {
        return List.of(KARPENTER, MANAGED_NODE_GROUPS);
    }

    boolean isKarpenter() {
        return capacityLabel.equals(KARPENTER.capacityLabel) && keepAnnotation.equals(KARPENTER.keepAnnotation);
    }

    /** The label of the group of nodes that a node belongs to, where there is one for all clusters. */
    Optional<String> poolLabel() {
        if (isKarpenter()) {
            return Optional.of("karpenter.sh/nodepool");
        }
        return capacityLabel.equals(MANAGED_NODE_GROUPS.capacityLabel)
                ? Optional.of("eks.amazonaws.com/nodegroup")
                : Optional.empty();
    }
}
