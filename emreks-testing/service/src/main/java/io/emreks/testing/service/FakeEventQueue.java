package io.emreks.testing.service;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A queue in the manner of SQS: a received message is hidden for {@link #VISIBILITY}, and comes again unless it is deleted;
 * after {@link #RECEIVES} receives it is a dead letter. Order is kept, which SQS does not promise. Thread-safe.
 */
public final class FakeEventQueue {
    /** How long a received message is hidden. */
    public static final Duration VISIBILITY = Duration.ofSeconds(60);

    /** How often a message is received before it becomes a dead letter. */
    public static final int RECEIVES = 5;

    private final FakeEmrEks fake;
    private final String name;
    private final Map<Long, Message> messages = new LinkedHashMap<>();
    private final List<String> deadLetters = new ArrayList<>();
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private long numbers;

    FakeEventQueue(FakeEmrEks fake, String name) {
        this.fake = fake;
        this.name = name;
    }

    /** The URL that AWS clients know it by. */
    public String url() {
        return "https://sqs." + fake.region() + ".amazonaws.com/" + fake.accountId() + "/" + name;
    }

    /** Puts a message in, as EventBridge, or anybody who may, would. */
    public void send(String body) {
        List<CompletableFuture<Void>> told;
        synchronized (this) {
            messages.put(++numbers, new Message(numbers, body));
            told = List.copyOf(waiting);
            waiting.clear();
        }
        told.forEach(waiter -> waiter.complete(null));
    }

    /** How many messages are in it, hidden ones too. */
    public synchronized int size() {
        return messages.size();
    }

    /** Messages that were received too often. */
    public synchronized List<String> deadLetters() {
        return List.copyOf(deadLetters);
    }

    /** Done when there may be something to receive, or the wait is over. */
    CompletableFuture<Void> awaitMessage(Duration wait) {
        CompletableFuture<Void> waiter = new CompletableFuture<>();
        synchronized (this) {
            Instant now = fake.clock().instant();
            if (wait.isZero() || messages.values().stream().anyMatch(message -> !message.hidden(now))) {
                waiter.complete(null);
                return waiter;
            }
            waiting.add(waiter);
        }
        fake.later(wait, () -> {
            waiter.complete(null);
            synchronized (this) {
                waiting.removeIf(CompletableFuture::isDone);
            }
        });
        return waiter;
    }

    synchronized List<Message> receive(int atMost) {
        Instant now = fake.clock().instant();
        List<Message> received = new ArrayList<>();
        for (Iterator<Message> all = messages.values().iterator(); all.hasNext() && received.size() < atMost; ) {
            Message message = all.next();
            if (message.hidden(now)) {
                continue;
            }
            if (message.receives == RECEIVES) {
                deadLetters.add(message.body);
                all.remove();
                continue;
            }
            message.receives++;
            message.hiddenUntil = now.plus(VISIBILITY);
            received.add(message);
        }
        return received;
    }

    /** Whether the receipt is one of this queue's. */
    synchronized boolean delete(String receipt) {
        if (!receipt.matches("\\d{1,18}-\\d{1,9}")) {
            return false;
        }
        messages.remove(Long.parseLong(receipt.substring(0, receipt.indexOf('-'))));
        return true;
    }

    /** A message; guarded by its queue. */
    static final class Message {
        final long number;
        final String body;
        private int receives;
        private Instant hiddenUntil = Instant.MIN;

        Message(long number, String body) {
            this.number = number;
            this.body = body;
        }

        String receipt() {
            return number + "-" + receives;
        }

        boolean hidden(Instant now) {
            return hiddenUntil.isAfter(now);
        }
    }
}
