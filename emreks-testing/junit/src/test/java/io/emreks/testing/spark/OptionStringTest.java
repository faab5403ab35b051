package io.emreks.testing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionStringTest {
    /** Each observed with Spark's own launcher, 3.5.6. */
    static List<Arguments> observed() {
        return List.of(
                Arguments.of("--conf \"spark.x=a b\"", List.of("--conf", "spark.x=a b")),
                Arguments.of("spark.x='a b'", List.of("spark.x=a b")),
                Arguments.of("'spark.x=\"q\"'", List.of("spark.x=\"q\"")),
                Arguments.of("a\\ b", List.of("a b")),
                Arguments.of("a\\\\b", List.of("a\\b")),
                Arguments.of("'a\\b'", List.of("a\\b")),
                Arguments.of("\"a\\\"b\"", List.of("a\"b")),
                Arguments.of("\"a\\b\"", List.of("ab")),
                Arguments.of("a\"b c\"d", List.of("ab cd")),
                Arguments.of("x''y", List.of("xy")),
                Arguments.of("\"\"", List.of("")),
                Arguments.of("''", List.of("")),
                Arguments.of("", List.of()),
                Arguments.of(" \t\n ", List.of()),
                Arguments.of("$HOME `id` ; | &", List.of("$HOME", "`id`", ";", "|", "&")),
                Arguments.of("a\u3000b\tc\nd", List.of("a", "b", "c", "d")));
    }

    @ParameterizedTest
    @MethodSource("observed")
    void splitsAsSparkDoes(String text, List<String> words) throws StartProblem {
        assertThat(OptionString.split(text)).isEqualTo(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--conf \"a=secret", "'secret", "secret\\", "\"secret\\\""})
    void refusesOpenEndsWithoutRepeatingThem(String text) {
        assertThatThrownBy(() -> OptionString.split(text))
                .isInstanceOf(StartProblem.class)
                .hasMessageStartingWith("Invalid option string")
                .hasMessageNotContaining("secret");
    }

    @Property
    void quotedWordsComeBack(@ForAll @Size(max = 8) List<String> words) throws StartProblem {
        String text = words.stream()
                .map(word -> "\"" + word.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                .collect(Collectors.joining("  "));

        assertThat(OptionString.split(text)).isEqualTo(words);
    }

    @Test
    @DisplayName("an empty word between others is kept")
    void keepsEmptyWords() throws StartProblem {
        assertThat(OptionString.split("a '' b")).containsExactly("a", "", "b");
    }
}
