package io.emreks.internal.aws;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A queue of events, as the engine knows it. */
public interface EventQueue {
    /** How long a receive waits for a message: as long as SQS allows. */
    Duration WAIT = Duration.ofSeconds(20);

    /** Some messages, ten at most; none if there were none within {@link #WAIT}. */
    CompletableFuture<List<Message>> receive();

    /** Deletes messages by their receipts, ten at most; how many it did not delete. */
    CompletableFuture<Integer> delete(List<String> receipts);

    /** A message, and what it is deleted by. */
    record Message(String body, String receipt) {}
}
