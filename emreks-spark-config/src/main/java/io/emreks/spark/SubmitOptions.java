package io.emreks.spark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import java.util.function.IntConsumer;

/** Reads options of spark-submit back into a job, as {@code SparkSubmitArguments} of Spark 3.5 and 4.1 reads them. */
final class SubmitOptions {
    static final String CONF = "--conf";

    /** Options and the settings of the same meaning. */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("--master", "spark.master"),
            Map.entry("--remote", "spark.remote"),
            Map.entry("--deploy-mode", "spark.submit.deployMode"),
            Map.entry("--name", "spark.app.name"),
            Map.entry("--driver-memory", "spark.driver.memory"),
            Map.entry("--driver-cores", "spark.driver.cores"),
            Map.entry("--driver-java-options", "spark.driver.extraJavaOptions"),
            Map.entry("--driver-library-path", "spark.driver.extraLibraryPath"),
            Map.entry("--driver-class-path", "spark.driver.extraClassPath"),
            Map.entry("--executor-memory", "spark.executor.memory"),
            Map.entry("--executor-cores", "spark.executor.cores"),
            Map.entry("--num-executors", "spark.executor.instances"),
            Map.entry("--total-executor-cores", "spark.cores.max"),
            Map.entry("--queue", "spark.yarn.queue"),
            Map.entry("--jars", "spark.jars"),
            Map.entry("--py-files", "spark.submit.pyFiles"),
            Map.entry("--files", "spark.files"),
            Map.entry("--archives", "spark.archives"),
            Map.entry("--packages", "spark.jars.packages"),
            Map.entry("--exclude-packages", "spark.jars.excludes"),
            Map.entry("--repositories", "spark.jars.repositories"),
            Map.entry("--principal", "spark.kerberos.principal"),
            Map.entry("--keytab", "spark.kerberos.keytab"));

    /** Options with a value and no setting of the same meaning; the last two are those of Spark SQL. */
    private static final Set<String> OTHERS = Set.of(
            "--proxy-user",
            "--properties-file",
            "--extra-properties-file",
            "--driver-default-class-path",
            "--kill",
            "--status",
            "-hivevar",
            "--hivevar",
            "-hiveconf",
            "--hiveconf");

    private static final Set<String> SWITCHES = Set.of(
            "--verbose", "-v", "--supervise", "--version", "--usage-error", "--help", "-h", "--load-spark-defaults");

    /** EMR on EKS Development Guide, "Spark SQL parameters": the only options without a setting that it takes. */
    private static final Set<String> OF_SQL = Set.of("-hivevar", "--hivevar", "-hiveconf", "--hiveconf");

    private final List<String> words;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Map<String, String> byOption = new LinkedHashMap<>();
    private final SparkJob.Builder job = SparkJob.builder();
    private int position;

    private SubmitOptions(List<String> words, Map<String, String> sparkDefaults) {
        this.words = words;
        settings.putAll(sparkDefaults);
    }

    /** Values of options and what may be an option of a later Spark count as known. */
    static boolean isUnknownToSql(String word) {
        return SWITCHES.contains(word)
                || (OTHERS.contains(word) && !OF_SQL.contains(word) && !word.equals("--properties-file"));
    }

    static boolean isOfSql(String word) {
        return OF_SQL.contains(word);
    }

    static SparkJob parse(String parameters, Map<String, String> sparkDefaults) {
        SubmitOptions options = new SubmitOptions(SubmitParameters.tokenize(parameters), sparkDefaults);
        options.readOptions();
        if (options.position < options.words.size()) {
            throw new IllegalArgumentException(
                    "word " + (options.position + 1) + " is no option of spark-submit; name options with their dashes");
        }
        return options.build();
    }

    static SparkJob parseCommand(String line) {
        List<String> words = SubmitParameters.tokenizeShell(line);
        boolean command = !words.isEmpty() && words.get(0).matches("(?s)(?:.*/)?spark-submit");
        SubmitOptions options = new SubmitOptions(command ? words.subList(1, words.size()) : words, Map.of());
        options.readOptions();
        if (options.position < options.words.size()) {
            String uri = options.words.get(options.position);
            List<String> arguments = options.words.subList(options.position + 1, options.words.size());
            options.job.entryPoint(
                    uri.endsWith(".py") ? new EntryPoint.Python(uri, arguments) : new EntryPoint.Jar(uri, arguments));
        }
        return options.build();
    }

    private void readOptions() {
        while (position < words.size() && words.get(position).startsWith("-")) {
            String word = words.get(position++);
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            if (SWITCHES.contains(word)) {
                job.addOption(word);
            } else if (equals > 2 && equals + 1 < word.length()) {
                readOption(word.substring(0, equals), Optional.of(word.substring(equals + 1)));
            } else {
                readOption(word, Optional.empty());
            }
        }
    }

    private void readOption(String option, Optional<String> joined) {
        String setting = SETTINGS.get(option);
        boolean known = setting != null
                || OTHERS.contains(option)
                || option.equals(CONF)
                || option.equals("-c")
                || option.equals("--class");
        if (!known) {
            throw new IllegalArgumentException(
                    "option " + shown(option) + " (word " + position + ") is unknown to spark-submit; leave it out");
        }
        String value = joined.orElseGet(() -> next(option));
        if (setting != null) {
            byOption.put(setting, value);
        } else if (option.equals("--class")) {
            job.mainClass(value);
        } else if (OTHERS.contains(option)) {
            job.addOption(option).addOption(value);
        } else {
            int equals = value.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "the --conf of word " + position + " has no '='; write it like --conf spark.key=value");
            }
            settings.put(value.substring(0, equals), value.substring(equals + 1));
        }
    }

    private String next(String option) {
        if (position == words.size()) {
            throw new IllegalArgumentException("option " + option + " has no value");
        }
        return words.get(position++);
    }

    private static String shown(String option) {
        return option.length() <= 40 ? option : option.substring(0, 40) + "…";
    }

    private SparkJob build() {
        settings.putAll(byOption);
        job.jars(list("spark.jars"))
                .pyFiles(list("spark.submit.pyFiles"))
                .files(list("spark.files"))
                .archives(list("spark.archives"))
                .packages(list("spark.jars.packages"));
        text("spark.kubernetes.container.image", job::image);
        job.driver(driver()).executors(executors());
        SparkConf.Builder conf = SparkConf.builder();
        settings.forEach(conf::set);
        return job.conf(conf.build()).build();
    }

    private DriverTuning driver() {
        DriverTuning.Builder driver = DriverTuning.builder();
        role(driver, RoleTuning.Names.DRIVER);
        return driver.build();
    }

    private ExecutorTuning executors() {
        ExecutorTuning.Builder executors = ExecutorTuning.builder();
        role(executors, RoleTuning.Names.EXECUTOR);
        number(ExecutorTuning.INSTANCES, executors::instances);
        memory(ExecutorTuning.PYSPARK_MEMORY, executors::pysparkMemory);
        offHeap(executors);
        return executors.build();
    }

    private void role(RoleTuning.Builder<?> role, RoleTuning.Names names) {
        number(names.cores(), role::cores);
        memory(names.memory(), role::memory);
        memory(names.memoryOverhead(), role::memoryOverhead);
        factor(names.memoryOverheadFactor(), role::memoryOverheadFactor);
        text(names.requestCores(), role::requestCores);
        text(names.limitCores(), role::limitCores);
        text(names.javaOptions(), role::javaOptions);
        text(names.image(), role::image);
        role.localDisks(LocalDisks.takeFrom(settings, names.role()));
        role.env(environment(names.env()));
    }

    /** A size that is not switched on stays a setting, as does one of bytes that make no whole MiB. */
    private void offHeap(ExecutorTuning.Builder executors) {
        String on = settings.getOrDefault(ExecutorTuning.OFF_HEAP_ENABLED, "");
        if (on.strip().equalsIgnoreCase("true")) {
            typed(ExecutorTuning.OFF_HEAP_SIZE, MemorySize::parseBytes).ifPresent(size -> {
                settings.remove(ExecutorTuning.OFF_HEAP_ENABLED);
                executors.offHeap(size);
            });
        }
    }

    private List<String> list(String key) {
        String list = settings.remove(key);
        if (list == null) {
            return List.of();
        }
        List<String> parts = new ArrayList<>();
        for (String part : list.split(",")) {
            if (!part.isBlank()) {
                parts.add(part.strip());
            }
        }
        return parts;
    }

    private void text(String key, Consumer<String> setter) {
        String value = settings.remove(key);
        if (value != null) {
            setter.accept(value);
        }
    }

    private void memory(String key, Consumer<MemorySize> setter) {
        typed(key, MemorySize::parse).ifPresent(setter);
    }

    private void number(String key, IntConsumer setter) {
        typed(key, Integer::valueOf).ifPresent(setter::accept);
    }

    private void factor(String key, DoubleConsumer setter) {
        typed(key, Double::valueOf).ifPresent(setter::accept);
    }

    /** A value without a typed form stays a setting. */
    private <T> Optional<T> typed(String key, Function<String, T> type) {
        String value = settings.get(key);
        if (value == null) {
            return Optional.empty();
        }
        try {
            T typed = type.apply(value.strip());
            settings.remove(key);
            return Optional.of(typed);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Map<String, String> environment(String prefix) {
        Map<String, String> environment = new LinkedHashMap<>();
        settings.forEach((key, value) -> {
            if (key.startsWith(prefix) && key.length() > prefix.length()) {
                environment.put(key.substring(prefix.length()), value);
            }
        });
        environment.keySet().forEach(name -> settings.remove(prefix + name));
        return environment;
    }
}
