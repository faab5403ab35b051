package io.emreks.internal.calls;

/**
 * The calls the engine makes, with the account's published bucket for each: Amazon EMR on EKS Development Guide, "Service
 * quotas".
 */
public enum ApiOperation {
    CANCEL_JOB_RUN("CancelJobRun", Priority.CANCEL, 25, 1),
    START_JOB_RUN("StartJobRun", Priority.START, 25, 1),
    DESCRIBE_JOB_TEMPLATE("DescribeJobTemplate", Priority.START, 25, 1),
    LIST_VIRTUAL_CLUSTERS("ListVirtualClusters", Priority.START, 100, 5),
    LIST_JOB_RUNS("ListJobRuns", Priority.START, 100, 5),
    DESCRIBE_JOB_RUN("DescribeJobRun", Priority.START, 100, 20),
    PUT_OBJECT("PutObject"),
    LIST_OBJECTS("ListObjectsV2"),
    GET_OBJECT("GetObject");

    static final int ACCOUNT_CAPACITY = 200;
    static final int ACCOUNT_PER_SECOND = 20;

    /** Who goes first when calls have to wait; in this order. Looks of the watcher come after all others. */
    enum Priority {
        CANCEL,
        START
    }

    private final String serviceName;
    private final Priority priority;
    private final boolean s3;
    private final int capacity;
    private final int perSecond;

    ApiOperation(String serviceName) {
        this(serviceName, Priority.START, true, 0, 0);
    }

    ApiOperation(String serviceName, Priority priority, int capacity, int perSecond) {
        this(serviceName, priority, false, capacity, perSecond);
    }

    ApiOperation(String serviceName, Priority priority, boolean s3, int capacity, int perSecond) {
        this.serviceName = serviceName;
        this.priority = priority;
        this.s3 = s3;
        this.capacity = capacity;
        this.perSecond = perSecond;
    }

    /** The operation's name in its service. */
    public String serviceName() {
        return serviceName;
    }

    Priority priority() {
        return priority;
    }

    /** Whether this is a call to S3, which counts against no bucket of EMR on EKS. */
    boolean s3() {
        return s3;
    }

    int capacity() {
        return capacity;
    }

    int perSecond() {
        return perSecond;
    }
}
