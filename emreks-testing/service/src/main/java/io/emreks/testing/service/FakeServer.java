package io.emreks.testing.service;

import com.github.tomakehurst.wiremock.WireMockServer;
import java.net.URI;

/** The fake over HTTP, on a free port of the loopback interface; EMR and S3 share the endpoint. */
public final class FakeServer implements AutoCloseable {
    private final WireMockServer server;

    FakeServer(WireMockServer server) {
        this.server = server;
    }

    /** Where the server listens, {@code http://127.0.0.1:{port}}: the endpoint override of AWS clients. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** The port. */
    public int port() {
        return server.port();
    }

    /** The WireMock server, for its journal (the last 1,000 requests), {@code verify} and more stubs. */
    public WireMockServer wireMock() {
        return server;
    }

    /** Stops the server and its threads. */
    @Override
    public void close() {
        server.stop();
    }
}
