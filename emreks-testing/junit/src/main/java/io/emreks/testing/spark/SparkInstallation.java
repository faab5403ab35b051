package io.emreks.testing.spark;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * The Apache Spark that {@link LocalSparkEngine} runs: one that was unpacked on this machine, or the jars that a build
 * resolved. Spark 3.5 on Java 17 is what the engine is tested with.
 */
public final class SparkInstallation {
    private final List<Path> classPath;
    private final Optional<Path> home;

    private SparkInstallation(List<Path> classPath, Optional<Path> home) {
        this.classPath = classPath.stream().map(Path::toAbsolutePath).toList();
        this.home = home;
    }

    /**
     * An unpacked Spark distribution. It is {@code SPARK_HOME} of the drivers too, so that Spark finds the pyspark that a
     * distribution holds.
     *
     * @param sparkHome the folder that holds {@code jars}
     * @throws IllegalArgumentException if {@code sparkHome/jars} is no folder with jars
     * @throws UncheckedIOException if it cannot be read
     */
    public static SparkInstallation ofHome(Path sparkHome) {
        Path jars = sparkHome.toAbsolutePath().resolve("jars");
        if (!Files.isDirectory(jars)) {
            throw new IllegalArgumentException(
                    "sparkHome: no folder " + jars + "; give the folder of an unpacked Spark distribution.");
        }
        try (Stream<Path> files = Files.list(jars)) {
            // by name: a class archive is good for one order only
            List<Path> found = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw new IllegalArgumentException(
                        "sparkHome: no jars in " + jars + "; give the folder of an unpacked Spark distribution.");
            }
            return new SparkInstallation(found, Optional.of(sparkHome.toAbsolutePath()));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the folder of Spark's jars", e);
        }
    }

    /**
     * Jars and class folders that hold Spark with all it needs, Hadoop included.
     *
     * @throws IllegalArgumentException if there are none, or naming those that do not exist
     */
    public static SparkInstallation ofClassPath(List<Path> entries) {
        List<Path> missing =
                entries.stream().filter(entry -> !Files.exists(entry)).toList();
        if (entries.isEmpty() || !missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "classPath: " + (entries.isEmpty() ? "it is empty" : "not found: " + missing)
                            + "; give the jars of Spark and of all it needs.");
        }
        return new SparkInstallation(entries, Optional.empty());
    }

    /**
     * Like {@link #ofClassPath}, read from a file with one class path, as {@code dependency:build-classpath} of Maven
     * writes it.
     *
     * @throws UncheckedIOException if the file cannot be read
     * @throws IllegalArgumentException if it is empty, or naming the entries that do not exist
     */
    public static SparkInstallation ofClassPathFile(Path file) {
        try {
            return ofClassPath(Arrays.stream(Files.readString(file).strip().split(File.pathSeparator))
                    .filter(entry -> !entry.isEmpty())
                    .map(Path::of)
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the class path of Spark", e);
        }
    }

    String classPath() {
        return classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /** The folder of the distribution, if it is one. */
    Optional<Path> home() {
        return home;
    }

    /** Whether a class is there. */
    boolean has(String className) throws IOException {
        String name = className.replace('.', '/') + ".class";
        for (Path entry : classPath) {
            if (Files.isDirectory(entry)) {
                if (Files.exists(entry.resolve(name))) {
                    return true;
                }
            } else {
                try (ZipFile jar = new ZipFile(entry.toFile())) {
                    if (jar.getEntry(name) != null) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "SparkInstallation[" + classPath() + "]";
    }
}
