package io.emreks.testing.spark;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** A process with all the processes below it, as they were when this was made. */
final class ProcessTree {
    private final List<ProcessHandle> processes;

    ProcessTree(Process root) {
        processes =
                Stream.concat(Stream.of(root.toHandle()), root.descendants()).toList();
    }

    /** Asks every process to end (SIGTERM). */
    void terminate() {
        processes.forEach(ProcessHandle::destroy);
    }

    /** Ends every process that is left (SIGKILL). */
    void kill() {
        processes.forEach(ProcessHandle::destroyForcibly);
    }

    /** Done when no process is left. */
    CompletableFuture<Void> gone() {
        return CompletableFuture.allOf(
                processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new));
    }
}
