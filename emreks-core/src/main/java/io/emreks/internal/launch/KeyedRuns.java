package io.emreks.internal.launch;

import io.emreks.internal.aws.EmrApi;
import io.emreks.internal.aws.EmrApi.JobRunPage;
import io.emreks.internal.aws.EmrApi.JobRunQuery;
import io.emreks.internal.aws.EmrApi.ListedRun;
import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.calls.ApiOperation;
import io.emreks.internal.calls.Calls;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the runs of a lineage in the service's lists: by their client token, else by their tags, else, where a list shows
 * neither, by a closer look at the few that matter. Belongs to the loop; its futures complete there, and fail with an {@link
 * ApiFailure}.
 */
public final class KeyedRuns {
    private static final Logger LOG = LoggerFactory.getLogger(KeyedRuns.class);

    /** How many runs that a list tells nothing about are looked at: all live ones that a name can have, and the last ends. */
    private static final int LIVE_LOOKED_AT = 50;

    private static final int ENDED_LOOKED_AT = 10;

    /** Oldest first; runs of one second by id, so that everybody sees the same order. */
    private static final Comparator<JobRunSnapshot> BY_AGE = Comparator.comparing(
                    (JobRunSnapshot run) -> run.createdAt().orElse(Instant.EPOCH))
            .thenComparing(run -> run.ref().id());

    private final Calls calls;
    private final EmrApi emr;
    private final RunTags tags;
    private boolean warned;

    public KeyedRuns(Calls calls, EmrApi emr, RunTags tags) {
        this.calls = calls;
        this.emr = emr;
        this.tags = tags;
    }

    /**
     * The runs of one lineage, oldest first.
     *
     * @param runs live and ended ones
     */
    public record Found(List<JobRunSnapshot> runs) {
        /** Those that have not ended. */
        public List<JobRunSnapshot> live() {
            return runs.stream().filter(run -> !run.state().terminal()).toList();
        }

        /** The last one. */
        public Optional<JobRunSnapshot> newest() {
            return runs.isEmpty() ? Optional.empty() : Optional.of(runs.get(runs.size() - 1));
        }
    }

    /**
     * Looks in some virtual clusters. If the caller may not list, nothing is found, and that is warned of once: then only
     * the client token keeps runs of one key apart.
     *
     * @param since how old the runs may be
     */
    public CompletableFuture<Found> find(
            Lineage lineage, String jobName, Collection<String> virtualClusterIds, Optional<Instant> since) {
        List<CompletableFuture<List<ListedRun>>> lists = virtualClusterIds.stream()
                .map(id -> list(new JobRunQuery(id, Optional.of(jobName), since, Optional.empty(), Set.of())))
                .toList();
        return all(lists)
                .thenApply(KeyedRuns::flat)
                .exceptionallyCompose(failure -> {
                    ApiFailure problem = ApiFailure.in(failure);
                    if (problem.kind() != ApiFailure.Kind.DENIED) {
                        return CompletableFuture.failedFuture(failure);
                    }
                    warnOnce(problem);
                    return CompletableFuture.completedFuture(List.of());
                })
                .thenCompose(listed -> decide(lineage, virtualClusterIds, listed))
                .thenCompose(this::certain);
    }

    /** Lists can lag: which of several runs that seem live are so is asked of the service itself. */
    private CompletableFuture<Found> certain(Found found) {
        List<JobRunSnapshot> live = found.live();
        return live.size() < 2
                ? CompletableFuture.completedFuture(found)
                : lookAt(live).thenApply(closer -> {
                    List<JobRunSnapshot> all = new ArrayList<>(closer);
                    found.runs().stream().filter(live().negate()).forEach(all::add);
                    return found(all);
                });
    }

    /** The run that was started with a token, if there is one. */
    public CompletableFuture<Optional<JobRunSnapshot>> byToken(
            String token, String jobName, String virtualClusterId, Instant since) {
        return list(new JobRunQuery(
                        virtualClusterId, Optional.of(jobName), Optional.of(since), Optional.empty(), Set.of()))
                .thenCompose(listed -> {
                    Optional<JobRunSnapshot> shown = withToken(token, snapshots(listed));
                    if (shown.isPresent()) {
                        return CompletableFuture.completedFuture(shown);
                    }
                    List<JobRunSnapshot> silent = snapshots(listed).stream()
                            .filter(run -> run.clientToken().isEmpty())
                            .toList();
                    return lookAt(few(silent)).thenApply(closer -> withToken(token, closer));
                });
    }

    private static Optional<JobRunSnapshot> withToken(String token, List<JobRunSnapshot> runs) {
        return runs.stream()
                .filter(run -> run.clientToken().filter(token::equals).isPresent())
                .findFirst();
    }

    /** Every keyed run of an owner in a virtual cluster, by key, oldest first. */
    public CompletableFuture<Map<String, Found>> ofOwner(
            String owner, String virtualClusterId, Optional<Instant> since) {
        return list(new JobRunQuery(virtualClusterId, Optional.empty(), since, Optional.empty(), Set.of()))
                .thenCompose(listed -> {
                    List<JobRunSnapshot> shown = listed.stream()
                            .filter(ListedRun::tagsShown)
                            .map(ListedRun::snapshot)
                            .toList();
                    List<JobRunSnapshot> silent = listed.stream()
                            .filter(run -> !run.tagsShown())
                            .map(ListedRun::snapshot)
                            .toList();
                    return lookAt(silent).thenApply(closer -> byKey(owner, shown, closer));
                })
                .thenCompose(this::certain);
    }

