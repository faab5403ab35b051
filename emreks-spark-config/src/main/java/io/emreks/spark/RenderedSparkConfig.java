package io.emreks.spark;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Spark job's configuration in the places of a StartJobRun request that take it.
 *
 * @param sparkSubmitParameters for {@code jobDriver.sparkSubmitJobDriver.sparkSubmitParameters}, or for
 *     {@code jobDriver.sparkSqlJobDriver.sparkSqlParameters} if the entry point is a SQL script; empty if there is
 *     nothing to say, and then the field must be left out, as the service takes no empty string
 * @param sparkDefaults the properties of the {@code spark-defaults} classification in
 *     {@code configurationOverrides.applicationConfiguration}; empty if everything is in the string
 * @param classifications the other classifications in {@code configurationOverrides.applicationConfiguration}
 */
public record RenderedSparkConfig(
        String sparkSubmitParameters, Map<String, String> sparkDefaults, List<Classification> classifications) {
    /** Keeps unmodifiable copies, in their order. */
    public RenderedSparkConfig {
        sparkDefaults = Collections.unmodifiableMap(new LinkedHashMap<>(sparkDefaults));
        classifications = List.copyOf(classifications);
    }

    /** A configuration without other classifications. */
    public RenderedSparkConfig(String sparkSubmitParameters, Map<String, String> sparkDefaults) {
        this(sparkSubmitParameters, sparkDefaults, List.of());
    }

    /** Sizes and names only, as the values may be secret. */
    @Override
    public String toString() {
        return "RenderedSparkConfig[sparkSubmitParameters of " + sparkSubmitParameters.length()
                + " characters, sparkDefaults " + sparkDefaults.keySet() + ", classifications "
                + classifications.stream().map(Classification::name).toList() + "]";
    }
}
