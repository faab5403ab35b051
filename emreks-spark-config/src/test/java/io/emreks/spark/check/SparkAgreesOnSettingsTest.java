package io.emreks.spark.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.spark.RealSpark;
import io.emreks.spark.SparkVersion;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SparkAgreesOnSettingsTest {
    @Test
    void theListIsWhatSparkDeclares() {
        Map<String, String> three = RealSpark.V3_5.settings();
        Map<String, String> four = RealSpark.V4_1.settings();
        Set<String> all = new HashSet<>(three.keySet());
        all.addAll(four.keySet());

        assertThat(KnownSettings.all().keySet()).isEqualTo(all);
        KnownSettings.all().forEach((name, range) -> {
            String since = four.getOrDefault(name, three.getOrDefault(name, ""));
            assertThat(range.since()).as(name).isEqualTo(version(since));
            assertThat(range.until())
                    .as(name)
                    .isEqualTo(four.containsKey(name) ? Optional.empty() : Optional.of(SparkVersion.parse("4.0.0")));
        });
    }

    /** Spark itself writes a few without the third number, or not at all. */
    private static SparkVersion version(String declared) {
        return SparkVersion.parse(
                declared.isEmpty() ? "0.0.0" : declared.matches("[0-9]+[.][0-9]+") ? declared + ".0" : declared);
    }

    @Property(tries = 300)
    void distanceIsAMetric(@ForAll("names") String a, @ForAll("names") String b, @ForAll("names") String c) {
        assertThat(KnownSettings.distance(a, b)).isEqualTo(KnownSettings.distance(b, a));
        assertThat(KnownSettings.distance(a, b) == 0).isEqualTo(a.equalsIgnoreCase(b));
        assertThat(KnownSettings.distance(a, c))
                .isLessThanOrEqualTo(KnownSettings.distance(a, b) + KnownSettings.distance(b, c));
        assertThat(KnownSettings.distance(a, "")).isEqualTo(a.length());
        assertThat(KnownSettings.distance(a, a + "x")).isEqualTo(1);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings().withChars("abAB.").ofMaxLength(8);
    }

    @Test
    void namesThatAreOpenAreKnown() {
        assertThat(KnownSettings.isKnown("spark.executorEnv.ZONE")).isTrue();
        assertThat(KnownSettings.isKnown("spark.dynamicAllocation.preallocateExecutors"))
                .isTrue();
        assertThat(KnownSettings.isKnown("spark.nonsense")).isFalse();
        assertThat(KnownSettings.nearest("spark.nonsense.of.a.kind.that.nobody.has"))
                .isEmpty();
    }
}
