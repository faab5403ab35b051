package io.emreks.spark;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the tunings of driver and executors have in common. */
interface RoleTuning {
    Pattern CPU_QUANTITY = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,3})?)m?");
    Pattern ENV_NAME = Pattern.compile("[-._a-zA-Z][-._a-zA-Z0-9]*");

    OptionalInt cores();

    Optional<MemorySize> memory();

    Optional<MemorySize> memoryOverhead();

    Optional<String> requestCores();

    Optional<String> limitCores();

    Map<String, String> env();

    static void addTo(SparkConf.Builder conf, RoleTuning tuning, String source, String role, String envPrefix) {
        tuning.cores().ifPresent(n -> conf.tuning(source, "spark." + role + ".cores", Integer.toString(n)));
        tuning.memory().ifPresent(size -> conf.tuning(source, "spark." + role + ".memory", size.sparkValue()));
        tuning.memoryOverhead()
                .ifPresent(size -> conf.tuning(source, "spark." + role + ".memoryOverhead", size.sparkValue()));
        tuning.requestCores().ifPresent(cpu -> conf.tuning(source, "spark.kubernetes." + role + ".request.cores", cpu));
        tuning.limitCores().ifPresent(cpu -> conf.tuning(source, "spark.kubernetes." + role + ".limit.cores", cpu));
        new TreeMap<>(tuning.env()).forEach((name, value) -> conf.tuning(source, envPrefix + name, value));
    }

    static void check(RoleTuning tuning, String field, List<Problem> problems) {
        checkAtLeastOne(tuning.cores(), field + ".cores", problems);
        if (tuning.memory().filter(size -> size.mebibytes() == 0).isPresent()) {
            problems.add(new Problem(field + ".memory", "is 0", "give it a size like 4g, or leave it out for 1g"));
        }
        checkCpu(tuning.requestCores(), field + ".requestCores", problems);
        checkCpu(tuning.limitCores(), field + ".limitCores", problems);
        for (String name : tuning.env().keySet()) {
            if (!ENV_NAME.matcher(name).matches()) {
                problems.add(new Problem(
                        field + ".env[" + name + "]",
                        "is not a name that Kubernetes takes for an environment variable",
                        "use letters, digits, '_', '-' and '.', not starting with a digit"));
            }
        }
    }

    static void checkAtLeastOne(OptionalInt number, String field, List<Problem> problems) {
        if (number.isPresent() && number.getAsInt() < 1) {
            problems.add(new Problem(field, "is " + number.getAsInt(), "make it 1 or more, or leave it out"));
        }
    }

    private static void checkCpu(Optional<String> quantity, String field, List<Problem> problems) {
        quantity.filter(text -> !isPositiveCpu(text))
                .ifPresent(text -> problems.add(new Problem(
                        field,
                        "'" + text + "' is not a CPU quantity of Kubernetes above 0",
                        "write cores like 4 or 3.9, or thousandths of a core like 3900m")));
    }

    private static boolean isPositiveCpu(String text) {
        Matcher matcher = CPU_QUANTITY.matcher(text);
        return matcher.matches() && new BigDecimal(matcher.group(1)).signum() > 0;
    }
}
