package io.emreks.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Java process that has ended: its exit code, and its standard output and error as one text. */
record Forked(int exitCode, String output) {
    static final Path ROOT =
            Path.of(System.getProperty("project.root")).toAbsolutePath().normalize();
    static final Path MODULE = ROOT.resolve("samples/quickstart");

    /** The class path that the launcher uses. */
    static String classPath() throws IOException {
        return MODULE.resolve("target/classes")
                + File.pathSeparator
                + Files.readString(MODULE.resolve("target/quickstart.classpath"))
                        .strip();
    }

    /** Runs this machine's {@code java} and waits for its end; longer than the limit is an error. */
    static Forked java(Duration limit, Path folder, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("forked", ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Stream.of(arguments).forEach(command::add);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
                    .as("ended within %s; so far it said:%n%s", limit, Files.readString(output))
                    .isTrue();
            return new Forked(process.exitValue(), Files.readString(output));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.delete(output);
        }
    }
}
