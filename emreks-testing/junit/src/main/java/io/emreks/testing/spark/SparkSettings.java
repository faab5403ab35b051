package io.emreks.testing.spark;

import io.emreks.testing.service.FakeJobRun;
import java.util.Collections;
import java.util.Map;

/** The Spark settings that a job run was submitted with, as spark-submit or spark-sql reads them. */
public final class SparkSettings {
    private SparkSettings() {}

    /**
     * The properties of {@code spark-defaults}, replaced by every {@code --conf} of {@code sparkSubmitParameters} (or {@code
     * sparkSqlParameters}), in order. Options of spark-submit that have a name of their own, such as {@code --executor-memory}, are not among them.
     *
     * @throws IllegalArgumentException if spark-submit could not read the parameters
     */
    public static Map<String, String> of(FakeJobRun run) {
        try {
            return Collections.unmodifiableMap(SubmitOptions.of(run).settings(run.sparkDefaults()));
        } catch (StartProblem e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
