package io.emreks.testing.server;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** The options of the command line. */
final class Options {
    static final String USAGE = """
            Usage: java -jar emreks-testing-server.jar [options]
              --port N           the port, by default 4566; 0 for a free one
              --host ADDRESS     the address to listen on, by default 127.0.0.1
              --account ID       the account, 12 digits, by default 123456789012
              --region NAME      the region, by default us-east-1
              --seed N           from which ids and times are made, by default 0
              --real-time        time passes by itself; without it only POST /_emreks/time/advance moves it
              --time-factor X    real time, X times as fast
              --quota-scale X    throttles by the published quotas, X times as large; without it nothing is throttled
              --data-dir FOLDER  keeps state, and objects of S3, in this folder over restarts
              --local-spark HOME runs the jobs with the Apache Spark that is unpacked there, in real time; the memory
                                 of all drivers together is 2648 MiB
              --local-spark-memory MIB       that memory, at least 812; one driver may have all of it
              --local-spark-archive FOLDER   keeps Java's class archive there, with which drivers start faster
              --local-spark-ui   drivers have a Spark UI; GET /_emreks/jobruns tells its address
            """;

    int port = 4566;
    String host = "127.0.0.1";
    String account = "123456789012";
    String region = "us-east-1";
    long seed;
    boolean help;
    OptionalDouble timeFactor = OptionalDouble.empty();
    OptionalDouble quotaScale = OptionalDouble.empty();
    Optional<Path> dataFolder = Optional.empty();
    Optional<Path> sparkHome = Optional.empty();
    OptionalInt sparkMemory = OptionalInt.empty();
    Optional<Path> sparkArchive = Optional.empty();
    boolean sparkUi;

    private Options() {}

    /** @throws IllegalArgumentException that says which option is wrong */
    static Options of(String... arguments) {
        Options options = new Options();
        Deque<String> rest = new ArrayDeque<>(List.of(arguments));
        while (!rest.isEmpty()) {
            String option = rest.remove();
            switch (option) {
                case "--help" -> options.help = true;
                case "--port" -> options.port = port(value(option, rest));
                case "--host" -> options.host = value(option, rest);
                case "--account" -> options.account = value(option, rest);
                case "--region" -> options.region = value(option, rest);
                case "--seed" -> options.seed = (long) number(option, rest);
                case "--real-time" -> options.timeFactor = OptionalDouble.of(options.timeFactor.orElse(1));
                case "--time-factor" -> options.timeFactor = OptionalDouble.of(number(option, rest));
                case "--quota-scale" -> options.quotaScale = OptionalDouble.of(number(option, rest));
                case "--data-dir" -> options.dataFolder = Optional.of(Path.of(value(option, rest)));
                case "--local-spark" -> {
                    options.sparkHome = Optional.of(Path.of(value(option, rest)));
                    options.timeFactor = OptionalDouble.of(options.timeFactor.orElse(1));
                }
                case "--local-spark-memory" -> options.sparkMemory = OptionalInt.of((int) number(option, rest));
                case "--local-spark-archive" -> options.sparkArchive = Optional.of(Path.of(value(option, rest)));
                case "--local-spark-ui" -> options.sparkUi = true;
                default -> throw new IllegalArgumentException("No option is named " + option);
            }
        }
        if (options.sparkHome.isEmpty()
                && (options.sparkMemory.isPresent() || options.sparkArchive.isPresent() || options.sparkUi)) {
            throw new IllegalArgumentException("--local-spark-memory, --local-spark-archive and --local-spark-ui are"
                    + " for --local-spark, which is missing");
        }
        return options;
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(option + " wants a value");
        }
        return rest.remove();
    }

    private static int port(String text) {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > 65_535) {
            throw new IllegalArgumentException("--port is '" + text + "'; give 0 to 65535");
        }
        return Integer.parseInt(text);
    }

    private static double number(String option, Deque<String> rest) {
        String text = value(option, rest);
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " is '" + text + "'; give a number", e);
        }
    }
}
