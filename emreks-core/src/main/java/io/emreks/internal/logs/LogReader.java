package io.emreks.internal.logs;

import io.emreks.error.LogReadException;
import io.emreks.internal.aws.ObjectStore;
import io.emreks.internal.aws.ObjectStore.StoredObject;
import io.emreks.internal.aws.S3Location;
import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.calls.ApiOperation;
import io.emreks.internal.calls.Calls;
import io.emreks.logs.LogStream;
import io.emreks.model.JobRunRef;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.zip.GZIPInputStream;

/** Reads the end of a driver's log. Begun on the loop; unpacking runs on the given workers. */
public final class LogReader {
    private static final int LINE_MAX = 8_192;

    private final Calls calls;
    private final ObjectStore store;
    private final Executor workers;

    public LogReader(Calls calls, ObjectStore store, Executor workers) {
        this.calls = calls;
        this.store = store;
        this.workers = workers;
    }

    /** The last lines; empty if there is no such log yet. Fails with a {@link LogReadException}. */
    public CompletableFuture<List<String>> tail(S3Location logs, JobRunRef run, LogStream stream, int maxLines) {
        S3Location containers = logs.resolve(run.virtualClusterId() + "/jobs/" + run.id() + "/containers/");
        CompletableFuture<List<String>> tail = new CompletableFuture<>();
        var unused = find(
                        containers,
                        "/spark-" + run.id() + "-driver",
                        stream.fileName(),
                        Optional.empty(),
                        new ArrayList<>())
                .thenCompose(found -> found.isEmpty()
                        ? CompletableFuture.completedFuture(List.<String>of())
                        : read(new S3Location(logs.bucket(), found.get()), maxLines))
                .whenComplete((lines, failure) -> {
                    if (failure == null) {
                        tail.complete(lines);
                    } else {
                        tail.completeExceptionally(unreadable(containers, run, failure));
                    }
                });
        return tail;
    }

    /** With driver attempts the pod's name has a suffix, and the newest is wanted. */
    private CompletableFuture<Optional<String>> find(
            S3Location prefix, String pod, String file, Optional<String> token, List<StoredObject> before) {
        return calls.call(ApiOperation.LIST_OBJECTS, () -> store.list(prefix, token))
                .result()
                .thenCompose(page -> {
                    page.objects().stream()
                            .filter(object ->
                                    object.key().contains(pod) && object.key().endsWith("/" + file))
                            .forEach(before::add);
                    return page.nextToken().isPresent()
                            ? find(prefix, pod, file, page.nextToken(), before)
                            : CompletableFuture.completedFuture(before.stream()
                                    .max(Comparator.comparing(StoredObject::lastModified))
                                    .map(StoredObject::key));
                });
    }

    private CompletableFuture<List<String>> read(S3Location log, int maxLines) {
        return calls.call(ApiOperation.GET_OBJECT, () -> store.get(log))
                .result()
                .thenApplyAsync(packed -> lastLines(packed, maxLines), workers);
    }

    private static List<String> lastLines(byte[] packed, int maxLines) {
        Deque<String> lines = new ArrayDeque<>();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(new ByteArrayInputStream(packed)), StandardCharsets.UTF_8))) {
            StringBuilder line = new StringBuilder();
            for (int c = reader.read(); c >= 0; c = reader.read()) {
                if (c == '\n') {
                    keep(lines, line, maxLines);
                } else if (c != '\r' && line.length() < LINE_MAX) {
                    line.append((char) c);
                }
            }
            if (line.length() > 0) {
                keep(lines, line, maxLines);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(lines);
    }

    private static void keep(Deque<String> lines, StringBuilder line, int maxLines) {
        if (lines.size() == maxLines) {
            lines.removeFirst();
        }
        lines.add(line.toString());
        line.setLength(0);
    }

    private static LogReadException unreadable(S3Location place, JobRunRef run, Throwable failure) {
        ApiFailure cause = ApiFailure.in(failure);
        return new LogReadException(
                "The logs of job run " + run + " below " + place + " could not be read: " + cause.getMessage(),
                run,
                cause.kind().retryable(),
                cause);
    }
}
