package io.emreks.internal.calls;

import io.emreks.client.ApiQuotas;
import java.time.Duration;
import java.util.Optional;

/** The calls the engine makes. */
public enum ApiOperation {
    CANCEL_JOB_RUN("CancelJobRun", Priority.CANCEL),
    START_JOB_RUN("StartJobRun", Priority.START),
    DESCRIBE_JOB_TEMPLATE("DescribeJobTemplate", Priority.START),
    LIST_VIRTUAL_CLUSTERS("ListVirtualClusters", Priority.START),
    LIST_JOB_RUNS("ListJobRuns", Priority.START),
    DESCRIBE_JOB_RUN("DescribeJobRun", Priority.START),
    PUT_OBJECT("PutObject"),
    LIST_OBJECTS("ListObjectsV2"),
    GET_OBJECT("GetObject"),
    RECEIVE_MESSAGE("ReceiveMessage"),
    DELETE_MESSAGES("DeleteMessageBatch");

    private static final Duration LONG_POLL = Duration.ofSeconds(20);

    /** Who is called. */
    enum Service {
        EMR_CONTAINERS,
        S3,
        SQS
    }

    /** Who goes first when calls have to wait; in this order. Looks of the watcher come after all others. */
    enum Priority {
        CANCEL,
        START
    }

    private final String serviceName;
    private final Priority priority;

    ApiOperation(String serviceName) {
        this(serviceName, Priority.START);
    }

    ApiOperation(String serviceName, Priority priority) {
        this.serviceName = serviceName;
        this.priority = priority;
    }

    /** The operation's name in its service. */
    public String serviceName() {
        return serviceName;
    }

    Priority priority() {
        return priority;
    }

    /** The service that is called. */
    Service service() {
        return switch (this) {
            case PUT_OBJECT, LIST_OBJECTS, GET_OBJECT -> Service.S3;
            case RECEIVE_MESSAGE, DELETE_MESSAGES -> Service.SQS;
            case CANCEL_JOB_RUN,
                    START_JOB_RUN,
                    DESCRIBE_JOB_TEMPLATE,
                    LIST_VIRTUAL_CLUSTERS,
                    LIST_JOB_RUNS,
                    DESCRIBE_JOB_RUN -> Service.EMR_CONTAINERS;
        };
    }

    /** How long the service waits before an empty answer: for messages, as long as SQS allows. */
    public Duration waits() {
        return this == RECEIVE_MESSAGE ? LONG_POLL : Duration.ZERO;
    }

    /** Whether this is a call that counts against a bucket of EMR on EKS. */
    boolean metered() {
        return service() == Service.EMR_CONTAINERS;
    }

    /** Its bucket; empty for calls to other services. */
    Optional<ApiQuotas.Bucket> bucketOf(ApiQuotas quotas) {
        return switch (this) {
            case CANCEL_JOB_RUN -> Optional.of(quotas.cancelJobRun());
            case START_JOB_RUN -> Optional.of(quotas.startJobRun());
            case DESCRIBE_JOB_TEMPLATE -> Optional.of(quotas.describeJobTemplate());
            case LIST_VIRTUAL_CLUSTERS -> Optional.of(quotas.listVirtualClusters());
            case LIST_JOB_RUNS -> Optional.of(quotas.listJobRuns());
            case DESCRIBE_JOB_RUN -> Optional.of(quotas.describeJobRun());
            case PUT_OBJECT, LIST_OBJECTS, GET_OBJECT, RECEIVE_MESSAGE, DELETE_MESSAGES -> Optional.empty();
        };
    }
}
