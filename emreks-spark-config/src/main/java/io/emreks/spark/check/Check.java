package io.emreks.spark.check;

import io.emreks.spark.Classification;
import io.emreks.spark.CpuQuantity;
import io.emreks.spark.EntryPoint;
import io.emreks.spark.MemorySize;
import io.emreks.spark.Problem;
import io.emreks.spark.ReleaseFeature;
import io.emreks.spark.ReleaseLabel;
import io.emreks.spark.SecretNames;
import io.emreks.spark.SparkConf;
import io.emreks.spark.SparkJob;
import io.emreks.spark.SparkVersion;
import io.emreks.spark.SpotDecommissioning;
import io.emreks.spark.size.JobSize;
import io.emreks.spark.size.PodSize;
import io.emreks.spark.size.SizingOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** One look at one job. */
final class Check {
    private static final String DYNAMIC = "spark.dynamicAllocation.";
    private static final String DECOMMISSION = "spark.decommission.enabled";
    private static final String S3A = "spark.hadoop.fs.s3a.";
    private static final Set<String> MASTER = Set.of("conf[spark.master]", "conf[spark.submit.deployMode]");
    private static final SparkVersion RECENT = new SparkVersion(3, 5, 0);
    private static final Duration GRACE_OF_KUBERNETES = Duration.ofSeconds(30);
    private static final Duration LEAST_GRACE = Duration.ofSeconds(60);
    private static final List<String> FLAGS = List.of(
            DYNAMIC + "enabled",
            DYNAMIC + "shuffleTracking.enabled",
            DYNAMIC + "preallocateExecutors",
            DECOMMISSION,
            "spark.shuffle.service.enabled",
            "spark.memory.offHeap.enabled");
    private static final List<String> NUMBERS = List.of(
            DYNAMIC + "minExecutors",
            DYNAMIC + "initialExecutors",
            DYNAMIC + "maxExecutors",
            "spark.executor.instances",
            "spark.executor.cores",
            "spark.driver.cores");
    private static final List<String> MEMORY = List.of(
            "spark.driver.memory",
            "spark.driver.memoryOverhead",
            "spark.driver.minMemoryOverhead",
            "spark.executor.memory",
            "spark.executor.memoryOverhead",
            "spark.executor.minMemoryOverhead",
            "spark.executor.pyspark.memory",
            "spark.memory.offHeap.size");
    private static final String FACTOR_OF_JOB = "spark.kubernetes.memoryOverheadFactor";
    private static final List<String> FACTORS =
            List.of(FACTOR_OF_JOB, "spark.driver.memoryOverheadFactor", "spark.executor.memoryOverheadFactor");
    private static final List<String> CPUS = List.of(
            "spark.kubernetes.driver.request.cores",
            "spark.kubernetes.driver.limit.cores",
            "spark.kubernetes.executor.request.cores",
            "spark.kubernetes.executor.limit.cores");
    /** Of the file systems of Hadoop and EMR, and of Spark itself. A local file is a problem already. */
    private static final Set<String> SCHEMES =
            Set.of("s3", "s3a", "s3n", "local", "https", "http", "hdfs", "ivy", "ftp", "file");
    /** To which table formats and presets add. */
    private static final List<String> LISTS =
            List.of("spark.sql.extensions", "spark.kryo.registrator", "spark.plugins");
    /** Half of the share that Spark itself gives Python. */
    private static final double LEAST_PYTHON_SHARE = 0.2;

    private final SparkChecks where;
    private final SparkJob job;
    private final SparkConf conf;
    private final Optional<SparkVersion> spark;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> told = new HashSet<>();

    Check(SparkChecks where, SparkJob job) {
        this.where = where;
        this.job = job;
        this.conf = job.allSettings();
        this.spark = where.release().flatMap(release -> release.spark());
    }

