package io.emreks.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SparkJobTest {
    @Test
    void rendersEverythingInAFixedOrder() {
        SparkJob job = SparkJob.builder()
                .mainClass("com.acme.Orders")
                .addJar("s3://bucket/libs/udf.jar")
                .addFile("s3://bucket/app.conf")
                .addPyFile("s3://bucket/a.py")
                .addPyFile("local:///opt/b.py")
                .addArchive("s3://bucket/env.tar.gz#env")
                .addPackage("org.acme:tool:1.0")
                .image("repo/spark-hudi:7.5.0")
                .driver(DriverTuning.builder().cores(2).memory("4g").build())
                .executors(ExecutorTuning.builder().instances(10).memory("14g").build())
                .conf(SparkConf.builder()
                        .set("spark.driver.extraJavaOptions", "-Da=\"b c\" -Dd=\\e")
                        .build())
                .build();

        assertThat(job.problems()).isEmpty();
        assertThat(job.render())
                .isEqualTo(new RenderedSparkConfig(
                        "--class com.acme.Orders"
                                + " --jars s3://bucket/libs/udf.jar"
                                + " --py-files s3://bucket/a.py,local:///opt/b.py"
                                + " --files s3://bucket/app.conf"
                                + " --archives \"s3://bucket/env.tar.gz#env\""
                                + " --packages org.acme:tool:1.0"
                                + " --conf spark.driver.cores=2"
                                + " --conf spark.driver.memory=4g"
                                + " --conf spark.executor.instances=10"
                                + " --conf spark.executor.memory=14g"
                                + " --conf spark.kubernetes.container.image=repo/spark-hudi:7.5.0"
                                + " --conf \"spark.driver.extraJavaOptions=-Da=\\\"b c\\\" -Dd=\\\\e\"",
                        Map.of()));
    }

    @Test
    void startsFromAnother() {
        SparkJob job = SparkJob.builder().mainClass("A").addJar("s3://b/a.jar").build();
        assertThat(job.toBuilder().build()).isEqualTo(job);
        assertThat(job.toBuilder().addJar("s3://b/b.jar").build().jars())
                .containsExactly("s3://b/a.jar", "s3://b/b.jar");
    }

    @Test
    void rendersNothingForNothing() {
        assertThat(SparkJob.builder().build().render()).isEqualTo(new RenderedSparkConfig("", Map.of()));
    }

    @Test
    void aTableFormatBringsItsJarOnceAndItsSettings() {
        SparkJob job = SparkJob.builder()
                .addJar("s3://bucket/udf.jar")
                .addTableFormat(TableFormat.hudi())
                .addTableFormat(TableFormat.hudi())
                .conf(SparkConf.builder()
                        .set("spark.serializer", "com.acme.Mine")
                        .preset("iceberg", "spark.sql.extensions", "I")
                        .build())
                .build();
        Read read = Read.of(job.render());
        assertThat(read.options)
                .containsEntry("--jars", "s3://bucket/udf.jar,local:///usr/lib/hudi/hudi-spark-bundle.jar");
        assertThat(read.settings)
                .containsEntry("spark.serializer", "com.acme.Mine")
                .containsEntry("spark.sql.extensions", "org.apache.spark.sql.hudi.HoodieSparkSessionExtension,I");
    }

    @Property
    void sparkReadsBackEverySettingValueForValue(@ForAll("settings") Map<String, String> settings) {
        SparkJob job = job(settings);
        Assume.that(job.problems().isEmpty());

        RenderedSparkConfig rendered = job.render();

        assertThat(Read.of(rendered).settings).isEqualTo(settings);
        assertThat(job(settings).render()).isEqualTo(rendered);
        assertThat(SubmitParameters.tokenize(rendered.sparkSubmitParameters()))
                .isEqualTo(RealSpark.V3_5.split(rendered.sparkSubmitParameters()));
        assertThat(rendered.sparkSubmitParameters()).matches("[^\\p{Cntrl}&&[^\\t]]*");
    }

    @Property
    void onlyWhatNoPlaceTakesIsAProblem(@ForAll("keys") String key, @ForAll("values") String value) {
        boolean controls = value.codePoints()
                .anyMatch(c -> (Character.isISOControl(c) && c != '\t') || Character.isSupplementaryCodePoint(c));
        boolean ends =
                !value.isEmpty() && (isStripped(value.charAt(0)) || isStripped(value.charAt(value.length() - 1)));
        boolean noString = controls || key.contains("=");
        boolean noDefaults = ends || value.isBlank() || isStripped(key.charAt(key.length() - 1));

        SparkJob job = job(Map.of(key, value));

        assertThat(job.problems().isEmpty()).isEqualTo(!(noString && noDefaults));
    }

    private static boolean isStripped(char character) {
        return character <= ' ' && character != '\r' && character != '\n';
    }

    @Provide
    Arbitrary<Map<String, String>> settings() {
        return Arbitraries.maps(keys(), values()).ofMaxSize(8);
    }

    @Provide
    Arbitrary<String> keys() {
        return Arbitraries.strings()
                .withChars("abZ019._-/:=$ \"'\\#!é雪")
                .ofMaxLength(12)
                .map(text -> "spark." + text);
    }

    @Provide
    Arbitrary<String> values() {
        Arbitrary<String> hostile = Arbitraries.strings()
                .withChars("ab=$ \t\n\r\"\"''\\\\#!`;|&{}[]()*?~,%<>\u0000\u007fé雪")
                .ofMaxLength(20);
        Arbitrary<String> unicode = Arbitraries.strings()
                .withCharRange(' ', '~')
                .withCharRange('\u00a0', '\u2027')
                .withCharRange('\u3000', '\u9fff')
                .ofMaxLength(20);
        return Arbitraries.oneOf(hostile, unicode, Arbitraries.just("smile \ud83d\ude00"))
                .withoutEdgeCases();
    }

    @Test
    void valuesWithLineBreaksGoToSparkDefaults() {
        RenderedSparkConfig rendered =
                job(Map.of("spark.a", "x\ny", "spark.b", "1\u20282")).render();
        assertThat(rendered.sparkSubmitParameters()).isEmpty();
        assertThat(rendered.sparkDefaults()).isEqualTo(Map.of("spark.a", "x\ny", "spark.b", "1\u20282"));
    }

    @Property(tries = 30)
    void theLongestSettingsLeaveATooLongString(@ForAll @IntRange(min = 90, max = 180) int count) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            settings.put("spark.s" + i, "v".repeat(900 + i % 100));
        }
        RenderedSparkConfig rendered = job(settings).render();

        assertThat(rendered.sparkSubmitParameters()).hasSizeLessThanOrEqualTo(102_400);
        assertThat(rendered.sparkDefaults()).hasSizeLessThanOrEqualTo(100);
        assertThat(Read.of(rendered).settings).isEqualTo(settings);
        if (!rendered.sparkDefaults().isEmpty()) {
            assertThat(rendered.sparkSubmitParameters()).hasSizeGreaterThan(102_400 - 1_100);
            List<String> order = new ArrayList<>(settings.keySet());
            assertThat(List.copyOf(rendered.sparkDefaults().keySet()))
                    .isSortedAccordingTo((a, b) -> Integer.compare(order.indexOf(a), order.indexOf(b)));
        }
    }

    @Test
    void theStringMayHaveExactlyItsLimit() {
        Map<String, String> settings = Map.of("spark.a", "v".repeat(102_400 - "--conf spark.a=".length()));
        assertThat(job(settings).render().sparkSubmitParameters()).hasSize(102_400);

        Map<String, String> more = Map.of("spark.a", "v".repeat(102_401 - "--conf spark.a=".length()));
        assertThat(job(more).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("102401", "102,400"));
    }

    @Test
    void aSettingAtTheLimitOfSparkDefaultsStillMoves() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spark.a", "v".repeat(101_500));
        settings.put("spark.b", "w".repeat(1024));
        assertThat(job(settings).render().sparkDefaults()).containsOnlyKeys("spark.b");

        settings.put("spark.b", "w".repeat(1025));
        assertThat(job(settings).problems()).extracting(Problem::field).containsExactly("sparkSubmitParameters");
    }

    @Test
    void moreThanAHundredSettingsWithLineBreaksFitNowhere() {
        Map<String, String> settings = new LinkedHashMap<>();
        for (int i = 0; i < 100; i++) {
            settings.put("spark.s" + i, "a\nb");
        }
        assertThat(job(settings).render().sparkDefaults()).hasSize(100);
        settings.put("spark.more", "a\nb");
        assertThat(job(settings).problems()).extracting(Problem::field).containsExactly("spark-defaults");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spark.master",
                "spark.submit.deployMode",
                "spark.kubernetes.namespace",
                "spark.kubernetes.driver.pod.name",
                "spark.kubernetes.container.image.pullPolicy",
                "spark.kubernetes.authenticate.driver.serviceAccountName",
                "spark.kubernetes.authenticate.executor.serviceAccountName",
                "fs.s3a.path",
                "Spark.executor.cores"
            })
    void refusesSettingsThatEmrOwnsOrSparkIgnores(String key) {
        assertThat(job(Map.of(key, "x")).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.field()).isEqualTo("conf[" + key + "]"));
    }

    @ParameterizedTest
    @CsvSource({
        "/opt/libs/a.jar, no scheme",
        "a.jar, no scheme",
        "'', no scheme",
        "file:///a.jar, local file",
        "FILE:/a.jar, local file",
        "local://usr/a.jar, not complete",
        "local:/usr/a.jar, not complete",
        "s3:///a.jar, not complete",
        "s3:, not complete",
        "'s3://b/a.jar,s3://b/b.jar', comma",
        "s3://b/a b.jar, no URI",
        "s3://b, no file",
        "s3://b/libs/, no file",
        "https://h/, no file",
    })
    void refusesUrisThatEmrCannotRead(String uri, String why) {
        SparkJob job = SparkJob.builder()
                .addJar("s3://b/fine.jar")
                .addJar(uri)
                .addFile(uri)
                .addPyFile(uri)
                .addArchive(uri)
                .build();
        assertThat(job.problems())
                .extracting(Problem::field)
                .containsExactly("jars[1]", "files[0]", "pyFiles[0]", "archives[0]");
        assertThat(job.problems())
                .allSatisfy(problem -> assertThat(problem.message()).contains(why));
    }

    @Test
    void saysWhichSchemesWork() {
        assertThat(SparkJob.builder().addJar("libs/udf.jar").build().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.fix()).contains("s3://", "local:///", "https://"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"s3://b/k.jar", "s3a://b/k%201.jar", "local:///a.jar", "https://h/a.jar?x=1", "hdfs://n/a.jar"})
    void takesUrisWithAScheme(String uri) {
        SparkJob job = SparkJob.builder().addJar(uri).build();
        assertThat(Read.of(job.render()).options).containsEntry("--jars", uri);
    }

    @Test
    void refusesASettingThatAnOptionWouldHide() {
        SparkJob job = SparkJob.builder()
                .addJar("s3://b/a.jar")
                .addPackage("g:a:1")
                .conf(SparkConf.builder()
                        .set("spark.jars", "s3://b/b.jar")
                        .set("spark.jars.packages", "g:b:1")
                        .set("spark.files", "s3://b/f")
                        .build())
                .build();
        assertThat(job.problems())
                .extracting(Problem::field)
                .containsExactly("conf[spark.jars]", "conf[spark.jars.packages]");
    }

    @Test
    void tellsEverythingAtOnceAndNoSecret() {
        SparkJob job = SparkJob.builder()
                .mainClass("com.acme. Orders")
                .addJar("lib.jar")
                .addJar("https://user:hunter2@host/a,b.jar?signature=hunter2")
                .addPackage("no-coordinate")
                .image("")
                .driver(DriverTuning.builder().cores(0).build())
                .executors(ExecutorTuning.builder().instances(0).build())
                .conf(SparkConf.builder()
                        .set("spark.master", "local")
                        .set("spark.my.password", "hunter2\nhunter2 ")
                        .set("spark.half", "\ud83d")
                        .build())
                .build();

        assertThat(job.problems())
                .extracting(Problem::field)
                .containsExactly(
                        "mainClass",
                        "jars[0]",
                        "jars[1]",
                        "packages[0]",
                        "image",
                        "driver.cores",
                        "executors.instances",
                        "conf[spark.master]",
                        "conf[spark.my.password]",
                        "conf[spark.half]");
        assertThatIllegalArgumentException()
                .isThrownBy(job::render)
                .withMessageContainingAll(
                        job.problems().stream().map(Problem::toString).toArray(String[]::new))
                .withMessageNotContaining("hunter2");
        assertThat(job.toString()).contains("lib.jar", "com.acme").doesNotContain("hunter2");
    }

    @Test
    void differentValuesOfTwoPresetsAreAProblem() {
        SparkJob job = SparkJob.builder()
                .addTableFormat(TableFormat.hudi())
                .conf(SparkConf.builder()
                        .preset("delta", "spark.sql.catalog.spark_catalog", "D")
                        .build())
                .build();
        assertThat(job.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("(hudi)", "D (delta)"));
    }

    @Test
    void renderedTextIsNotShown() {
        RenderedSparkConfig rendered =
                job(Map.of("spark.a", "hunter2", "spark.b", "hunter2\n2")).render();
        assertThat(rendered.toString()).contains("spark.b").doesNotContain("hunter2");
    }

    @Test
    void settingsCanGoToSparkDefaultsFirst() {
        SparkConf.Builder conf = SparkConf.builder();
        for (int i = 0; i < 120; i++) {
            conf.set("spark.s" + i, i);
        }
        conf.set("spark.multi", "a\nb").set("spark.long", "v".repeat(1025));
        SparkJob job = SparkJob.builder().mainClass("a.B").conf(conf.build()).build();

        RenderedSparkConfig rendered = job.render(SettingsPlace.SPARK_DEFAULTS);

        assertThat(rendered.sparkDefaults()).hasSize(100).containsKeys("spark.s0", "spark.s98", "spark.multi");
        assertThat(Read.of(rendered).settings).isEqualTo(job.conf().asMap());
        assertThat(job.render(SettingsPlace.SUBMIT_PARAMETERS)).isEqualTo(job.render());
        SparkJob few = SparkJob.builder()
                .conf(SparkConf.builder().set("spark.a", "1").build())
                .build();
        assertThat(few.render(SettingsPlace.SPARK_DEFAULTS))
                .isEqualTo(new RenderedSparkConfig("", Map.of("spark.a", "1")));
    }

    @Test
    void whatSparkDefaultsHasNoRoomForIsChosenByLength() {
        SparkConf.Builder conf = SparkConf.builder();
        for (int i = 0; i < 100; i++) {
            conf.set("spark.s" + i, i);
        }
        for (int i = 0; i < 100; i++) {
            conf.set("spark.l" + i, "v".repeat(1020));
        }
        SparkJob job = SparkJob.builder().conf(conf.build()).build();

        RenderedSparkConfig rendered = job.render(SettingsPlace.SPARK_DEFAULTS);

        assertThat(rendered.sparkSubmitParameters()).hasSizeLessThanOrEqualTo(102_400);
        assertThat(Read.of(rendered).settings).isEqualTo(job.conf().asMap());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkJob.builder().image("").build().render(SettingsPlace.SPARK_DEFAULTS));
    }

    @Test
    void saysWhatIsTooLong() {
        SparkJob job = SparkJob.builder()
                .addJar("s3://b/" + "j".repeat(60_000))
                .conf(SparkConf.builder()
                        .set("spark.long", "v".repeat(50_000))
                        .set("spark.short", "v")
                        .build())
                .build();
        assertThat(job.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message())
                        .contains("the longest are jars (60014), conf[spark.long] (50018)"));
    }

    @Test
    void entryPointsAreChecked() {
        assertThat(entry(EntryPoint.python("s3://b/a.py", "--x", "1")).problems())
                .isEmpty();
        assertThat(entry(EntryPoint.jar("local:///a.jar")).problems()).isEmpty();
        assertThat(entry(EntryPoint.sql("s3://b/a.sql")).problems()).isEmpty();
        assertThat(entry(EntryPoint.python("s3://b/a.jar")).problems()).hasSize(1);
        assertThat(entry(EntryPoint.jar("s3://b/a.py")).problems()).hasSize(1);
        assertThat(entry(EntryPoint.jar("a.jar")).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("file://"));
        assertThat(entry(EntryPoint.jar("s3://b/" + "a".repeat(249))).problems())
                .isEmpty();
        assertThat(entry(EntryPoint.jar("s3://b/" + "a".repeat(250))).problems())
                .hasSize(1);
        assertThat(entry(EntryPoint.jar("s3://b/a.jar", " ", "a(b", "x".repeat(10_281), "x".repeat(10_280)))
                        .problems())
                .extracting(Problem::field)
                .containsExactly("entryPoint.arguments[0]", "entryPoint.arguments[1]", "entryPoint.arguments[2]");
        assertThat(entry(EntryPoint.jar("s3://b/a.jar", "hunter2")).toString())
                .contains("jar s3://b/a.jar with 1 arguments")
                .doesNotContain("hunter2");
        assertThat(EntryPoint.sql("s3://b/a.sql")).hasToString("sql s3://b/a.sql");
        assertThat(EntryPoint.python("s3://b/a.py")).hasToString("python s3://b/a.py");
        assertThat(entry(EntryPoint.python("s3://b/a.py")).isPython()).isTrue();
        assertThat(entry(EntryPoint.jar("s3://b/a.jar")).isPython()).isFalse();
    }

    @Test
    void sqlTakesFewerOptions() {
        SparkJob job = entry(EntryPoint.sql("s3://b/a.sql")).toBuilder()
                .addArchive("s3://b/env.zip")
                .addJar("s3://b/a.jar")
                .build();
        assertThat(job.render().sparkSubmitParameters())
                .isEqualTo("--jars s3://b/a.jar --conf spark.archives=s3://b/env.zip");
        assertThat(job.toBuilder()
                        .mainClass("a.B")
                        .addPyFile("s3://b/a.py")
                        .build()
                        .problems())
                .extracting(Problem::field)
                .containsExactly("mainClass", "pyFiles");
    }

    @Test
    void furtherOptionsAreKept() {
        SparkJob job =
                SparkJob.builder().addOption("--proxy-user").addOption("a b").build();
        assertThat(job.render().sparkSubmitParameters()).isEqualTo("--proxy-user \"a b\"");
        assertThat(job.toBuilder().addOption("a\nb").build().problems())
                .singleElement()
                .extracting(Problem::field)
                .isEqualTo("options[2]");
    }

    private static SparkJob entry(EntryPoint entryPoint) {
        return SparkJob.builder().entryPoint(entryPoint).build();
    }

    private static SparkJob job(Map<String, String> settings) {
        SparkConf.Builder conf = SparkConf.builder();
        settings.forEach(conf::set);
        return SparkJob.builder().conf(conf.build()).build();
    }

    /** What Spark gets to see: the string through its own splitter, and spark-defaults under it. */
    private record Read(Map<String, String> options, Map<String, String> settings) {
        static Read of(RenderedSparkConfig rendered) {
            Map<String, String> options = new LinkedHashMap<>();
            Map<String, String> settings = new LinkedHashMap<>(rendered.sparkDefaults());
            List<String> words = RealSpark.V3_5.split(rendered.sparkSubmitParameters());
            assertThat(words.size()).isEven();
            for (int i = 0; i < words.size(); i += 2) {
                if (words.get(i).equals("--conf")) {
                    String[] setting = words.get(i + 1).split("=", 2);
                    assertThat(settings.put(setting[0], setting[1])).isNull();
                } else {
                    assertThat(options.put(words.get(i), words.get(i + 1))).isNull();
                }
            }
            return new Read(options, settings);
        }
    }

    @Test
    void escapesCountForTheLimit() {
        SparkConf.Builder conf = SparkConf.builder().set("spark.quotes", "\"".repeat(1000));
        for (int i = 0; i < 67; i++) {
            conf.set("spark.s" + (100 + i), "v".repeat(1500));
        }
        // 2020 characters with its backslashes, which are too many beside the others
        SparkJob job = SparkJob.builder().conf(conf.build()).build();
        assertThat(job.render().sparkDefaults()).containsOnlyKeys("spark.quotes");
        assertThat(job.render().sparkSubmitParameters().length()).isBetween(100_000, 102_400);
    }

    @Test
    void whatOverflowsSparkDefaultsAndTheStringIsSharedOut() {
        SparkConf.Builder conf = SparkConf.builder();
        for (int i = 0; i < 100; i++) {
            conf.set("spark.multi" + i, "a\nb");
        }
        SparkJob full =
                SparkJob.builder().conf(conf.set("spark.a", "1").build()).build();
        RenderedSparkConfig rendered = full.render(SettingsPlace.SPARK_DEFAULTS);
        assertThat(rendered.sparkDefaults()).hasSize(100).doesNotContainKey("spark.a");
        assertThat(rendered.sparkSubmitParameters()).isEqualTo("--conf spark.a=1");
        SparkJob longToo = SparkJob.builder()
                .conf(conf.set("spark.b", "v".repeat(1024))
                        .set("spark.c", "v".repeat(102_000))
                        .build())
                .build();
        assertThat(longToo.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message())
                        .contains("conf[spark.c] (102015), conf[spark.b] (1039), conf[spark.a] (16)"));
    }
}
