package io.emreks.spark.check;

import io.emreks.spark.Classification;
import io.emreks.spark.EntryPoint;
import io.emreks.spark.MemorySize;
import io.emreks.spark.Problem;
import io.emreks.spark.ReleaseFeature;
import io.emreks.spark.SecretNames;
import io.emreks.spark.SparkConf;
import io.emreks.spark.SparkJob;
import io.emreks.spark.SparkVersion;
import io.emreks.spark.size.JobSize;
import io.emreks.spark.size.PodSize;
import io.emreks.spark.size.SizingOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One look at one job. */
final class Check {
    private static final String DYNAMIC = "spark.dynamicAllocation.";
    private static final String DECOMMISSION = "spark.decommission.enabled";
    private static final String S3A = "spark.hadoop.fs.s3a.";
    private static final Set<String> MASTER = Set.of("conf[spark.master]", "conf[spark.submit.deployMode]");
    private static final SparkVersion RECENT = new SparkVersion(3, 5, 0);
    private static final Duration GRACE_OF_KUBERNETES = Duration.ofSeconds(30);
    private static final Duration LEAST_GRACE = Duration.ofSeconds(60);
    /** Half of the share that Spark itself gives Python. */
    private static final double LEAST_PYTHON_SHARE = 0.2;

    private final SparkChecks where;
    private final SparkJob job;
    private final SparkConf conf;
    private final Optional<SparkVersion> spark;
    private final List<Finding> findings = new ArrayList<>();

    Check(SparkChecks where, SparkJob job) {
        this.where = where;
        this.job = job;
        this.conf = job.allSettings();
        this.spark = where.release().flatMap(release -> release.spark());
    }

    List<Finding> findings() {
        job.problems().forEach(this::problem);
        unlessUnreadable(this::dynamicAllocation);
        unlessUnreadable(this::decommissioning);
        unlessUnreadable(this::sizes);
        where.release().ifPresent(release -> features());
        if (where.lakeFormation()) {
            unlessUnreadable(this::lakeFormation);
        }
        for (SparkConf.Entry entry : conf.entries()) {
            secret(entry);
            unknown(entry.key());
        }
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

    /** A value that Spark could not read is a finding too, and once. */
    private void unlessUnreadable(Runnable check) {
        try {
            check.run();
        } catch (IllegalArgumentException | ArithmeticException e) {
            String message = String.valueOf(e.getMessage());
            if (findings.stream().noneMatch(finding -> finding.message().equals(message))) {
                add(FindingCode.INVALID, Severity.ERROR, "conf", message, "write it as Spark reads it");
            }
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
        if (conf.number(DYNAMIC + "maxExecutors").isEmpty()) {
            add(
                    FindingCode.DYNAMIC_ALLOCATION_WITHOUT_CAP,
                    Severity.WARNING,
                    DYNAMIC + "maxExecutors",
                    "is not set, and Spark's default has no bound",
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
    }

    private void decommissioning() {
        if (!conf.flag(DECOMMISSION).orElse(false)) {
            return;
        }
        Duration grace = where.executorGracePeriod().orElse(GRACE_OF_KUBERNETES);
        if (grace.compareTo(LEAST_GRACE) < 0) {
            add(
                    FindingCode.DECOMMISSION_WITHOUT_GRACE_PERIOD,
                    Severity.WARNING,
                    DECOMMISSION,
                    "is on, and executors have " + grace.toSeconds() + " s to end",
                    "set terminationGracePeriodSeconds of the executors' pod template to more than 60 and less than"
                            + " the 120 s of a spot notice");
        }
    }

    private void sizes() {
        JobSize size = JobSize.of(job, spark.orElse(RECENT), SizingOptions.sparkOnly());
        if (!where.nodes().isEmpty()) {
            fits("driver", size.driver());
            fits("executor", size.executor());
        }
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

    private void pythonOverhead(String role) {
        String prefix = "spark." + role + ".memoryOverhead";
        MemorySize heap = conf.memory("spark." + role + ".memory").orElse(MemorySize.ofGibibytes(1));
        boolean small = conf.memory(prefix)
                .map(overhead -> overhead.mebibytes() < LEAST_PYTHON_SHARE * heap.mebibytes())
                .orElseGet(() -> conf.decimal(prefix + "Factor").orElse(1) < LEAST_PYTHON_SHARE);
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
        fileSystem();
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
        } else if (!emrfsKept) {
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
                !job.jars().isEmpty() || !job.packages().isEmpty(),
                Severity.ERROR,
                "jars",
                "are given, and such jobs take no further jars",
                "leave them out");
        limit(
                conf.get("spark.kubernetes.container.image").isPresent(),
                Severity.WARNING,
                "spark.kubernetes.container.image",
                "is set, and system driver and executors do not use it",
                "do not rely on what is in the image");
    }

    private void limit(boolean exceeded, Severity severity, String setting, String message, String fix) {
        if (exceeded) {
            add(FindingCode.LAKE_FORMATION_LIMIT, severity, setting, message, fix);
        }
    }

    private void secret(SparkConf.Entry entry) {
        if (!entry.value().isBlank() && SecretNames.isSecret(entry.key())) {
            add(
                    FindingCode.SECRET_IN_PLAIN_SETTING,
                    Severity.WARNING,
                    entry.key(),
                    "is a secret that everybody sees who may describe the job run or open its Spark UI",
                    "let the job's role read it where it is kept, such as AWS Secrets Manager");
        }
    }

    private void unknown(String key) {
        if (!key.startsWith("spark.")) {
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
