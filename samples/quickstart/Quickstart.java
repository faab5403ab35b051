import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Builds what the quick start needs with Maven and starts it. Run it from the project's folder with a JDK 17:
 * {@code java samples/quickstart/Quickstart.java}. Written in the Java of older releases, so that those can say what is
 * missing.
 */
public class Quickstart {
    private static final int JAVA = 17;
    private static final String PIPELINE = "io.emreks.samples.quickstart.WeatherPipeline";

    public static void main(String[] args) throws IOException, InterruptedException {
        Path root = Path.of("").toAbsolutePath();
        Path module = root.resolve("samples/quickstart");
        if (!Files.isRegularFile(module.resolve("pom.xml"))) {
            giveUp("This is not the project's folder: " + root, "Change to the folder that README.md is in, and try again.");
        }
        if (Runtime.version().feature() != JAVA) {
            giveUp(
                    "The quick start needs a JDK 17, and this is Java " + Runtime.version() + " in " + javaHome(),
                    "Apache Spark 3.5 does not run on later ones. Run it with the java of a JDK 17:",
                    "  /path/to/jdk-17/bin/java samples/quickstart/Quickstart.java");
        }
        build(root, maven());
        run(root, module);
    }

    private static void build(Path root, Path maven) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        System.out.println("Building with " + maven + " (the first time takes a few minutes, later ones some seconds)");
        ProcessBuilder builder = new ProcessBuilder(
                        maven.toString(),
                        "-Pquick",
                        "-Dmaven.test.skip=true",
                        "--projects",
                        "samples/quickstart",
                        "--also-make",
                        "package")
                .directory(root.toFile())
                .redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", javaHome().toString());
        Process process = endingWithThis(builder.start());
        process.getOutputStream().close();
        MavenOutput output = new MavenOutput(System.console() != null);
        try (Reader reader = new InputStreamReader(process.getInputStream(), Charset.defaultCharset())) {
            output.read(reader);
        }
        int exit = process.waitFor();
        if (exit != 0) {
            output.printAll();
            giveUp("The build failed with exit code " + exit + "; what Maven said is above.");
        }
        System.out.println("Built in " + (System.nanoTime() - begin) / 1_000_000_000L + " s");
    }

    private static void run(Path root, Path module) throws IOException, InterruptedException {
        Path s3 = module.resolve("target/s3");
        delete(s3);
        String classPath = module.resolve("target/classes") + File.pathSeparator
                + Files.readString(module.resolve("target/quickstart.classpath")).trim();
        Process process = endingWithThis(new ProcessBuilder(
                        javaHome().resolve("bin/java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        PIPELINE,
                        root.resolve("samples/weather-jobs").toString(),
                        s3.toString())
                .inheritIO()
                .start());
        System.exit(process.waitFor());
    }

    private static Process endingWithThis(Process process) {
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return process;
    }

    private static Path javaHome() {
        return Path.of(System.getProperty("java.home"));
    }

    private static Path maven() {
        String path = System.getenv("PATH");
        for (String folder : path == null ? new String[0] : path.split(File.pathSeparator)) {
            for (String name : new String[] {"mvn", "mvn.cmd"}) {
                Path file = Path.of(folder, name);
                boolean fits = name.endsWith(".cmd") == (File.separatorChar == '\\');
                if (fits && Files.isExecutable(file)) {
                    return file;
                }
            }
        }
        return giveUp("Maven is missing: there is no mvn on the PATH.", "Install Maven 3.8 or later, and try again.");
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path each : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                    Files.delete(each);
                }
            }
        }
    }

    private static Path giveUp(String... lines) {
        for (String line : lines) {
            System.err.println(line);
        }
        System.exit(2);
        throw new IllegalStateException();
    }

    /** Keeps what Maven says for the case that it fails, and shows how much it has downloaded. */
    private static class MavenOutput {
        private static final Pattern SPARK_OR_HUDI = Pattern.compile("Downloading from .*/org/apache/(spark/spark-(core|sql)_|hadoop/|hudi/).*[.]jar");
        private static final Pattern DOWNLOADED = Pattern.compile("Downloaded from .*\\(([0-9.,]+) (B|kB|MB|GB)( at .*)?\\)");
        private static final Pattern UNDER_WAY = Pattern.compile("([0-9.,]+)(?:/[0-9.,]+)? (B|kB|MB|GB)");
        private static final long LINE_EVERY_NANOS = 3_000_000_000L;

        private final List<String> lines = new ArrayList<>();
        private final boolean terminal;
        private double finished;
        private boolean announcedBuild;
        private boolean announcedSpark;
        private long shownAt = System.nanoTime();
        private long shown;

        MavenOutput(boolean terminal) {
            this.terminal = terminal;
        }

        /** A progress line ends with a carriage return, any other with a line feed. */
        void read(Reader reader) throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = reader.read(); c >= 0; c = reader.read()) {
                if (c == '\n' || c == '\r') {
                    take(line.toString());
                    line.setLength(0);
                } else {
                    line.append((char) c);
                }
            }
            take(line.toString());
            end();
        }

        private void take(String line) {
            if (line.startsWith("Progress (")) {
                double megabytes = finished;
                for (Matcher file = UNDER_WAY.matcher(line.substring(line.indexOf(':'))); file.find(); ) {
                    megabytes += megabytes(file);
                }
                show(megabytes);
                return;
            }
            if (line.contains("Downloading from ")) {
                announce(line);
            } else {
                Matcher file = DOWNLOADED.matcher(line);
                if (file.find()) {
                    finished += megabytes(file);
                    show(finished);
                }
            }
            if (!line.trim().isEmpty()) {
                lines.add(line);
            }
        }

        private void announce(String line) {
            if (SPARK_OR_HUDI.matcher(line).find() && !announcedSpark) {
                end();
                System.out.println("Downloading Apache Spark and Apache Hudi: about 310 MB, once");
                announcedSpark = true;
            } else if (!announcedBuild && !announcedSpark) {
                System.out.println("Downloading the plugins and libraries of the build: up to 130 MB, once");
                announcedBuild = true;
            }
        }

        private void show(double megabytes) {
            long whole = Math.round(megabytes);
            long now = System.nanoTime();
            if (whole > shown && (terminal || now - shownAt > LINE_EVERY_NANOS)) {
                System.out.print((terminal ? "\r" : "") + "  " + whole + " MB" + (terminal ? "" : "\n"));
                shownAt = now;
                shown = whole;
            }
        }

        /** Shows all of a download, and begins to count anew. */
        private void end() {
            if (finished > 0) {
                System.out.println((terminal ? "\r" : "") + "  " + Math.round(finished) + " MB");
            }
            finished = 0;
            shown = 0;
        }

        void printAll() {
            lines.forEach(System.out::println);
        }

        private static double megabytes(Matcher size) {
            double number = Double.parseDouble(size.group(1).replace(',', '.'));
            String unit = size.group(2).toUpperCase(Locale.ROOT);
            return unit.equals("GB") ? number * 1000 : unit.equals("MB") ? number : unit.equals("KB") ? number / 1000 : number / 1e6;
        }
    }
}
