package io.emreks.crash;

import io.emreks.crash.Round.Life;
import io.emreks.crash.Round.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** One line of figures for each round, in {@code target/crash-rounds.csv}. */
final class Figures {
    private static final Path FILE = Path.of("target", "crash-rounds.csv");
    private static final String HEADER =
            "seed,replicas,claims,listsTell,tokenReuse,submitsAll,tries,passes,processes,kills,runs,"
                    + "starts,wrongStarts,describes,lists,duplicates,recoveredKeys,recoveredMillis,seconds\n";

    private Figures() {}

    static void write(Round round) throws IOException {
        if (!Files.exists(FILE)) {
            Files.createDirectories(FILE.toAbsolutePath().getParent());
            Files.writeString(FILE, HEADER);
        }
        Files.writeString(FILE, line(round), StandardOpenOption.APPEND);
    }

    private static String line(Round round) {
        Variant variant = round.variant();
        int runs = round.runs().size();
        int starts = round.requests("StartJobRun").size();
        int wrong = round.wrong("StartJobRun");
        List<Report.Recovered> recoveries = round.lives().stream()
                .skip(1)
                .flatMap(life -> life.report().recovered().stream().limit(1))
                .toList();
        List<Object> values = List.of(
                variant.seed(),
                variant.replicas(),
                variant.claims(),
                variant.listsTell(),
                variant.reuse(),
                variant.submitsAll(),
                variant.tries(),
                round.lives().stream().mapToInt(life -> life.report().passes()).sum(),
                round.lives().size(),
                round.lives().stream().filter(Life::killed).count(),
                runs,
                starts,
                wrong,
                round.requests("DescribeJobRun").size(),
                round.requests("ListJobRuns").size(),
                round.overlaps().size(),
                recoveries.stream().map(r -> "" + r.keys()).collect(Collectors.joining(" ")),
                recoveries.stream().map(r -> "" + r.millis()).collect(Collectors.joining(" ")),
                Duration.between(round.lives().get(0).began(), round.last().ended())
                        .toSeconds());
        return values.stream().map(String::valueOf).collect(Collectors.joining(",")) + "\n";
    }
}
