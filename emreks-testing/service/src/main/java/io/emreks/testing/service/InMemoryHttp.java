package io.emreks.testing.service;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;

/** The HTTP clients of the AWS SDK with no network in between. Closing them does nothing. */
final class InMemoryHttp {
    private static final String NAME = "emreks-fake";

    private InMemoryHttp() {}

    private static ApiRequest toApiRequest(SdkHttpRequest request, byte[] body) {
        Map<String, String> headers = new HashMap<>();
        request.forEachHeader((name, values) -> headers.put(name, String.join(",", values)));
        return new ApiRequest(
                request.method().name(),
                request.host(),
                request.encodedPath(),
                request.encodedQueryParameters().orElse(""),
                headers,
                body);
    }

    private static SdkHttpResponse toSdkResponse(ApiResponse response) {
        SdkHttpResponse.Builder sdk = SdkHttpResponse.builder().statusCode(response.status());
        response.headers().forEach(sdk::putHeader);
        return response.headers().containsKey("Content-Length")
                ? sdk.build()
                : sdk.putHeader("Content-Length", Integer.toString(response.body().length))
                        .build();
    }

    private static IOException dropped() {
        return new IOException("Connection reset by the fake service");
    }

    /** Answers on the calling thread, or where {@code timer} runs what is late. */
    static final class Async implements SdkAsyncHttpClient {
        private final Function<ApiRequest, Exchange> service;
        private final Timer timer;

        Async(Function<ApiRequest, Exchange> service, Timer timer) {
            this.service = service;
            this.timer = timer;
        }

        @Override
        public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            SdkAsyncHttpResponseHandler handler = request.responseHandler();
            Consumer<Throwable> fail = failure -> {
                handler.onError(failure);
                done.completeExceptionally(failure);
            };
            request.requestContentPublisher()
                    .subscribe(new Collector(
                            body -> exchange(toApiRequest(request.request(), body), handler, done, fail), fail));
            return done;
        }

        private void exchange(
                ApiRequest request,
                SdkAsyncHttpResponseHandler handler,
                CompletableFuture<Void> done,
                Consumer<Throwable> fail) {
            Exchange exchange = service.apply(request);
            timer.after(exchange.before(), () -> {
                var unused = exchange.ready().thenRun(() -> answer(exchange, handler, done, fail));
            });
        }

        private void answer(
                Exchange exchange,
                SdkAsyncHttpResponseHandler handler,
                CompletableFuture<Void> done,
                Consumer<Throwable> fail) {
            ApiResponse response = exchange.perform();
            timer.after(exchange.after(), () -> {
                if (response == null) {
                    fail.accept(dropped());
                } else {
                    handler.onHeaders(toSdkResponse(response));
                    handler.onStream(new Body(response.body()));
                    done.complete(null);
                }
            });
        }

        @Override
        public String clientName() {
            return NAME;
        }

        @Override
        public void close() {}
    }

    /** Answers on the calling thread, which {@code sleeper} makes wait for what is late. */
    static final class Sync implements SdkHttpClient {
        private final Function<ApiRequest, Exchange> service;
        private final Sleeper sleeper;

        Sync(Function<ApiRequest, Exchange> service, Sleeper sleeper) {
            this.service = service;
            this.sleeper = sleeper;
        }

        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            return new ExecutableHttpRequest() {
                @Override
                public HttpExecuteResponse call() throws IOException {
                    return exchange(request);
                }

                @Override
                public void abort() {}
            };
        }

        private HttpExecuteResponse exchange(HttpExecuteRequest request) throws IOException {
            byte[] body = new byte[0];
            if (request.contentStreamProvider().isPresent()) {
                try (InputStream stream = request.contentStreamProvider().get().newStream()) {
                    body = stream.readAllBytes();
                }
            }
            Exchange exchange = service.apply(toApiRequest(request.httpRequest(), body));
            ApiResponse response = sleeper.perform(exchange);
            if (response == null) {
                throw dropped();
            }
            return HttpExecuteResponse.builder()
                    .response(toSdkResponse(response))
                    .responseBody(AbortableInputStream.create(new ByteArrayInputStream(response.body())))
                    .build();
        }

        @Override
        public String clientName() {
            return NAME;
        }

        @Override
        public void close() {}
    }

    /** Runs something later; at once, on the calling thread, if the delay is zero. */
    interface Timer {
        void after(Duration delay, Runnable action);
    }

    /** Takes a call through its waits, blocking the thread. */
    interface Sleeper {
        @Nullable
        ApiResponse perform(Exchange exchange);
    }

    private static final class Collector implements Subscriber<ByteBuffer> {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Consumer<byte[]> complete;
        private final Consumer<Throwable> fail;

        Collector(Consumer<byte[]> complete, Consumer<Throwable> fail) {
            this.complete = complete;
            this.fail = fail;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer chunk) {
            byte[] copy = new byte[chunk.remaining()];
            chunk.get(copy);
            bytes.writeBytes(copy);
        }

        @Override
        public void onError(Throwable failure) {
            fail.accept(failure);
        }

        @Override
        public void onComplete() {
            complete.accept(bytes.toByteArray());
        }
    }

    /** Publishes the bytes in one piece. */
    private static final class Body implements Publisher<ByteBuffer> {
        private final byte[] bytes;

        Body(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
            AtomicBoolean over = new AtomicBoolean();
            subscriber.onSubscribe(new Subscription() {
                @Override
                public void request(long count) {
                    if (over.getAndSet(true)) {
                        return;
                    }
                    if (count < 1) {
                        subscriber.onError(new IllegalArgumentException("Requested " + count + " elements"));
                        return;
                    }
                    if (bytes.length > 0) {
                        subscriber.onNext(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
                    }
                    subscriber.onComplete();
                }

                @Override
                public void cancel() {
                    over.set(true);
                }
            });
        }
    }
}
