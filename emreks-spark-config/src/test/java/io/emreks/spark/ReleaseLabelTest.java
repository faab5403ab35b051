package io.emreks.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseLabelTest {
    @ParameterizedTest
    @MethodSource("releases")
    void knowsEveryRelease(String release) {
        for (String suffix : List.of("-latest", "-20250101", "-java11-latest")) {
            ReleaseLabel label = ReleaseLabel.parse(release + suffix);
            assertThat(label.value()).isEqualTo(release + suffix);
            assertThat(release).endsWith(label.version());
            assertThat(label.sparkVersion()).isPresent();
            assertThat(label.atLeast(label.version())).isTrue();
        }
    }

    static Stream<String> releases() {
        assertThat(ReleaseLabel.Catalog.releases()).hasSizeGreaterThan(30);
        return ReleaseLabel.Catalog.releases().stream();
    }

    @Test
    void tellsTheVersionsInside() {
        ReleaseLabel label = ReleaseLabel.parse("emr-7.5.0-latest");
        assertThat(label.sparkVersion()).contains("3.5.2-amzn-1");
        assertThat(label.hudiVersion()).contains("0.15.0-amzn-2");
        assertThat(ReleaseLabel.parse("emr-spark-8.0.0-latest").sparkVersion()).contains("4.0.2");
        assertThat(ReleaseLabel.parse("emr-spark-8.0.0-latest").hudiVersion()).isEmpty();
        assertThat(ReleaseLabel.parse("emr-99.0.0-latest").sparkVersion()).isEmpty();
    }

    @Test
    void comparesVersionsAsNumbers() {
        ReleaseLabel old = ReleaseLabel.parse("emr-7.9.0-latest");
        assertThat(old.atLeast("7.10.0")).isFalse();
        assertThat(old.atLeast("7.9.0")).isTrue();
        assertThat(old.atLeast("6.15.0")).isTrue();
        assertThat(old).isLessThan(ReleaseLabel.parse("emr-7.10.0-20250801"));
        assertThat(ReleaseLabel.parse("emr-spark-8.0.0-latest").atLeast("7.14.0"))
                .isTrue();
        assertThat(ReleaseLabel.parse("emr-7.9.0-latest")).isEqualTo(old).isEqualByComparingTo(old);
        assertThat(ReleaseLabel.parse("emr-7.9.0-java11-latest")).isNotEqualTo(old);
    }

    @Test
    void tellsVariants() {
        assertThat(ReleaseLabel.parse("emr-7.5.0-latest").variants()).isEmpty();
        assertThat(ReleaseLabel.parse("emr-6.15.0-spark-rapids-java8-20231114").variants())
                .containsExactly("spark-rapids", "java8");
        assertThat(ReleaseLabel.parse("emr-spark-8.1.0-rapids-latest").variants())
                .containsExactly("rapids");
        assertThat(ReleaseLabel.parse("emr-6.9.0-flink-latest").variants()).containsExactly("flink");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "emr-7.5.0",
                "7.5.0-latest",
                "emr-7.5-latest",
                "emr-7.5.0-2024",
                "EMR-7.5.0-latest",
                "emr-7.5.0-latest ",
                "emr-7.5.0--latest",
                "emr-99999999999.0.0-latest",
                "emr-7.5.0-latest\n"
            })
    void refusesWhatIsNoLabel(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReleaseLabel.parse(text))
                .withMessageContaining("emr-7.5.0-latest");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "7.10", "seven", "7.10.0-latest", "7.10.x"})
    void refusesWhatIsNoVersion(String version) {
        ReleaseLabel label = ReleaseLabel.parse("emr-7.5.0-latest");
        assertThatIllegalArgumentException().isThrownBy(() -> label.atLeast(version));
    }

    @ParameterizedTest
    @ValueSource(strings = {"emr-6.15.0-java-latest", "emr-6.15.0-javascript8-latest", "emr-6.15.0-java99999-latest"})
    void aVariantThatNamesNoVersionOfJavaSaysNothingOfIt(String label) {
        assertThat(ReleaseLabel.parse(label).javaVersion()).isEmpty();
    }
}
