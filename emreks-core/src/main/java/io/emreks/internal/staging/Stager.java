package io.emreks.internal.staging;

import io.emreks.error.StagingException;
import io.emreks.internal.aws.ObjectStore;
import io.emreks.internal.aws.S3Location;
import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.calls.ApiOperation;
import io.emreks.internal.calls.Calls;
import io.emreks.internal.loop.Loop;
import io.emreks.podtemplate.PodTemplate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Puts pod templates to S3, named by the hash of their content, so that putting one twice changes nothing and no template
 * changes under a run. What was put lately is not put again. Belongs to the loop.
 */
public final class Stager {
    private static final int REMEMBERED = 1_000;
    /** Somebody may delete what was put, so it is not trusted for ever. */
    private static final Duration TRUSTED = Duration.ofHours(1);

    private final Loop loop;
    private final Calls calls;
    private final ObjectStore store;
    private final Map<S3Location, Staged> put = new LinkedHashMap<>(16, 0.75f, true);

    public Stager(Loop loop, Calls calls, ObjectStore store) {
        this.loop = loop;
        this.calls = calls;
        this.store = store;
    }

    /** The key of a template below a prefix. */
    public static S3Location location(S3Location artifacts, PodTemplate template) {
        return artifacts.resolve("pod-templates/" + template.contentHash() + ".yaml");
    }

    /** The URI of the template once it is there; fails with a {@link StagingException}. */
    public CompletableFuture<String> stage(S3Location artifacts, PodTemplate template) {
        S3Location location = location(artifacts, template);
        Staged known = put.get(location);
        if (known != null && loop.nanos() - known.since() < TRUSTED.toNanos()) {
            return known.uri();
        }
        CompletableFuture<String> staged = new CompletableFuture<>();
        Staged entry = new Staged(staged, loop.nanos());
        put.put(location, entry);
        if (put.size() > REMEMBERED) {
            put.remove(put.keySet().iterator().next());
        }
        byte[] yaml = template.toYaml().getBytes(StandardCharsets.UTF_8);
        var unused = calls.call(ApiOperation.PUT_OBJECT, () -> store.put(location, yaml, "application/yaml"))
                .result()
                .whenComplete((uri, failure) -> {
                    if (failure == null) {
                        staged.complete(uri);
                    } else {
                        put.remove(location, entry);
                        staged.completeExceptionally(failed(location, ApiFailure.in(failure)));
                    }
                });
        return staged;
    }

    private static StagingException failed(S3Location location, ApiFailure failure) {
        return new StagingException(
                "The pod template could not be put to " + location + ": " + failure.getMessage(),
                failure.kind().retryable(),
                failure);
    }

    private record Staged(CompletableFuture<String> uri, long since) {}
}
