package io.emreks.spark;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A Spark job's configuration in the two places of a StartJobRun request that take it.
 *
 * @param sparkSubmitParameters for {@code jobDriver.sparkSubmitJobDriver.sparkSubmitParameters}; empty if there is
 *     nothing to say, and then the field must be left out, as the service takes no empty string
 * @param sparkDefaults the properties of the {@code spark-defaults} classification in
 *     {@code configurationOverrides.applicationConfiguration}; empty if everything is in the string
 */
public record RenderedSparkConfig(String sparkSubmitParameters, Map<String, String> sparkDefaults) {
    /** Keeps an unmodifiable copy of the map, in its order. */
    public RenderedSparkConfig {
        sparkDefaults = Collections.unmodifiableMap(new LinkedHashMap<>(sparkDefaults));
    }

    /** Sizes and names only, as the values may be secret. */
    @Override
    public String toString() {
        return "RenderedSparkConfig[sparkSubmitParameters of " + sparkSubmitParameters.length()
                + " characters, sparkDefaults " + sparkDefaults.keySet() + "]";
    }
}
