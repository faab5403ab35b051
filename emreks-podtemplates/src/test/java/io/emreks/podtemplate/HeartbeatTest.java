package io.emreks.podtemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script in a real shell, with a sidecar that would go on for an hour. */
class HeartbeatTest {
    private static final List<String> LONG = List.of("sleep", "3600");

    @TempDir
    Path directory;

    private Path beat;

    @BeforeEach
    void noBeatYet() {
        beat = directory.resolve("main-container-terminated");
    }

    @Test
    void aSidecarEndsIfSparksContainerNeverCame() throws Exception {
        assertEnds(LONG, Duration.ZERO);
    }

    @Test
    void aSidecarEndsWhenTheBeatIsOld() throws Exception {
        Files.createFile(beat);
        Files.setLastModifiedTime(beat, FileTime.from(Instant.now().minusSeconds(60)));
        assertEnds(LONG, Duration.ofHours(1));
    }

    @Test
    void aSidecarEndsByItselfWhileTheHeartBeats() throws Exception {
        beatsForLong();
        Path done = directory.resolve("done");
        assertEnds(List.of("sh", "-c", "echo \"$1\" > \"$0\"", done.toString(), "a  'b'"), Duration.ofHours(1));
        assertThat(done).hasContent("a  'b'");
    }

    @Test
    void aSidecarGoesOnWhileTheHeartBeats() throws Exception {
        beatsForLong();
        Path started = directory.resolve("started");
        // it reports that it runs, and removes the beat itself: only then may it be ended
        assertEnds(
                List.of("sh", "-c", "touch \"$0\"; rm \"$1\"; exec sleep 3600", started.toString(), beat.toString()),
                Duration.ofHours(1));
        assertThat(started).exists();
    }

    private void beatsForLong() throws IOException {
        Files.createFile(beat);
        Files.setLastModifiedTime(beat, FileTime.from(Instant.now().plusSeconds(3600)));
    }

    private void assertEnds(List<String> sidecar, Duration first) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                Heartbeat.script(beat.toString(), first, Duration.ofSeconds(15), Duration.ZERO),
                "sidecar"));
        command.addAll(sidecar);
        Process process = new ProcessBuilder(command).inheritIO().start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @Test
    void anExecutorsSidecarIsWrappedIfItIsSaidWhereTheBeatIs() {
        PodTemplate logged = PodTemplate.executor()
                .sidecar("logs", "logs:1", c -> c.command("run").endWithSpark(true))
                .build();
        assertThat(logged.toYaml())
                .contains("mountPath: /var/log/fluentd", "beat='/var/log/fluentd/main-container-terminated'");
        PodTemplate silent = PodTemplate.executor()
                .sidecar("logs", "logs:1", c -> c.command("run").endWithSpark(false))
                .build();
        assertThat(silent.toYaml())
                .contains("name: temp-data-dir", "beat='/var/run/spark-tmp/main-container-terminated'");
        assertThat(silent.check()).isEmpty();
    }

    @Test
    void aMountOfYourOwnIsWatched() {
        assertThat(PodTemplate.driver()
                        .sidecar("logs", "logs:1", c -> c.command("run").mount("emr-container-communicate", "/beat"))
                        .build()
                        .toYaml())
                .contains("beat='/beat/main-container-terminated'")
                .doesNotContain("/var/log/fluentd");
        assertThatThrownBy(() -> PodTemplate.driver()
                        .sidecar("logs", "logs:1", c -> c.command("run").mount("mine", "/var/log/fluentd"))
                        .build())
                .hasMessageContainingAll("sidecar logs", "another volume at /var/log/fluentd");
    }

    @Test
    void anyMountPathCanBeWatched() throws Exception {
        directory = Files.createDirectory(directory.resolve("it's here"));
        beat = directory.resolve("main-container-terminated");
        aSidecarEndsByItselfWhileTheHeartBeats();
    }

    @Test
    void variablesOfASidecarAreSetOnce() {
        assertThat(PodTemplate.executor()
                        .sidecar(
                                "logs",
                                "logs:1",
                                c -> c.env("A", "1").env("B", "2").envFromSecret("A", "s", "k"))
                        .build()
                        .toYaml())
                .containsOnlyOnce("name: A\n")
                .contains("secretKeyRef");
    }

    @Test
    void whatCannotBeStoppedIsRefused() {
        assertThatThrownBy(() -> PodTemplate.executor()
                        .sidecar("logs", "logs:1", c -> c.endWithSpark(true))
                        .build())
                .hasMessageContaining("sidecar logs has no command");
        assertThatThrownBy(() -> PodTemplate.executor()
                        .initContainer("first", "init:1", c -> c.command("run").endWithSpark(true))
                        .build())
                .hasMessageContainingAll("init container first", "leave endWithSpark out");
    }

    @Test
    void onlyTheDriversSidecarsAreWrapped() {
        PodTemplate driver = PodTemplate.driver()
                .sidecar("logs", "logs:1", c -> c.command("run", "--fast").env("A", "b"))
                .build();
        assertThat(driver.check()).isEmpty();
        assertThat(driver.toYaml())
                .contains("mountPath: /var/log/fluentd", "name: emr-container-communicate", "- \"--fast\"");
        PodTemplate executor = PodTemplate.executor()
                .sidecar("logs", "logs:1", c -> c.command("run").mount("emr-container-application-log-dir", "/logs"))
                .build();
        assertThat(executor.check()).isEmpty();
        assertThat(executor.toYaml()).doesNotContain("kill");
    }
}
