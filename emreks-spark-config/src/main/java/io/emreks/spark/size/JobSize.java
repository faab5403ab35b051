package io.emreks.spark.size;

import io.emreks.spark.Classification;
import io.emreks.spark.CpuQuantity;
import io.emreks.spark.MemorySize;
import io.emreks.spark.ReleaseLabel;
import io.emreks.spark.SparkConf;
import io.emreks.spark.SparkJob;
import io.emreks.spark.SparkVersion;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The pods of a job and what each requests, as Spark 3 and 4 compute it ({@code BasicDriverFeatureStep},
 * {@code BasicExecutorFeatureStep} and {@code ResourceProfile} of Spark 3.5 and 4.1):
 *
 * <ul>
 *   <li>memory = heap + overhead; for executors also off-heap memory if it is switched on, and for Python jobs the
 *       Python memory if it is set
 *   <li>overhead = what is set, or the heap times a factor, cut to whole MiB, but at least 384 MiB (settable from
 *       Spark 4.0)
 *   <li>factor = the role's own (from Spark 3.3), or {@code spark.kubernetes.memoryOverheadFactor}, or 0.1, and 0.4 for
 *       Python
 *   <li>CPU = {@code spark.kubernetes.{driver,executor}.request.cores}, or the cores
 * </ul>
 *
 * @param submitter the pod that submits the job
 * @param driver the driver's pod
 * @param executor each executor's pod
 * @param startExecutors how many executors the job asks for at its start; EMR's preallocation may ask for more unless a
 *     least or an initial number is set
 * @param maxExecutors the most executors at any time; empty if there is no bound
 */
