package io.emreks.testing.spark;

import io.emreks.testing.service.FakeJobDriver;
import io.emreks.testing.service.FakeJobRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a run as Spark's scripts read them.
 *
 * @param options the options of spark-submit, in order
 * @param rest the other words as they were; Spark itself judges them
 */
record SubmitOptions(List<Option> options, List<String> rest) {
    private static final Set<String> WITH_VALUE = Set.of(
            "--archives",
            "--class",
            "--conf",
            "--deploy-mode",
            "--driver-class-path",
            "--driver-cores",
            "--driver-java-options",
            "--driver-library-path",
            "--driver-memory",
            "--exclude-packages",
            "--executor-cores",
            "--executor-memory",
            "--files",
            "--jars",
            "--keytab",
            "--kill",
            "--master",
            "--name",
            "--num-executors",
            "--packages",
            "--principal",
            "--properties-file",
            "--proxy-user",
            "--py-files",
            "--queue",
            "--remote",
            "--repositories",
            "--status",
            "--total-executor-cores");
    private static final Set<String> SWITCHES =
            Set.of("--help", "-h", "--supervise", "--usage-error", "--verbose", "-v", "--version");

    SubmitOptions {
        options = List.copyOf(options);
        rest = List.copyOf(rest);
    }

    /** One option; a switch has no value. */
    record Option(String name, @Nullable String value) {
        /** The key of a {@code --conf key=value}, else empty. */
        String settingKey() {
            return value != null && name.equals("--conf") && value.indexOf('=') > 0
                    ? value.substring(0, value.indexOf('='))
                    : "";
        }

        /** The value of a {@code --conf key=value} with a key. */
        String settingValue() {
            return value == null ? "" : value.substring(value.indexOf('=') + 1);
        }
    }

    /** The parameters of a run, read as its driver's script reads them. */
    static SubmitOptions of(FakeJobRun run) throws StartProblem {
        return run.driver() == FakeJobDriver.SPARK_SQL
                ? parseSql(run.sparkSubmitParameters())
                : parse(run.sparkSubmitParameters());
    }

    /** {@code sparkSubmitParameters}: from the first word on that is no option of spark-submit, all is rest. */
    static SubmitOptions parse(String parameters) throws StartProblem {
        return parse(parameters, false);
    }

    /** {@code sparkSqlParameters}: options of spark-submit stand between those of spark-sql, which are the rest. */
    static SubmitOptions parseSql(String parameters) throws StartProblem {
        return parse(parameters, true);
    }

    private static SubmitOptions parse(String parameters, boolean mixed) throws StartProblem {
        List<String> words = OptionString.split(parameters);
        List<Option> options = new ArrayList<>();
        List<String> rest = new ArrayList<>();
        int next = 0;
        while (next < words.size()) {
            String word = words.get(next);
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            String name = equals < 0 ? word : word.substring(0, equals);
            name = name.equals("-c") ? "--conf" : name;
            if (equals < 0 && SWITCHES.contains(name)) {
                options.add(new Option(name, null));
                next += 1;
            } else if (equals >= 0 && WITH_VALUE.contains(name)) {
                options.add(new Option(name, word.substring(equals + 1)));
                next += 1;
            } else if (WITH_VALUE.contains(name) && next + 1 < words.size()) {
                options.add(new Option(name, words.get(next + 1)));
                next += 2;
            } else if (mixed) {
                rest.add(word);
                next += 1;
            } else {
                break;
            }
        }
        rest.addAll(words.subList(next, words.size()));
        return new SubmitOptions(options, rest);
    }

    /** The value of the last option of that name. */
    Optional<String> last(String name) {
        return options.stream()
                .filter(option -> option.name().equals(name))
                .map(Option::value)
                .filter(Objects::nonNull)
                .reduce((first, second) -> second);
    }

    /** The settings in force: the defaults, replaced by each {@code --conf} in order. */
    Map<String, String> settings(Map<String, String> defaults) {
        Map<String, String> settings = new LinkedHashMap<>(defaults);
        for (Option option : options) {
            if (!option.settingKey().isEmpty()) {
                settings.put(option.settingKey(), option.settingValue());
            }
        }
        return settings;
    }
}
