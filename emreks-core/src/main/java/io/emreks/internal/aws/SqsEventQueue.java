package io.emreks.internal.aws;

import io.emreks.internal.calls.ApiOperation;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;

/** An SQS queue through the AWS SDK. */
final class SqsEventQueue implements EventQueue, AutoCloseable {
    private static final int BATCH = 10;
    private static final int WAIT_SECONDS =
            (int) ApiOperation.RECEIVE_MESSAGE.waits().toSeconds();

    private final SqsAsyncClient client;
    private final String url;

    SqsEventQueue(SqsAsyncClient client, String url) {
        this.client = client;
        this.url = url;
    }

    @Override
    public CompletableFuture<List<Message>> receive() {
        return Answers.map(
                client.receiveMessage(
                        r -> r.queueUrl(url).maxNumberOfMessages(BATCH).waitTimeSeconds(WAIT_SECONDS)),
                answer -> answer.messages().stream()
                        .map(message -> new Message(message.body(), message.receiptHandle()))
                        .toList());
    }

    @Override
    public CompletableFuture<Integer> delete(List<String> receipts) {
        List<DeleteMessageBatchRequestEntry> entries = IntStream.range(0, receipts.size())
                .mapToObj(i -> DeleteMessageBatchRequestEntry.builder()
                        .id(Integer.toString(i))
                        .receiptHandle(receipts.get(i))
                        .build())
                .toList();
        return Answers.map(
                client.deleteMessageBatch(r -> r.queueUrl(url).entries(entries)),
                answer -> answer.failed().size());
    }

    @Override
    public void close() {
        client.close();
    }
}
