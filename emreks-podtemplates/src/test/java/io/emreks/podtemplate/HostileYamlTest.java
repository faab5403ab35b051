package io.emreks.podtemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HostileYamlTest {
    private static final String POD = "apiVersion: v1\nkind: Pod\n";

    @ParameterizedTest
    @CsvSource(delimiter = '!', quoteCharacter = '~', textBlock = """
                    spec: {a: 1, a: 2}                          ! 3 ! 14 ! twice
                    spec: {1: 1, '1': 2}                        ! 3 ! 14 ! twice
                    kind: Pod                                   ! 3 !  1 ! twice
                    spec: *nowhere                              ! 3 !  7 ! alias names no value
                    spec: &a [*a]                               ! 3 ! 11 ! alias names no value
                    spec: {? [a] : b}                           ! 3 ! 10 ! where a key is expected
                    spec: {? {a: b} : b}                        ! 3 ! 10 ! where a key is expected
                    spec: {&a a: &b {}, *b : 1}                 ! 3 ! 21 ! where a key is expected
                    spec: {<<: {a: b}}                          ! 3 !  8 ! merge keys
                    spec: {mode: 0644}                          ! 3 ! 14 ! leading zero
                    spec: [a                                    ! 4 !  1 ! not YAML
                    spec: }                                     ! 3 !  7 ! not YAML
                    spec: "a                                    ! 4 !  1 ! not YAML
                    """)
    void mistakesAreFoundByLineAndColumn(String text, int line, int column, String problem) {
        assertRefused(POD + text + "\n", line, column, problem);
    }

    @Test
    void charactersThatYamlDoesNotHaveAreFoundByLineAndColumn() {
        assertRefused(POD + "spec: \u0000", 3, 7, "U+0000");
        assertRefused(POD + "# \ud83d\ude00\n\u0007", 4, 1, "U+0007");
        assertRefused(POD + "# \ud83d\ude00\u007f", 3, 4, "U+007F");
        assertRefused("\ufffe", 1, 1, "U+FFFE");
    }

    @Test
    void jsonMayBeIndentedByTabs() {
        PodTemplate template = PodTemplate.fromYaml(
                PodRole.DRIVER,
                "\n{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"Pod\",\n\t\"metadata\": {\n\t\t\"labels\": {\"a\":\t\"b\"},\n"
                        + "\t\t\"annotations\": {\"c\": \"\\\"\\t/\\ud83d\\ude00\"}\n\t}\n}\n");
        assertThat(template.toYaml()).contains("a: b", "c: \"\\\"\\t/\ud83d\ude00\"");
        assertRefused("{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"Pod\",\n\t\"spek\": {}\n}", 4, 2, "'spec'");
        assertRefused("{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": }}", 3, 11, "not YAML");
        assertRefused(POD + "spec:\n\thostname: a", 4, 1, "not YAML");
        String flow = "{apiVersion: v1, kind: Pod,\n";
        assertRefused(flow + "\t\tmetadata: {labels: {a: 'b\tc'}}}", 2, 2, "not YAML");
        assertRefused(flow + "\t\tmetadata: {labels: {a: b \"c\td\"}}}", 2, 2, "not YAML");
    }

    @Test
    void aFileIsUtf8AndNamedInEveryProblem() {
        byte[] good = ("\ufeff" + POD + "metadata: {labels: {a: b}}").getBytes(StandardCharsets.UTF_8);
        assertThat(PodTemplate.fromFile(PodRole.DRIVER, "s3://b/t.yaml", good).toYaml())
                .contains("a: b");

        byte[] latin = (POD + "# caf\u00e9").getBytes(StandardCharsets.ISO_8859_1);
        assertFile(latin, "s3://b/t.yaml: line 3, column 6: not UTF-8");
        byte[] utf16 = POD.getBytes(StandardCharsets.UTF_16);
        assertFile(utf16, "s3://b/t.yaml: line 1, column 1: not UTF-8");
        byte[] cut = Arrays.copyOf((POD + "# \ud83d\ude00").getBytes(StandardCharsets.UTF_8), POD.length() + 5);
        assertFile(cut, "s3://b/t.yaml: line 3, column 3: not UTF-8");
        assertFile(new byte[(4 << 20) + 1], "s3://b/t.yaml: line 1, column 1: the file has 4194305 bytes");
        InvalidPodTemplateException e = assertFile(
                (POD + "spec: {containrs: [], volume: []}").getBytes(StandardCharsets.UTF_8),
                "s3://b/t.yaml: line 3, column 8: spec.containrs");
        assertThat(e.problems())
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem).startsWith("s3://b/t.yaml: line 3"));
    }

    private static InvalidPodTemplateException assertFile(byte[] content, String problem) {
        InvalidPodTemplateException e = catchThrowableOfType(
                InvalidPodTemplateException.class,
                () -> PodTemplate.fromFile(PodRole.DRIVER, "s3://b/t.yaml", content));
        assertThat(e).hasMessageContaining(problem);
        assertThat(e.line()).isPresent();
        return e;
    }

    @Test
    void halfOfASurrogatePairIsRefusedWhereverItStands() {
        assertRefused(POD + "a: \ud83d\ude00\n  b\ud83d", 4, 4, "surrogate");
        for (int length = 1000; length < 1050; length++) {
            assertRefused("#".repeat(length) + "\ud83d", 1, length + 1, "surrogate");
            assertRefused("#".repeat(length) + "\ude00\ud83d", 1, length + 1, "surrogate");
            assertRefused("#".repeat(length) + "\ud83d\ude00\n}", 2, 1, "not YAML");
        }
    }

    @Test
    void tagsAreRefused() {
        assertRefused(POD + "spec: !!javax.script.ScriptEngineManager [a]\n", 3, 7, "tags");
        assertRefused(POD + "spec: !!java.lang.String a\n", 3, 7, "tags");
        assertRefused(POD + "spec: !local {a: b}\n", 3, 7, "tags");
        assertRefused(POD + "spec: {!!binary YQ==: b}\n", 3, 8, "tags");
    }

    @Test
    void aSecondDocumentIsRefused() {
        assertRefused(POD + "---\n" + POD, 3, 1, "second document");
        assertRefused(POD + "---\n", 3, 1, "second document");
        assertRefused("---\n---\n" + POD, 2, 1, "second document");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n", "# nothing", "---", "~", "text", "[]", "- kind: Pod", "null", "42"})
    void noMappingIsRefused(String yaml) {
        assertThat(catchThrowableOfType(
                        InvalidPodTemplateException.class, () -> PodTemplate.fromYaml(PodRole.DRIVER, yaml)))
                .hasMessageContainingAll("no mapping", "line ", "column ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{kind: Pod}",
                "{apiVersion: v1}",
                "{apiVersion: v1, kind: Job}",
                "{apiVersion: v2, kind: Pod}",
                "{apiVersion: v1, kind: [Pod]}",
                "{apiVersion: v1, kind: pod}",
                "{apiVersion: v1, kind: }"
            })
    void anythingButAPodIsRefused(String yaml) {
        assertThat(catchThrowableOfType(
                        InvalidPodTemplateException.class, () -> PodTemplate.fromYaml(PodRole.DRIVER, yaml)))
                .hasMessageContaining("not a Pod");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', quoteCharacter = '`', textBlock = """
                    spec: {volumes: [~]}                ! spec.volumes[0] has no value
                    spec: {nodeSelector: {dedicated: }} ! spec.nodeSelector.dedicated has no value
                    metadata: {labels: {a: null}}       ! metadata.labels.a has no value
                    metadata: {annotations: {a/b: }}    ! metadata.annotations["a/b"] has no value
                    """)
    void anEntryWithoutAValueIsRefused(String text, String problem) {
        assertThat(catchThrowableOfType(
                        InvalidPodTemplateException.class, () -> PodTemplate.fromYaml(PodRole.DRIVER, POD + text)))
                .hasMessageContaining(problem);
    }

    @Test
    void deepNestingIsRefused() {
        assertRefused(POD + "spec: " + "[".repeat(500_000), 3, 46, "nested more than 40");
        assertRefused(POD + "spec: " + "{a: ".repeat(200_000), 3, 163, "nested more than 40");
        assertRefused(POD + "spec:\n  " + "- ".repeat(200_000) + "a", 4, 81, "nested more than 40");
        assertRefused("? ".repeat(200_000), 1, 3, "where a key is expected");
        StringBuilder block = new StringBuilder(POD).append("spec:\n");
        for (int depth = 1; depth < 1000; depth++) {
            block.append(" ".repeat(depth)).append("a:\n");
        }
        assertRefused(block.toString(), 43, 41, "nested more than 40");
    }

    @Test
    void aliasBombsAreRefused() {
        String wide = POD + "a: &a x\nspec: [";
        assertRefused(wide + "*a,".repeat(51) + "]", 4, 158, "more than 50 aliases");

        StringBuilder bomb = new StringBuilder(POD).append("a0: &a0 [x, x, x, x, x, x, x]\n");
        for (int i = 1; i <= 7; i++) {
            bomb.append("a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ", ").repeat(7) + "]\n");
        }
        assertThat(catchThrowableOfType(
                        InvalidPodTemplateException.class, () -> PodTemplate.fromYaml(PodRole.DRIVER, bomb.toString())))
                .hasMessageContaining("more than 50000");

        StringBuilder tower = new StringBuilder(POD).append("a0: &a0 [x]\n");
        for (int i = 1; i <= 45; i++) {
            tower.append("a" + i + ": &a" + i + " [*a" + (i - 1) + "]\n");
        }
        assertThat(catchThrowableOfType(
                        InvalidPodTemplateException.class,
                        () -> PodTemplate.fromYaml(PodRole.DRIVER, tower.toString())))
                .hasMessageContaining("nested more than 40");
    }

    @Test
    void hugeTextsAreRefused() {
        assertRefused(POD + "#".repeat(1 << 20), 3, (1 << 20) - POD.length() + 1, "at most 1 MiB");
        assertRefused(POD + "spec: [" + "1,".repeat(400_000) + "]", 3, 99_994, "more than 50000");
        assertRefused(POD + "spec: {" + "a".repeat(2000) + ": b}", 3, 2008, "not YAML");
    }

    @Test
    void longScalarsAreReadInTimeAndInFull() {
        String digits = "7".repeat(500_000);
        PodTemplate template =
                PodTemplate.fromYaml(PodRole.DRIVER, POD + "metadata: {annotations: {a: " + digits + "}}");
        assertThat(template.toYaml()).contains("a: \"" + digits + "\"");
        assertThat(catchThrowableOfType(
                        InvalidPodTemplateException.class,
                        () -> PodTemplate.fromYaml(PodRole.DRIVER, POD + "spec: {a: 1e999}")))
                .hasMessageContaining("spec.a is a number of more than 40 digits");
    }

    @Test
    void numbersAreReadAsTheCoreSchemaSays() {
        Map<String, Object> expected = new TreeMap<>(Map.of(
                "a",
                "1",
                "b",
                "-17",
                "c",
                "15",
                "d",
                "31",
                "e",
                "0.5",
                "f",
                "1000",
                "g",
                "\"1_000\"",
                "h",
                "\"12:30\"",
                "i",
                "true"));
        expected.put("j", "\"yes\"");
        expected.put("k", "\".inf\"");
        expected.put("l", "123456789012345678901234567890");
        String yaml = YamlWriter.write(PodTree.copyOf(YamlReader.read(POD
                + "spec: {a: +1, b: -17, c: 0o17, d: 0x1F, e: 0.50, f: 1e3, g: 1_000, h: 12:30, i: TRUE, j: yes,"
                + " k: .inf, l: 123456789012345678901234567890, m: ~, n: , o: NULL}")));
        StringBuilder lines = new StringBuilder(POD).append("spec:\n");
        expected.forEach((key, value) ->
                lines.append("  ").append(key).append(": ").append(value).append('\n'));
        assertThat(yaml).isEqualTo(lines.toString());
    }

    @Test
    void theTextIsNotQuotedInTheMessage() {
        Throwable e = catchThrowable(
                () -> PodTemplate.fromYaml(PodRole.DRIVER, POD + "spec: {env: {name: TOKEN, value: s3cret ]"));
        assertThat(e).isInstanceOf(InvalidPodTemplateException.class).hasNoCause();
        assertThat(e.toString()).contains("line 3").doesNotContain("s3cret", "TOKEN");
    }

    private static void assertRefused(String yaml, int line, int column, String problem) {
        InvalidPodTemplateException e = catchThrowableOfType(
                InvalidPodTemplateException.class, () -> PodTemplate.fromYaml(PodRole.DRIVER, yaml));
        assertThat(e).isNotNull();
        assertThat(e.getMessage()).contains(problem).contains("line " + line + ", column " + column + ": ");
        assertThat(e.line()).hasValue(line);
        assertThat(e.column()).hasValue(column);
        assertThat(e.problems()).hasSize(1);
    }
}
