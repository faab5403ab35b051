package io.emreks.testing;

import io.emreks.client.EmrEksClient;
import io.emreks.client.EmrEksClientBuilder;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeRequest;
import io.emreks.testing.service.VirtualTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.emrcontainers.EmrContainersClient;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Gives JUnit tests an {@link EmrEksTestBed} and what is in it, as parameters of these types: {@link EmrEksTestBed},
 * {@link FakeEmrEks}, {@link EmrEksClient}, {@link VirtualTime}, {@link EmrContainersClient}, {@link
 * EmrContainersAsyncClient}, {@link S3Client} and {@link S3AsyncClient}. Used through {@link EmrEksTest}, or with settings:
 *
 * <pre>{@code
 * @RegisterExtension
 * final EmrEksExtension emr = EmrEksExtension.builder().fake(fake -> fake.pageSize(2)).build();
 * }</pre>
 *
 * <p>Every test has a bed of its own, shared by its constructor, its {@code @BeforeEach} and {@code @AfterEach} methods
 * and itself, and closed at its end. If a {@code @BeforeAll} method asks for a parameter, it gets one bed for the class,
 * and all tests of the class share that one.
 *
 * <p>A test that fails prints the {@linkplain EmrEksTestBed#timeline timeline} of its bed to {@code System.err}. A test
 * during which the fake got {@linkplain EmrEksTestBed#unexpectedCalls calls it does not know} fails at its end, unless
 * {@link Builder#allowUnexpectedCalls} says otherwise; in a shared bed a call fails one test, the first to end after it.
 *
 * <p>Keeps its state with JUnit, so that tests may run in parallel and beds are closed even when a set-up fails; needs
 * JUnit 5.13 or newer.
 */
public final class EmrEksExtension implements ParameterResolver, AfterEachCallback, AfterAllCallback {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(EmrEksExtension.class);
    private static final Map<Class<?>, Function<EmrEksTestBed, Object>> PARAMETERS = Map.of(
            EmrEksTestBed.class, bed -> bed,
            FakeEmrEks.class, EmrEksTestBed::fake,
            EmrEksClient.class, EmrEksTestBed::client,
            VirtualTime.class, EmrEksTestBed::time,
            EmrContainersClient.class, EmrEksTestBed::emrContainersClient,
            EmrContainersAsyncClient.class, EmrEksTestBed::emrContainersAsyncClient,
            S3Client.class, EmrEksTestBed::s3Client,
            S3AsyncClient.class, EmrEksTestBed::s3AsyncClient);

    private final EmrEksTestBed.Builder beds;
    private final boolean unexpectedCallsAllowed;

    /** With everything at its default; what {@link EmrEksTest} uses. */
    public EmrEksExtension() {
        this(builder());
    }

    private EmrEksExtension(Builder builder) {
        beds = builder.beds;
        unexpectedCallsAllowed = builder.unexpectedCallsAllowed;
    }

    /** An extension with settings. */
    public static Builder builder() {
        return new Builder();
    }

    /** Constructors get the bed of the test that the instance is made for. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return PARAMETERS.containsKey(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Held held =
                context.getStore(NAMESPACE).getOrComputeIfAbsent(Held.class, key -> new Held(beds.build()), Held.class);
        Class<?> type = parameter.getParameter().getType();
        return Objects.requireNonNull(PARAMETERS.get(type), type::getName).apply(held.bed);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        check(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        check(context);
    }

    private void check(ExtensionContext context) {
        Held held = context.getStore(NAMESPACE).get(Held.class, Held.class);
        if (held == null) {
            return;
        }
        List<FakeRequest> unexpected = unexpectedCallsAllowed ? List.of() : held.newUnexpectedCalls();
        Optional<Throwable> failure = context.getExecutionException().filter(e -> !(e instanceof TestAbortedException));
        if (failure.isPresent() || !unexpected.isEmpty()) {
            System.err.print(context.getDisplayName() + " failed. " + held.bed.timeline());
        }
        if (!unexpected.isEmpty()) {
            throw new AssertionError(unexpected.stream()
                    .map(call -> "\n  " + call)
                    .collect(Collectors.joining(
                            "",
                            "The fake got calls it does not implement (allow them with"
                                    + " EmrEksExtension.builder().allowUnexpectedCalls()):",
                            "")));
        }
    }

    /** A bed in JUnit's store, which closes it. */
    private static final class Held implements AutoCloseable {
        private final EmrEksTestBed bed;
        private final Set<FakeRequest> reported = new HashSet<>();

        Held(EmrEksTestBed bed) {
            this.bed = bed;
        }

        synchronized List<FakeRequest> newUnexpectedCalls() {
            return bed.unexpectedCalls().stream().filter(reported::add).toList();
        }

        @Override
        public void close() {
            bed.close();
        }
    }

    /** Settings of an {@link EmrEksExtension}; not thread-safe. */
    public static final class Builder {
        private final EmrEksTestBed.Builder beds = EmrEksTestBed.builder();
        private boolean unexpectedCallsAllowed;

        private Builder() {}

        /** As {@link EmrEksTestBed.Builder#fake}, for every bed. */
        public Builder fake(Consumer<FakeEmrEks.Builder> settings) {
            beds.fake(settings);
            return this;
        }

        /** As {@link EmrEksTestBed.Builder#client}, for every bed. */
        public Builder client(Consumer<EmrEksClientBuilder> settings) {
            beds.client(settings);
            return this;
        }

        /** Lets tests pass although the fake got calls that it does not know or does not implement. */
        public Builder allowUnexpectedCalls() {
            unexpectedCallsAllowed = true;
            return this;
        }

        /** The extension, to be registered with {@code @RegisterExtension}. */
        public EmrEksExtension build() {
            return new EmrEksExtension(this);
        }
    }
}
