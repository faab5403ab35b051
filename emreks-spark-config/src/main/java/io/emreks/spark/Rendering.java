package io.emreks.spark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A job as text, and what is wrong with it; if something is, the text is of no use. */
record Rendering(List<Problem> problems, RenderedSparkConfig result) {
    private static final String IMAGE = "spark.kubernetes.container.image";
    private static final Pattern COORDINATE = Pattern.compile("[^:,\\s]+(?::[^:,\\s]+){2}");
    private static final Pattern NO_SPACE = Pattern.compile("\\S+");

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
        checkValues(job, problems);
        SparkConf conf = mergedConf(job, problems);
        conf.entries().forEach(entry -> checkName(entry.key(), problems));
        List<Option> options = options(job);
        options.forEach(option -> option.checkNotSetTwice(conf, problems));

        Placement placement = new Placement();
        job.mainClass().ifPresent(name -> placement.addOption("--class " + Words.quoted(name)));
        options.forEach(option -> placement.addOption(option.words()));
        conf.entries().forEach(entry -> placement.addSetting(entry.key(), entry.value(), problems));
        RenderedSparkConfig result = placement.finish(problems);
        return new Rendering(List.copyOf(problems), result);
    }

    /** A spark-submit option that takes a list, and the setting of the same meaning, over which it wins. */
    private record Option(String field, String name, String setting, Collection<String> values) {
        String words() {
            return name + " " + Words.quoted(String.join(",", values));
        }

        void checkNotSetTwice(SparkConf conf, List<Problem> problems) {
            if (conf.get(setting).isPresent()) {
                problems.add(new Problem(
                        settingField(setting),
                        "is lost beside " + name + ", which is given too",
                        "move it to " + field));
            }
        }
    }

    private static List<Option> options(SparkJob job) {
        Set<String> jars = new LinkedHashSet<>(job.jars());
        job.tableFormats().forEach(format -> jars.addAll(format.jars()));
        return Stream.of(
                        new Option("jars", "--jars", "spark.jars", jars),
                        new Option("pyFiles", "--py-files", "spark.submit.pyFiles", job.pyFiles()),
                        new Option("files", "--files", "spark.files", job.files()),
                        new Option("archives", "--archives", "spark.archives", job.archives()),
                        new Option("packages", "--packages", "spark.jars.packages", job.packages()))
                .filter(option -> !option.values().isEmpty())
                .toList();
    }

    private static void checkValues(SparkJob job, List<Problem> problems) {
        job.mainClass().ifPresent(name -> checkNoSpace("mainClass", name, "write it like com.acme.Orders", problems));
        DependencyUris.check("jars", job.jars(), problems);
        DependencyUris.check("files", job.files(), problems);
        DependencyUris.check("pyFiles", job.pyFiles(), problems);
        DependencyUris.check("archives", job.archives(), problems);
        checkPackages(job.packages(), problems);
        job.image().ifPresent(image -> checkNoSpace("image", image, "write it like registry/repository:tag", problems));
        problems.addAll(job.driver().problems());
        problems.addAll(job.executors().problems());
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
        if (!NO_SPACE.matcher(text).matches() || !Words.fitsString(text)) {
            problems.add(
                    new Problem(field, "is empty or has spaces, control characters or characters beyond U+FFFF", fix));
        }
    }

    private static void checkPackages(List<String> packages, List<Problem> problems) {
        for (int i = 0; i < packages.size(); i++) {
            if (!COORDINATE.matcher(packages.get(i)).matches() || !Words.fitsString(packages.get(i))) {
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
