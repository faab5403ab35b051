package io.emreks.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What the tunings of driver and executors have in common; {@code <role>} is {@code driver} or {@code executor}. */
abstract class RoleTuning {
    private static final Pattern ENV_NAME = Pattern.compile("[-._a-zA-Z][-._a-zA-Z0-9]*");
    private static final Pattern MAX_HEAP = Pattern.compile("(?:^|[\\s\"'])-Xmx");

    RoleTuning() {}

    /** The CPU cores, and so for executors how many tasks run at once; at least 1 ({@code spark.<role>.cores}). */
    public abstract OptionalInt cores();

    /** The heap; more than 0 ({@code spark.<role>.memory}). */
    public abstract Optional<MemorySize> memory();

    /**
     * Memory beside the heap, which with it makes the pod's memory request and limit
     * ({@code spark.<role>.memoryOverhead}). Spark's default is 10 % of the heap, or 40 % for Python, and at least
     * 384 MiB.
     */
    public abstract Optional<MemorySize> memoryOverhead();

    /**
     * How much of the heap the memory beside it is, such as {@code 0.2} ({@code spark.<role>.memoryOverheadFactor},
     * Spark 3.3 and later); only without {@link #memoryOverhead()}.
     */
    public abstract OptionalDouble memoryOverheadFactor();

    /**
     * The pod's CPU request as Kubernetes writes it, such as {@code 3.9} or {@code 3900m}
     * ({@code spark.kubernetes.<role>.request.cores}); without it the pod requests {@link #cores()}.
     */
    public abstract Optional<String> requestCores();

    /**
     * The pod's CPU limit as Kubernetes writes it ({@code spark.kubernetes.<role>.limit.cores}); without it there is no
     * limit.
     */
    public abstract Optional<String> limitCores();

    /**
     * Options of the Java process, separated by spaces ({@code spark.<role>.extraJavaOptions}); not {@code -Xmx}, which
     * is {@link #memory()}.
     */
    public abstract Optional<String> javaOptions();

    /**
     * The custom image of this role alone ({@code spark.kubernetes.<role>.container.image}); without it that of the job.
     */
    public abstract Optional<String> image();

    /** Disks for shuffle and spill data; without one Spark uses the node's own. */
    public abstract List<LocalDisk> localDisks();

    /**
     * Environment variables by name ({@code spark.kubernetes.driverEnv.*} for the driver, {@code spark.executorEnv.*}
     * for executors).
     */
    public abstract Map<String, String> env();

    abstract Names names();

    /** The settings that say the same, of origin {@link SparkConf.Origin#TUNING}. Nothing is checked. */
    public SparkConf toConf() {
        SparkConf.Builder conf = SparkConf.builder();
        addTo(conf);
        return conf.build();
    }

