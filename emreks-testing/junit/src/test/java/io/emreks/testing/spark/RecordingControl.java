package io.emreks.testing.spark;

import io.emreks.testing.service.FakeFailureReason;
import io.emreks.testing.service.JobRunControl;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Keeps what the engine says of one run, in order. */
final class RecordingControl implements JobRunControl {
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> running = new CompletableFuture<>();
    private final CompletableFuture<String> ui = new CompletableFuture<>();
    private final CompletableFuture<String> end = new CompletableFuture<>();

    List<String> said() {
        return said;
    }

    void awaitRunning() throws Exception {
        running.get(60, TimeUnit.SECONDS);
    }

    String awaitUi() throws Exception {
        return ui.get(60, TimeUnit.SECONDS);
    }

    String awaitEnd() throws Exception {
        return end.get(60, TimeUnit.SECONDS);
    }

    boolean hasEnded() {
        return end.isDone();
    }

    @Override
    public void submitted() {
        said.add("submitted");
    }

    @Override
    public void running() {
        said.add("running");
        running.complete(null);
    }

    @Override
    public void sparkUi(Optional<URI> address) {
        said.add("ui " + address.map(URI::toString).orElse("gone"));
        address.ifPresent(there -> ui.complete(there.toString()));
    }

    @Override
    public void completed() {
        end("completed");
    }

    @Override
    public void failed(FakeFailureReason reason, String stateDetails) {
        end("failed " + reason + " " + stateDetails);
    }

    @Override
    public void cancelled() {
        end("cancelled");
    }

    private void end(String how) {
        said.add(how);
        end.complete(how);
    }
}
