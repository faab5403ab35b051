package io.emreks.testing.spark;

import io.emreks.testing.service.FakeJobDriver;
import io.emreks.testing.service.FakeJobRun;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Starts the driver of a run: spark-submit or spark-sql in a Java process of its own, with the run's own options, but in local mode.
 *
 * @param spark what to run
 * @param java the {@code java} executable
 * @param s3Folder the folder behind {@code s3://}
 * @param threads the n of {@code local[n]}
 * @param sparkUi whether drivers have a Spark UI
 */
record DriverLauncher(SparkInstallation spark, Path java, Path s3Folder, int threads, boolean sparkUi) {
    /** The packages that Spark 3.5 needs opened on Java 17 (its own JavaModuleOptions). */
    private static final List<String> OPENED = List.of(
            "java.base/java.lang",
            "java.base/java.lang.invoke",
            "java.base/java.lang.reflect",
            "java.base/java.io",
            "java.base/java.net",
            "java.base/java.nio",
            "java.base/java.util",
            "java.base/java.util.concurrent",
            "java.base/java.util.concurrent.atomic",
            "java.base/sun.nio.ch",
            "java.base/sun.nio.cs",
            "java.base/sun.security.action",
            "java.base/sun.util.calendar",
            "java.security.jgss/sun.security.krb5");

    /** Fixed by the service, and replaced here. */
    private static final Set<String> CLUSTER_OPTIONS = Set.of("--master", "--deploy-mode");

    private static final Set<String> CLUSTER_SETTINGS = Set.of("spark.master", "spark.submit.deployMode");

    private static final Set<String> FILE_OPTIONS = Set.of("--jars", "--files", "--archives", "--py-files");
    private static final Set<String> FILE_SETTINGS =
            Set.of("spark.jars", "spark.files", "spark.archives", "spark.submit.pyFiles");

    /** Spark's program for SQL scripts, which spark-hive-thriftserver brings. */
    static final String SQL_PROGRAM = "org.apache.spark.sql.hive.thriftserver.SparkSQLCLIDriver";

    private static final String CATALOG = "spark.sql.catalogImplementation";
    private static final String PLUGINS = "spark.plugins";

    // named, not referred to: these classes need Hadoop and Spark, which only the driver has
    private static final String FILE_SYSTEM = "io.emreks.testing.spark.S3FolderFileSystem";
    private static final String UI_PLUGIN = "io.emreks.testing.spark.UiPlugin";
    private static final String UI_FILE_SETTING = "spark.emreks.uiFile";
    private static final String WARM_UP_JOB = "io.emreks.testing.spark.WarmUpJob";

    private static final String LOOPBACK = "127.0.0.1";

    /** There once a driver had no memory left. */
    private static final String OUT_OF_MEMORY = "out-of-memory";

    /** The driver's standard output below a run's folder. */
    static Path stdout(Path folder) {
        return folder.resolve("stdout");
    }

    /** The driver's standard error below a run's folder. */
    static Path stderr(Path folder) {
        return folder.resolve("stderr");
    }

    /** Holds the address of the Spark UI while there is one. */
    static Path uiFile(Path folder) {
        return folder.resolve("ui");
    }

    /** How a driver ended whose folder that is. */
    static DriverEnd end(Process driver, DriverPlan plan, Path folder) {
        return new DriverEnd(
                driver.exitValue(),
                Files.exists(folder.resolve(OUT_OF_MEMORY)),
                plan.memory().heap());
    }

    /**
     * Starts the driver of a run with everything it writes below {@code folder}, which need not exist.
     *
     * @param archive the class archive to use, if there is one
     */
    Process start(DriverPlan plan, Optional<Path> archive, Path folder) throws IOException, StartProblem {
        FakeJobRun run = plan.job();
        ImageFolder files = ImageFolder.of(plan.image(), folder.resolve("image"));
        List<String> jvm = new ArrayList<>();
        archive.ifPresent(file -> jvm.addAll(List.of("-XX:SharedArchiveFile=" + file, "-Xshare:auto")));
        for (String option : OptionString.split(driverJavaOptions(plan))) {
            if (option.startsWith("-D")) {
                jvm.add(option);
            }
        }
        ProcessBuilder builder = process(
                folder,
                plan.memory().heap(),
                jvm,
                spark.classPath() + File.pathSeparator + ownClasses(),
                run.driver() == FakeJobDriver.SPARK_SQL
                        ? sqlArguments(plan, files, folder)
                        : submitArguments(plan, files, folder),
                plan.environment());
        writeDefaults(run, files, folder.resolve("conf").resolve("spark-defaults.conf"));
        return builder.redirectOutput(stdout(folder).toFile())
                .redirectError(stderr(folder).toFile())
                .start();
    }

    /**
     * Starts a tiny job, at whose end the JVM writes the classes it used into the archive.
     *
     * @param log for standard output and error
     * @param folder for everything else it writes; need not exist
     */
    Process startWarmUp(Path archive, Path log, Path folder) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--master", "local[" + threads + "]"));
        addSettings(arguments, ownSettings(Map.of(), folder));
        arguments.addAll(List.of("--class", WARM_UP_JOB, ownClasses().toString()));
        return process(
                        folder,
                        DriverMemory.LEAST_HEAP,
                        List.of("-XX:ArchiveClassesAtExit=" + archive),
                        // without our own: the JVM takes an archive for a class path that goes on, and none with
                        // folders
                        spark.classPath(),
                        arguments,
                        Map.of())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private ProcessBuilder process(
            Path folder,
            int heapMebibytes,
            List<String> jvmOptions,
            String classPath,
            List<String> arguments,
            Map<String, String> variables)
            throws IOException {
        Path conf = Files.createDirectories(folder.resolve("conf"));
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        Path home = Files.createDirectories(folder.resolve("home"));
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.add("-Xmx" + heapMebibytes + "m");
        // start-up counts more than speed here
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+IgnoreUnrecognizedVMOptions"));
        // Spark goes on, or hangs, if a thread of the job has no memory left; its own exit code 52 is for tasks only
        command.add("-XX:OnOutOfMemoryError=: > ../" + OUT_OF_MEMORY + ";kill -9 %p");
        // standard output is the job's
        command.addAll(List.of("-Xlog:disable", "-Xlog:all=warning:stderr"));
        OPENED.forEach(opened -> command.add("--add-opens=" + opened + "=ALL-UNNAMED"));
        command.add("-Djdk.reflect.useDirectMethodHandle=false");
        command.add("-Djava.io.tmpdir=" + temporary);
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", classPath, "org.apache.spark.deploy.SparkSubmit"));
        command.addAll(arguments);

        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
        // not the environment of this process: it may hold credentials, and a container would not see it
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(Set.of("PATH"));
        environment.putAll(variables);
        environment.putAll(Map.of(
                "HOME",
                home.toString(),
                "LANG",
                "C.UTF-8",
                "TZ",
                "UTC",
                "SPARK_LOCAL_IP",
                LOOPBACK,
                "SPARK_PUBLIC_DNS",
                LOOPBACK,
                "SPARK_LOCAL_DIRS",
                temporary.toString(),
                "SPARK_CONF_DIR",
                conf.toString()));
        spark.home().ifPresent(distribution -> environment.put("SPARK_HOME", distribution.toString()));
        return builder;
    }

    private static String driverJavaOptions(DriverPlan plan) {
        return plan.options()
                .last("--driver-java-options")
                .orElse(plan.settings().getOrDefault("spark.driver.extraJavaOptions", ""));
    }

    private List<String> submitArguments(DriverPlan plan, ImageFolder files, Path folder) {
        List<String> arguments = options(plan, files, ownSettings(plan.settings(), folder));
        arguments.addAll(plan.options().rest());
        arguments.add(files.resolve(plan.job().entryPoint()));
        arguments.addAll(plan.job().entryPointArguments());
        return arguments;
    }

    private List<String> sqlArguments(DriverPlan plan, ImageFolder files, Path folder) {
        Map<String, String> own = ownSettings(plan.settings(), folder);
        own.put(CATALOG, plan.settings().getOrDefault(CATALOG, "in-memory"));
        List<String> arguments = options(plan, files, own);
        String script = files.resolve(plan.job().entryPoint());
        arguments.addAll(List.of("--class", SQL_PROGRAM, "spark-internal"));
        // a program reads its script as any file, and local: is for jars
        arguments.addAll(List.of("-f", script.replaceFirst("^local:", "file:")));
        arguments.addAll(plan.options().rest());
        return arguments;
    }

    private List<String> options(DriverPlan plan, ImageFolder files, Map<String, String> own) {
        List<String> arguments = new ArrayList<>(List.of("--master", "local[" + threads + "]"));
        for (SubmitOptions.Option option : plan.options().options()) {
            String value = option.value();
            String key = option.settingKey();
            if (CLUSTER_OPTIONS.contains(option.name()) || CLUSTER_SETTINGS.contains(key)) {
                continue;
            }
            arguments.add(option.name());
            if (FILE_SETTINGS.contains(key)) {
                arguments.add(key + "=" + files.resolveAll(option.settingValue()));
            } else if (value != null) {
                arguments.add(FILE_OPTIONS.contains(option.name()) ? files.resolveAll(value) : value);
            }
        }
        // behind the run's own settings, so that these win
        addSettings(arguments, own);
        return arguments;
    }

    private static void addSettings(List<String> arguments, Map<String, String> settings) {
        settings.forEach((key, value) -> arguments.addAll(List.of("--conf", key + "=" + value)));
    }

    private Map<String, String> ownSettings(Map<String, String> settings, Path folder) {
        Map<String, String> own = new LinkedHashMap<>();
        own.put("spark.ui.enabled", String.valueOf(sparkUi));
        own.put("spark.driver.host", LOOPBACK);
        own.put("spark.driver.bindAddress", LOOPBACK);
        own.put("spark.hadoop.fs.s3.impl", FILE_SYSTEM);
        own.put("spark.hadoop.fs.s3a.impl", FILE_SYSTEM);
        own.put("spark.hadoop.fs.s3.emreks.root", s3Folder.toString());
        if (sparkUi) {
            String plugins = settings.getOrDefault(PLUGINS, "");
            own.put("spark.ui.port", "0");
            own.put(PLUGINS, plugins.isBlank() ? UI_PLUGIN : plugins + "," + UI_PLUGIN);
            own.put(UI_FILE_SETTING, uiFile(folder).toString());
        }
        return own;
    }

    private static void writeDefaults(FakeJobRun run, ImageFolder files, Path file) throws IOException {
        Properties defaults = new Properties();
        run.sparkDefaults().forEach((key, value) -> {
            if (!CLUSTER_SETTINGS.contains(key)) {
                defaults.setProperty(key, FILE_SETTINGS.contains(key) ? files.resolveAll(value) : value);
            }
        });
        try (Writer writer = Files.newBufferedWriter(file)) {
            defaults.store(writer, null);
        }
    }

    /** Where this class was loaded from: the file system class is beside it. */
    private static Path ownClasses() {
        try {
            return Path.of(DriverLauncher.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException("Cannot tell where the classes of the local Spark engine are", e);
        }
    }

    /**
     * The files of an image as a folder: {@code local:///path} leads into it. So a path that the image does not have is
     * missing for Spark too, and no file of this machine is taken by chance.
     */
    private record ImageFolder(Path folder) {
        private static final String SCHEME = "local://";

        static ImageFolder of(ImageDeclaration image, Path folder) throws IOException {
            for (Map.Entry<String, Path> file : image.files().entrySet()) {
                Path link = folder.resolve(file.getKey().substring(1));
                Files.createDirectories(link.resolveSibling(""));
                Files.createSymbolicLink(link, file.getValue());
            }
            return new ImageFolder(folder);
        }

        String resolveAll(String list) {
            return Arrays.stream(list.split(","))
                    .map(String::strip)
                    .map(this::resolve)
                    .collect(Collectors.joining(","));
        }

        String resolve(String uri) {
            return uri.startsWith(SCHEME)
                    ? SCHEME
                            + folder
                            + Path.of("/", uri.substring(SCHEME.length())).normalize()
                    : uri;
        }
    }
}
