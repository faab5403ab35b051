package io.emreks.podtemplate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the README's Java to the code below, which is compiled and run. */
class ReadmeSnippetsTest {

    @Test
    void writeAndCheck() {
        PodTemplate driver =
                PodTemplate.driver().arm64().onDemand().doNotDisrupt().build();
        PodTemplate executor = PodTemplate.executor()
                .arm64()
                .spot()
                .toleration("dedicated", "spark", TaintEffect.NO_SCHEDULE)
                .terminationGracePeriod(Duration.ofSeconds(110))
                .hostPathVolume("spark-local-dir-1", "/mnt/k8s-disks/0", "/data1")
                .field("spec.schedulerName", "my-scheduler")
                .build();

        assertThat(driver.check()).isEmpty();
        for (Finding finding : executor.check()) {
            System.out.println(
                    finding.severity() + " " + finding.path() + ": " + finding.reason() + "; " + finding.fix());
        }
        assertThat(executor.check()).isEmpty();
    }

    @Test
    void readAndRender() {
        String yaml = PodTemplate.executor().spot().build().toYaml();

        PodTemplate yours = PodTemplate.fromYaml(PodRole.EXECUTOR, yaml);
        PodTemplate onDemand = yours.toBuilder().onDemand().build();
        String file = onDemand.toYaml();
        String name = onDemand.contentHash() + ".yaml";

        assertThat(file).contains("on-demand").doesNotContain("spot");
        assertThat(name).hasSize(69);
    }

    @Test
    void theReadmeShowsThisCode() throws IOException {
        String code =
                withoutSpace(Files.readString(Path.of("src/test/java/io/emreks/podtemplate/ReadmeSnippetsTest.java")));
        List<String> snippets = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("README.md")))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();

        assertThat(snippets).hasSize(3).allSatisfy(snippet -> assertThat(code).contains(withoutSpace(snippet)));
    }

    /** The formatter breaks lines where it likes. */
    private static String withoutSpace(String text) {
        return text.replaceAll("\\s+", "");
    }
}
