package io.emreks.podtemplate;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class YamlRoundTripTest {
    private static final String[] SPECIALS = {
        "",
        " ",
        "~",
        "null",
        "true",
        "True",
        "yes",
        "NO",
        "on",
        "y",
        "n",
        "off",
        "1",
        "-1",
        "0644",
        "0x1F",
        "0o17",
        "1_000",
        "1e3",
        "1.",
        ".5",
        ".inf",
        "-.INF",
        ".nan",
        "12:30:45",
        "2001-01-01",
        "=",
        "<<",
        "- a",
        "-",
        "---",
        "...",
        "?",
        "? a",
        ": ",
        "a: b",
        "a:",
        " a",
        "a ",
        "#",
        "a #b",
        "a#b",
        "{}",
        "[",
        "]",
        "{a: b}",
        "&a",
        "*a",
        "!a",
        "!!str 1",
        "|",
        ">",
        "|\n a",
        "%YAML 1.1",
        "@a",
        "`a",
        "'a'",
        "\"a\"",
        "a\"b",
        "a\\b",
        "\\n",
        "a\nb",
        "a\n",
        "\n",
        "\r\n",
        "a\tb",
        "\t",
        "\u0000",
        "\u0007",
        "\u001b",
        "\u007f",
        "\u0085",
        "\u00a0",
        "\u2028",
        "\u2029",
        "\ufeff",
        "\ufffe",
        "\uffff",
        "é",
        "日本",
        "\ud83d\ude00",
        "\udbff\udfff",
        "#!/bin/sh\nset -e\necho \"$A: 'b'\"\n",
        "${A}",
        "{{a}}"
    };

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void anyTreeSurvivesAsEqualValueAndEqualBytes(@ForAll("mappings") Map<String, Object> mapping) {
        PodTree tree = PodTree.copyOf(Map.of("a", mapping));
        String yaml = YamlWriter.write(tree);

        PodTree again = PodTree.copyOf(YamlReader.read(yaml));

        assertThat(again).isEqualTo(tree);
        assertThat(YamlWriter.write(again)).isEqualTo(yaml);
        assertThat(PodTree.copyOf(tree.mutableCopy())).isEqualTo(tree);
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void anyPodSurvives(@ForAll PodRole role, @ForAll("pods") Map<String, Object> pod) {
        PodTemplate.Builder builder = role == PodRole.DRIVER ? PodTemplate.driver() : PodTemplate.executor();
        pod.forEach(builder::field);
        PodTemplate template = builder.build();

        PodTemplate again = PodTemplate.fromYaml(role, template.toYaml());

        assertThat(again).isEqualTo(template);
        assertThat(again.toYaml()).isEqualTo(template.toYaml());
        assertThat(again.contentHash()).isEqualTo(template.contentHash());
        assertThat(again.toBuilder().build()).isEqualTo(template);
        assertThat(again.check()).isEqualTo(template.check());
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void theOrderOfCallsAndKeysDoesNotCount(@ForAll("pods") Map<String, Object> pod) {
        Map<String, Object> reversed = new LinkedHashMap<>();
        List<String> keys = List.copyOf(pod.keySet());
        for (int i = keys.size() - 1; i >= 0; i--) {
            reversed.put(keys.get(i), pod.get(keys.get(i)));
        }
        PodTemplate.Builder one = PodTemplate.driver();
        pod.forEach(one::field);
        PodTemplate.Builder other = PodTemplate.driver().label("c", "d").label("a", "b");
        reversed.forEach(other::field);
        PodTemplate first = one.label("a", "b").label("c", "d").build();
        PodTemplate second = other.label("c", "d").label("a", "b").build();
        assertThat(first).isEqualTo(second);
        assertThat(first.contentHash()).isEqualTo(second.contentHash());
    }

    @Property
    void hostileTextSurvivesEverywhere(@ForAll("texts") String text, @ForAll("keys") String key) {
        assertSurvives(text, key);
    }

    @Test
    void everySpecialSurvives() {
        for (String special : SPECIALS) {
            assertSurvives(special, "x");
        }
    }

    private static void assertSurvives(String text, String key) {
        PodTemplate template = PodTemplate.executor()
                .label(key, text)
                .annotation(key, text)
                .env(text, text)
                .field("spec.containers[0].env[1].value", text)
                .field("spec.hostAliases", List.of(Map.of("ip", text, "hostnames", List.of(text, text))))
                .build();

        PodTemplate again = PodTemplate.fromYaml(PodRole.EXECUTOR, template.toYaml());

        assertThat(again).isEqualTo(template);
        assertThat(FieldPath.of("metadata", "labels", key).read(YamlReader.read(template.toYaml())))
                .isEqualTo(text);
        assertThat(FieldPath.parse("spec.hostAliases[0].hostnames[1]").read(YamlReader.read(template.toYaml())))
                .isEqualTo(text);
    }

    @Property
    void aPathReadsBackAsItself(@ForAll @Size(min = 1, max = 8) List<@From("keys") String> keys) {
        FieldPath path = FieldPath.of(keys.toArray(String[]::new)).child(3).child("x");
        assertThat(FieldPath.parse(path.toString())).isEqualTo(path);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.of(SPECIALS),
                Arbitraries.strings()
                        .ofMaxLength(30)
                        .filter(text -> text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF)),
                Arbitraries.strings()
                        .withChars("-?:,[]{}#&*!|>'\"%@` \n\t\\a1.~=<")
                        .ofMaxLength(8));
    }

    @Provide
    Arbitrary<String> keys() {
        return texts().filter(text -> !text.isEmpty() && text.codePoints().allMatch(PodTree::printable));
    }

    @Provide
    Arbitrary<Map<String, Object>> pods() {
        return ArbitraryPods.fields(texts(), keys());
    }

    @Provide
    Arbitrary<Map<String, Object>> mappings() {
        return Arbitraries.maps(keys(), values(3)).ofMaxSize(5);
    }

    private Arbitrary<Object> values(int depth) {
        Arbitrary<Object> leaf = Arbitraries.oneOf(
                texts().asGeneric(),
                Arbitraries.of(true, false).asGeneric(),
                Arbitraries.longs().asGeneric(),
                Arbitraries.bigIntegers().asGeneric(),
                Arbitraries.doubles().between(-1e15, 1e15).asGeneric(),
                Arbitraries.bigDecimals()
                        .between(BigDecimal.valueOf(-1000), BigDecimal.valueOf(1000))
                        .asGeneric());
        if (depth == 0) {
            return leaf;
        }
        return Arbitraries.frequencyOf(
                Tuple.of(3, leaf),
                Tuple.of(1, values(depth - 1).list().ofMaxSize(4).asGeneric()),
                Tuple.of(
                        1,
                        Arbitraries.maps(keys(), values(depth - 1)).ofMaxSize(4).asGeneric()));
    }
}
