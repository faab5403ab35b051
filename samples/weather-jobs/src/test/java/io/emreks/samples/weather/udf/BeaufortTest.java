package io.emreks.samples.weather.udf;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BeaufortTest {
    private final Beaufort beaufort = new Beaufort();

    @ParameterizedTest
    @CsvSource({"0, 0", "0.2, 0", "0.3, 1", "4.7, 3", "5.5, 4", "19.1, 8", "32.6, 11", "32.7, 12", "90, 12"})
    void followsTheScale(double metresPerSecond, int number) {
        assertThat(beaufort.call(metresPerSecond)).isEqualTo(number);
    }

    @Test
    void leavesNullAlone() {
        assertThat(beaufort.call(null)).isNull();
    }

    @Property
    void moreWindIsNeverALowerNumber(
            @ForAll @DoubleRange(max = 100) double wind, @ForAll @DoubleRange(max = 100) double more) {
        assertThat(beaufort.call(wind + more))
                .isGreaterThanOrEqualTo(beaufort.call(wind))
                .isBetween(0, 12);
    }
}
