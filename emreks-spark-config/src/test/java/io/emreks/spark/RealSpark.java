package io.emreks.spark;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Apache Spark itself, each version in a class loader of its own that shares nothing with the tests but the JDK. What it
 * is asked is in {@code oracle/SparkOracle.java}, which is compiled beside it.
 */
@SuppressWarnings("ImmutableEnumChecker")
public enum RealSpark {
    /** Spark 3.5. */
    V3_5("spark-3.5", "3.5.6"),
    /** Spark 4.1. */
    V4_1("spark-4.1", "4.1.1");

    private static final Path SOURCE = Path.of("src", "test", "resources", "oracle", "SparkOracle.java");

    private final SparkVersion version;
    private final Path jars;
    private @Nullable BiFunction<String, Object, Object> oracle;

    RealSpark(String folder, String version) {
        this.version = SparkVersion.parse(version);
        this.jars = Path.of("target", folder);
    }

    private synchronized Object ask(String question, Object argument) {
        BiFunction<String, Object, Object> loaded = oracle;
        if (loaded == null) {
            loaded = load(jars);
            oracle = loaded;
        }
        return loaded.apply(question, argument);
    }

    public SparkVersion version() {
        return version;
    }

    /** The words of a string of options. */
    @SuppressWarnings("unchecked")
    public List<String> split(String options) {
        return (List<String>) ask("split", options);
    }

    /** What spark-submit understands of its words. */
    @SuppressWarnings("unchecked")
    public Map<String, Object> submit(List<String> words) {
        return (Map<String, Object>) ask("submit", words);
    }

    /** CPU and memory of driver and executors by {@code role.request.cpu} and so on. */
    @SuppressWarnings("unchecked")
    public Map<String, String> pods(Map<String, String> settings, boolean python) {
        return (Map<String, String>) ask(python ? "python pods" : "jvm pods", settings);
    }

    /** How many executors it asks Kubernetes for at first. */
    public int executorsAtTheStart(Map<String, String> settings) {
        return (Integer) ask("executors at the start", settings);
    }

    /** All settings that this version knows, with the version that brought them. */
    @SuppressWarnings("unchecked")
    public Map<String, String> settings() {
        return (Map<String, String>) ask("settings", Map.of());
    }

    @SuppressWarnings("unchecked")
    private static BiFunction<String, Object, Object> load(Path jars) {
        try (Stream<Path> files = Files.list(jars)) {
            List<Path> classPath = new ArrayList<>(
                    files.filter(f -> f.toString().endsWith(".jar")).sorted().toList());
            Path classes = Files.createDirectories(jars.resolve("oracle"));
            if (isStale(classes)) {
                compile(classPath, classes);
            }
            classPath.add(classes);
            ClassLoader loader = new URLClassLoader(
                    classPath.stream().map(RealSpark::url).toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
            BiFunction<String, Object, Object> oracle =
                    (BiFunction<String, Object, Object>) loader.loadClass("org.apache.spark.launcher.SparkOracle")
                            .getConstructor()
                            .newInstance();
            return (question, argument) -> inItsOwnWorld(loader, () -> oracle.apply(question, argument));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Hadoop looks for its classes in the thread's loader. */
    private static Object inItsOwnWorld(ClassLoader loader, Supplier<Object> answer) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return answer.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static boolean isStale(Path classes) throws IOException {
        Path compiled = classes.resolve("org/apache/spark/launcher/SparkOracle.class");
        return !Files.exists(compiled)
                || Files.getLastModifiedTime(compiled).compareTo(Files.getLastModifiedTime(SOURCE)) < 0;
    }

    private static void compile(List<Path> classPath, Path classes) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int failed = compiler.run(
                null,
                null,
                null,
                "-nowarn",
                "--release",
                "17",
                "-proc:none",
                "-cp",
                classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                "-d",
                classes.toString(),
                Path.of("src", "test", "resources", "oracle", "SparkOracle.java")
                        .toString());
        if (failed != 0) {
            throw new IllegalStateException("the oracle does not compile beside " + classPath);
        }
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }
}
