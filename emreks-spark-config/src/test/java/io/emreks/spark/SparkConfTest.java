package io.emreks.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emreks.spark.SparkConf.Entry;
import io.emreks.spark.SparkConf.Origin;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SparkConfTest {
    private static final String EXTENSIONS = "spark.sql.extensions";

    @Test
    void keepsOrderAndOrigin() {
        SparkConf conf = SparkConf.builder()
                .set("spark.b", "1")
                .preset("hudi", "spark.a", "2")
                .tuning("driver", "spark.c", "3")
                .build();

        assertThat(conf.entries())
                .containsExactly(
                        new Entry("spark.b", "1", Origin.USER, "user"),
                        new Entry("spark.a", "2", Origin.PRESET, "hudi"),
                        new Entry("spark.c", "3", Origin.TUNING, "driver"));
        assertThat(conf.asMap())
                .containsExactly(Map.entry("spark.b", "1"), Map.entry("spark.a", "2"), Map.entry("spark.c", "3"));
        assertThat(conf.get("spark.a")).contains("2");
        assertThat(conf.get("spark.z")).isEmpty();
        assertThat(conf.isEmpty()).isFalse();
        assertThat(SparkConf.empty().isEmpty()).isTrue();
    }

    @Test
    void isImmutable() {
        SparkConf.Builder builder = SparkConf.builder().set("spark.a", "1");
        SparkConf conf = builder.build();
        builder.set("spark.b", "2");
        assertThat(conf.asMap()).containsOnlyKeys("spark.a");
        assertThatThrownBy(() -> conf.asMap().put("spark.b", "2")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> conf.entries().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void withinALayerTheWeightierOriginWinsWhateverTheOrder() {
        SparkConf conf = SparkConf.builder()
                .set("spark.a", "user")
                .tuning("driver", "spark.a", "tuning")
                .preset("p", "spark.a", "preset")
                .preset("p", "spark.b", "preset")
                .tuning("driver", "spark.b", "tuning")
                .build();
        assertThat(conf.asMap()).containsEntry("spark.a", "user").containsEntry("spark.b", "tuning");
    }

    @Test
    void twoValuesOfOneOriginAreAnErrorThatNamesThePlaces() {
        SparkConf.Builder builder = SparkConf.builder()
                .set("spark.a", "1")
                .set("spark.a", "2")
                .set("spark.same", "1")
                .set("spark.same", "1")
                .preset("hudi", "spark.b", "x")
                .preset("delta", "spark.b", "y")
                .set("spark.x.password", "hunter2")
                .set("spark.x.password", "swordfish");
        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessageContainingAll(
                        "conf[spark.a]", "1 (user), 2 (user)", "x (hudi), y (delta)", "spark.x.password")
                .withMessageNotContainingAny("spark.same", "hunter2", "swordfish");
    }

    @Test
    void aWeightierValueSettlesAConflictOfPresets() {
        SparkConf conf = SparkConf.builder()
                .preset("hudi", "spark.b", "x")
                .preset("delta", "spark.b", "y")
                .set("spark.b", "z")
                .build();
        assertThat(conf.get("spark.b")).contains("z");
    }

    @Test
    void presetsShareTheListOfExtensions() {
        SparkConf iceberg =
                SparkConf.builder().preset("iceberg", EXTENSIONS, "I, X").build();
        SparkConf hudi = SparkConf.builder().preset("hudi", EXTENSIONS, "H,X").build();

        SparkConf oneLayer = SparkConf.builder().addAll(iceberg).addAll(hudi).build();
        assertThat(oneLayer.entries()).containsExactly(new Entry(EXTENSIONS, "I,X,H", Origin.PRESET, "iceberg + hudi"));
        assertThat(hudi.over(iceberg)).isEqualTo(oneLayer);

        SparkConf user = SparkConf.builder().set(EXTENSIONS, "U").build();
        assertThat(hudi.over(user).get(EXTENSIONS)).contains("U");
        assertThat(user.over(hudi).get(EXTENSIONS)).contains("U");
    }

    @Test
    void hidesSecrets() {
        SparkConf conf = SparkConf.builder()
                .set("spark.hadoop.fs.s3a.secret.key", "hunter2")
                .set("spark.a", "1")
                .build();
        assertThat(conf).hasToString("{spark.hadoop.fs.s3a.secret.key=***, spark.a=1}");
        assertThat(conf.entries().toString()).doesNotContain("hunter2");
        assertThat(conf.get("spark.hadoop.fs.s3a.secret.key")).contains("hunter2");
    }

    @Test
    void aConflictNamesBothPlaces() {
        SparkConf.Builder builder = SparkConf.builder()
                .user("orders.properties", "spark.a", "1")
                .user("command line", "spark.a", "2")
                .user("orders.properties", "spark.b", "1")
                .user("command line", "spark.b", "1");
        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessageContainingAll("1 (orders.properties), 2 (command line)")
                .withMessageNotContaining("spark.b");
    }

    @Test
    void layersAreNamed() {
        SparkConf team = SparkConf.builder()
                .set("spark.a", "1")
                .set("spark.b", "1")
                .build()
                .named("team");
        SparkConf run = SparkConf.builder().set("spark.b", "2").build().named("run");
        assertThat(run.over(team).entry("spark.a")).contains(new Entry("spark.a", "1", Origin.USER, "team: user"));
        assertThat(run.over(team).entry("spark.b")).contains(new Entry("spark.b", "2", Origin.USER, "run: user"));
        assertThat(run.entry("spark.a")).isEmpty();
    }

    @Test
    void valuesAreTyped() {
        SparkConf conf = SparkConf.builder()
                .set("spark.flag", true)
                .set("spark.number", 12)
                .set("spark.memory", MemorySize.ofGibibytes(2))
                .set("spark.time", java.time.Duration.ofMinutes(5))
                .set("spark.millis", java.time.Duration.ofMillis(1500))
                .set("spark.decimal", "0.25")
                .set("spark.kib", "1500k")
                .set("spark.bare", "512")
                .set("spark.memory.offHeap.size", "2097152")
                .set("spark.minutes", " 2MIN ")
                .build();
        assertThat(conf.flag("spark.flag")).contains(true);
        assertThat(conf.number("spark.number")).hasValue(12);
        assertThat(conf.memory("spark.memory")).contains(MemorySize.ofGibibytes(2));
        assertThat(conf.memory("spark.kib")).contains(MemorySize.ofMebibytes(1));
        assertThat(conf.memory("spark.bare")).contains(MemorySize.ofMebibytes(512));
        assertThat(conf.memory("spark.memory.offHeap.size")).contains(MemorySize.ofMebibytes(2));
        assertThat(conf.duration("spark.time")).contains(java.time.Duration.ofMinutes(5));
        assertThat(conf.get("spark.time")).contains("300s");
        assertThat(conf.duration("spark.millis")).contains(java.time.Duration.ofMillis(1500));
        assertThat(conf.duration("spark.minutes")).contains(java.time.Duration.ofMinutes(2));
        assertThat(conf.duration("spark.bare")).contains(java.time.Duration.ofSeconds(512));
        assertThat(conf.decimal("spark.decimal")).hasValue(0.25);
        assertThat(conf.flag("spark.no")).isEmpty();
        assertThat(conf.number("spark.no")).isEmpty();
        assertThat(conf.decimal("spark.no")).isEmpty();
        assertThat(conf.memory("spark.no")).isEmpty();
        assertThat(conf.duration("spark.no")).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> conf.flag("spark.number"))
                .withMessageContaining("conf[spark.number]");
        assertThatIllegalArgumentException().isThrownBy(() -> conf.number("spark.flag"));
        assertThatIllegalArgumentException().isThrownBy(() -> conf.decimal("spark.flag"));
        assertThatIllegalArgumentException().isThrownBy(() -> conf.memory("spark.flag"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> conf.memory("spark.time"))
                .withMessageContaining("conf[spark.time]");
        assertThatIllegalArgumentException().isThrownBy(() -> conf.duration("spark.kib"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkConf.builder().set("spark.x", java.time.Duration.ofSeconds(-1)));
    }

    @Test
    void refusesABlankName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkConf.builder().set(" ", "x"));
    }

    @Property
    void layeringIsAssociative(
            @ForAll("layers") SparkConf run, @ForAll("layers") SparkConf job, @ForAll("layers") SparkConf team) {
        assertThat(run.over(job).over(team)).isEqualTo(run.over(job.over(team)));
    }

    @Property
    void theEmptyLayerChangesNothing(@ForAll("layers") SparkConf conf) {
        assertThat(conf.over(SparkConf.empty())).isEqualTo(conf).hasSameHashCodeAs(conf);
        assertThat(SparkConf.empty().over(conf)).isEqualTo(conf);
        assertThat(conf.over(conf).asMap().keySet()).isEqualTo(conf.asMap().keySet());
    }

    @Property
    void everyKeyGoesToTheUpperLayerUnlessOnlyItsPresetMeetsAChoice(
            @ForAll("layers") SparkConf upper, @ForAll("layers") SparkConf lower) {
        SparkConf merged = upper.over(lower);

        Set<String> keys = new LinkedHashSet<>(lower.asMap().keySet());
        keys.addAll(upper.asMap().keySet());
        assertThat(List.copyOf(merged.asMap().keySet())).isEqualTo(List.copyOf(keys));
        for (Entry entry : merged.entries()) {
            Optional<Entry> above = find(upper, entry.key());
            Optional<Entry> below = find(lower, entry.key());
            if (above.isEmpty() || below.isEmpty()) {
                assertThat(Optional.of(entry)).isEqualTo(above.or(() -> below));
            } else if (above.get().origin() == Origin.PRESET && below.get().origin() != Origin.PRESET) {
                assertThat(entry).isEqualTo(below.get());
            } else if (!entry.key().equals(EXTENSIONS) || above.get().origin() != Origin.PRESET) {
                assertThat(entry).isEqualTo(above.get());
            } else {
                assertThat(Set.of(entry.value().split(",")))
                        .contains(above.get().value(), below.get().value());
            }
        }
    }

    private static Optional<Entry> find(SparkConf conf, String key) {
        return conf.entries().stream().filter(entry -> entry.key().equals(key)).findFirst();
    }

    @Provide
    Arbitrary<SparkConf> layers() {
        Arbitrary<Entry> entries = Combinators.combine(
                        Arbitraries.of("spark.a", "spark.b", "spark.c", EXTENSIONS),
                        Arbitraries.of("1", "2", "3"),
                        Arbitraries.of(Origin.class),
                        Arbitraries.of("p", "q"))
                .as(Entry::new);
        return entries.list()
                .uniqueElements(Entry::key)
                .ofMaxSize(4)
                .withoutEdgeCases()
                .map(list -> {
                    SparkConf.Builder builder = SparkConf.builder();
                    for (Entry entry : list) {
                        switch (entry.origin()) {
                            case PRESET -> builder.preset(entry.source(), entry.key(), entry.value());
                            case TUNING -> builder.tuning(entry.source(), entry.key(), entry.value());
                            case USER -> builder.set(entry.key(), entry.value());
                        }
                    }
                    return builder.build();
                });
    }

    @Test
    void aBuilderGoesOnAfterItsLayerWasTaken() {
        SparkConf.Builder builder = SparkConf.builder().set("spark.a", "1");
        SparkConf first = builder.build();
        SparkConf second = builder.set("spark.b", "2").build();
        builder.preset("p", "spark.c", "3").set("spark.c", "4");
        assertThat(first.asMap()).isEqualTo(Map.of("spark.a", "1"));
        assertThat(second.asMap()).isEqualTo(Map.of("spark.a", "1", "spark.b", "2"));
        assertThat(builder.build().get("spark.c")).contains("4");
    }

    @Test
    void timesHaveNoPartsOfAMillisecond() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkConf.builder().set("spark.a", Duration.ofNanos(1_000_001)));
        assertThat(SparkConf.builder()
                        .set("spark.a", Duration.ofMillis(1))
                        .build()
                        .get("spark.a"))
                .contains("1ms");
    }
}
