package io.emreks.testing.service;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.common.Notifier;
import com.github.tomakehurst.wiremock.core.Options;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.AdminRequestHandler;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.http.StubRequestHandler;
import com.github.tomakehurst.wiremock.jetty11.Jetty11HttpServer;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import wiremock.org.eclipse.jetty.http.HttpFields;
import wiremock.org.eclipse.jetty.server.Server;
import wiremock.org.eclipse.jetty.server.handler.ErrorHandler;

/**
 * The fake over HTTP; EMR and S3 share the endpoint. Made by {@link FakeEmrEks#startServer}. An answer that a fault delays
 * blocks one of the server's threads for that time.
 *
 * <p>Under {@code /_emreks/} are calls that steer the fake as its Java methods do, in JSON; README.md lists them. They need
 * no signature and are not among {@link FakeEmrEks#requests}.
 */
public final class FakeServer implements AutoCloseable {
    static final String LOOPBACK = "127.0.0.1";
    private static final int THREADS = 50;
    private static final int JOURNAL_LIMIT = 1000;
    private static final int LOWEST_PRIORITY = Integer.MAX_VALUE;

    private final String host;
    private final WireMockServer server;

    private FakeServer(String host, WireMockServer server) {
        this.host = host;
        this.server = server;
    }

    /** @param port 0 for a free one */
    static FakeServer start(String host, int port, Function<ApiRequest, @Nullable ApiResponse> service) {
        WireMockServer server = new WireMockServer(WireMockConfiguration.options()
                .bindAddress(host)
                .port(port)
                .containerThreads(THREADS)
                .maxRequestJournalEntries(JOURNAL_LIMIT)
                .notifier(new Silence())
                // only this process changes stubs, whoever else reaches the server
                .adminAuthenticator(request -> false)
                .httpServerFactory(Jetty::new)
                .extensions(new Model(service)));
        server.start();
        server.stubFor(
                any(anyUrl()).atPriority(LOWEST_PRIORITY).willReturn(aResponse().withTransformers(Model.NAME)));
        return new FakeServer(host, server);
    }

    /** Where the server listens, by default {@code http://127.0.0.1:{port}}: the endpoint override of AWS clients. */
    public URI endpoint() {
        return URI.create("http://" + (host.equals("0.0.0.0") ? LOOPBACK : host) + ":" + port());
    }

    /** The port. */
    public int port() {
        return server.port();
    }

    /** The WireMock server, for its journal (the last 1,000 requests), for {@code verify}, and for stubs before the fake's. */
    public WireMockServer wireMock() {
        return server;
    }

    /** Stops the server and its threads. */
    @Override
    public void close() {
        server.stop();
    }

    /** Lets the model answer, in place of a stub's fixed response. */
    private static final class Model implements ResponseDefinitionTransformerV2 {
        private static final String NAME = "emreks-fake";

        private final Function<ApiRequest, @Nullable ApiResponse> service;

        Model(Function<ApiRequest, @Nullable ApiResponse> service) {
            this.service = service;
        }

        @Override
        public ResponseDefinition transform(ServeEvent event) {
            ApiResponse response = service.apply(toApiRequest(event.getRequest()));
            if (response == null) {
                return aResponse()
                        .withFault(com.github.tomakehurst.wiremock.http.Fault.CONNECTION_RESET_BY_PEER)
                        .build();
            }
            ResponseDefinitionBuilder definition =
                    aResponse().withStatus(response.status()).withBody(response.body());
            response.headers().forEach((name, value) -> definition.withHeader(name, value));
            return definition.build();
        }

        private static ApiRequest toApiRequest(Request request) {
            String url = request.getUrl();
            int question = url.indexOf('?');
            Map<String, String> headers = new HashMap<>();
            for (String name : request.getAllHeaderKeys()) {
                headers.put(name, String.join(",", request.header(name).values()));
            }
            return new ApiRequest(
                    request.getMethod().getName(),
                    request.getHost(),
                    question < 0 ? url : url.substring(0, question),
                    question < 0 ? "" : url.substring(question + 1),
                    headers,
                    request.getBody());
        }

        @Override
        public boolean applyGlobally() {
            return false;
        }

        @Override
        public String getName() {
            return NAME;
        }
    }

    /** What Jetty refuses before the fake sees it gets an error in the form of AWS too. */
    private static final class Jetty extends Jetty11HttpServer {
        Jetty(Options options, AdminRequestHandler admin, StubRequestHandler stubs) {
            super(options, admin, stubs);
        }

        @Override
        protected void applyAdditionalServerConfiguration(Server server, Options options) {
            super.applyAdditionalServerConfiguration(server, options);
            server.addBean(new Refusal());
        }
    }

    private static final class Refusal extends ErrorHandler {
        @Override
        public ByteBuffer badMessageError(int status, String reason, HttpFields.Mutable fields) {
            fields.put("Content-Type", "application/json");
            fields.put("x-amzn-ErrorType", "MalformedHttpRequestException");
            return ByteBuffer.wrap(
                    "{\"message\":\"The request is no HTTP that can be read\"}".getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The fake tells what it saw by {@link FakeEmrEks#requests}; the console is the test's own. */
    private static final class Silence implements Notifier {
        @Override
        public void info(String message) {}

        @Override
        public void error(String message) {}

        @Override
        public void error(String message, Throwable failure) {}
    }
}
