package io.emreks.samples.benchmarks;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Publisher;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;

/** Counts looks at runs, and those that were refused. Used by one thread. */
final class CountingHttp implements SdkAsyncHttpClient {
    private final SdkAsyncHttpClient http;
    private final Clock clock;
    private final Map<String, Integer> calls = new HashMap<>();
    private final Map<Long, Integer> byMinute = new HashMap<>();
    private boolean counting;
    private int throttled;
    private int all;

    CountingHttp(SdkAsyncHttpClient http, Clock clock) {
        this.http = http;
        this.clock = clock;
    }

    void begin() {
        counting = true;
    }

    void end() {
        counting = false;
    }

    int calls(String operation) {
        return calls.getOrDefault(operation, 0);
    }

    int busiestMinute() {
        return byMinute.values().stream().max(Integer::compare).orElse(0);
    }

    /** The share of calls that were throttled. */
    double throttled() {
        return (double) throttled / all;
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
        if (!counting || request.request().method() != SdkHttpMethod.GET) {
            return http.execute(request);
        }
        all++;
        calls.merge(
                request.request().encodedPath().endsWith("/jobruns") ? "ListJobRuns" : "DescribeJobRun",
                1,
                Integer::sum);
        byMinute.merge(clock.instant().getEpochSecond() / 60, 1, Integer::sum);
        SdkAsyncHttpResponseHandler handler = request.responseHandler();
        return http.execute(AsyncExecuteRequest.builder()
                .request(request.request())
                .requestContentPublisher(request.requestContentPublisher())
                .fullDuplex(request.fullDuplex())
                .responseHandler(new SdkAsyncHttpResponseHandler() {
                    @Override
                    public void onHeaders(SdkHttpResponse headers) {
                        if (headers.statusCode() == 400) {
                            throttled++;
                        }
                        handler.onHeaders(headers);
                    }

                    @Override
                    public void onStream(Publisher<ByteBuffer> stream) {
                        handler.onStream(stream);
                    }

                    @Override
                    public void onError(Throwable error) {
                        handler.onError(error);
                    }
                })
                .build());
    }

    @Override
    public void close() {}
}