    /** Everything that is wrong with the tuning; empty if nothing is. */
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        check(problems);
        return List.copyOf(problems);
    }

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

        boolean ofExecutors() {
            return source.equals(EXECUTOR.source);
        }

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

    void addTo(SparkConf.Builder conf) {
        Names names = names();
        String source = names.source();
        cores().ifPresent(n -> conf.tuning(source, names.cores(), Integer.toString(n)));
        memory().ifPresent(size -> conf.tuning(source, names.memory(), size.sparkValue()));
        memoryOverhead().ifPresent(size -> conf.tuning(source, names.memoryOverhead(), size.sparkValue()));
        memoryOverheadFactor()
                .ifPresent(factor -> conf.tuning(source, names.memoryOverheadFactor(), Double.toString(factor)));
        requestCores().ifPresent(cpu -> conf.tuning(source, names.requestCores(), cpu));
        limitCores().ifPresent(cpu -> conf.tuning(source, names.limitCores(), cpu));
        javaOptions().ifPresent(options -> conf.tuning(source, names.javaOptions(), options));
        image().ifPresent(image -> conf.tuning(source, names.image(), image));
        LocalDisks.addTo(conf, localDisks(), source, names.role());
        if (!env().isEmpty()) {
            new TreeMap<>(env()).forEach((name, value) -> conf.tuning(source, names.env() + name, value));
        }
    }

    void check(List<Problem> problems) {
        String field = names().source();
        Limits.atLeastOne(cores(), field + ".cores", problems);
        Limits.size(memory(), field + ".memory", "give it a size like 4g, or leave it out for 1g", problems);
        checkFactor(field, problems);
        checkCpu(field, problems);
        checkJavaOptions(problems);
        image().ifPresent(image -> Rendering.checkImage(field + ".image", image, problems));
        LocalDisks.check(localDisks(), field, problems);
        for (String name : env().keySet()) {
            if (!ENV_NAME.matcher(name).matches()) {
                problems.add(new Problem(
                        field + ".env[" + name + "]",
                        "is not a name that Kubernetes takes for an environment variable",
                        "use letters, digits, '_', '-' and '.', not starting with a digit"));
            }
        }
    }

    private void checkFactor(String field, List<Problem> problems) {
        if (memoryOverheadFactor().isEmpty()) {
            return;
        }
        double factor = memoryOverheadFactor().getAsDouble();
        if (!(factor > 0 && Double.isFinite(factor))) {
            problems.add(new Problem(
                    field + ".memoryOverheadFactor", "is " + factor, "make it more than 0, like 0.1 or 0.4"));
        } else if (memoryOverhead().isPresent()) {
            problems.add(new Problem(
                    field + ".memoryOverheadFactor",
                    "is lost beside memoryOverhead, which is given too",
                    "leave one of the two out"));
        }
    }

    private void checkCpu(String field, List<Problem> problems) {
        Optional<CpuQuantity> request = cpu(requestCores(), field + ".requestCores", problems);
        Optional<CpuQuantity> limit = cpu(limitCores(), field + ".limitCores", problems);
        CpuQuantity requested = request.orElse(CpuQuantity.ofCores(Math.max(0, cores().orElse(1))));
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

    private void checkJavaOptions(List<Problem> problems) {
        String options = javaOptions().orElse("");
        if (MAX_HEAP.matcher(options).find()) {
            problems.add(new Problem(
                    names().source() + ".javaOptions", "sets the heap with -Xmx, which Spark refuses", "use memory"));
        }
        if (names().ofExecutors() && options.contains("-Dspark")) {
            problems.add(new Problem(
                    names().source() + ".javaOptions",
                    "sets a Spark setting with -Dspark, which Spark refuses",
                    "put it into conf"));
        }
    }

    /**
     * The setters that both tunings have.
     *
     * @param <B> the builder of the tuning
     */
    abstract static class Builder<B> {
        Builder() {}

        /** Sets the CPU cores. */
        public abstract B cores(int cores);

        /** Sets the heap. */
        public abstract B memory(MemorySize memory);

        /**
         * Sets the heap, such as {@code 14g}.
         *
         * @throws IllegalArgumentException if {@link MemorySize#parse(String)} cannot read it
         */
        public B memory(String memory) {
            return memory(MemorySize.parse(memory));
        }

        /** Sets the memory beside the heap. */
        public abstract B memoryOverhead(MemorySize memoryOverhead);

        /**
         * Sets the memory beside the heap, such as {@code 2g}.
         *
         * @throws IllegalArgumentException if {@link MemorySize#parse(String)} cannot read it
         */
        public B memoryOverhead(String memoryOverhead) {
            return memoryOverhead(MemorySize.parse(memoryOverhead));
        }

        /** Sets how much of the heap the memory beside it is, such as {@code 0.2}. */
        public abstract B memoryOverheadFactor(double memoryOverheadFactor);

        /** Sets the pod's CPU request, such as {@code 3900m}. */
        public abstract B requestCores(String requestCores);

        /** Sets the pod's CPU limit, such as {@code 4}. */
        public abstract B limitCores(String limitCores);

        /** Sets the options of the Java process, such as {@code -XX:+UseG1GC -Dkey=value}. */
        public abstract B javaOptions(String javaOptions);

        /** Sets the custom image of this role alone. */
        public abstract B image(String image);

        /** Adds a disk for shuffle and spill data. */
        public abstract B addLocalDisk(LocalDisk localDisk);

        /** Replaces all disks. */
        public abstract B localDisks(Iterable<? extends LocalDisk> localDisks);

        /** Sets one environment variable. */
        public abstract B putEnv(String name, String value);

        /** Replaces all environment variables. */
        public abstract B env(Map<String, ? extends String> env);
    }
}
