package io.emreks.podtemplate;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One version of Spark's own code for pods, in a class loader of its own: templates are loaded by
 * {@code KubernetesUtils.loadPodFromTemplate} and run through all feature steps of driver or executor.
 */
final class SparkOracle {
    static final String APP_ID = "spark-0123";
    static final String EXECUTOR_ID = "76543";

    private final ClassLoader loader;
    private final Object client;
    private final Path template;

    /** The jars lie in a folder below {@code target}, where the build copies them. */
    SparkOracle(Path jars) {
        try {
            loader = new URLClassLoader(urls(jars), ClassLoader.getPlatformClassLoader());
            template = Files.createTempFile("template", ".yaml");
            template.toFile().deleteOnExit();
            Object config = invoke(type("io.fabric8.kubernetes.client.Config"), null, "empty");
            Object builder = create("io.fabric8.kubernetes.client.KubernetesClientBuilder");
            client = call(call(builder, "withConfig", config), "build");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static URL[] urls(Path jars) {
        File[] files = jars.toFile().listFiles((folder, name) -> name.endsWith(".jar"));
        if (files == null || files.length == 0) {
            throw new IllegalStateException(
                    "no jars in " + jars + "; the build copies them in generate-test-resources");
        }
        List<URL> urls = new ArrayList<>();
        for (File file : files) {
            try {
                urls.add(file.toURI().toURL());
            } catch (MalformedURLException e) {
                throw new IllegalStateException(e);
            }
        }
        return urls.toArray(URL[]::new);
    }

    /** The pod that Spark makes of the template, as it would send it to Kubernetes. */
    Map<?, ?> pod(PodRole role, String yaml, Map<String, String> settings) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            Files.writeString(template, yaml);
            Object conf = create("org.apache.spark.SparkConf", false);
            settings.forEach((key, value) -> call(conf, "set", key, value));
            call(
                    conf,
                    "set",
                    "spark.kubernetes." + role.word() + ".podTemplateFile",
                    template.toUri().toString());
            call(conf, "set", "spark.kubernetes." + role.word() + ".podTemplateContainerName", role.containerName());
            Object sparkPod = call(role == PodRole.DRIVER ? driver(conf) : executor(conf), "pod");
            Object pod = call(sparkPod, "pod");
            // as in Client.run and ExecutorPodsAllocator
            @SuppressWarnings("unchecked")
            List<Object> containers = (List<Object>) call(call(pod, "getSpec"), "getContainers");
            containers.add(call(sparkPod, "container"));
            Object json = invoke(type("io.fabric8.kubernetes.client.utils.Serialization"), null, "asJson", pod);
            return YamlReader.read((String) json);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private Object driver(Object conf) {
        Object none = none();
        Object main = create("org.apache.spark.deploy.k8s.submit.JavaMainAppResource", none);
        Object driverConf = call(
                module("org.apache.spark.deploy.k8s.KubernetesConf"),
                "createDriverConf",
                conf,
                APP_ID,
                main,
                "com.acme.Main",
                Array.newInstance(String.class, 0),
                none);
        return call(
                create("org.apache.spark.deploy.k8s.submit.KubernetesDriverBuilder"),
                "buildFromFeatures",
                driverConf,
                client);
    }

    private Object executor(Object conf) {
        call(conf, "set", "spark.driver.host", "driver.svc");
        // as the submission sets them for the driver (DriverServiceFeatureStep)
        Object blockManager = call(conf, "get", "spark.blockManager.port", "7079");
        call(conf, "set", "spark.driver.port", call(conf, "get", "spark.driver.port", "7078"));
        call(
                conf,
                "set",
                "spark.driver.blockManager.port",
                call(conf, "get", "spark.driver.blockManager.port", blockManager));
        Object executorConf = call(
                module("org.apache.spark.deploy.k8s.KubernetesConf"),
                "createExecutorConf",
                conf,
                EXECUTOR_ID,
                APP_ID,
                none(),
                0);
        Object securityModule = module("org.apache.spark.SecurityManager");
        Object security = create(
                "org.apache.spark.SecurityManager", conf, none(), call(securityModule, "$lessinit$greater$default$3"));
        Object profiles = module("org.apache.spark.resource.ResourceProfile");
        call(profiles, "clearDefaultProfile");
        return call(
                create("org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBuilder"),
                "buildFromFeatures",
                executorConf,
                security,
                client,
                call(profiles, "getOrCreateDefaultProfile", conf));
    }

    private Object none() {
        return module("scala.None");
    }

    private Class<?> type(String name) {
        try {
            return Class.forName(name, true, loader);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object module(String name) {
        try {
            return type(name + "$").getField("MODULE$").get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object create(String name, Object... arguments) {
        for (Constructor<?> constructor : type(name).getConstructors()) {
            if (fits(constructor.getParameterTypes(), arguments)) {
                try {
                    return constructor.newInstance(arguments);
                } catch (ReflectiveOperationException e) {
                    throw unwrapped(e);
                }
            }
        }
        throw new IllegalStateException("no constructor of " + name + " for " + Arrays.toString(arguments));
    }

    private static Object call(Object target, String name, Object... arguments) {
        return invoke(target.getClass(), target, name, arguments);
    }

    private static Object invoke(Class<?> type, @Nullable Object target, String name, Object... arguments) {
        for (Method method : type.getMethods()) {
            if (method.getName().equals(name) && fits(method.getParameterTypes(), arguments)) {
                try {
                    method.setAccessible(true);
                    return method.invoke(target, arguments);
                } catch (ReflectiveOperationException e) {
                    throw unwrapped(e);
                }
            }
        }
        throw new IllegalStateException("no method " + name + " of " + type + " for " + Arrays.toString(arguments));
    }

    private static RuntimeException unwrapped(ReflectiveOperationException e) {
        Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
        return cause instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(cause);
    }

    private static boolean fits(Class<?>[] parameters, Object[] arguments) {
        if (parameters.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < parameters.length; i++) {
            Class<?> parameter = parameters[i] == boolean.class
                    ? Boolean.class
                    : parameters[i] == int.class ? Integer.class : parameters[i];
            if (!parameter.isInstance(arguments[i])) {
                return false;
            }
        }
        return true;
    }
}
