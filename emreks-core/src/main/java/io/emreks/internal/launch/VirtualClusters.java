package io.emreks.internal.launch;

import io.emreks.internal.aws.EmrApi;
import io.emreks.internal.aws.EmrApi.VirtualClusterName;
import io.emreks.internal.aws.EmrApi.VirtualClusterPage;
import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.calls.ApiOperation;
import io.emreks.internal.calls.Calls;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds virtual clusters by name, once per name, and says which there are when one is not found. Belongs to the loop.
 */
public final class VirtualClusters {
    /** As every id seen looks; a name of this form is taken for an id. */
    private static final Pattern ID = Pattern.compile("[0-9a-z]{25}");

    private static final int FEW = 10;

    private final Calls calls;
    private final EmrApi emr;
    private final Map<String, CompletableFuture<String>> ids = new HashMap<>();

    public VirtualClusters(Calls calls, EmrApi emr) {
        this.calls = calls;
        this.emr = emr;
    }

    /** The id; fails with an {@link ApiFailure}. Nothing is looked up for what has the form of an id. */
    public CompletableFuture<String> id(String idOrName) {
        if (ID.matcher(idOrName).matches()) {
            return CompletableFuture.completedFuture(idOrName);
        }
        CompletableFuture<String> known = ids.get(idOrName);
        if (known != null) {
            return known;
        }
        CompletableFuture<String> id = new CompletableFuture<>();
        ids.put(idOrName, id);
        var unused = running().whenComplete((clusters, failure) -> {
            if (failure != null) {
                ids.remove(idOrName);
                id.completeExceptionally(failure);
                return;
            }
            List<String> found = clusters.stream()
                    .filter(cluster -> cluster.name().equals(idOrName))
                    .map(VirtualClusterName::id)
                    .toList();
            if (found.size() == 1) {
                id.complete(found.get(0));
                return;
            }
            ids.remove(idOrName);
            String problem = found.isEmpty()
                    ? "no RUNNING virtual cluster is named '" + idOrName + "'; " + told(clusters)
                    : found.size() + " RUNNING virtual clusters are named '" + idOrName + "': " + found
                            + "; give the id of one";
            id.completeExceptionally(new ApiFailure(ApiFailure.Kind.NOT_FOUND, problem, null));
        });
        return id;
    }

    /** Looks the name up again next time, as a virtual cluster can be made anew under its name. */
    public void forget(String name) {
        ids.remove(name);
    }

    /** Which virtual clusters there are, in words; empty if they cannot be listed. */
    public CompletableFuture<Optional<String>> existing() {
        return running()
                .handle((clusters, failure) -> failure == null ? Optional.of(told(clusters)) : Optional.empty());
    }

    private static String told(List<VirtualClusterName> clusters) {
        if (clusters.isEmpty()) {
            return "there is no RUNNING virtual cluster in this account and region";
        }
        String some = clusters.stream()
                .limit(FEW)
                .map(cluster -> cluster.name() + " (" + cluster.id() + ")")
                .collect(Collectors.joining(", "));
        return clusters.size() <= FEW
                ? "RUNNING virtual clusters are " + some
                : clusters.size() + " virtual clusters are RUNNING, among them " + some;
    }

    private CompletableFuture<List<VirtualClusterName>> running() {
        CompletableFuture<List<VirtualClusterName>> all = new CompletableFuture<>();
        next(Optional.empty(), new ArrayList<>(), all);
        return all;
    }

    private void next(
            Optional<String> token, List<VirtualClusterName> before, CompletableFuture<List<VirtualClusterName>> all) {
        var unused = calls.call(ApiOperation.LIST_VIRTUAL_CLUSTERS, () -> emr.listVirtualClusters(token))
                .result()
                .whenComplete((VirtualClusterPage page, Throwable failure) -> {
                    if (failure != null) {
                        all.completeExceptionally(failure);
                        return;
                    }
                    before.addAll(page.virtualClusters());
                    if (page.nextToken().isPresent()) {
                        next(page.nextToken(), before, all);
                    } else {
                        all.complete(before);
                    }
                });
    }
}
