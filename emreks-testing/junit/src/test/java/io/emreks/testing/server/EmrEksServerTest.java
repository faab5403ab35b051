package io.emreks.testing.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The server from the class path. */
class EmrEksServerTest extends ServerContract {
    @Override
    List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                EmrEksServer.class.getName());
    }

    @Test
    void optionsAreRead() {
        Options options = Options.of(
                "--port",
                "0",
                "--host",
                "0.0.0.0",
                "--account",
                "111122223333",
                "--region",
                "eu-west-1",
                "--seed",
                "9",
                "--time-factor",
                "60",
                "--quota-scale",
                "0.5",
                "--data-dir",
                "d",
                "--local-spark",
                "/opt/spark",
                "--local-spark-memory",
                "4096",
                "--local-spark-archive",
                "a",
                "--local-spark-ui");
        assertThat(options.port).isZero();
        assertThat(options.host).isEqualTo("0.0.0.0");
        assertThat(options.account).isEqualTo("111122223333");
        assertThat(options.region).isEqualTo("eu-west-1");
        assertThat(options.seed).isEqualTo(9);
        assertThat(options.timeFactor).hasValue(60);
        assertThat(options.quotaScale).hasValue(0.5);
        assertThat(options.dataFolder).contains(Path.of("d"));
        assertThat(options.sparkHome).contains(Path.of("/opt/spark"));
        assertThat(options.sparkMemory).hasValue(4096);
        assertThat(options.sparkArchive).contains(Path.of("a"));
        assertThat(options.sparkUi).isTrue();
        assertThat(Options.of("--real-time").timeFactor).hasValue(1);
        assertThat(Options.of("--local-spark", "s").timeFactor)
                .as("Spark knows no virtual time")
                .hasValue(1);
        assertThat(Options.of().timeFactor).isEmpty();
        assertThat(Options.of().port).isEqualTo(4566);
        assertThat(Options.of("--help").help).isTrue();
    }

    @Test
    void wrongOptionsSayWhatIsWrong() {
        wrong("No option is named --prot", "--prot", "1");
        wrong("--port wants a value", "--port");
        wrong("--port is '70000'; give 0 to 65535", "--port", "70000");
        wrong(
                "--local-spark-memory, --local-spark-archive and --local-spark-ui are for --local-spark, which is"
                        + " missing",
                "--local-spark-ui");
        wrong("--quota-scale is 'many'; give a number", "--quota-scale", "many");
    }

    private static void wrong(String message, String... options) {
        assertThatThrownBy(() -> Options.of(options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