    private CompletableFuture<Map<String, Found>> certain(Map<String, Found> byKey) {
        Map<String, CompletableFuture<Found>> asked = new LinkedHashMap<>();
        byKey.forEach((key, found) -> asked.put(key, certain(found)));
        return CompletableFuture.allOf(asked.values().toArray(CompletableFuture<?>[]::new))
                .thenApply(nothing -> {
                    Map<String, Found> known = new LinkedHashMap<>();
                    asked.forEach((key, found) -> known.put(key, found.join()));
                    return known;
                });
    }

    private Map<String, Found> byKey(String owner, List<JobRunSnapshot> shown, List<JobRunSnapshot> closer) {
        Map<String, List<JobRunSnapshot>> runs = new LinkedHashMap<>();
        for (List<JobRunSnapshot> some : List.of(shown, closer)) {
            some.forEach(run -> tags.key(owner, run.tags())
                    .ifPresent(key ->
                            runs.computeIfAbsent(key, k -> new ArrayList<>()).add(run)));
        }
        Map<String, Found> found = new LinkedHashMap<>();
        runs.forEach((key, of) -> found.put(key, found(of)));
        return found;
    }

    private CompletableFuture<Found> decide(
            Lineage lineage, Collection<String> virtualClusterIds, List<ListedRun> listed) {
        Set<JobRunRef> ours = new HashSet<>();
        Set<String> tokens = new HashSet<>();
        virtualClusterIds.forEach(id -> tokens.add(ClientTokens.first(lineage, id)));
        for (boolean grew = true; grew; ) {
            grew = false;
            for (ListedRun run : listed) {
                if (belongs(lineage, run.snapshot(), tokens)
                        && ours.add(run.snapshot().ref())) {
                    grew = true;
                    virtualClusterIds.forEach(id -> tokens.add(ClientTokens.following(
                            lineage, id, run.snapshot().ref().id())));
                }
            }
        }
        List<JobRunSnapshot> known = snapshots(listed).stream()
                .filter(run -> ours.contains(run.ref()))
                .toList();
        List<JobRunSnapshot> silent = listed.stream()
                .filter(run -> !run.tagsShown() && !ours.contains(run.snapshot().ref()))
                .map(ListedRun::snapshot)
                .toList();
        return lookAt(few(silent)).thenApply(closer -> {
            List<JobRunSnapshot> all = new ArrayList<>(known);
            closer.stream().filter(run -> belongs(lineage, run, tokens)).forEach(all::add);
            return found(all);
        });
    }

    private boolean belongs(Lineage lineage, JobRunSnapshot run, Set<String> tokens) {
        return run.clientToken().filter(tokens::contains).isPresent() || tags.areOf(lineage, run.tags());
    }

    private static Found found(List<JobRunSnapshot> runs) {
        return new Found(runs.stream().sorted(BY_AGE).toList());
    }

    private static List<JobRunSnapshot> few(List<JobRunSnapshot> silent) {
        List<JobRunSnapshot> newestFirst =
                silent.stream().sorted(BY_AGE.reversed()).toList();
        List<JobRunSnapshot> some = new ArrayList<>();
        newestFirst.stream().filter(live()).limit(LIVE_LOOKED_AT).forEach(some::add);
        newestFirst.stream().filter(live().negate()).limit(ENDED_LOOKED_AT).forEach(some::add);
        return some;
    }

    private static Predicate<JobRunSnapshot> live() {
        return run -> !run.state().terminal();
    }

    /** What is gone by now is left out. */
    private CompletableFuture<List<JobRunSnapshot>> lookAt(List<JobRunSnapshot> runs) {
        List<CompletableFuture<Optional<JobRunSnapshot>>> looks = runs.stream()
                .map(run -> calls.call(ApiOperation.DESCRIBE_JOB_RUN, () -> emr.describeJobRun(run.ref()))
                        .result()
                        .thenApply(Optional::of)
                        .exceptionallyCompose(failure -> ApiFailure.in(failure).kind() == ApiFailure.Kind.NOT_FOUND
                                ? CompletableFuture.completedFuture(Optional.empty())
                                : CompletableFuture.failedFuture(failure)))
                .toList();
        return all(looks)
                .thenApply(seen -> seen.stream().flatMap(Optional::stream).toList());
    }

    private CompletableFuture<List<ListedRun>> list(JobRunQuery query) {
        CompletableFuture<List<ListedRun>> all = new CompletableFuture<>();
        next(query, Optional.empty(), new LinkedHashMap<>(), all);
        return all;
    }

    /** Pages may shift while they are read, so a run can come twice. */
    private void next(
            JobRunQuery query,
            Optional<String> token,
            Map<JobRunRef, ListedRun> before,
            CompletableFuture<List<ListedRun>> all) {
        var unused = calls.call(ApiOperation.LIST_JOB_RUNS, () -> emr.listJobRuns(query, token))
                .result()
                .whenComplete((JobRunPage page, Throwable failure) -> {
                    if (failure != null) {
                        all.completeExceptionally(failure);
                        return;
                    }
                    page.runs().forEach(run -> before.put(run.snapshot().ref(), run));
                    if (page.nextToken().isPresent()) {
                        next(query, page.nextToken(), before, all);
                    } else {
                        all.complete(List.copyOf(before.values()));
                    }
                });
    }

    private void warnOnce(ApiFailure denied) {
        if (!warned) {
            warned = true;
            LOG.warn(
                    "Runs of a key cannot be looked for, so only the service's client token keeps them apart; allow"
                            + " emr-containers:ListJobRuns: {}",
                    denied.getMessage());
        }
    }

    private static List<JobRunSnapshot> snapshots(List<ListedRun> listed) {
        return listed.stream().map(ListedRun::snapshot).toList();
    }

    private static List<ListedRun> flat(List<List<ListedRun>> lists) {
        return lists.stream().flatMap(List::stream).toList();
    }

    private static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new))
                .thenApply(
                        nothing -> futures.stream().map(CompletableFuture::join).toList());
    }
}