public record JobSize(
        PodSize submitter, PodSize driver, PodSize executor, int startExecutors, OptionalInt maxExecutors) {
    private static final SparkVersion RECENT = new SparkVersion(3, 5, 0);
    private static final double JVM_FACTOR = 0.1;
    private static final double PYTHON_FACTOR = 0.4;
    private static final MemorySize DEFAULT_MEMORY = MemorySize.ofGibibytes(1);
    private static final MemorySize MIN_OVERHEAD = MemorySize.ofMebibytes(384);
    private static final int DEFAULT_EXECUTORS = 2;
    private static final String OFF_HEAP_SIZE = "spark.memory.offHeap.size";
    private static final String DYNAMIC = "spark.dynamicAllocation.";
    private static final MemorySize LOGGING_MEMORY = MemorySize.ofMebibytes(512);
    private static final PodSize SUBMITTER_LOGGING = PodSize.of(new CpuQuantity(100), MemorySize.ofMebibytes(200));

    /**
     * The pods of a job in that release, of Spark's containers alone. The settings of a release with an unknown version
     * of Spark are read as by Spark 3.5.
     *
     * @throws IllegalArgumentException if a setting that counts cannot be read
     */
    public static JobSize of(SparkJob job, ReleaseLabel release) {
        return of(job, release, SizingOptions.sparkOnly());
    }

    /**
     * The pods of a job in that release, with what the options say is beside Spark.
     *
     * @throws IllegalArgumentException if a setting that counts cannot be read
     */
    public static JobSize of(SparkJob job, ReleaseLabel release, SizingOptions options) {
        return of(job, release.spark().orElse(RECENT), options);
    }

    /**
     * The pods of a job in that version of Spark.
     *
     * @throws IllegalArgumentException if a setting that counts cannot be read
     */
    public static JobSize of(SparkJob job, SparkVersion spark, SizingOptions options) {
        try {
            return read(job, spark, options);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("the pods' memory is too large to be counted", e);
        }
    }

    private static JobSize read(SparkJob job, SparkVersion spark, SizingOptions options) {
        SparkConf conf = job.allSettings();
        PodSize driver = pod(conf, "driver", spark, job.isPython());
        PodSize executor = pod(conf, "executor", spark, job.isPython());
        if (conf.flag("spark.memory.offHeap.enabled").orElse(false)) {
            PodSize without = executor;
            executor = withMemory(executor, conf, OFF_HEAP_SIZE);
            if (executor.equals(without)) {
                throw new IllegalArgumentException(
                        "conf[" + OFF_HEAP_SIZE + "] is less than 1 MiB, and off-heap memory is switched on");
            }
        }
        if (job.isPython()) {
            executor = withMemory(executor, conf, "spark.executor.pyspark.memory");
        }
        PodSize submitter = options.submitter();
        if (options.logging()) {
            PodSize logging =
                    logging(job, "emr-containers-defaults", "logging.", PodSize.of(CpuQuantity.ZERO, LOGGING_MEMORY));
            driver = driver.plus(logging);
            if (!disabled(job, "emr-containers-defaults", "executor.logging")) {
                executor = executor.plus(logging);
            }
            if (!disabled(job, "emr-job-submitter", "jobsubmitter.logging")) {
                submitter =
                        submitter.plus(logging(job, "emr-job-submitter", "jobsubmitter.logging.", SUBMITTER_LOGGING));
            }
        }
        return executors(conf, submitter, driver, executor);
    }

    private static PodSize pod(SparkConf conf, String role, SparkVersion spark, boolean python) {
        String prefix = "spark." + role + ".";
        String kubernetes = "spark.kubernetes." + role + ".";
        MemorySize heap = conf.memory(prefix + "memory").orElse(DEFAULT_MEMORY);
        MemorySize overhead =
                conf.memory(prefix + "memoryOverhead").orElseGet(() -> overhead(conf, prefix, heap, spark, python));
        CpuQuantity cores = CpuQuantity.ofCores(number(conf, prefix + "cores").orElse(1));
        return new PodSize(
                conf.get(kubernetes + "request.cores").map(CpuQuantity::parse).orElse(cores),
                conf.get(kubernetes + "limit.cores").map(CpuQuantity::parse),
                heap.plus(overhead));
    }

    private static MemorySize overhead(
            SparkConf conf, String prefix, MemorySize heap, SparkVersion spark, boolean python) {
        double ofJob = factor(conf, "spark.kubernetes.memoryOverheadFactor", python ? PYTHON_FACTOR : JVM_FACTOR);
        double factor = spark.atLeast(3, 3) ? factor(conf, prefix + "memoryOverheadFactor", ofJob) : ofJob;
        MemorySize least =
                spark.atLeast(4, 0) ? conf.memory(prefix + "minMemoryOverhead").orElse(MIN_OVERHEAD) : MIN_OVERHEAD;
        // an int, as in Spark
        MemorySize share = MemorySize.ofMebibytes((int) (factor * heap.mebibytes()));
        return share.compareTo(least) > 0 ? share : least;
    }

    private static double factor(SparkConf conf, String key, double without) {
        double factor = conf.decimal(key).orElse(without);
        if (!(factor > 0)) {
            throw new IllegalArgumentException("conf[" + key + "] is " + factor + " and has to be more than 0");
        }
        return factor;
    }

    private static PodSize withMemory(PodSize pod, SparkConf conf, String key) {
        return pod.plus(PodSize.of(CpuQuantity.ZERO, conf.memory(key).orElse(MemorySize.ZERO)));
    }

    private static PodSize logging(SparkJob job, String classification, String prefix, PodSize defaults) {
        return PodSize.of(
                property(job, classification, prefix + "request.cores")
                        .map(CpuQuantity::parse)
                        .orElse(defaults.cpu()),
                property(job, classification, prefix + "request.memory")
                        .map(JobSize::kubernetesMemory)
                        .orElse(defaults.memory()));
    }

    /** Of the quantities of Kubernetes, those in binary units, as EMR's pages write them. */
    private static MemorySize kubernetesMemory(String quantity) {
        if (!quantity.matches("[0-9]+(?:Mi|Gi)")) {
            throw new IllegalArgumentException(
                    "'" + quantity + "' is not a size of a logging container like 512Mi or 1Gi");
        }
        return MemorySize.parse(quantity.substring(0, quantity.length() - 1));
    }

    private static boolean disabled(SparkJob job, String classification, String key) {
        return property(job, classification, key).filter("DISABLED"::equals).isPresent();
    }

    private static Optional<String> property(SparkJob job, String classification, String key) {
        return job.allClassifications().stream()
                .filter(one -> one.name().equals(classification))
                .map(Classification::properties)
                .filter(properties -> properties.containsKey(key))
                .map(properties -> properties.get(key))
                .findFirst();
    }

    private static JobSize executors(SparkConf conf, PodSize submitter, PodSize driver, PodSize executor) {
        OptionalInt instances = number(conf, "spark.executor.instances");
        if (!conf.flag(DYNAMIC + "enabled").orElse(false)) {
            int fixed = instances.orElse(DEFAULT_EXECUTORS);
            return new JobSize(submitter, driver, executor, fixed, OptionalInt.of(fixed));
        }
        int least = number(conf, DYNAMIC + "minExecutors").orElse(0);
        int first = number(conf, DYNAMIC + "initialExecutors").orElse(least);
        int start = Math.max(Math.max(least, first), instances.orElse(0));
        OptionalInt max = number(conf, DYNAMIC + "maxExecutors");
        // Spark's way to say that there is no bound
        boolean bound = max.isPresent() && max.getAsInt() < Integer.MAX_VALUE;
        return new JobSize(submitter, driver, executor, start, bound ? max : OptionalInt.empty());
    }

    private static OptionalInt number(SparkConf conf, String key) {
        OptionalLong number = conf.number(key);
        if (number.isEmpty()) {
            return OptionalInt.empty();
        }
        if (number.getAsLong() < 0 || number.getAsLong() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("conf[" + key + "] is negative or too large");
        }
        return OptionalInt.of((int) number.getAsLong());
    }

    /**
     * What all pods of the job request when it has its most executors.
     *
     * @throws IllegalArgumentException if there is no bound on the executors
     */
    public PodSize total() {
        int executors = boundedExecutors();
        return submitter
                .plus(driver)
                .plus(PodSize.of(
                        new CpuQuantity(executor.cpu().millicores() * executors),
                        MemorySize.ofMebibytes(executor.memory().mebibytes() * executors)));
    }

    int boundedExecutors() {
        return maxExecutors.orElseThrow(() -> new IllegalArgumentException(
                "the job has no bound on its executors; set spark.dynamicAllocation.maxExecutors"));
    }
}
