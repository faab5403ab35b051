package io.emreks.internal.aws;

import io.emreks.internal.calls.ApiOperation;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A queue of events, as the engine knows it. */
public interface EventQueue {
    /** Some messages, ten at most; none if there were none within {@link ApiOperation#waits()}. */
    CompletableFuture<List<Message>> receive();

    /** Deletes messages by their receipts, ten at most; how many it did not delete. */
    CompletableFuture<Integer> delete(List<String> receipts);

    /** A message, and what it is deleted by. */
    record Message(String body, String receipt) {}
}
