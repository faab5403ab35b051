package io.emreks.samples.benchmarks;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** Requests over a few connections that stay open, each written as bytes and answered before the next, as wrk does it. */
final class HttpLoad {
    private static final int CONNECTIONS = 16;
    private static final int LARGEST_LINE = 8_192;

    private HttpLoad() {}

    /** The first line and the body of a request. */
    record Sent(String method, String path, String body) {
        private byte[] bytes(int port) {
            byte[] content = body.getBytes(StandardCharsets.UTF_8);
            byte[] head = (method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                            + "\r\nContent-Type: application/json\r\nContent-Length: " + content.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            byte[] all = new byte[head.length + content.length];
            System.arraycopy(head, 0, all, 0, head.length);
            System.arraycopy(content, 0, all, head.length, content.length);
            return all;
        }
    }

    /** How many nanoseconds so many requests take, which are numbered from 0. */
    static long nanos(URI endpoint, int requests, IntFunction<Sent> request) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            AtomicInteger next = new AtomicInteger();
            List<Future<?>> connections = new ArrayList<>();
            long begin = System.nanoTime();
            for (int i = 0; i < CONNECTIONS; i++) {
                connections.add(threads.submit(() -> {
                    connection(endpoint, requests, next, request);
                    return null;
                }));
            }
            for (Future<?> connection : connections) {
                connection.get();
            }
            return System.nanoTime() - begin;
        } catch (ExecutionException e) {
            throw new IllegalStateException("A request failed", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private static void connection(URI endpoint, int requests, AtomicInteger next, IntFunction<Sent> request)
            throws IOException {
        try (Socket socket = new Socket(InetAddress.getByName(endpoint.getHost()), endpoint.getPort())) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int i = next.getAndIncrement(); i < requests; i = next.getAndIncrement()) {
                out.write(request.apply(i).bytes(endpoint.getPort()));
                out.flush();
                readAnswer(in);
            }
        }
    }

    private static void readAnswer(InputStream in) throws IOException {
        String status = line(in);
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException("Answered with " + status);
        }
        int length = -1;
        boolean chunked = false;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(
                        lower.substring("content-length:".length()).trim());
            }
            chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
        }
        if (!chunked) {
            in.skipNBytes(length);
            return;
        }
        int chunk;
        do {
            chunk = Integer.parseInt(line(in), 16);
            in.skipNBytes(chunk + 2L);
        } while (chunk > 0);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.length() > LARGEST_LINE) {
                throw new EOFException("The connection ended within an answer");
            }
            line.append((char) next);
        }
        return line.substring(0, Math.max(0, line.length() - 1));
    }
}
