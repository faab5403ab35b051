package io.emreks.samples.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A job of 60 settings, built, checked and rendered, beside text put together by hand. */
@State(Scope.Thread)
public class SparkSettings implements Yardstick {
    private static final double MICROSECONDS = 50;
    private static final double BYTES = 60_000;

    private final Map<String, String> settings = SixtySettings.byHand();

    @Override
    public String name() {
        return "spark-settings";
    }

    @Override
    public List<Measurement> measure() throws Exception {
        List<Measurement> both = new ArrayList<>(Jmh.compare(
                SparkSettings.class,
                "60 Spark settings built, checked and rendered",
                new Measurement.Goal.AtMost(MICROSECONDS),
                new Measurement.Goal.AtMost(BYTES)));
        both.addAll(Jmh.compare(
                SparkSettingsBack.class,
                "60 Spark settings read back",
                new Measurement.Goal.AtMost(MICROSECONDS),
                new Measurement.Goal.AtMost(BYTES)));
        return both;
    }

    /** With emreks. */
    @Benchmark
    public String emreks() {
        return SixtySettings.rendered();
    }

    /** By hand. */
    @Benchmark
    public String baseline() {
        return SixtySettings.concatenated(settings);
    }
}
