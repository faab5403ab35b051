package io.emreks.internal.aws;

import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The service's operations in the engine's words. A method may block while the SDK looks for credentials and may throw;
 * cancelling a future cancels the call.
 */
public interface EmrApi {
    CompletableFuture<JobRunRef> startJobRun(StartCommand command);

    CompletableFuture<JobRunSnapshot> describeJobRun(JobRunRef ref);

    CompletableFuture<JobRunRef> cancelJobRun(JobRunRef ref);

    /** The RUNNING ones. */
    CompletableFuture<VirtualClusterPage> listVirtualClusters(Optional<String> nextToken);

    record VirtualClusterPage(List<VirtualClusterName> virtualClusters, Optional<String> nextToken) {}

    record VirtualClusterName(String id, String name) {}
}
