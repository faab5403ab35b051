package io.emreks.spark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A job worked out: its settings of all sources, what is wrong with it, and, if nothing is, its text. */
record Rendering(SparkConf conf, List<Problem> problems, RenderedSparkConfig result) {
    private static final String IMAGE = "spark.kubernetes.container.image";
    private static final Pattern COORDINATE = Pattern.compile("[^:,\\s]+(?::[^:,\\s]+){2}");
    private static final Pattern NO_SPACE = Pattern.compile("\\S+");
    private static final String BRACKETS = "(){}[]";
    private static final int ENTRY_POINT_LIMIT = 256;
    private static final int ARGUMENT_LIMIT = 10_280;

    /** EMR on EKS Development Guide, "Managing job runs with the AWS CLI": settings that EMR makes itself. */
    private static final Set<String> OWNED_BY_EMR = Set.of(
            "spark.master",
            "spark.submit.deployMode",
            "spark.kubernetes.authenticate.driver.serviceAccountName",
            "spark.kubernetes.authenticate.executor.serviceAccountName",
            "spark.kubernetes.namespace",
            "spark.kubernetes.driver.pod.name",
            "spark.kubernetes.container.image.pullPolicy");

    static Rendering of(SparkJob job, SettingsPlace preferred) {
        List<Problem> problems = new ArrayList<>();
        checkValues(job, problems);
        SparkConf conf = mergedConf(job, problems);
        job.tableFormats().forEach(format -> checkTableFormat(job, format, conf, problems));
        List<Option> options = options(job);
        Placement placement = new Placement(preferred);
        job.mainClass().ifPresent(name -> placement.addOption("mainClass", "--class " + Words.quoted(name)));
        for (Option option : options) {
            option.checkNotSetTwice(conf, problems);
            placement.addOption(option.field(), option.words());
        }
        job.options().forEach(word -> placement.addOption("options", Words.quoted(word)));
        conf.forEach((key, value) -> {
            checkName(key, problems);
            placement.addSetting(key, value, problems);
        });
        List<Classification> classifications = classifications(job, problems);
        checkOneEventLog(conf, classifications, problems);
        RenderedSparkConfig result = placement.finish(classifications, problems);
        return new Rendering(conf, List.copyOf(problems), result);
    }

    /** A spark-submit option that takes a list, and the setting of the same meaning, over which it wins. */
    private record Option(String field, String name, String setting, Collection<String> values) {
        String words() {
            String list = String.join(",", values);
            return name.equals(SubmitOptions.CONF)
                    ? name + " " + Words.quoted(setting + "=" + list)
                    : name + " " + Words.quoted(list);
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
        List<Option> options = new ArrayList<>();
        add(options, "jars", "--jars", "spark.jars", jars(job));
        add(options, "pyFiles", "--py-files", "spark.submit.pyFiles", job.pyFiles());
        add(options, "files", "--files", "spark.files", job.files());
        // the options of Spark SQL do not have it
        add(options, "archives", isSql(job) ? SubmitOptions.CONF : "--archives", "spark.archives", job.archives());
        add(options, "packages", "--packages", "spark.jars.packages", job.packages());
        return options;
    }

    private static void add(
            List<Option> options, String field, String name, String setting, Collection<String> values) {
        if (!values.isEmpty()) {
            options.add(new Option(field, name, setting, values));
        }
    }

    private static Collection<String> jars(SparkJob job) {
        if (job.tableFormats().isEmpty()) {
            return job.jars();
        }
        Set<String> jars = new LinkedHashSet<>(job.jars());
        job.tableFormats().forEach(format -> jars.addAll(format.jars()));
        return jars;
    }

    private static boolean isSql(SparkJob job) {
        return job.entryPoint().orElse(null) instanceof EntryPoint.Sql;
    }

    private static void checkValues(SparkJob job, List<Problem> problems) {
        job.mainClass().ifPresent(name -> checkNoSpace("mainClass", name, "write it like com.acme.Orders", problems));
        job.entryPoint().ifPresent(entryPoint -> checkEntryPoint(job, entryPoint, problems));
        DependencyUris.checkFiles("jars", job.jars(), problems);
        DependencyUris.checkFiles("files", job.files(), problems);
        DependencyUris.checkFiles("pyFiles", job.pyFiles(), problems);
        DependencyUris.checkFiles("archives", job.archives(), problems);
        checkPackages(job.packages(), problems);
        job.image().ifPresent(image -> checkImage("image", image, problems));
        problems.addAll(job.driver().problems());
        problems.addAll(job.executors().problems());
        job.presets().forEach(preset -> problems.addAll(preset.problems()));
        job.classifications().forEach(classification -> problems.addAll(classification.problems()));
        for (int i = 0; i < job.options().size(); i++) {
            checkOption(job, job.options().get(i), "options[" + i + "]", problems);
        }
    }

    private static void checkOption(SparkJob job, String word, String field, List<Problem> problems) {
        if (!Words.fitsString(word)) {
            problems.add(new Problem(field, "has control characters or characters beyond U+FFFF", "remove them"));
        } else if (isSql(job) && SubmitOptions.isUnknownToSql(word)) {
            problems.add(new Problem(field, "'" + word + "' is no option of a SQL script's driver", "leave it out"));
        } else if (!isSql(job) && job.entryPoint().isPresent() && SubmitOptions.isOfSql(word)) {
            problems.add(
                    new Problem(field, "'" + word + "' is an option of a SQL script's driver alone", "leave it out"));
        }
    }

