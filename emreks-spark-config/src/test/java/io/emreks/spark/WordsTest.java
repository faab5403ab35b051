package io.emreks.spark;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    @Property(tries = 500)
    void aKeyAndItsValueAreOneWord(@ForAll("texts") String key, @ForAll("texts") String value) {
        StringBuilder word = new StringBuilder();
        Words.appendQuoted(word, key, value);

        assertThat(word).hasToString(Words.quoted(key + "=" + value));
        assertThat(Words.quotedLength(key, value)).isEqualTo(word.length());
        assertThat(SubmitParameters.tokenize(word.toString())).containsExactly(key + "=" + value);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars("azAZ09_./:=,+@%- \"'\\$\u007f\u0080é")
                .ofMaxLength(6);
    }

    @ParameterizedTest
    @CsvSource({"s3://b/a-1_2.jar, s3://b/a-1_2.jar", "a b, '\"a b\"'", "'', '\"\"'", "a\\b, '\"a\\\\b\"'"})
    void onlyWhatNeedsQuotesGetsThem(String word, String quoted) {
        assertThat(Words.quoted(word)).isEqualTo(quoted);
    }
}
