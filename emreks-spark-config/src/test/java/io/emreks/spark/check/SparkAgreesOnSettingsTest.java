package io.emreks.spark.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.spark.AdaptiveExecution;
import io.emreks.spark.DynamicAllocation;
import io.emreks.spark.EventLog;
import io.emreks.spark.GlueMetastore;
import io.emreks.spark.MemorySize;
import io.emreks.spark.RealSpark;
import io.emreks.spark.SparkVersion;
import io.emreks.spark.SpotDecommissioning;
import io.emreks.spark.TableFormat;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

    /** Spark declares all settings of presets, of which those of Hadoop, table formats and Hive are others'. */
    @ParameterizedTest
    @EnumSource
    void sparkDeclaresEverySettingOfPresets(RealSpark spark) {
        SpotDecommissioning spot = SpotDecommissioning.builder()
                .fallbackPath("s3://b/shuffle/")
                .fallbackCleanUp(true)
                .maxReplicationFailures(3)
                .replicationReattemptInterval(Duration.ofSeconds(10))
                .shuffleThreads(4)
                .shuffleMaxDisk(MemorySize.ofGibibytes(10))
                .forceKillTimeout(Duration.ofSeconds(100))
                .killInterval(Duration.ofSeconds(110))
                .signal("PWR")
                .build();
        DynamicAllocation dynamic = DynamicAllocation.builder()
                .max(3)
                .executorIdleTimeout(Duration.ofSeconds(10))
                .cachedExecutorIdleTimeout(Duration.ofSeconds(10))
                .shuffleTrackingTimeout(Duration.ofSeconds(10))
                .schedulerBacklogTimeout(Duration.ofSeconds(10))
                .build();
        AdaptiveExecution adaptive = AdaptiveExecution.builder()
                .partitionSize(MemorySize.ofMebibytes(64))
                .initialPartitions(100)
                .build();
        EventLog log = EventLog.builder()
                .dir("s3://b/events/")
                .rolling(MemorySize.ofMebibytes(128))
                .compress(true)
                .liveUi(true)
                .build();
        List<String> keys = Stream.of(spot, dynamic, adaptive, log, GlueMetastore.ofThisAccount(), TableFormat.hudi())
                .flatMap(preset -> preset.conf().asMap().keySet().stream())
                .filter(key -> !key.startsWith("spark.hadoop.") && !key.startsWith("spark.sql.catalog."))
                .toList();
        assertThat(keys).hasSizeGreaterThan(30).isSubsetOf(spark.settings().keySet());
    }
}