    List<Finding> findings() {
        job.problems().forEach(this::problem);
        readable();
        unlessUnreadable(this::dynamicAllocation);
        unlessUnreadable(this::otherClusters);
        unlessUnreadable(this::decommissioning);
        unlessUnreadable(this::sizes);
        where.release().ifPresent(release -> features());
        if (where.lakeFormation()) {
            unlessUnreadable(this::lakeFormation);
        }
        for (SparkConf.Entry entry : conf.entries()) {
            secret(entry.key(), entry.key(), entry.value());
            unknown(entry.key());
        }
        secrets("", job.allClassifications());
        LISTS.forEach(this::listWithoutPreset);
        schemes();
        new HudiWriters(where.hudiTables()).findings(findings);
        if (findings.size() > 1) {
            findings.sort(Comparator.comparing(Finding::severity));
        }
        return List.copyOf(findings);
    }

    private void problem(Problem problem) {
        FindingCode code = FindingCode.INVALID;
        if (MASTER.contains(problem.field())) {
            code = FindingCode.MASTER_OR_DEPLOY_MODE;
        } else if (problem.message().equals("is set by EMR on EKS itself")) {
            code = FindingCode.OWNED_BY_EMR;
        }
        add(code, Severity.ERROR, problem.field(), problem.message(), problem.fix());
    }

    /** Every value that the checks below compute with; one that cannot be read is told here, and once. */
    private void readable() {
        FLAGS.forEach(key -> read(key, conf::flag));
        NUMBERS.forEach(key -> read(key, conf::number));
        MEMORY.forEach(key -> read(key, conf::memory));
        FACTORS.forEach(key -> read(key, conf::decimal));
        CPUS.forEach(key -> read(key, name -> conf.get(name).map(CpuQuantity::parse)));
    }

    private void read(String key, Function<String, ?> reader) {
        try {
            Object unused = reader.apply(key);
        } catch (IllegalArgumentException e) {
            unreadable(key, String.valueOf(e.getMessage()));
        }
    }

    private void unreadable(String setting, String message) {
        if (told.add(message)) {
            String prefix = "conf[" + setting + "] ";
            add(
                    FindingCode.INVALID,
                    Severity.ERROR,
                    setting,
                    message.startsWith(prefix) ? message.substring(prefix.length()) : message,
                    "write it as Spark reads it");
        }
    }

    /** What cannot be read has been told, but not what makes no sense together. */
    private void unlessUnreadable(Runnable check) {
        try {
            check.run();
        } catch (IllegalArgumentException e) {
            unreadable("conf", String.valueOf(e.getMessage()));
        }
    }

    private void dynamicAllocation() {
        if (!conf.flag(DYNAMIC + "enabled").orElse(false)) {
            return;
        }
        String tracking = DYNAMIC + "shuffleTracking.enabled";
        boolean byDefault = spark.map(version -> version.atLeast(3, 5)).orElse(true);
        if (!conf.flag(tracking).orElse(byDefault)) {
            add(
                    FindingCode.DYNAMIC_ALLOCATION_WITHOUT_SHUFFLE_TRACKING,
                    Severity.ERROR,
                    tracking,
                    "is off, and there is no shuffle service on Kubernetes",
                    "set it to true");
        }
        long most = conf.number(DYNAMIC + "maxExecutors").orElse(Integer.MAX_VALUE);
        if (most >= Integer.MAX_VALUE) {
            add(
                    FindingCode.DYNAMIC_ALLOCATION_WITHOUT_CAP,
                    Severity.WARNING,
                    DYNAMIC + "maxExecutors",
                    "is not set or has no bound, which is Spark's default",
                    "set it to what nodes and addresses allow");
        }
        boolean preallocates = conf.flag(DYNAMIC + "preallocateExecutors").orElse(true);
        if (preallocates
                && conf.number(DYNAMIC + "minExecutors").isEmpty()
                && conf.number(DYNAMIC + "initialExecutors").isEmpty()) {
            add(
                    FindingCode.DYNAMIC_ALLOCATION_PREALLOCATES,
                    Severity.WARNING,
                    DYNAMIC + "initialExecutors",
                    "is not set, nor is minExecutors, and EMR's Spark then asks for many executors at the start",
                    "set one of them");
        }
        long least = conf.number(DYNAMIC + "minExecutors").orElse(0);
        long first = Math.max(
                Math.max(least, conf.number(DYNAMIC + "initialExecutors").orElse(least)),
                conf.number("spark.executor.instances").orElse(0));
        if (most < 1 || least < 0 || first > most) {
            add(
                    FindingCode.DYNAMIC_ALLOCATION_OUT_OF_ORDER,
                    Severity.ERROR,
                    DYNAMIC + "maxExecutors",
                    "is " + most + ", and the job starts with " + first + " executors, the largest of minExecutors,"
                            + " initialExecutors and spark.executor.instances; the driver fails then",
                    "raise it, or lower the others");
        }
    }

