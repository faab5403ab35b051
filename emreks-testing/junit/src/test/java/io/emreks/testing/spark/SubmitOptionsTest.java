package io.emreks.testing.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.testing.spark.SubmitOptions.Option;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubmitOptionsTest {
    @Test
    void readsOptionsInEveryForm() throws StartProblem {
        SubmitOptions read = SubmitOptions.parse("--class a.Main --conf=a=1 -c b=2 --verbose --jars=x.jar,y.jar");

        assertThat(read.options())
                .containsExactly(
                        new Option("--class", "a.Main"),
                        new Option("--conf", "a=1"),
                        new Option("--conf", "b=2"),
                        new Option("--verbose", null),
                        new Option("--jars", "x.jar,y.jar"));
        assertThat(read.rest()).isEmpty();
    }

    @Test
    void leavesToSparkWhatSparkDoesNotKnow() throws StartProblem {
        assertThat(SubmitOptions.parse("--class a.Main --bogus 1 --conf a=1").rest())
                .containsExactly("--bogus", "1", "--conf", "a=1");
        assertThat(SubmitOptions.parse("app.jar --class a.Main").rest())
                .containsExactly("app.jar", "--class", "a.Main");
        assertThat(SubmitOptions.parse("--conf").rest()).containsExactly("--conf");
    }

    @Test
    void laterSettingsWinOverEarlierOnesAndOverDefaults() throws StartProblem {
        SubmitOptions read = SubmitOptions.parse("--conf a=1 --conf a=2=3 --conf novalue --conf b=");

        assertThat(read.settings(Map.of("a", "0", "c", "4"))).isEqualTo(Map.of("a", "2=3", "b", "", "c", "4"));
    }

    @Test
    void noParametersAreNoOptions() throws StartProblem {
        assertThat(SubmitOptions.parse("").options()).isEmpty();
    }
}
