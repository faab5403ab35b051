package io.emreks.spark;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The rules for numbers, sizes and times that have a least value. */
final class Limits {
    private static final Duration LEAST_TIME = Duration.ofMillis(1);

    private Limits() {}

    static void atLeastOne(OptionalInt number, String field, List<Problem> problems) {
        if (number.isPresent() && number.getAsInt() < 1) {
            problems.add(new Problem(field, "is " + number.getAsInt(), "make it 1 or more, or leave it out"));
        }
    }

    static void size(Optional<MemorySize> size, String field, String fix, List<Problem> problems) {
        if (size.isPresent() && size.get().mebibytes() == 0) {
            problems.add(new Problem(field, "is 0", fix));
        }
    }

    static void time(Optional<Duration> time, String field, List<Problem> problems) {
        if (time.isPresent() && time.get().compareTo(LEAST_TIME) < 0) {
            problems.add(new Problem(field, "is " + time.get(), "make it 1 ms or more, or leave it out"));
        }
    }

    static void notBlank(String text, String field, List<Problem> problems) {
        if (text.isBlank()) {
            problems.add(new Problem(field, "is blank", "give it a text"));
        }
    }

    static void logging(Optional<CpuQuantity> cores, Optional<MemorySize> memory, List<Problem> problems) {
        if (cores.filter(CpuQuantity.ZERO::equals).isPresent()) {
            problems.add(new Problem("loggingCores", "is 0", "give it a quantity like 100m, or leave it out"));
        }
        size(memory, "loggingMemory", "give it a size like 512m, or leave it out", problems);
    }
}
