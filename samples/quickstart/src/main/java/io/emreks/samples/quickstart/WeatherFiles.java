package io.emreks.samples.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the build of the weather jobs left behind: their jars, their data, and where Maven keeps Spark and Hudi. */
record WeatherFiles(Path module) {
    private static final String UDF_JAR_END = "-udf.jar";

    Path sparkClassPath() {
        return module.resolve("target/spark.classpath");
    }

    Path hudiBundle() throws IOException {
        return Path.of(
                Files.readString(module.resolve("target/hudi-bundle.path")).strip());
    }

    Path udfJar() throws IOException {
        try (Stream<Path> built = Files.list(module.resolve("target"))) {
            return built.filter(file -> file.toString().endsWith(UDF_JAR_END))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no *" + UDF_JAR_END + " in " + module.resolve("target")));
        }
    }

    Path jobsJar() throws IOException {
        Path udf = udfJar();
        return udf.resolveSibling(udf.getFileName().toString().replace(UDF_JAR_END, ".jar"));
    }

    Path weather() {
        return module.resolve("data/weather.csv");
    }

    Path corrected() {
        return module.resolve("data/weather-corrected.csv");
    }

    /** The days of a data file, without its header. */
    static List<WeatherDay> days(Path csv) throws IOException {
        try (Stream<String> lines = Files.lines(csv)) {
            return lines.skip(1).map(WeatherDay::ofCsv).toList();
        }
    }
}