    private static void checkEntryPoint(SparkJob job, EntryPoint entryPoint, List<Problem> problems) {
        String uri = entryPoint.uri();
        DependencyUris.checkFile("entryPoint", uri, problems);
        if (uri.length() > ENTRY_POINT_LIMIT) {
            problems.add(new Problem(
                    "entryPoint", "has " + uri.length() + " characters where EMR takes 256", "use a shorter path"));
        }
        boolean python = uri.endsWith(".py");
        if (entryPoint instanceof EntryPoint.Python && !python) {
            problems.add(new Problem(
                    "entryPoint", "does not end in .py, and Spark would take it for a jar", "rename the file"));
        } else if (entryPoint instanceof EntryPoint.Jar && python) {
            problems.add(new Problem("entryPoint", "is a Python file and given as a jar", "use EntryPoint.python"));
        } else if (entryPoint instanceof EntryPoint.Sql) {
            if (job.mainClass().isPresent()) {
                problems.add(new Problem("mainClass", "is given for a SQL script", "leave it out"));
            }
            if (!job.pyFiles().isEmpty()) {
                problems.add(new Problem("pyFiles", "are given for a SQL script", "leave them out"));
            }
        }
        for (int i = 0; i < entryPoint.arguments().size(); i++) {
            String argument = entryPoint.arguments().get(i);
            String field = "entryPoint.arguments[" + i + "]";
            if (argument.isBlank() || argument.length() > ARGUMENT_LIMIT) {
                problems.add(new Problem(
                        field, "is blank or longer than the 10,280 characters that EMR takes", "change it"));
            }
            if (argument.chars().anyMatch(c -> BRACKETS.indexOf(c) >= 0)) {
                problems.add(new Problem(
                        field,
                        "has one of the characters ( ) { } [ ], which EMR on EKS does not take",
                        "put the value into a file and pass its s3:// URI"));
            }
        }
    }

    private static void checkTableFormat(SparkJob job, TableFormat format, SparkConf conf, List<Problem> problems) {
        problems.addAll(format.problems());
        DependencyUris.checkFiles(format.name() + ".jars", format.jars(), problems);
        if (format.jars().isEmpty()) {
            return;
        }
        for (int i = 0; i < job.packages().size(); i++) {
            checkPackage(format, job.packages().get(i), "packages[" + i + "]", problems);
        }
        for (String coordinate : list(conf, "spark.jars.packages")) {
            checkPackage(format, coordinate, settingField("spark.jars.packages"), problems);
        }
        for (int i = 0; i < job.jars().size(); i++) {
            String jar = job.jars().get(i);
            String file = jar.substring(jar.lastIndexOf('/') + 1);
            boolean bundle = file.startsWith(format.name() + "-spark") || file.startsWith(format.name() + "-core");
            if (bundle && !format.jars().contains(jar)) {
                problems.add(new Problem(
                        "jars[" + i + "]",
                        "'" + DependencyUris.shown(jar) + "' is a second " + format.name() + " bundle, and their"
                                + " classes clash",
                        "give it to the table format with withJars(…)"));
            }
        }
    }

    private static void checkPackage(TableFormat format, String coordinate, String field, List<Problem> problems) {
        if (coordinate.startsWith(format.name() + "-", coordinate.indexOf(':') + 1)) {
            problems.add(new Problem(
                    field,
                    "'" + coordinate + "' brings " + format.name() + " a second time beside "
                            + String.join(",", format.jars()) + ", and their classes clash",
                    "leave it out, or use the table format withoutJars()"));
        }
    }

    private static List<String> list(SparkConf conf, String key) {
        return conf.get(key).map(value -> List.of(value.split("\\s*,\\s*"))).orElse(List.of());
    }

    /** EMR on EKS Development Guide, "Job submitter container defaults". */
    private static void checkOneEventLog(SparkConf conf, List<Classification> classifications, List<Problem> problems) {
        Optional<SparkConf.Entry> ofSpark = conf.entry("spark.eventLog.dir");
        boolean ofEmr = classifications.stream()
                .anyMatch(one -> one.name().equals(EmrContainersDefaults.NAME)
                        && one.properties().containsKey(EmrContainersDefaults.EVENT_LOG_DIR));
        if (ofEmr && ofSpark.isPresent()) {
            problems.add(new Problem(
                    settingField("spark.eventLog.dir"),
                    "(" + ofSpark.get().source() + ") is given beside " + EmrContainersDefaults.EVENT_LOG_DIR + " of "
                            + EmrContainersDefaults.NAME + ", and EMR takes one of them",
                    "leave one of the two out"));
        }
    }

    private static SparkConf mergedConf(SparkJob job, List<Problem> problems) {
        SparkConf.Builder builder = SparkConf.builder();
        job.tableFormats().forEach(format -> builder.addAll(format.conf()));
        job.presets().forEach(preset -> builder.addAll(preset.conf()));
        job.driver().addTo(builder);
        job.executors().addTo(builder);
        job.image().ifPresent(image -> builder.tuning("image", IMAGE, image));
        builder.addAll(job.conf());
        problems.addAll(builder.problems());
        return builder.merged();
    }

    private static List<Classification> classifications(SparkJob job, List<Problem> problems) {
        List<Classification> all = new ArrayList<>();
        job.presets().forEach(preset -> all.addAll(preset.classifications()));
        all.addAll(job.classifications());
        return Classification.merged(all, problems);
    }

    static void checkImage(String field, String image, List<Problem> problems) {
        checkNoSpace(field, image, "write it like registry/repository:tag", problems);
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
