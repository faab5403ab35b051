package io.emreks.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubmitParametersTest {
    @Property(tries = 5000)
    void splitsAsSparkDoes(@ForAll("optionStrings") String text) {
        Throwable ours = catchThrowable(() -> SubmitParameters.tokenize(text));
        Throwable sparks = catchThrowable(() -> RealSpark.V3_5.split(text));

        if (sparks == null) {
            assertThat(ours).isNull();
            assertThat(SubmitParameters.tokenize(text)).isEqualTo(RealSpark.V3_5.split(text));
        } else {
            assertThat(ours).hasSameClassAs(sparks);
        }
    }

    @Property
    void splitsAnyTextAsSparkDoes(@ForAll String text) {
        Assume.that(text.codePoints().noneMatch(Character::isSupplementaryCodePoint));
        Throwable sparks = catchThrowable(() -> RealSpark.V3_5.split(text));
        if (sparks == null) {
            assertThat(SubmitParameters.tokenize(text)).isEqualTo(RealSpark.V3_5.split(text));
        }
    }

    @Provide
    Arbitrary<String> optionStrings() {
        return Arbitraries.strings()
                .withChars('a', '-', '=', '$', '`', ';', '"', '"', '\'', '\'', '\\', '\\', ' ', '\t', '\n', '\u3000')
                .ofMaxLength(30);
    }

    @Test
    void readsQuotesAndBackslashes() {
        assertThat(SubmitParameters.tokenize("--conf \"a=b c\" 'd\"e' f\\ g \"h\\\"i\" j''k \"\" \\\\"))
                .isEqualTo(List.of("--conf", "a=b c", "d\"e", "f g", "h\"i", "jk", "", "\\"));
        assertThat(SubmitParameters.tokenize(" \t ")).isEmpty();
    }

    @Test
    void keepsCharactersWholeThatSparkBreaks() {
        assertThat(SubmitParameters.tokenize("a😀 b")).containsExactly("a😀", "b");
        assertThat(RealSpark.V3_5.split("a😀 b")).containsExactly("a😀\ude00", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x \"hunter2", "x 'hunter2", "hunter2 \\", "\"hunter2\\"})
    void saysWhereAQuoteIsOpenButNotWhatIsIn(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SubmitParameters.tokenize(text))
                .withMessageContaining("character ")
                .withMessageNotContaining("hunter2");
    }
}
