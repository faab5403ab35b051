package io.emreks.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemorySizeTest {
    @ParameterizedTest
    @CsvSource({
        "14g,14336",
        "512m,512",
        "2G,2048",
        "1t,1048576",
        "1048576k,1024",
        "1048576b,1",
        "300,300",
        "1gb,1024",
        "' 7Mb ',7",
        "0,0",
        "1p,1073741824",
        "999999999999999999m,999999999999999999"
    })
    void readsWhatSparkReads(String text, long mebibytes) {
        assertThat(MemorySize.parse(text)).isEqualTo(MemorySize.ofMebibytes(mebibytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "g",
                "1.5g",
                "-1g",
                "1 g",
                "1x",
                "1gg",
                "1e3m",
                "1k",
                "1b",
                "999999999999999999p",
                "99999999999999999999",
                "١g",
                "1g\n2g"
            })
    void refusesWhatIsNotASize(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemorySize.parse(text))
                .withMessageContaining("'" + text + "'")
                .withMessageContaining("512m");
    }

    @Property
    void whatIsWrittenReadsBack(@ForAll @LongRange(min = 0, max = 999_999_999_999_999_999L) long mebibytes) {
        MemorySize size = MemorySize.ofMebibytes(mebibytes);
        assertThat(MemorySize.parse(size.sparkValue())).isEqualTo(size);
    }

    @Test
    void writesGibibytesOnlyWhereExact() {
        assertThat(MemorySize.ofGibibytes(14).sparkValue()).isEqualTo("14g");
        assertThat(MemorySize.ofMebibytes(14337)).hasToString("14337m");
        assertThat(MemorySize.ofMebibytes(0)).hasToString("0m");
    }

    @Test
    void comparesByAmount() {
        assertThat(MemorySize.parse("1g")).isGreaterThan(MemorySize.parse("1023m"));
        assertThat(MemorySize.parse("1g")).isEqualByComparingTo(MemorySize.parse("1024m"));
    }

    @Test
    void refusesNegativeAndHugeAmounts() {
        assertThatIllegalArgumentException().isThrownBy(() -> MemorySize.ofMebibytes(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> MemorySize.ofGibibytes(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> MemorySize.ofGibibytes(Long.MIN_VALUE));
        assertThatIllegalArgumentException().isThrownBy(() -> MemorySize.ofGibibytes(Long.MAX_VALUE));
    }

    @Test
    void addsUp() {
        assertThat(MemorySize.ofMebibytes(512).plus(MemorySize.ofGibibytes(1))).isEqualTo(MemorySize.ofMebibytes(1536));
        assertThat(MemorySize.ZERO.mebibytes()).isZero();
    }
}
