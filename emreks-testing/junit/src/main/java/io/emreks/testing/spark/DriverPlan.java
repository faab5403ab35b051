package io.emreks.testing.spark;

import io.emreks.testing.service.FakeJobRun;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the driver of a run is to be started.
 *
 * @param job the run
 * @param options its parameters
 * @param settings its Spark settings, those of the parameters before the defaults
 * @param image its image
 * @param templateEnvironment the variables of the driver's pod template
 * @param memory its memory
 */
record DriverPlan(
        FakeJobRun job,
        SubmitOptions options,
        Map<String, String> settings,
        ImageDeclaration image,
        Map<String, String> templateEnvironment,
        DriverMemory memory) {
    private static final String EXECUTORS = "spark.executorEnv.";
    private static final String DRIVER = "spark.kubernetes.driverEnv.";

    /** The variables that the run gives its driver, in which its tasks run as well; the driver's own win. */
    Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>(settingsBelow(EXECUTORS));
        environment.putAll(templateEnvironment);
        environment.putAll(settingsBelow(DRIVER));
        return environment;
    }

    private Map<String, String> settingsBelow(String prefix) {
        Map<String, String> found = new LinkedHashMap<>();
        settings.forEach((key, value) -> {
            String name = key.startsWith(prefix) ? key.substring(prefix.length()) : "";
            // others cannot be put into a process
            if (name.matches("[^=\0]+") && value.indexOf('\0') < 0) {
                found.put(name, value);
            }
        });
        return found;
    }
}
