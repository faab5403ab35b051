package io.emreks.internal.engine;

import io.emreks.metrics.RunTelemetry;
import io.emreks.model.JobRunRef;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** What surrounds user code that is called for one handle: the names of its run in the MDC, and what telemetry opens. */
final class CallbackContext {
    static final String RUN = "emreks.jobRunId";
    static final String VIRTUAL_CLUSTER = "emreks.virtualClusterId";
    static final String KEY = "emreks.key";
    static final String ATTEMPT = "emreks.attempt";

    private final JobRunProcess process;

    CallbackContext(JobRunProcess process) {
        this.process = process;
    }

    /** Around what hangs on the handle's futures. */
    void around(Runnable userCode) {
        around(Optional.ofNullable(process.ref()), userCode);
    }

    /** Around what is told of one run of the handle. */
    void around(Optional<JobRunRef> run, Runnable userCode) {
        RunTelemetry.Scope scope = process.telemetry().around();
        Names names = new Names();
        try {
            names.put(RUN, run.map(JobRunRef::id).orElse(null));
            names.put(VIRTUAL_CLUSTER, run.map(JobRunRef::virtualClusterId).orElse(null));
            names.put(KEY, process.key().orElse(null));
            names.put(
                    ATTEMPT,
                    run.map(process::numberOf)
                            .filter(number -> number > 0)
                            .map(String::valueOf)
                            .orElse(null));
            userCode.run();
        } finally {
            names.takeBack();
            scope.close();
        }
    }

    /** What was put into the MDC, so that it is as before afterwards. */
    private static final class Names {
        private final Deque<Runnable> undo = new ArrayDeque<>(4);

        void put(String name, @Nullable String value) {
            if (value == null) {
                return;
            }
            String before = MDC.get(name);
            MDC.put(name, value);
            undo.push(before == null ? () -> MDC.remove(name) : () -> MDC.put(name, before));
        }

        void takeBack() {
            undo.forEach(Runnable::run);
        }
    }
}
