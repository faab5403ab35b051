package io.emreks.podtemplate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class MutatedYamlTest {
    private static final String POD = "apiVersion: v1\nkind: Pod\n";

    @Property
    void anyTextIsReadOrRefused(@ForAll String text) {
        readOrRefuse(text);
        readOrRefuse(POD + "spec: " + text);
    }

    @Property
    void mutatedTemplatesAreReadOrRefused(@ForAll long seed) {
        String yaml = PodTemplate.executor()
                .arm64()
                .spot()
                .annotation("a.b/c", "1: \"#\n")
                .env("A", "'")
                .hostPathVolume("spark-local-dir-1", "/disk", "/data1")
                .build()
                .toYaml();
        String marks = "\n -:?[]{},&*!|>'\"%@`#~\t\u0000\ufeff\ud83d0a\\<";
        Random random = new Random(seed);
        StringBuilder mutated = new StringBuilder(yaml);
        for (int i = random.nextInt(8); i >= 0; i--) {
            int at = random.nextInt(mutated.length());
            switch (random.nextInt(3)) {
                case 0 -> mutated.setCharAt(at, marks.charAt(random.nextInt(marks.length())));
                case 1 -> mutated.insert(at, marks.charAt(random.nextInt(marks.length())));
                default -> mutated.delete(at, Math.min(mutated.length(), at + random.nextInt(5)));
            }
        }
        readOrRefuse(mutated.toString());
    }

    /** Whatever can be read can also be checked, written and read again. */
    private static void readOrRefuse(String yaml) {
        PodTemplate template;
        try {
            template = PodTemplate.fromYaml(PodRole.EXECUTOR, yaml);
        } catch (InvalidPodTemplateException refused) {
            assertThat(refused.problems()).isNotEmpty();
            return;
        }
        assertThat(template.check()).isNotNull();
        assertThat(PodTemplate.fromYaml(PodRole.EXECUTOR, template.toYaml())).isEqualTo(template);
    }
}
