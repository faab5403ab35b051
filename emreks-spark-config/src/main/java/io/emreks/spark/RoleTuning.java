package io.emreks.spark;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What the tunings of driver and executors have in common. */
interface RoleTuning {
    Pattern ENV_NAME = Pattern.compile("[-._a-zA-Z][-._a-zA-Z0-9]*");
    Pattern MAX_HEAP = Pattern.compile("(?:^|[\\s\"'])-Xmx");

    OptionalInt cores();

    Optional<MemorySize> memory();

    Optional<MemorySize> memoryOverhead();

    OptionalDouble memoryOverheadFactor();

    Optional<String> requestCores();

    Optional<String> limitCores();

    Optional<String> javaOptions();

    Optional<String> image();

    List<LocalDisk> localDisks();

    Map<String, String> env();

    /** The names of a role's settings, made once. */
    record Names(
            String source,
            String role,
            String cores,
            String memory,
            String memoryOverhead,
            String memoryOverheadFactor,
            String requestCores,
            String limitCores,
            String javaOptions,
            String image,
            String env) {
        static final Names DRIVER = of("driver", "driver", "spark.kubernetes.driverEnv.");
        static final Names EXECUTOR = of("executors", "executor", "spark.executorEnv.");

        private static Names of(String source, String role, String env) {
            String spark = "spark." + role + ".";
            String kubernetes = "spark.kubernetes." + role + ".";
            return new Names(
                    source,
                    role,
                    spark + "cores",
                    spark + "memory",
                    spark + "memoryOverhead",
                    spark + "memoryOverheadFactor",
                    kubernetes + "request.cores",
                    kubernetes + "limit.cores",
                    spark + "extraJavaOptions",
                    kubernetes + "container.image",
                    env);
        }
    }

    static void addTo(SparkConf.Builder conf, RoleTuning tuning, Names names) {
        String source = names.source();
        tuning.cores().ifPresent(n -> conf.tuning(source, names.cores(), Integer.toString(n)));
        tuning.memory().ifPresent(size -> conf.tuning(source, names.memory(), size.sparkValue()));
        tuning.memoryOverhead().ifPresent(size -> conf.tuning(source, names.memoryOverhead(), size.sparkValue()));
        tuning.memoryOverheadFactor()
                .ifPresent(factor -> conf.tuning(source, names.memoryOverheadFactor(), Double.toString(factor)));
        tuning.requestCores().ifPresent(cpu -> conf.tuning(source, names.requestCores(), cpu));
        tuning.limitCores().ifPresent(cpu -> conf.tuning(source, names.limitCores(), cpu));
        tuning.javaOptions().ifPresent(options -> conf.tuning(source, names.javaOptions(), options));
        tuning.image().ifPresent(image -> conf.tuning(source, names.image(), image));
        LocalDisks.addTo(conf, tuning.localDisks(), source, names.role());
        new TreeMap<>(tuning.env()).forEach((name, value) -> conf.tuning(source, names.env() + name, value));
    }

    static void check(RoleTuning tuning, Names names, List<Problem> problems) {
        String field = names.source();
        checkAtLeastOne(tuning.cores(), field + ".cores", problems);
        checkSize(tuning.memory(), field + ".memory", "give it a size like 4g, or leave it out for 1g", problems);
        checkFactor(tuning, field, problems);
        checkCpu(tuning, field, problems);
        checkJavaOptions(tuning, names, problems);
        tuning.image().ifPresent(image -> Rendering.checkImage(field + ".image", image, problems));
        LocalDisks.check(tuning.localDisks(), field, problems);
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

    static void checkSize(Optional<MemorySize> size, String field, String fix, List<Problem> problems) {
        if (size.isPresent() && size.get().mebibytes() == 0) {
            problems.add(new Problem(field, "is 0", fix));
        }
    }

    private static void checkFactor(RoleTuning tuning, String field, List<Problem> problems) {
        if (tuning.memoryOverheadFactor().isEmpty()) {
            return;
        }
        double factor = tuning.memoryOverheadFactor().getAsDouble();
        if (!(factor > 0 && Double.isFinite(factor))) {
            problems.add(new Problem(
                    field + ".memoryOverheadFactor", "is " + factor, "make it more than 0, like 0.1 or 0.4"));
        } else if (tuning.memoryOverhead().isPresent()) {
            problems.add(new Problem(
                    field + ".memoryOverheadFactor",
                    "is lost beside memoryOverhead, which is given too",
                    "leave one of the two out"));
        }
    }

    private static void checkCpu(RoleTuning tuning, String field, List<Problem> problems) {
        Optional<CpuQuantity> request = cpu(tuning.requestCores(), field + ".requestCores", problems);
        Optional<CpuQuantity> limit = cpu(tuning.limitCores(), field + ".limitCores", problems);
        CpuQuantity requested =
                request.orElse(CpuQuantity.ofCores(Math.max(0, tuning.cores().orElse(1))));
        if (limit.filter(most -> most.compareTo(requested) < 0).isPresent()) {
            problems.add(new Problem(
                    field + ".limitCores",
                    "is " + limit.get() + " and less than the " + requested + " that the pod requests",
                    "raise it, or leave it out"));
        }
    }

    private static Optional<CpuQuantity> cpu(Optional<String> quantity, String field, List<Problem> problems) {
        if (quantity.isEmpty()) {
            return Optional.empty();
        }
        try {
            CpuQuantity cpu = CpuQuantity.parse(quantity.get());
            if (cpu.millicores() > 0) {
                return Optional.of(cpu);
            }
        } catch (IllegalArgumentException e) {
            // told below, with the field
        }
        problems.add(new Problem(
                field,
                "'" + quantity.get() + "' is not a CPU quantity of Kubernetes above 0",
                "write cores like 4 or 3.9, or thousandths of a core like 3900m"));
        return Optional.empty();
    }

    private static void checkJavaOptions(RoleTuning tuning, Names names, List<Problem> problems) {
        String options = tuning.javaOptions().orElse("");
        if (MAX_HEAP.matcher(options).find()) {
            problems.add(new Problem(
                    names.source() + ".javaOptions", "sets the heap with -Xmx, which Spark refuses", "use memory"));
        }
        if (names.equals(Names.EXECUTOR) && options.contains("-Dspark")) {
            problems.add(new Problem(
                    names.source() + ".javaOptions",
                    "sets a Spark setting with -Dspark, which Spark refuses",
                    "put it into conf"));
        }
    }
}
