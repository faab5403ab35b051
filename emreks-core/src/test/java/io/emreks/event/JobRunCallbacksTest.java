package io.emreks.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Every kind of event has its method, and reaches that one alone. */
class JobRunCallbacksTest {
    @Test
    void everyKindReachesItsOwnMethod() throws ReflectiveOperationException {
        Class<?>[] kinds = JobRunEvent.class.getPermittedSubclasses();
        assertThat(kinds).hasSizeGreaterThan(10);
        for (Class<?> kind : kinds) {
            List<String> called = new ArrayList<>();
            JobRunCallbacks callbacks = (JobRunCallbacks) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {JobRunCallbacks.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("onEvent")) {
                            return java.lang.reflect.InvocationHandler.invokeDefault(proxy, method, arguments);
                        }
                        assertThat(method.getParameterTypes()).containsExactly(kind);
                        called.add(method.getName());
                        return java.lang.reflect.InvocationHandler.invokeDefault(proxy, method, arguments);
                    });
            callbacks.onEvent(emptyOf(kind));
            assertThat(called).as("callbacks for %s", kind).containsExactly("on" + kind.getSimpleName());
        }
        assertThat(Arrays.stream(JobRunCallbacks.class.getDeclaredMethods()).filter(m -> !m.isSynthetic()))
                .as("the methods, of which onEvent is one")
                .hasSize(kinds.length + 1);
    }

    private static JobRunEvent emptyOf(Class<?> kind) throws ReflectiveOperationException {
        RecordComponent[] components = kind.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values =
                Arrays.stream(types).map(JobRunCallbacksTest::emptyValue).toArray();
        try {
            return (JobRunEvent) kind.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            throw new AssertionError(kind + " has a field this test knows no value for", e.getCause());
        }
    }

    @SuppressWarnings("NullAway") // what no callback looks at
    private static Object emptyValue(Class<?> type) {
        if (type == Instant.class) {
            return Instant.EPOCH;
        } else if (type == String.class) {
            return "";
        } else if (type == List.class) {
            return List.of();
        } else if (type == Optional.class) {
            return Optional.empty();
        } else if (type == OptionalInt.class) {
            return OptionalInt.empty();
        } else if (type == boolean.class) {
            return false;
        }
        return null;
    }
}
