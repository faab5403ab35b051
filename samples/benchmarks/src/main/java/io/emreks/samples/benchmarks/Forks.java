package io.emreks.samples.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Fresh JVMs with the class path of this one. */
final class Forks {
    private Forks() {}

    /** What the program printed to its standard output. */
    static String run(List<String> jvmArguments, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArguments);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IllegalStateException(program.getSimpleName() + " ended with " + exit + ": " + output);
        }
        return output;
    }

    /** The median of so many whole processes, in milliseconds from their start to their end; the two take turns. */
    static double[] alternate(int times, Program first, Program second) throws IOException, InterruptedException {
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

    /** A program that ends by itself. */
    record Program(Class<?> main, List<String> arguments) {
        double millis() throws IOException, InterruptedException {
            long begin = System.nanoTime();
            String unused = run(List.of(), main, arguments.toArray(String[]::new));
            return (System.nanoTime() - begin) / 1e6;
        }
    }
}