    private void otherClusters() {
        if (conf.flag("spark.shuffle.service.enabled").orElse(false)) {
            add(
                    FindingCode.EXTERNAL_SHUFFLE_SERVICE,
                    Severity.ERROR,
                    "spark.shuffle.service.enabled",
                    "is on, and there is no shuffle service on Kubernetes",
                    "leave it out; with dynamic allocation shuffle tracking takes its place");
        }
    }

    private void decommissioning() {
        if (!conf.flag(DECOMMISSION).orElse(false)) {
            return;
        }
        Duration grace = where.executorGracePeriod().orElse(GRACE_OF_KUBERNETES);
        Duration needed = job.presets().stream()
                .filter(SpotDecommissioning.class::isInstance)
                .map(preset -> ((SpotDecommissioning) preset).gracePeriod())
                .findFirst()
                .orElse(LEAST_GRACE);
        if (grace.compareTo(needed) < 0) {
            add(
                    FindingCode.DECOMMISSION_WITHOUT_GRACE_PERIOD,
                    Severity.WARNING,
                    DECOMMISSION,
                    "is on, and executors have " + grace.toSeconds() + " s to end",
                    "set terminationGracePeriodSeconds of the executors' pod template to " + needed.toSeconds()
                            + " or more, and less than the 120 s of a spot notice");
        }
    }

    private void sizes() {
        JobSize size = JobSize.of(job, spark.orElse(RECENT), SizingOptions.sparkOnly());
        if (!where.nodes().isEmpty()) {
            fits("driver", size.driver());
            fits("executor", size.executor());
        }
        limits("driver", size.driver());
        limits("executor", size.executor());
        if (job.isPython()) {
            pythonOverhead("driver");
            if (conf.get("spark.executor.pyspark.memory").isEmpty()) {
                pythonOverhead("executor");
            }
        }
    }

    private void fits(String role, PodSize pod) {
        if (where.nodes().stream().noneMatch(node -> node.fits(pod, where.reserve()) > 0)) {
            add(
                    FindingCode.POD_FITS_NO_NODE,
                    Severity.ERROR,
                    "spark." + role + ".memory",
                    "and the overhead make a pod of " + pod + ", which none of the nodes can hold",
                    "make it smaller, or allow larger nodes");
        }
    }

    private void limits(String role, PodSize pod) {
        if (pod.cpuLimit().filter(limit -> limit.compareTo(pod.cpu()) < 0).isPresent()) {
            add(
                    FindingCode.INVALID,
                    Severity.ERROR,
                    "spark.kubernetes." + role + ".limit.cores",
                    "is less than the " + pod.cpu() + " that the pod requests, and Kubernetes refuses such a pod",
                    "raise it, or leave it out");
        }
    }

    private void pythonOverhead(String role) {
        String prefix = "spark." + role + ".memoryOverhead";
        MemorySize heap = conf.memory("spark." + role + ".memory").orElse(MemorySize.ofGibibytes(1));
        boolean small = conf.memory(prefix)
                .map(overhead -> overhead.mebibytes() < LEAST_PYTHON_SHARE * heap.mebibytes())
                .orElseGet(() -> conf.decimal(prefix + "Factor")
                                .orElseGet(() -> conf.decimal(FACTOR_OF_JOB).orElse(1))
                        < LEAST_PYTHON_SHARE);
        if (small) {
            add(
                    FindingCode.PYTHON_OVERHEAD_TOO_SMALL,
                    Severity.WARNING,
                    prefix,
                    "leaves Python less than 20 % of the heap, and the pod may be killed",
                    "leave it to Spark (40 %), or set spark.executor.pyspark.memory");
        }
    }

