package io.emreks.internal.engine;

import io.emreks.error.LogReadException;
import io.emreks.internal.aws.S3Location;
import io.emreks.logs.JobRunLogs;
import io.emreks.logs.LogStream;
import io.emreks.model.JobRunRef;
import io.emreks.model.LogConfig;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The logs of one run of this client. */
final class DefaultJobRunLogs implements JobRunLogs {
    private static final int LINES_MAX = 10_000;

    private final DefaultEmrEksClient client;
    private final ClientEngine engine;
    private final JobRunProcess process;

    DefaultJobRunLogs(DefaultEmrEksClient client, ClientEngine engine, JobRunProcess process) {
        this.client = client;
        this.engine = engine;
        this.process = process;
    }

    @Override
    public CompletableFuture<List<String>> tail(LogStream stream, int maxLines) {
        Objects.requireNonNull(stream, "stream");
        JobRunRef run = process.ref();
        Optional<S3Location> place = process.plan()
                .flatMap(plan -> plan.request().logs())
                .flatMap(LogConfig::s3)
                .flatMap(S3Location::parse);
        if (maxLines < 1 || maxLines > LINES_MAX) {
            return unreadable("maxLines is " + maxLines + ", must be 1 to 10,000", run);
        }
        if (run == null) {
            return unreadable("it has no id yet", null);
        }
        if (place.isEmpty()) {
            return unreadable("its request names no S3 place for them; set logs(l -> l.s3(…))", run);
        }
        Promise<List<String>> tail = new Promise<>(engine.deliveries);
        CompletableFuture<List<String>> copy = tail.copy();
        boolean begun = !client.closed()
                && engine.loop.execute(() -> {
                    var unused = engine.logs
                            .tail(place.get(), run, stream, maxLines)
                            .whenComplete((lines, failure) -> {
                                if (failure == null) {
                                    tail.complete(lines);
                                } else {
                                    tail.fail(failure);
                                }
                            });
                });
        return begun ? copy : unreadable("the client is closed", run);
    }

    private CompletableFuture<List<String>> unreadable(String why, @Nullable JobRunRef run) {
        return CompletableFuture.failedFuture(new LogReadException(
                "The logs of job run " + process.name() + " cannot be read: " + why, run, false, null));
    }
}
