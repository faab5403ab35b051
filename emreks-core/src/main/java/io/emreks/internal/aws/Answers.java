package io.emreks.internal.aws;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Turns the SDK's answers into ours without losing the way to cancel the call. */
final class Answers {
    private Answers() {}

    static <S, T> CompletableFuture<T> map(CompletableFuture<S> sent, Function<S, T> read) {
        CompletableFuture<T> answer = sent.thenApply(read);
        var unused = answer.whenComplete((value, failure) -> {
            if (answer.isCancelled()) {
                sent.cancel(true);
            }
        });
        return answer;
    }
}
