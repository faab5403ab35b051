package io.emreks.spark.check;

/** What a finding is about; names are stable, so that a team can list those it accepts. */
public enum FindingCode {
    /** A value that cannot be rendered or that Spark cannot read. */
    INVALID,
    /** A setting that EMR on EKS makes itself. */
    OWNED_BY_EMR,
    /** The master or the deploy mode, which are fixed on EMR on EKS. */
    MASTER_OR_DEPLOY_MODE,
    /** Dynamic allocation without shuffle tracking, and there is no shuffle service on Kubernetes. */
    DYNAMIC_ALLOCATION_WITHOUT_SHUFFLE_TRACKING,
    /** Dynamic allocation without a most number of executors. */
    DYNAMIC_ALLOCATION_WITHOUT_CAP,
    /** Dynamic allocation without a least or initial number, when EMR asks for many executors at the start. */
    DYNAMIC_ALLOCATION_PREALLOCATES,
    /** Dynamic allocation whose least, initial and most numbers are not in order, with which the driver fails. */
    DYNAMIC_ALLOCATION_OUT_OF_ORDER,
    /** The external shuffle service, which there is none of on Kubernetes. */
    EXTERNAL_SHUFFLE_SERVICE,
    /** A pod that no node can hold. */
    POD_FITS_NO_NODE,
    /** Memory beside the heap that is small for Python's processes. */
    PYTHON_OVERHEAD_TOO_SMALL,
    /** Decommissioning with a pod that has too little time for it. */
    DECOMMISSION_WITHOUT_GRACE_PERIOD,
    /** A secret as the value of a setting, which many can read. */
    SECRET_IN_PLAIN_SETTING,
    /** A setting of another cluster manager, which means nothing on Kubernetes. */
    IGNORED_ON_KUBERNETES,
    /** A list set by name that leaves out what a table format or preset of the job needs. */
    LIST_WITHOUT_PRESET,
    /** A setting that the release's Spark does not know. */
    UNKNOWN_SETTING,
    /** A setting that came, or went, with another version of Spark than the release's. */
    SETTING_OF_ANOTHER_VERSION,
    /** Something that EMR on EKS can only from a later release on. */
    FEATURE_BELOW_RELEASE,
    /** A jar or file with a scheme that neither Spark nor EMR's image is known to read, perhaps a misspelt one. */
    UNKNOWN_SCHEME,
    /** A setting of one S3 file system, where the release uses the other one. */
    OTHER_S3_FILE_SYSTEM,
    /** A configuration classification that the release does not take. */
    CLASSIFICATION_OF_ANOTHER_RELEASE,
    /** Several writers of one Hudi table that no lock keeps apart. */
    HUDI_WRITERS_WITHOUT_LOCK,
    /** Something that jobs with Lake Formation's fine-grained access cannot have. */
    LAKE_FORMATION_LIMIT
}
