package io.emreks.samples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the benchmarks named on the command line, or all, and prints their table. {@code --write} puts it into the README,
 * {@code --list} only names them. Run it from the project's folder.
 */
public final class Benchmarks {
    private static final Path README = Path.of("samples/benchmarks/README.md");

    private static final List<Yardstick> ALL = List.of(
            new SubmitToCompletion(),
            new ManyInFlight(),
            new LiveRuns(),
            new Watching(),
            new FirstSubmit(),
            new PodTemplates(),
            new FakeInMemory(),
            new FakeOverHttp(),
            new FakeReady(),
            new FakeMemory(),
            new VirtualDay(),
            new SparkSettings());

    private Benchmarks() {}

    /** See the class comment. */
    public static void main(String[] args) throws Exception {
        List<String> names = new ArrayList<>(List.of(args));
        boolean write = names.remove("--write");
        List<String> known = ALL.stream().map(Yardstick::name).toList();
        if (names.remove("--list")) {
            known.forEach(System.out::println);
            return;
        }
        if (!known.containsAll(names)) {
            throw new IllegalArgumentException("The benchmarks are " + known + "; asked for " + names);
        }
        if (!Files.isRegularFile(README)) {
            throw new IllegalArgumentException("There is no " + README + " here; run this from the project's folder");
        }
        ResultTable table = new ResultTable(README);
        List<Measurement> measurements = new ArrayList<>();
        for (Yardstick yardstick : ALL) {
            if (names.isEmpty() || names.contains(yardstick.name())) {
                long begin = System.nanoTime();
                System.out.println("Measuring " + yardstick.name());
                measurements.addAll(yardstick.measure());
                System.out.printf("  took %.0f s%n", (System.nanoTime() - begin) / 1e9);
            }
        }
        System.out.println();
        System.out.println(environment());
        table.print(measurements);
        if (write) {
            table.write(measurements, environment());
        }
    }

    private static String environment() throws IOException {
        return LocalDate.now(ZoneOffset.UTC) + ", " + Runtime.getRuntime().availableProcessors() + " × " + processor()
                + ", JDK " + Runtime.version();
    }

    private static String processor() throws IOException {
        Path cpus = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(cpus)) {
            return System.getProperty("os.arch");
        }
        return Files.readAllLines(cpus).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }
}
