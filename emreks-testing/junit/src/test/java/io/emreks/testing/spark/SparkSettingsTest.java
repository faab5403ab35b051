package io.emreks.testing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SparkSettingsTest {
    private final TestRun run = TestRun.of("r1").defaults(Map.of("spark.a", "default", "spark.b", "2"));

    @Test
    void parametersWinOverDefaults() {
        assertThat(SparkSettings.of(run.parameters("--class a.Main --conf spark.a=1 --conf 'spark.c=x y'")))
                .isEqualTo(Map.of("spark.a", "1", "spark.b", "2", "spark.c", "x y"));
    }

    @Test
    void thoseOfSqlStandBetweenOptionsOfTheScript() {
        assertThat(SparkSettings.of(run.sql("s3://jobs/a.sql", "-d x=1 --conf spark.a=1 --hiveconf y=2")))
                .containsEntry("spark.a", "1");
    }

    @Test
    void whatSparkCannotReadIsAnError() {
        assertThatThrownBy(() -> SparkSettings.of(run.parameters("--conf 'spark.a=1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Invalid option string");
    }
}
