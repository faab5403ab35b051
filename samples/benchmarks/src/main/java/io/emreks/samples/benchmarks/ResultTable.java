package io.emreks.samples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The table of the README: read for the ratios of before, written anew on demand. */
final class ResultTable {
    private static final String BEGIN = "<!-- results -->";
    private static final String END = "<!-- end of results -->";
    private static final int WHAT = 1;
    private static final int RATIO = 4;

    private final Path readme;
    private final Map<String, String> lines = new LinkedHashMap<>();
    private final Map<String, Double> ratios = new HashMap<>();

    ResultTable(Path readme) throws IOException {
        this.readme = readme;
        String text = Files.readString(readme);
        String table = text.substring(text.indexOf(BEGIN), text.indexOf(END));
        for (String line :
                table.lines().filter(line -> line.startsWith("| ")).skip(1).toList()) {
            String[] cells = line.split(" *\\| *");
            lines.put(cells[WHAT], line);
            ratios.put(cells[WHAT], Double.valueOf(cells[RATIO].replace(",", "")));
        }
    }

    void print(List<Measurement> measurements) {
        String format = "%-64s %18s %18s %8s %8s  %s%n";
        System.out.printf(format, "", "emreks", "baseline", "ratio", "before", "goal");
        for (Measurement measurement : measurements) {
            Double before = ratios.get(measurement.what());
            System.out.printf(
                    format,
                    measurement.what(),
                    Measurement.number(measurement.value()) + " " + measurement.unit(),
                    Measurement.number(measurement.baseline()) + " " + measurement.unit(),
                    Measurement.number(measurement.ratio()),
                    before == null ? "-" : Measurement.number(before),
                    measurement.goalInWords()
                            + (measurement.met() ? "" : "  MISSED")
                            + (before != null && measurement.worseThan(before) ? "  REGRESSION" : ""));
        }
    }

    /** Replaces the lines of these measurements, and keeps the others. */
    void write(List<Measurement> measurements, String environment) throws IOException {
        for (Measurement measurement : measurements) {
            lines.put(
                    measurement.what(),
                    String.join(
                            " | ",
                            "| " + measurement.what(),
                            Measurement.number(measurement.value()) + " " + measurement.unit(),
                            Measurement.number(measurement.baseline()) + " " + measurement.unit(),
                            Measurement.number(measurement.ratio()),
                            measurement.goalInWords() + (measurement.met() ? "" : " (missed)"),
                            environment + " |"));
        }
        String table = BEGIN + "\n\n| measured | emreks | baseline | ratio | goal | on |\n|---|---|---|---|---|---|\n"
                + String.join("\n", lines.values()) + "\n\n";
        String text = Files.readString(readme);
        Files.writeString(readme, text.substring(0, text.indexOf(BEGIN)) + table + text.substring(text.indexOf(END)));
    }
}
