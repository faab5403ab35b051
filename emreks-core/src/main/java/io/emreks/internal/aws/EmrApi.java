package io.emreks.internal.aws;

import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The service's operations in the engine's words. A method may block while the SDK looks for credentials and may throw;
 * cancelling a future cancels the call.
 */
public interface EmrApi {
    CompletableFuture<StartedRun> startJobRun(StartCommand command);

    /** The JSON of the request, with every member in it. */
    String json(StartCommand command);

    CompletableFuture<JobRunSnapshot> describeJobRun(JobRunRef ref);

    CompletableFuture<JobRunPage> listJobRuns(JobRunQuery query, Optional<String> nextToken);

    CompletableFuture<JobRunRef> cancelJobRun(JobRunRef ref);

    /** The RUNNING ones. */
    CompletableFuture<VirtualClusterPage> listVirtualClusters(Optional<String> nextToken);

    /** The parameters that a job template declares, by name. */
    CompletableFuture<Map<String, TemplateParameter>> jobTemplateParameters(String id);

    /**
     * A run that was accepted.
     *
     * @param serviceTime when the service answered, by its own clock, if it said so
     */
    record StartedRun(JobRunRef ref, Optional<Instant> serviceTime) {}

    /**
     * Which runs to list.
     *
     * @param states all when empty
     */
    record JobRunQuery(
            String virtualClusterId,
            Optional<String> name,
            Optional<Instant> createdAfter,
            Optional<Instant> createdBefore,
            Set<JobRunState> states) {}

    record JobRunPage(List<ListedRun> runs, Optional<String> nextToken) {}

    /**
     * A run in a list.
     *
     * @param tagsShown whether the list says what tags the run has; if not, it can have some
     */
    record ListedRun(JobRunSnapshot snapshot, boolean tagsShown) {}

    record VirtualClusterPage(List<VirtualClusterName> virtualClusters, Optional<String> nextToken) {}

    record VirtualClusterName(String id, String name) {}

    record TemplateParameter(boolean number, boolean hasDefault) {}
}