    private void features() {
        needs(
                job.entryPoint().filter(EntryPoint.Sql.class::isInstance).isPresent(),
                ReleaseFeature.SPARK_SQL,
                "entryPoint");
        needs(conf.get(DECOMMISSION).isPresent(), ReleaseFeature.DECOMMISSIONING, DECOMMISSION);
        for (String role : List.of("driver", "executor")) {
            String template = "spark.kubernetes." + role + ".podTemplateFile";
            needs(conf.get(template).isPresent(), ReleaseFeature.POD_TEMPLATES, template);
        }
        String reuse = "spark.kubernetes.driver.reusePersistentVolumeClaim";
        needs(conf.get(reuse).filter("true"::equals).isPresent(), ReleaseFeature.PVC_REUSE, reuse);
        classifications();
        fileSystem();
    }

    private void classifications() {
        ReleaseLabel release = where.release().orElseThrow();
        for (Classification one : job.allClassifications()) {
            if (one.name().equals("emrfs-site") && release.isSparkLine()) {
                otherRelease(
                        one.name(), Severity.ERROR, "is not taken by " + release, "leave it out; there is only S3A");
            } else if (one.name().equals("spark-log4j2") && !release.atLeast("6.8.0")) {
                otherRelease(
                        one.name(),
                        Severity.WARNING,
                        "came with release 6.8.0, and the job's is " + release,
                        "use spark-log4j");
            }
        }
    }

    private void otherRelease(String name, Severity severity, String message, String fix) {
        add(FindingCode.CLASSIFICATION_OF_ANOTHER_RELEASE, severity, name, message, fix);
    }

    private void needs(boolean used, ReleaseFeature feature, String setting) {
        where.release()
                .filter(release -> used && !release.supports(feature))
                .ifPresent(release -> add(
                        FindingCode.FEATURE_BELOW_RELEASE,
                        Severity.ERROR,
                        setting,
                        "needs release " + feature.since() + ", and the job's is " + release,
                        "leave it out, or use a later release"));
    }

    private void fileSystem() {
        boolean s3a = where.release().orElseThrow().supports(ReleaseFeature.S3A);
        boolean emrfsKept = job.allClassifications().stream()
                .anyMatch(one ->
                        one.name().equals("core-site") && one.properties().containsKey("fs.s3.impl"));
        if (!s3a) {
            conf.entries().stream()
                    .map(SparkConf.Entry::key)
                    .filter(key -> key.startsWith(S3A))
                    .findFirst()
                    .ifPresent(key -> otherFileSystem(key, "is of S3A, and s3:// is EMRFS below release 7.10.0"));
        } else if (!emrfsKept && !where.release().orElseThrow().isSparkLine()) {
            job.allClassifications().stream()
                    .map(Classification::name)
                    .filter("emrfs-site"::equals)
                    .findFirst()
                    .ifPresent(name -> otherFileSystem(name, "is of EMRFS, and s3:// is S3A from release 7.10.0"));
        }
    }

    private void otherFileSystem(String setting, String message) {
        add(
                FindingCode.OTHER_S3_FILE_SYSTEM,
                Severity.WARNING,
                setting,
                message,
                "use the preset S3Access, which goes by release");
    }

    private void lakeFormation() {
        limit(
                !conf.flag(DYNAMIC + "enabled").orElse(true),
                Severity.ERROR,
                DYNAMIC + "enabled",
                "is off, and it cannot be turned off there",
                "leave it out");
        limit(
                conf.number(DYNAMIC + "maxExecutors").isEmpty(),
                Severity.WARNING,
                DYNAMIC + "maxExecutors",
                "is not set, and there is no bound then",
                "set it");
        limit(
                !job.jars().isEmpty()
                        || !job.packages().isEmpty()
                        || conf.get("spark.jars").isPresent()
                        || conf.get("spark.jars.packages").isPresent(),
                Severity.ERROR,
                "jars",
                "are given, and such jobs take no further jars",
                "leave them out");
        for (String image : List.of("container.image", "driver.container.image", "executor.container.image")) {
            String key = "spark.kubernetes." + image;
            limit(
                    conf.get(key).isPresent(),
                    Severity.WARNING,
                    key,
                    "is set, and system driver and executors do not use it",
                    "do not rely on what is in the image");
        }
    }

    private void limit(boolean exceeded, Severity severity, String setting, String message, String fix) {
        if (exceeded) {
            add(FindingCode.LAKE_FORMATION_LIMIT, severity, setting, message, fix);
        }
    }

