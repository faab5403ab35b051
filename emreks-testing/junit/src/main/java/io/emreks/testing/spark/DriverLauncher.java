package io.emreks.testing.spark;

import io.emreks.testing.service.FakeJobRun;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Starts the driver of a run: spark-submit in a Java process of its own, with the run's own options, but in local mode.
 *
 * @param spark what to run
 * @param java the {@code java} executable
 * @param s3Folder the folder behind {@code s3://}
 * @param threads the n of {@code local[n]}
 * @param heapMebibytes the largest heap of a driver
 */
record DriverLauncher(SparkInstallation spark, Path java, Path s3Folder, int threads, int heapMebibytes) {
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

    private static final String DRIVER_ENVIRONMENT = "spark.kubernetes.driverEnv.";

    /** Named, not referred to: its class needs Hadoop, which only the driver has. */
    private static final String FILE_SYSTEM = "io.emreks.testing.spark.S3FolderFileSystem";

    /** The driver's standard output below a run's folder. */
    static Path stdout(Path folder) {
        return folder.resolve("stdout");
    }

    /** The driver's standard error below a run's folder. */
    static Path stderr(Path folder) {
        return folder.resolve("stderr");
    }

    /** Starts the driver with everything it writes below {@code folder}, which need not exist. */
    Process start(FakeJobRun run, SubmitOptions options, ImageDeclaration image, Path folder)
            throws IOException, StartProblem {
        Path conf = Files.createDirectories(folder.resolve("conf"));
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        Path home = Files.createDirectories(folder.resolve("home"));
        ImageFolder files = ImageFolder.of(image, folder.resolve("image"));
        writeDefaults(run, files, conf.resolve("spark-defaults.conf"));

        Map<String, String> settings = options.settings(run.sparkDefaults());
        List<String> command = new ArrayList<>(jvm(settings, options, temporary));
        command.add("org.apache.spark.deploy.SparkSubmit");
        command.addAll(arguments(run, options, files));

        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectOutput(stdout(folder).toFile())
                .redirectError(stderr(folder).toFile());
        // not the environment of this process: it may hold credentials, and a container would not see it
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(Set.of("PATH"));
        settings.forEach((key, value) -> {
            if (key.startsWith(DRIVER_ENVIRONMENT) && key.length() > DRIVER_ENVIRONMENT.length()) {
                environment.put(key.substring(DRIVER_ENVIRONMENT.length()), value);
            }
        });
        environment.putAll(Map.of(
                "HOME",
                home.toString(),
                "LANG",
                "C.UTF-8",
                "TZ",
                "UTC",
                "SPARK_LOCAL_IP",
                "127.0.0.1",
                "SPARK_LOCAL_DIRS",
                temporary.toString(),
                "SPARK_CONF_DIR",
                conf.toString()));
        return builder.start();
    }

    private List<String> jvm(Map<String, String> settings, SubmitOptions options, Path temporary) throws StartProblem {
        List<String> jvm = new ArrayList<>();
        jvm.add(java.toString());
        jvm.add("-Xmx" + heapMebibytes + "m");
        // start-up counts more than speed here
        jvm.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+IgnoreUnrecognizedVMOptions"));
        OPENED.forEach(opened -> jvm.add("--add-opens=" + opened + "=ALL-UNNAMED"));
        jvm.add("-Djdk.reflect.useDirectMethodHandle=false");
        jvm.add("-Djava.io.tmpdir=" + temporary);
        for (String option : OptionString.split(driverJavaOptions(settings, options))) {
            if (option.startsWith("-D")) {
                jvm.add(option);
            }
        }
        jvm.add("-cp");
        jvm.add(spark.classPath() + File.pathSeparator + ownClasses());
        return jvm;
    }

    private static String driverJavaOptions(Map<String, String> settings, SubmitOptions options) {
        String last = settings.getOrDefault("spark.driver.extraJavaOptions", "");
        for (SubmitOptions.Option option : options.options()) {
            if (option.name().equals("--driver-java-options") && option.value() != null) {
                last = option.value();
            }
        }
        return last;
    }

    private List<String> arguments(FakeJobRun run, SubmitOptions options, ImageFolder files) {
        List<String> arguments = new ArrayList<>(List.of("--master", "local[" + threads + "]"));
        for (SubmitOptions.Option option : options.options()) {
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
        ownSettings().forEach((key, value) -> arguments.addAll(List.of("--conf", key + "=" + value)));
        arguments.addAll(options.rest());
        arguments.add(files.resolve(run.entryPoint()));
        arguments.addAll(run.entryPointArguments());
        return arguments;
    }

    private Map<String, String> ownSettings() {
        return Map.of(
                "spark.ui.enabled",
                "false",
                "spark.driver.host",
                "127.0.0.1",
                "spark.driver.bindAddress",
                "127.0.0.1",
                "spark.hadoop.fs.s3.impl",
                FILE_SYSTEM,
                "spark.hadoop.fs.s3a.impl",
                FILE_SYSTEM,
                "spark.hadoop.fs.s3.emreks.root",
                s3Folder.toString());
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
