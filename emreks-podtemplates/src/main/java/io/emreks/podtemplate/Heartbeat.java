package io.emreks.podtemplate;

import java.time.Duration;

/**
 * The shell program that stops a sidecar when Spark's container has ended. Spark's container touches a file every two
 * seconds; the file is waited for, then watched until it is gone or old (EMR on EKS Development Guide, "Using pod
 * templates", which gives the times).
 */
final class Heartbeat {
    /** The volume with the file, where EMR collects logs: of drivers always, of executors by the job's monitoring. */
    static final String LOGS_VOLUME = "emr-container-communicate";
    /** Where that volume is mounted in Spark's container. */
    static final String LOGS = "/var/log/fluentd";
    /** The volume with the file in executors whose logs EMR does not collect, as seen on release 6.8.0. */
    static final String TMP_VOLUME = "temp-data-dir";
    /** Where that volume is mounted in Spark's container. */
    static final String TMP = "/tmp";
    /** The file's name. */
    static final String FILE = "main-container-terminated";

    private static final Duration FIRST = Duration.ofSeconds(60);
    private static final Duration STALE = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofSeconds(10);

    private Heartbeat() {}

    /** A program for {@code sh -c}; its arguments are the sidecar's command. */
    static String script(String file) {
        return script(file, FIRST, STALE, POLL);
    }

    static String script(String file, Duration first, Duration stale, Duration poll) {
        return """
                "$@" & sidecar=$!
                beat='%s'
                end() { kill "$sidecar" 2>/dev/null; wait "$sidecar"; exit 0; }
                trap end TERM
                waited=0
                while [ ! -f "$beat" ]; do
                  kill -0 "$sidecar" 2>/dev/null || end
                  [ "$waited" -lt %d ] || end
                  sleep 1; waited=$((waited + 1))
                done
                while touched=$(stat -c %%Y "$beat" 2>/dev/null) && [ $(($(date +%%s) - touched)) -le %d ]; do
                  kill -0 "$sidecar" 2>/dev/null || end
                  sleep %d
                done
                end
                """.formatted(file.replace("'", "'\\''"), first.toSeconds(), stale.toSeconds(), poll.toSeconds());
    }
}
