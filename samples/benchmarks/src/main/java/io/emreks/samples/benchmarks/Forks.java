package io.emreks.samples.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Fresh JVMs with the class path of this one. */
final class Forks {
    /** A heap of one size that was touched before: its growth would cost as much as some of what is measured. */
    static final List<String> STEADY_HEAP = List.of("-Xms1500m", "-Xmx1500m", "-XX:+AlwaysPreTouch");

    private Forks() {}

    /** What the program printed to its standard output. */
    static String run(List<String> jvmArguments, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(jvmArguments);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        Process process = java(command);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IllegalStateException(program.getSimpleName() + " ended with " + exit + ": " + output);
        }
        return output;
    }

    /** From the start of a JVM to the first line that it prints, in milliseconds; then it is ended. */
    static double millisToFirstLine(List<String> arguments) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Process process = java(arguments);
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            if (output.readLine() == null) {
                throw new IllegalStateException("java " + arguments + " ended without a word");
            }
            return (System.nanoTime() - begin) / 1e6;
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static Process java(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** The medians of what was measured so many times, in turns. */
    static double[] alternate(int times, Timed first, Timed second) throws IOException, InterruptedException {
        double[] ofFirst = new double[times];
        double[] ofSecond = new double[times];
        for (int i = 0; i < times; i++) {
            ofFirst[i] = first.millis();
            ofSecond[i] = second.millis();
        }
        return new double[] {median(ofFirst), median(ofSecond)};
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Something that takes some milliseconds. */
    interface Timed {
        double millis() throws IOException, InterruptedException;
    }

    /** A program that ends by itself. */
    record Program(Class<?> main, List<String> arguments) implements Timed {
        @Override
        public double millis() throws IOException, InterruptedException {
            long begin = System.nanoTime();
            String unused = run(List.of(), main, arguments.toArray(String[]::new));
            return (System.nanoTime() - begin) / 1e6;
        }
    }
}