    private void secret(String setting, String name, String value) {
        if (!value.isBlank() && SecretNames.isSecret(name, value)) {
            add(
                    FindingCode.SECRET_IN_PLAIN_SETTING,
                    Severity.WARNING,
                    setting,
                    "is a secret that everybody sees who may describe the job run or open its Spark UI",
                    "let the job's role read it where it is kept, such as AWS Secrets Manager");
        }
    }

    private void secrets(String path, List<Classification> classifications) {
        for (Classification one : classifications) {
            one.properties().forEach((name, value) -> secret(path + one.name() + "[" + name + "]", name, value));
            secrets(path + one.name() + ".", one.nested());
        }
    }

    private void schemes() {
        job.entryPoint().ifPresent(entryPoint -> scheme("entryPoint", entryPoint.uri()));
        job.jars().forEach(uri -> scheme("jars", uri));
        job.files().forEach(uri -> scheme("files", uri));
        job.pyFiles().forEach(uri -> scheme("pyFiles", uri));
        job.archives().forEach(uri -> scheme("archives", uri));
    }

    private void scheme(String field, String uri) {
        int end = uri.indexOf("://");
        if (end > 0 && !SCHEMES.contains(uri.substring(0, end).toLowerCase(Locale.ROOT))) {
            add(
                    FindingCode.UNKNOWN_SCHEME,
                    Severity.WARNING,
                    field,
                    "has '" + uri.substring(0, end) + "://', which EMR's image is not known to read",
                    "use s3://, local:/// or https://, unless a file system of your own reads it");
        }
    }

    private void listWithoutPreset(String key) {
        Optional<SparkConf.Entry> entry = conf.entry(key).filter(set -> set.origin() != SparkConf.Origin.PRESET);
        if (entry.isEmpty()) {
            return;
        }
        List<String> present = parts(entry.get().value());
        Stream.concat(job.tableFormats().stream(), job.presets().stream()).forEach(preset -> {
            for (String part : preset.conf().get(key).map(Check::parts).orElse(List.of())) {
                if (!present.contains(part)) {
                    add(
                            FindingCode.LIST_WITHOUT_PRESET,
                            Severity.WARNING,
                            key,
                            "is set by name and leaves out what " + preset.name() + " needs",
                            "add " + part + " to it");
                }
            }
        });
    }

    private static List<String> parts(String list) {
        return Stream.of(list.split(",")).map(String::strip).toList();
    }

    private void unknown(String key) {
        if (!key.startsWith("spark.")) {
            return;
        }
        if (key.startsWith("spark.yarn.") || key.startsWith("spark.mesos.") || key.equals("spark.cores.max")) {
            add(
                    FindingCode.IGNORED_ON_KUBERNETES,
                    Severity.WARNING,
                    key,
                    "is of another cluster manager and means nothing on Kubernetes",
                    "leave it out");
            return;
        }
        if (!KnownSettings.isKnown(key)) {
            Optional<String> nearest = KnownSettings.nearest(key);
            add(
                    FindingCode.UNKNOWN_SETTING,
                    nearest.isPresent() ? Severity.WARNING : Severity.INFO,
                    key,
                    "is not a setting that Spark declares",
                    nearest.map(name -> "did you mean " + name + "?")
                            .orElse("check its name, unless it is read by your own code or a library"));
        } else if (spark.isPresent()) {
            KnownSettings.range(key).ifPresent(range -> {
                boolean tooNew = range.since().compareTo(spark.get()) > 0;
                boolean gone = range.until()
                        .filter(end -> spark.get().compareTo(end) >= 0)
                        .isPresent();
                if (tooNew || gone) {
                    add(
                            FindingCode.SETTING_OF_ANOTHER_VERSION,
                            Severity.WARNING,
                            key,
                            (tooNew
                                            ? "came with Spark " + range.since()
                                            : "went with Spark " + range.until().orElseThrow())
                                    + ", and the release has " + spark.get(),
                            "leave it out, or use another release");
                }
            });
        }
    }

    private void add(FindingCode code, Severity severity, String setting, String message, String fix) {
        findings.add(new Finding(code, severity, setting, message, fix));
    }
}
