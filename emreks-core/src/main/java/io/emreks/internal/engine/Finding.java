package io.emreks.internal.engine;

import io.emreks.client.JobRunHandle;
import io.emreks.client.Recovery;
import io.emreks.client.Recovery.Orphan;
import io.emreks.error.MonitoringException;
import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.engine.JobRunProcess.Mode;
import io.emreks.internal.launch.KeyedRuns.Found;
import io.emreks.internal.launch.Lineage;
import io.emreks.internal.validation.Plan;
import io.emreks.internal.validation.Validation;
import io.emreks.model.JobRunRequest;
import io.emreks.model.JobRunSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Finds what an owner has left in one virtual cluster. Belongs to the loop; its futures complete there. */
final class Finding {
    private final ClientEngine engine;
    private final String virtualCluster;
    private final Function<JobRunProcess, JobRunHandle> handles;

    Finding(ClientEngine engine, String virtualCluster, Function<JobRunProcess, JobRunHandle> handles) {
        this.engine = engine;
        this.virtualCluster = virtualCluster;
        this.handles = handles;
    }

    /** A failure as users know it. */
    static Throwable known(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof ApiFailure call
                ? new MonitoringException(
                        "The service could not be asked: " + call.getMessage(),
                        null,
                        null,
                        call.kind().retryable(),
                        call)
                : cause;
    }

    CompletableFuture<Optional<JobRunHandle>> byKey(String key) {
        return runs().thenApply(found -> Optional.ofNullable(found.get(key)).map(runs -> {
            JobRunSnapshot head = head(runs);
            JobRunProcess process = JobRunProcess.attached(engine, head.name().orElse(key), Optional.of(key));
            process.begunHere();
            engine.begin(process, () -> process.resume(head));
            return handles.apply(process);
        }));
    }

    /** The first live run is the one, or else the last that ended. */
    private static JobRunSnapshot head(Found runs) {
        return Stream.concat(runs.live().stream(), runs.newest().stream())
                .findFirst()
                .orElseThrow();
    }

    CompletableFuture<List<Orphan>> orphans(Predicate<String> known) {
        return runs().thenCompose(found -> onWorker(() -> {
            List<Orphan> orphans = new ArrayList<>();
            found.forEach((key, runs) -> {
                if (!runs.live().isEmpty() && !known.test(key)) {
                    runs.live().forEach(run -> orphans.add(new Orphan(key, run)));
                }
            });
            return orphans;
        }));
    }

    CompletableFuture<Recovery> recover(Function<String, Optional<JobRunRequest>> requests) {
        return runs().thenCompose(found -> onWorker(() -> {
                    List<Known> known = new ArrayList<>();
                    found.forEach((key, runs) -> known.add(new Known(key, runs, planOf(key, requests.apply(key)))));
                    return known;
                }))
                .thenCompose(this::everywhere)
                .thenApply(this::goOn);
    }

    /** A job that may go to other virtual clusters can have its last run there. */
    private CompletableFuture<List<Known>> everywhere(List<Known> known) {
        List<CompletableFuture<Known>> all =
                known.stream().map(this::everywhere).toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
                .thenApply(nothing -> all.stream().map(CompletableFuture::join).toList());
    }

    private CompletableFuture<Known> everywhere(Known one) {
        List<String> others = one.plan()
                .map(plan -> plan.request().resubmission().virtualClusters())
                .orElse(List.of());
        if (others.isEmpty()) {
            return CompletableFuture.completedFuture(one);
        }
        Plan plan = one.plan().orElseThrow();
        List<CompletableFuture<String>> ids = Stream.concat(Stream.of(plan.virtualCluster()), others.stream())
                .map(engine.virtualClusters::id)
                .toList();
        return CompletableFuture.allOf(ids.toArray(CompletableFuture<?>[]::new))
                .thenCompose(nothing -> engine.keyedRuns.find(
                        new Lineage(engine.owner, one.key(), true),
                        plan.name(),
                        ids.stream().map(CompletableFuture::join).distinct().toList(),
                        engine.lookBack(plan.request().longRunning())))
                .thenApply(found -> found.runs().isEmpty() ? one : new Known(one.key(), found, one.plan()));
    }

    private Optional<Plan> planOf(String key, Optional<JobRunRequest> request) {
        return request.map(asked -> {
            if (!asked.key().equals(Optional.of(key))) {
                throw new IllegalArgumentException("The request given for key '" + key + "' has key "
                        + asked.key().map(other -> "'" + other + "'").orElse("none"));
            }
            return Validation.plan(asked, engine.defaults);
        });
    }

    private Recovery goOn(List<Known> known) {
        List<JobRunHandle> followed = new ArrayList<>();
        List<Orphan> orphans = new ArrayList<>();
        for (Known one : known) {
            if (one.plan().isPresent()) {
                JobRunProcess process = new JobRunProcess(engine, one.plan().get(), Mode.RESUME);
                process.begunHere();
                engine.begin(process, () -> goOn(process, one.runs()));
                followed.add(handles.apply(process));
            } else {
                one.runs().live().forEach(run -> orphans.add(new Orphan(one.key(), run)));
            }
        }
        return new Recovery(followed, orphans);
    }

    private static void goOn(JobRunProcess process, Found runs) {
        JobRunSnapshot head = head(runs);
        process.resume(head);
        runs.live().stream().skip(1).forEach(more -> process.duplicate(head.ref(), more.ref()));
    }

    private CompletableFuture<Map<String, Found>> runs() {
        return engine.virtualClusters
                .id(virtualCluster)
                .thenCompose(id -> engine.keyedRuns.ofOwner(engine.owner, id, engine.lookBack(false)));
    }

    /** Asks a user's function where user code runs; the answer comes on the loop. */
    private <T> CompletableFuture<T> onWorker(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        engine.callbacks.complete(() -> {
            try {
                T value = question.get();
                engine.loop.execute(() -> answer.complete(value));
            } catch (RuntimeException | Error e) {
                engine.loop.execute(() -> answer.completeExceptionally(e));
            }
        });
        return answer;
    }

    private record Known(String key, Found runs, Optional<Plan> plan) {}
}
