package io.emreks.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a process said until it ended or was killed.
 *
 * @param passes how often it went through what there is to do
 * @param recovered how many keys it found something of in its first pass, and its age in milliseconds then; empty if it
 *     did not come that far
 * @param runs every run of every handle, as the handle last saw it
 * @param ends how every handle ended
 */
record Report(int passes, List<Recovered> recovered, List<SeenRun> runs, List<End> ends) {
    /** How a handle ended that was not accepted, or nobody knows whether it was. */
    static final String UNDECIDED = "undecided";

    record Recovered(int keys, long millis) {}

    record SeenRun(String key, String id, String state) {}

    record End(String key, String end, String lastRun) {}

    static Report read(Path file) {
        int passes = 0;
        List<Recovered> recovered = new ArrayList<>();
        List<SeenRun> runs = new ArrayList<>();
        List<End> ends = new ArrayList<>();
        for (String line : wholeLines(file)) {
            String[] words = line.split("\t", -1);
            switch (words[0]) {
                case "pass" -> passes++;
                case "recovered" -> recovered.add(new Recovered(Integer.parseInt(words[1]), Long.parseLong(words[2])));
                case "run" -> runs.add(new SeenRun(words[1], words[2], words[3]));
                case "end" -> ends.add(new End(words[1], words[2], words[3]));
                case "over" -> {}
                default -> throw new IllegalArgumentException("A process said: " + line);
            }
        }
        return new Report(passes, recovered, runs, ends);
    }

    /** A killed process may have said half a line. */
    private static List<String> wholeLines(Path file) {
        try {
            String text = Files.readString(file);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
