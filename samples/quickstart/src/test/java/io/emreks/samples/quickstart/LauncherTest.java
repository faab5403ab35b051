package io.emreks.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Quickstart.java says when it cannot go on, and how it shows what Maven does. */
class LauncherTest {
    private static final Path LAUNCHER = Forked.MODULE.resolve("Quickstart.java");

    @Test
    void saysThatMavenIsMissing(@TempDir Path empty) throws Exception {
        Forked launcher = launch(Forked.ROOT, empty.toString());

        assertThat(launcher.output())
                .contains("Maven is missing: there is no mvn on the PATH.", "Install Maven 3.8 or later")
                .doesNotContain("\tat ");
        assertThat(launcher.exitCode()).isEqualTo(2);
    }

    @Test
    void saysThatTheFolderIsWrong(@TempDir Path elsewhere) throws Exception {
        Forked launcher = launch(elsewhere, elsewhere.toString());

        assertThat(launcher.output())
                .contains("This is not the project's folder: ", "README.md")
                .doesNotContain("\tat ");
        assertThat(launcher.exitCode()).isEqualTo(2);
    }

    @Test
    void showsWhatMavenSaidOnlyWhenItFails(@TempDir Path tools) throws Exception {
        mavenThatSays(tools, "[INFO] Scanning\n[ERROR] No space left\n", 1);

        Forked launcher = launch(Forked.ROOT, tools.toString());

        assertThat(launcher.output())
                .contains("[INFO] Scanning", "[ERROR] No space left", "The build failed with exit code 1")
                .doesNotContain("Downloading", "downloaded", "\tat ");
        assertThat(launcher.exitCode()).isEqualTo(2);
    }

    @Test
    void announcesEachDownloadOnceAndAddsItUp(@TempDir Path tools) throws Exception {
        String repository = "https://repo.example/maven2";
        mavenThatSays(
                tools,
                "Downloading from central: " + repository + "/org/apache/maven/a.jar\n"
                        + "Progress (1): 1.0/2.0 MB\r"
                        + "Downloaded from central: " + repository + "/org/apache/maven/a.jar (2.0 MB at 1.0 MB/s)\n"
                        + "Downloading from central: " + repository + "/org/apache/spark/spark-core_2.12/3.5.4/b.jar\n"
                        + "Downloading from central: " + repository + "/org/apache/hudi/c.jar\n"
                        + "Progress (2): 12/14 MB | 81 MB\r"
                        + "Downloaded from central: " + repository + "/org/apache/spark/b.jar (14 MB at 9.9 MB/s)\n"
                        + "Downloaded from central: " + repository + "/org/apache/hudi/c.jar (81 MB at 9.9 MB/s)\n"
                        + "Downloaded from central: " + repository + "/org/apache/hudi/c.pom (900 B at 3.2 kB/s)\n",
                1);

        Forked launcher = launch(Forked.ROOT, tools.toString());

        assertThat(launcher.output())
                .containsOnlyOnce("Downloading the plugins and libraries of the build")
                .containsOnlyOnce("Downloading Apache Spark and Apache Hudi: about 310 MB, once")
                .contains("  2 MB\n", "  95 MB\n");
    }

    /** A Maven that prints a text and ends; it is found, as any, by its name on the PATH. */
    private static void mavenThatSays(Path folder, String text, int exitCode) throws Exception {
        Path maven = Files.writeString(
                folder.resolve("mvn"), "#!/bin/sh\nprintf '%s' '" + text + "'\nexit " + exitCode + "\n");
        Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwx------"));
    }

    private static Forked launch(Path folder, String path) throws Exception {
        return Forked.java(Duration.ofMinutes(1), folder, Map.of("PATH", path), LAUNCHER.toString());
    }
}
