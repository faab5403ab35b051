package io.emreks.testing.spark;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The Apache Spark that {@link LocalSparkEngine} runs: one that was unpacked on this machine, or the jars that a build
 * resolved. Spark 3.5 on Java 17 is what the engine is tested with.
 */
public final class SparkInstallation {
    private final String classPath;

    private SparkInstallation(String classPath) {
        this.classPath = classPath;
    }

    /**
     * An unpacked Spark distribution.
     *
     * @param sparkHome the folder that holds {@code jars}
     * @throws IllegalArgumentException if {@code sparkHome/jars} is no folder
     */
    public static SparkInstallation ofHome(Path sparkHome) {
        Path jars = sparkHome.toAbsolutePath().resolve("jars");
        if (!Files.isDirectory(jars)) {
            throw new IllegalArgumentException(
                    "sparkHome: no folder " + jars + "; give the folder of an unpacked Spark distribution.");
        }
        return new SparkInstallation(jars + File.separator + "*");
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
        return new SparkInstallation(entries.stream()
                .map(entry -> entry.toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator)));
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
        return classPath;
    }

    @Override
    public String toString() {
        return "SparkInstallation[" + classPath + "]";
    }
}
