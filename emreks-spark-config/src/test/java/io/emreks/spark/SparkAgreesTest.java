package io.emreks.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Real Spark reads what is rendered, and what is parsed back is what Spark reads. */
class SparkAgreesTest {
    private static final String APP = "s3://b/app.jar";

    @Property(tries = 400)
    void sparkReadsEverySettingValueForValue(
            @ForAll RealSpark spark, @ForAll("settings") Map<String, String> settings, @ForAll SettingsPlace preferred)
            throws IOException {
        SparkConf.Builder conf = SparkConf.builder();
        settings.forEach(conf::set);
        SparkJob job = SparkJob.builder().mainClass("a.B").conf(conf.build()).build();
        Assume.that(job.problems().isEmpty());

        RenderedSparkConfig rendered = job.render(preferred);

        assertThat(properties(spark, rendered)).isEqualTo(settings);
        assertThat(SubmitParameters.tokenize(rendered.sparkSubmitParameters()))
                .isEqualTo(spark.split(rendered.sparkSubmitParameters()));
        SparkJob back = SparkJob.parse(rendered.sparkSubmitParameters(), rendered.sparkDefaults());
        assertThat(back.conf().asMap()).isEqualTo(settings);
        assertThat(back.mainClass()).contains("a.B");
    }

    private static Object properties(RealSpark spark, RenderedSparkConfig rendered) throws IOException {
        List<String> words = new ArrayList<>(spark.split(rendered.sparkSubmitParameters()));
        Path file = Files.createTempFile("spark-defaults", ".conf");
        try {
            Properties defaults = new Properties();
            defaults.putAll(rendered.sparkDefaults());
            try (OutputStream out = Files.newOutputStream(file)) {
                defaults.store(out, null);
            }
            words.addAll(List.of("--properties-file", file.toString(), APP));
            return Objects.requireNonNull(spark.submit(words).get("properties"));
        } finally {
            Files.delete(file);
        }
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void aTypedJobComesBack(@ForAll RealSpark spark, @ForAll("jobs") SparkJob job) {
        RenderedSparkConfig rendered = job.render();

        SparkJob back = SparkJob.parse(rendered.sparkSubmitParameters(), rendered.sparkDefaults());

        assertThat(back.toBuilder().entryPoint(EntryPoint.jar(APP)).build()).isEqualTo(job);
        assertThat(back.render()).isEqualTo(rendered);
        List<String> words = new ArrayList<>(spark.split(rendered.sparkSubmitParameters()));
        words.add(APP);
        assertThat(effective(spark.submit(words))).isEqualTo(effective(back));
    }

    @Property(tries = 600)
    void optionsAreReadAsSparkReadsThem(@ForAll RealSpark spark, @ForAll("lines") List<String> words) {
        List<String> line = new ArrayList<>(words);
        line.addAll(List.of("--class", "a.B", APP, "--conf", "spark.of=the application"));
        StringBuilder text = new StringBuilder();
        line.forEach(word -> text.append(Words.quoted(word)).append(' '));

        Throwable sparks = catchThrowable(() -> spark.submit(line));
        Throwable ours = catchThrowable(() -> SparkJob.parseCommand("/usr/bin/spark-submit " + text));
        if (sparks != null) {
            assertThat(ours).as(sparks.toString()).isInstanceOf(IllegalArgumentException.class);
            return;
        }
        assertThat(ours).isNull();
        SparkJob job = SparkJob.parseCommand(text.toString());
        assertThat(effective(job)).isEqualTo(effective(spark.submit(line)));
        assertThat(job.entryPoint()).contains(EntryPoint.jar(APP, "--conf", "spark.of=the application"));
    }

    /** The settings with which a job would run, and the options that are no settings. */
    private static Map<String, String> effective(SparkJob job) {
        Map<String, String> effective = new TreeMap<>(job.allSettings().asMap());
        put(effective, "spark.jars", String.join(",", job.jars()));
        put(effective, "spark.files", String.join(",", job.files()));
        put(effective, "spark.submit.pyFiles", String.join(",", job.pyFiles()));
        put(effective, "spark.archives", String.join(",", job.archives()));
        put(effective, "spark.jars.packages", String.join(",", job.packages()));
        effective.put("class", job.mainClass().orElse(""));
        return effective;
    }

    private static Map<String, String> effective(Map<String, Object> read) {
        Map<String, String> effective = new TreeMap<>();
        ((Map<?, ?>) Objects.requireNonNull(read.get("properties")))
                .forEach((key, value) -> effective.put(key.toString(), value.toString()));
        boolean named = effective.containsKey("spark.app.name");
        read.forEach((key, value) -> {
            if (key.startsWith("spark.") && value != null) {
                effective.put(key, value.toString());
            }
        });
        if (!named && Objects.equals(effective.get("spark.app.name"), read.get("class"))) {
            effective.remove("spark.app.name");
        }
        put(effective, "spark.jars", read.get("jars"));
        put(effective, "spark.files", read.get("files"));
        put(effective, "spark.submit.pyFiles", read.get("pyFiles"));
        put(effective, "spark.archives", read.get("archives"));
        put(effective, "spark.jars.packages", read.get("packages"));
        effective.put("class", String.valueOf(read.get("class")));
        return effective;
    }

    private static void put(Map<String, String> map, String key, @org.jspecify.annotations.Nullable Object value) {
        if (value != null && !value.toString().isEmpty()) {
            map.put(key, value.toString());
        }
    }

    @Provide
    Arbitrary<Map<String, String>> settings() {
        Arbitrary<String> keys = Arbitraries.strings()
                .withChars("abZ019._-/:=$ \"'\\#!é雪")
                .ofMaxLength(12)
                // away from the settings that have a typed place
                .map(text -> "spark.x." + text);
        Arbitrary<String> hostile = Arbitraries.strings()
                .withChars("ab=$ \t\n\r\"\"''\\\\#!`;|&{}[]()*?~,%<>\u0000\u007fé雪")
                .ofMaxLength(20);
        Arbitrary<String> values = Arbitraries.oneOf(
                hostile,
                Arbitraries.strings().ofMaxLength(20),
                Arbitraries.just("smile \ud83d\ude00"),
                Arbitraries.just("x\\"),
                Arbitraries.just("\"\""));
        return Arbitraries.maps(keys, values).ofMaxSize(8);
    }

    @Provide
    Arbitrary<SparkJob> jobs() {
        Arbitrary<DriverTuning> drivers = Combinators.combine(
                        Arbitraries.integers().between(1, 8),
                        Arbitraries.longs().between(1, 100_000),
                        Arbitraries.strings()
                                .withChars("abc -=\"\\$'")
                                .ofMinLength(1)
                                .ofMaxLength(9),
                        Arbitraries.maps(
                                        Arbitraries.strings()
                                                .withChars("ABC_")
                                                .ofMinLength(1)
                                                .ofMaxLength(4),
                                        Arbitraries.strings()
                                                .withChars("ab= '\"")
                                                .ofMinLength(1)
                                                .ofMaxLength(4))
                                .ofMaxSize(3))
                .as((cores, memory, java, env) -> DriverTuning.builder()
                        .cores(cores)
                        .memory(MemorySize.ofMebibytes(memory))
                        .javaOptions("-D" + java)
                        .limitCores("8000m")
                        .env(env)
                        .build());
        Arbitrary<ExecutorTuning> executors = Combinators.combine(
                        Arbitraries.integers().between(1, 500),
                        Arbitraries.longs().between(1, 100_000),
                        Arbitraries.doubles().between(0.01, 2),
                        Arbitraries.of("3900m", "3.9", "4"))
                .as((instances, memory, factor, cpu) -> ExecutorTuning.builder()
                        .instances(instances)
                        .memory(MemorySize.ofMebibytes(memory))
                        .memoryOverheadFactor(factor)
                        .pysparkMemory(MemorySize.ofMebibytes(memory / 2 + 1))
                        .requestCores(cpu)
                        .image("repo/image:1")
                        .build());
        Arbitrary<List<String>> uris = Arbitraries.of("s3://b/a.jar", "local:///b.jar", "https://h/c.zip")
                .list()
                .ofMaxSize(3);
        return Combinators.combine(drivers, executors, uris, settings()).as((driver, executor, list, settings) -> {
            SparkConf.Builder conf = SparkConf.builder();
            settings.forEach((key, value) -> {
                if (Words.fitsString(value) && !key.contains("=")) {
                    conf.set(key, value);
                }
            });
            return SparkJob.builder()
                    .mainClass("a.B")
                    .entryPoint(EntryPoint.jar(APP))
                    .driver(driver)
                    .executors(executor)
                    .jars(list)
                    .files(list)
                    .archives(list)
                    .packages(List.of("g:a:1"))
                    .image("repo/other:1")
                    .conf(conf.build())
                    .build();
        });
    }

    @Provide
    Arbitrary<List<String>> lines() {
        Arbitrary<List<String>> memory = Combinators.combine(
                        Arbitraries.of("--driver-memory", "--executor-memory"), Arbitraries.of("2g", "512m", "3g"))
                .as(List::of);
        Arbitrary<List<String>> numbers = Combinators.combine(
                        Arbitraries.of("--num-executors", "--executor-cores", "--driver-cores"),
                        Arbitraries.of("1", "2", "3"))
                .as(List::of);
        Arbitrary<List<String>> texts = Combinators.combine(
                        Arbitraries.of("--driver-java-options", "--driver-class-path", "--name"),
                        Arbitraries.of("-Da=b c", "x y", "\"q\"", "a\\b"))
                .as(List::of);
        Arbitrary<List<String>> lists = Combinators.combine(
                        Arbitraries.of("--jars", "--files", "--py-files", "--archives"),
                        Arbitraries.of("s3://b/a.jar", "s3://b/a.jar,s3://b/c.jar"))
                .as(List::of);
        Arbitrary<List<String>> conf = Combinators.combine(
                        Arbitraries.of("--conf", "-c"),
                        Arbitraries.of(
                                "spark.executor.memory",
                                "spark.driver.memory",
                                "spark.executor.cores",
                                "spark.executor.instances",
                                "spark.jars",
                                "spark.x"),
                        Arbitraries.of("1", "7"))
                .as((option, key, value) -> List.of(option, key + "=" + shaped(key, value)));
        Arbitrary<List<String>> joined = Arbitraries.of(
                List.of("--num-executors=5"),
                List.of("--conf=spark.y=a=b"),
                List.of("--name=a b"),
                List.of("--packages", "g:a:1"),
                List.of("--verbose"),
                List.of("--conf", "novalue"),
                List.of("--bogus"),
                List.of("--supervise"));
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(3, memory),
                        net.jqwik.api.Tuple.of(3, numbers),
                        net.jqwik.api.Tuple.of(3, texts),
                        net.jqwik.api.Tuple.of(3, lists),
                        net.jqwik.api.Tuple.of(5, conf),
                        net.jqwik.api.Tuple.of(2, joined))
                .list()
                .ofMaxSize(6)
                .map(parts -> {
                    List<String> words = new ArrayList<>();
                    parts.forEach(words::addAll);
                    return words;
                });
    }

    private static String shaped(String key, String value) {
        return key.endsWith("jars") ? "s3://b/" + value : key.endsWith("memory") ? value + "g" : value;
    }

    @Property(tries = 300)
    void shellLinesAreReadAsAShellReadsThem(@ForAll("shellWords") List<String> words) {
        // what a POSIX shell makes of single quotes is beyond doubt
        StringBuilder line = new StringBuilder("spark-submit \\\n  ");
        for (String word : words) {
            line.append("--conf '").append(word.replace("'", "'\\''")).append("' \\\n\t");
        }
        line.append(APP);
        SparkJob job = SparkJob.parseCommand(line.toString());

        Map<String, String> expected = new LinkedHashMap<>();
        words.forEach(
                word -> expected.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1)));
        assertThat(job.conf().asMap()).isEqualTo(expected);
    }

    @Provide
    Arbitrary<List<String>> shellWords() {
        return Arbitraries.strings()
                .withChars("ab$`\"'\\ \n=é")
                .ofMaxLength(12)
                .map(text -> "spark.z" + Integer.toHexString(text.hashCode()) + "=" + text)
                .list()
                .ofMaxSize(5);
    }
}
