package io.emreks.podtemplate;

import java.util.Locale;

/**
 * What a {@link Finding} is about. The {@link #code} of a rule never changes; new rules may be added.
 *
 * <p>"Guide" is the EMR on EKS Development Guide, "Using pod templates"; "Spark" is Spark's "Running on Kubernetes", "Pod
 * template properties"; "Kubernetes" is the reference of the Pod API.
 */
public enum Rule {
    /** The field is newer than this version knows, and was let through by name; nothing checks it. */
    FIELD_UNKNOWN,
    /** EMR's list for pods does not have the field: the job fails after submission (Guide). */
    POD_FIELD_NOT_ALLOWED,
    /** EMR's list for Spark's container does not have the field: the job fails after submission (Guide). */
    CONTAINER_FIELD_NOT_ALLOWED,
    /** The template has no {@code spec}, which Spark cannot use. */
    SPEC_MISSING,
    /** More than a ConfigMap holds, in which Spark takes the executors' template to the driver. */
    TEMPLATE_TOO_LARGE,
    /** Large templates burden the API server with every job (EMR Containers Best Practices Guide, "Known factors"). */
    TEMPLATE_LARGE,
    /** Annotations beyond Kubernetes' 256 KiB. */
    ANNOTATIONS_TOO_LARGE,
    /** Spark's container has a name like the right one, and Spark takes the first container instead (Guide, Spark). */
    SPARK_CONTAINER_MISNAMED,
    /** There are containers but none is Spark's, and Spark takes the first one (Spark). */
    SPARK_CONTAINER_MISSING,
    /** A field that Kubernetes refuses a pod without, such as the name of a volume. */
    FIELD_MISSING,
    /** A name, word or number that Kubernetes refuses, such as a container's name with capitals. */
    VALUE_INVALID,
    /** Two containers of one name, one of which may be EMR's for logs (Kubernetes). */
    CONTAINER_DUPLICATE,
    /** A sidecar or an init container without an image (Kubernetes). */
    CONTAINER_WITHOUT_IMAGE,
    /** EMR or Spark adds a volume of this name (Guide). */
    VOLUME_RESERVED,
    /** Two volumes of one name, one of which Spark may add (Kubernetes). */
    VOLUME_DUPLICATE,
    /** A mount of Spark's container at or below a path that EMR mounts (Guide). */
    MOUNT_PATH_RESERVED,
    /** A mount of Spark's container above a path that EMR mounts. */
    MOUNT_PATH_HIDES_RESERVED,
    /** Two mounts at one path, one of which may be Spark's (Kubernetes). */
    MOUNT_PATH_DUPLICATE,
    /** A mount that names a volume which the pod does not have (Kubernetes). */
    MOUNT_WITHOUT_VOLUME,
    /** EMR sets this environment variable of Spark's container (Guide). */
    ENV_RESERVED,
    /** Spark sets this environment variable of its container after the template's (Spark). */
    ENV_REPLACED,
    /**
     * Spark overwrites the field in every pod: name, namespace, restart policy, an executor's host name (Spark). EMR
     * overwrites a driver's termination message path, as seen on release 6.8.0.
     */
    FIELD_REPLACED,
    /** Spark overwrites memory and the CPU request from its own settings (Spark). */
    RESOURCES_REPLACED,
    /** Spark replaces the hooks of executors when decommissioning is on. */
    LIFECYCLE_REPLACED,
    /** Spark sets this label. */
    LABEL_OF_SPARK,
    /** EMR uses labels with this prefix. */
    LABEL_OF_EMR,
    /** A key of a label, an annotation or a selector that Kubernetes refuses. */
    KEY_INVALID,
    /** A value of a label or a selector that Kubernetes refuses. */
    LABEL_VALUE_INVALID,
    /** No node has this value of the capacity label. */
    CAPACITY_UNKNOWN,
    /** Labels of Karpenter and of managed node groups together, which no node has. */
    CAPACITY_DIALECTS_MIXED,
    /** No node has this architecture. */
    ARCHITECTURE_UNKNOWN,
    /** The driver is on spot capacity, whose interruption loses the job. */
    DRIVER_ON_SPOT,
    /** Longer than the two minutes' notice of a spot node. */
    GRACE_PERIOD_BEYOND_SPOT_NOTICE,
    /** A toleration that Kubernetes refuses. */
    TOLERATION_INVALID,
    /** The value of Karpenter's annotation is neither {@code "true"} nor a duration. */
    DO_NOT_DISRUPT_INVALID,
    /** A sidecar of the driver that does not see Spark's container end: the pod goes on and is billed (Guide). */
    SIDECAR_NEVER_ENDS,
    /** Ephemeral containers, which the API server refuses when a pod is made (Kubernetes). */
    EPHEMERAL_CONTAINERS,
    /** Init containers of executors multiply the events of the cluster. */
    INIT_CONTAINERS_AT_SCALE,
    /** Anti-affinity makes Karpenter's scheduling slow with many pods (EMR Containers Best Practices Guide, "Karpenter"). */
    ANTI_AFFINITY_AT_SCALE,
    /** The image has no variant for the architecture that the template wants. */
    IMAGE_WITHOUT_ARCHITECTURE,
    /** The Spark settings of the job win over the template. */
    OVERRIDDEN_BY_SETTING,
    /** The executor ends before its decommissioning can be over. */
    GRACE_PERIOD_TOO_SHORT,
    /** The pod is in another zone than its volume. */
    VOLUME_IN_OTHER_ZONE,
    /** The pods of one job are pinned to different zones, or only some are. */
    ZONES_DIFFER,
    /** The job's submitter is on spot capacity, whose interruption can lose the job. */
    SUBMITTER_ON_SPOT,
    /** Executors count as ended only when their sidecars have ended too, and one does not see that. */
    SIDECAR_KEEPS_EXECUTOR;

    /**
     * The rule's name for logs and suppressions.
     *
     * @return lower-case words joined by hyphens, such as {@code mount-path-reserved}
     */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
