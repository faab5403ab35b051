package io.emreks.samples.benchmarks;

import io.emreks.spark.SparkJob;
import java.util.HashMap;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The text of 60 settings read back into a job, beside text split at spaces by hand; {@link SparkSettings} runs it. */
@State(Scope.Thread)
public class SparkSettingsBack {
    private final String text = SixtySettings.rendered();

    /** With emreks. */
    @Benchmark
    public SparkJob emreks() {
        return SparkJob.parse(text);
    }

    /** By hand. */
    @Benchmark
    public Map<String, String> baseline() {
        Map<String, String> settings = new HashMap<>();
        for (String word : text.split(" ")) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                settings.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        return settings;
    }
}
