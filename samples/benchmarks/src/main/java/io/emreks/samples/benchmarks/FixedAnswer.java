package io.emreks.samples.benchmarks;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;

/** A service that thinks nothing: it answers every request with the same accepted job run. */
final class FixedAnswer {
    private static final byte[] ANSWER = ("{\"id\":\"0000000000000000001\",\"name\":\"orders\","
                    + "\"arn\":\"arn:aws:emr-containers:us-east-1:123456789012:/virtualclusters/v/jobruns/1\","
                    + "\"virtualClusterId\":\"0123456789abcdefghijklmno\"}")
            .getBytes(StandardCharsets.UTF_8);
    private static final int THREADS = 50;

    private FixedAnswer() {}

    /** In memory. */
    static final class InMemory implements SdkAsyncHttpClient {
        @Override
        public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            request.requestContentPublisher().subscribe(new Subscriber<>() {
                @Override
                public void onSubscribe(Subscription subscription) {
                    subscription.request(Long.MAX_VALUE);
                }

                @Override
                public void onNext(ByteBuffer chunk) {}

                @Override
                public void onError(Throwable failure) {
                    request.responseHandler().onError(failure);
                    done.completeExceptionally(failure);
                }

                @Override
                public void onComplete() {
                    request.responseHandler()
                            .onHeaders(SdkHttpResponse.builder()
                                    .statusCode(200)
                                    .putHeader("Content-Type", "application/json")
                                    .putHeader("Content-Length", Integer.toString(ANSWER.length))
                                    .build());
                    request.responseHandler().onStream(SdkPublisher.adapt(subscriber -> answer(subscriber)));
                    done.complete(null);
                }
            });
            return done;
        }

        private static void answer(Subscriber<? super ByteBuffer> subscriber) {
            subscriber.onSubscribe(new Subscription() {
                private boolean over;

                @Override
                public void request(long count) {
                    if (!over) {
                        over = true;
                        subscriber.onNext(ByteBuffer.wrap(ANSWER));
                        subscriber.onComplete();
                    }
                }

                @Override
                public void cancel() {
                    over = true;
                }
            });
        }

        @Override
        public void close() {}
    }

    /** The JDK's HTTP server on the loopback interface. */
    static final class Server implements AutoCloseable {
        private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        private final HttpServer server;

        Server() {
            // without it, every answer of the JDK's server waits 40 ms for an acknowledgement
            System.setProperty("sun.net.httpserver.nodelay", "true");
            try {
                server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            server.setExecutor(threads);
            server.createContext("/", exchange -> {
                var unused = exchange.getRequestBody().readAllBytes();
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, ANSWER.length);
                try (OutputStream body = exchange.getResponseBody()) {
                    body.write(ANSWER);
                }
            });
            server.start();
        }

        URI endpoint() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdown();
        }
    }
}
