package io.emreks.logging;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** What SLF4J finds in these tests: prints nothing, has an MDC, and keeps warnings for those who ask. */
public final class TestLogging implements SLF4JServiceProvider {
    private static final List<List<String>> LISTENERS = new CopyOnWriteArrayList<>();

    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter mdc = new BasicMDCAdapter();

    /** What is warned of while it is open, by anybody. */
    public static final class Warnings implements AutoCloseable {
        private final List<String> messages = new CopyOnWriteArrayList<>();

        public Warnings() {
            LISTENERS.add(messages);
        }

        public List<String> messages() {
            return messages;
        }

        @Override
        public void close() {
            LISTENERS.removeIf(listener -> listener == messages);
        }
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return Quiet::new;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return mdc;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {}

    private static final class Quiet extends AbstractLogger {
        private static final long serialVersionUID = 1L;

        Quiet(String name) {
            this.name = name;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level,
                @Nullable Marker marker,
                String messagePattern,
                Object @Nullable [] arguments,
                @Nullable Throwable throwable) {
            if (!LISTENERS.isEmpty()) {
                String message = name + ": "
                        + MessageFormatter.basicArrayFormat(messagePattern, arguments)
                        + (throwable == null ? "" : " " + throwable);
                LISTENERS.forEach(listener -> listener.add(message));
            }
        }

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }

        @Override
        public boolean isWarnEnabled(Marker marker) {
            return true;
        }

        @Override
        public boolean isErrorEnabled(Marker marker) {
            return true;
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isTraceEnabled(Marker marker) {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled(Marker marker) {
            return false;
        }

        @Override
        public boolean isInfoEnabled() {
            return false;
        }

        @Override
        public boolean isInfoEnabled(Marker marker) {
            return false;
        }
    }
}
