package io.emreks.internal.outcome;

import io.emreks.model.JobRunRequest;
import io.emreks.retry.JobChange;
import io.emreks.spark.MemorySize;
import java.util.List;

/** Makes the request of a new attempt out of the first one. */
public final class JobChanges {
    private static final String EXECUTOR_MEMORY = "spark.executor.memory";
    /** What Spark gives an executor when nothing is said. */
    private static final MemorySize DEFAULT_MEMORY = MemorySize.ofGibibytes(1);

    private JobChanges() {}

    /** The changed request. */
    public static JobRunRequest apply(List<JobChange> changes, JobRunRequest request) {
        JobRunRequest changed = request;
        for (JobChange change : changes) {
            changed = apply(change, changed);
        }
        return changed;
    }

    private static JobRunRequest apply(JobChange change, JobRunRequest request) {
        JobRunRequest.Builder changed = request.toBuilder();
        if (change instanceof JobChange.MoreExecutorMemory more) {
            MemorySize memory = more(more, request);
            if (request.spark().conf().get(EXECUTOR_MEMORY).isPresent()) {
                changed.conf(EXECUTOR_MEMORY, memory.sparkValue());
            } else {
                changed.executors(executors -> executors.memory(memory));
            }
        } else if (change instanceof JobChange.OnDemandExecutors) {
            changed.executors(executors -> executors.pod(pod -> pod.onDemand()));
        } else if (change instanceof JobChange.OtherVirtualCluster other) {
            changed.virtualCluster(other.idOrName());
        }
        return changed.build();
    }

    /** Never less than before, also where the cap is. */
    private static MemorySize more(JobChange.MoreExecutorMemory more, JobRunRequest request) {
        MemorySize before = request.spark()
                .conf()
                .get(EXECUTOR_MEMORY)
                .map(MemorySize::parse)
                .or(() -> request.spark().executors().memory())
                .orElse(DEFAULT_MEMORY);
        long grown = (long) Math.ceil(before.mebibytes() * more.factor());
        return MemorySize.ofMebibytes(
                Math.max(before.mebibytes(), Math.min(grown, more.cap().mebibytes())));
    }
}
