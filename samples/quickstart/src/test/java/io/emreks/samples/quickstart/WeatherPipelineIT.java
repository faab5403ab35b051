package io.emreks.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quick start from end to end, with real Spark. */
class WeatherPipelineIT {
    @Test
    void runsEveryJobAsItPromises(@TempDir Path s3) throws Exception {
        Forked pipeline = Forked.java(
                Duration.ofMinutes(4),
                Forked.ROOT,
                Map.of(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Forked.classPath(),
                WeatherPipeline.class.getName(),
                Forked.ROOT.resolve("samples/weather-jobs").toString(),
                s3.toString());

        assertThat(pipeline.output())
                .containsPattern("(?m)^\\d\\d:\\d\\d:\\d\\d  weather-load +COMPLETED +\\w{19}$")
                .containsPattern("weather-endless +CANCEL_PENDING[^\n]*\n[^\n]*weather-endless +CANCELLED")
                .contains("the process of weather-endless is gone")
                .contains("weather-broken failed on purpose: USER_ERROR")
                .contains("| Exception in thread \"main\"")
                .contains("Path does not exist: s3://weather/incoming/missing.csv")
                .contains("the table has 2922 rows before the upsert", "the table has 2922 rows after the upsert")
                .containsPattern("(?m)^weather-load +COMPLETED +[0-9.]+ s +[0-9.]+ s$")
                .containsPattern("(?m)^weather-correct +COMPLETED ")
                .containsPattern("(?m)^weather-broken +FAILED ")
                .containsPattern("(?m)^weather-endless +CANCELLED ")
                .contains("Everything was as expected.")
                .doesNotContain("\tat ", "SLF4J", "NOT AS EXPECTED");
        assertThat(pipeline.exitCode()).isZero();
    }

    @Test
    void saysWhatWasNotAsExpected(@TempDir Path s3, @TempDir Path noWeatherJobs) throws Exception {
        Forked pipeline = Forked.java(
                Duration.ofMinutes(1),
                Forked.ROOT,
                Map.of(),
                "-cp",
                Forked.classPath(),
                WeatherPipeline.class.getName(),
                noWeatherJobs.toString(),
                s3.toString());

        assertThat(pipeline.output())
                .contains("Not as expected:", "spark.classpath")
                .doesNotContain("\tat ");
        assertThat(pipeline.exitCode()).isEqualTo(1);
    }
}
