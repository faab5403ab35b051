package io.emreks.spark;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A job as text, and what is wrong with it; if something is, the text is of no use. */
record Rendering(List<Problem> problems, RenderedSparkConfig result) {
    private static final String IMAGE = "spark.kubernetes.container.image";
    private static final Pattern COORDINATE = Pattern.compile("[^:,\\s]+:[^:,\\s]+:[^:,\\s]+");
    private static final Pattern NO_SPACE = Pattern.compile("[^\\s\\p{Cntrl}]+");

    /** EMR on EKS Development Guide, "Managing job runs with the AWS CLI": settings that EMR makes itself. */
    private static final Set<String> OWNED_BY_EMR = Set.of(
            "spark.master",
            "spark.submit.deployMode",
            "spark.kubernetes.authenticate.driver.serviceAccountName",
            "spark.kubernetes.authenticate.executor.serviceAccountName",
            "spark.kubernetes.namespace",
            "spark.kubernetes.driver.pod.name",
            "spark.kubernetes.container.image.pullPolicy");

    static Rendering of(SparkJob job) {
        List<Problem> problems = new ArrayList<>();
        Set<String> jars = new LinkedHashSet<>(job.jars());
        job.tableFormats().forEach(format -> jars.addAll(format.jars()));
        SparkConf conf = mergedConf(job, problems);

        List<Option> options = List.of(
                new Option(
                        "mainClass",
                        "--class",
                        Optional.empty(),
                        job.mainClass().stream().toList()),
                new Option("jars", "--jars", Optional.of("spark.jars"), List.copyOf(jars)),
                new Option("pyFiles", "--py-files", Optional.of("spark.submit.pyFiles"), job.pyFiles()),
                new Option("files", "--files", Optional.of("spark.files"), job.files()),
                new Option("archives", "--archives", Optional.of("spark.archives"), job.archives()),
                new Option("packages", "--packages", Optional.of("spark.jars.packages"), job.packages()));

        job.mainClass().ifPresent(name -> checkNoSpace("mainClass", name, "write it like com.acme.Orders", problems));
        DependencyUris.check("jars", job.jars(), problems);
        DependencyUris.check("pyFiles", job.pyFiles(), problems);
        DependencyUris.check("files", job.files(), problems);
        DependencyUris.check("archives", job.archives(), problems);
        checkPackages(job.packages(), problems);
        job.image().ifPresent(image -> checkNoSpace("image", image, "write it like registry/repository:tag", problems));
        problems.addAll(job.driver().problems());
        problems.addAll(job.executors().problems());
        conf.entries().forEach(entry -> checkName(entry.key(), problems));
        options.forEach(option -> option.checkNotSetTwice(conf, problems));

        Placement placement = new Placement();
        options.forEach(option -> option.addTo(placement));
        conf.entries().forEach(entry -> placement.addSetting(entry.key(), entry.value(), problems));
        RenderedSparkConfig result = placement.finish(problems);
        return new Rendering(List.copyOf(problems), result);
    }

    /** A spark-submit option with a list of values, which wins over the setting of the same meaning. */
    private record Option(String field, String name, Optional<String> setting, List<String> values) {
        void addTo(Placement placement) {
            if (!values.isEmpty()) {
                placement.addOption(name + " " + Words.quoted(String.join(",", values)));
            }
        }

        void checkNotSetTwice(SparkConf conf, List<Problem> problems) {
            setting.filter(key -> !values.isEmpty() && conf.get(key).isPresent())
                    .ifPresent(key -> problems.add(new Problem(
                            settingField(key),
                            "is lost beside " + name + ", which is given too",
                            "move it to " + field)));
        }
    }

    private static SparkConf mergedConf(SparkJob job, List<Problem> problems) {
        SparkConf.Builder builder = SparkConf.builder();
        job.tableFormats().forEach(format -> builder.addAll(format.conf()));
        builder.addAll(job.driver().toConf()).addAll(job.executors().toConf());
        job.image().ifPresent(image -> builder.tuning("image", IMAGE, image));
        builder.addAll(job.conf());
        problems.addAll(builder.problems());
        return builder.merged();
    }

    private static void checkNoSpace(String field, String text, String fix, List<Problem> problems) {
        if (!NO_SPACE.matcher(text).matches()) {
            problems.add(new Problem(field, "is empty or has spaces", fix));
        }
    }

    private static void checkPackages(List<String> packages, List<Problem> problems) {
        for (int i = 0; i < packages.size(); i++) {
            if (!COORDINATE.matcher(packages.get(i)).matches()) {
                problems.add(new Problem(
                        "packages[" + i + "]",
                        "'" + packages.get(i) + "' is not a Maven coordinate",
                        "write it as group:artifact:version"));
            }
        }
    }

    private static void checkName(String key, List<Problem> problems) {
        if (OWNED_BY_EMR.contains(key)) {
            problems.add(new Problem(settingField(key), "is set by EMR on EKS itself", "remove it"));
        } else if (!key.startsWith("spark.")) {
            problems.add(new Problem(
                    settingField(key),
                    "does not start with 'spark.' and Spark would ignore it",
                    "for a Hadoop property put 'spark.hadoop.' before it"));
        }
    }

    static String settingField(String key) {
        return "conf[" + key + "]";
    }
}
