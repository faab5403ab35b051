package io.emreks.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** README.md says what is so. */
class ReadmeTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Path FIRST_RUN = Forked.MODULE.resolve("FirstRun.java");

    private final String readme = Files.readString(Forked.ROOT.resolve("README.md"));

    ReadmeTest() throws Exception {}

    @Test
    void theFirstProgramIsTheFileThatRuns() throws Exception {
        assertThat(blocks("java").get(0)).isEqualTo(Files.readString(FIRST_RUN));

        Forked run = Forked.java(LIMIT, Forked.ROOT, Map.of(), "-cp", Forked.classPath(), FIRST_RUN.toString());

        assertThat(run.output())
                .containsPattern("(?m)^2026-01-01T\\S+Z SUBMITTED$")
                .containsPattern("(?m)^2026-01-01T\\S+Z RUNNING$")
                .containsPattern("(?m)^2026-01-01T\\S+Z COMPLETED$")
                .containsPattern("(?m)^COMPLETED \\w{25}/\\w{19}$")
                .doesNotContain("\tat ");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void theFirstProgramIsShort() throws Exception {
        String main = Files.readString(FIRST_RUN).split("String\\[] args.*\\{\n", 2)[1];

        assertThat(main.split("\n    }\n", 2)[0].lines()).hasSizeLessThanOrEqualTo(15);
    }

    @Test
    void theQuickStartIsOneLineThatNamesAnExistingFile() {
        String command = firstShellBlock("## Quick start");

        assertThat(command.lines()).hasSize(1);
        assertThat(command).startsWith("java ");
        assertThat(Forked.ROOT.resolve(command.strip().substring("java ".length())))
                .isRegularFile();
    }

    @Test
    void theTestCommandIsWhatContinuousIntegrationRuns() throws Exception {
        String command = firstShellBlock("## Tests");

        assertThat(command.lines()).hasSize(1);
        assertThat(Files.readString(Forked.ROOT.resolve(".ci/run"))).contains("\n" + command.strip() + " ");
    }

    @Test
    void itsCoordinatesAreThoseOfTheBuild() {
        assertThat(readme).contains("<version>" + System.getProperty("project.version") + "</version>");
    }

    private String firstShellBlock(String section) {
        return blocks("sh", readme.substring(readme.indexOf("\n" + section + "\n")))
                .get(0);
    }

    private List<String> blocks(String language) {
        return blocks(language, readme);
    }

    private static List<String> blocks(String language, String text) {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(text)
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }
}
