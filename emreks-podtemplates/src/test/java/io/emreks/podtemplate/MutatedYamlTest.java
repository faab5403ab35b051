package io.emreks.podtemplate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MutatedYamlTest {
    private static final String POD = "apiVersion: v1\nkind: Pod\n";
    private static final int CAMPAIGN = 1_000_000;
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private static final List<String> TEMPLATES = List.of(
            PodTemplate.executor()
                    .arm64()
                    .spot()
                    .annotation("a.b/c", "1: \"#\n")
                    .env("A", "'")
                    .hostPathVolume("spark-local-dir-1", "/disk", "/data1")
                    .build()
                    .toYaml(),
            PodTemplate.executor()
                    .preferArm64()
                    .instanceFamilies("m7g", "r7g")
                    .initContainer("chown", "busybox:1", c -> c.command("chown"))
                    .ephemeralVolume("spark-local-dir-2", "gp3", "100Gi", "/data2")
                    .build()
                    .toYaml(),
            POD + "spec: &a {containers: [{name: spark-kubernetes-executor, env: &b [{name: x, value: 'y'}]}],\n"
                    + "  initContainers: [{name: a, env: *b}], tolerations: [{key: k, operator: Exists}]}\n",
            "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"labels\": {\"a\": \"b\"}},"
                    + " \"spec\": {\"hostAliases\": [{\"ip\": \"1.2.3.4\", \"hostnames\": [\"a\"]}]}}",
            POD
                    + "spec:\n  hostname: |\n    text\n  subdomain: >-\n    more\n  priority: 0x1F # one\n  nodeName: !!str 1\n");
    private static final String MARKS = "\n -:?[]{},&*!|>'\"%@`#~\t\u0000\ufeff\ud83d0a\\<";

    @Property
    void anyTextIsReadOrRefused(@ForAll String text) {
        readOrRefuse(text);
        readOrRefuse(POD + "spec: " + text);
    }

    @Property
    void mutatedTemplatesAreReadOrRefused(@ForAll long seed) {
        readOrRefuse(mutated(new SplittableRandom(seed)));
    }

    /** No other exception, none slow, and all in the heap that the tests have. */
    @Test
    @Tag("deep")
    void aMillionMutants() {
        long seed = new Random().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        int read = 0;
        long slowest = 0;
        for (int i = 0; i < CAMPAIGN; i++) {
            String yaml = mutated(random);
            long begin = System.nanoTime();
            try {
                read += readOrRefuse(yaml) ? 1 : 0;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", mutant " + i + ":\n" + yaml, e);
            }
            slowest = Math.max(slowest, System.nanoTime() - begin);
        }
        System.out.println(
                read + " of " + CAMPAIGN + " mutants were read, the slowest took " + slowest / 1_000_000 + " ms");
        assertThat(read).isBetween(CAMPAIGN / 100, CAMPAIGN - CAMPAIGN / 100);
        assertThat(Duration.ofNanos(slowest)).isLessThan(LONGEST);
    }

    private static String mutated(SplittableRandom random) {
        StringBuilder mutated = new StringBuilder(TEMPLATES.get(random.nextInt(TEMPLATES.size())));
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(mutated.length());
            switch (random.nextInt(4)) {
                case 0 -> mutated.setCharAt(at, MARKS.charAt(random.nextInt(MARKS.length())));
                case 1 -> mutated.insert(at, MARKS.charAt(random.nextInt(MARKS.length())));
                case 2 -> {
                    int end = Math.min(mutated.length(), at + random.nextInt(40));
                    mutated.insert(random.nextInt(mutated.length()), mutated.substring(at, end));
                }
                default -> mutated.delete(at, Math.min(mutated.length() - 1, at + random.nextInt(5)));
            }
        }
        return mutated.toString();
    }

    /** Whatever can be read can also be checked, explained, previewed, written and read again. */
    private static boolean readOrRefuse(String yaml) {
        PodTemplate template;
        try {
            template = PodTemplate.fromYaml(PodRole.EXECUTOR, yaml);
        } catch (InvalidPodTemplateException refused) {
            assertThat(refused.problems()).isNotEmpty();
            return false;
        }
        assertThat(template.check()).isNotNull();
        assertThat(template.explain()).isNotEmpty();
        assertThat(template.preview(PodSizing.of(1, 1024, 1408)).toYaml()).isNotEmpty();
        assertThat(PodTemplate.fromYaml(PodRole.EXECUTOR, template.toYaml())).isEqualTo(template);
        return true;
    }
}
