package io.emreks.testing.spark;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory of one driver, in MiB.
 *
 * @param heap its heap
 */
record DriverMemory(int heap) {
    /** The smallest heap: Spark refuses to start below 450 MiB. */
    static final int LEAST_HEAP = 512;

    /**
     * What a driver's process takes beside its heap, measured on JDK 17 with a heap that was full: 209 to 247 MiB for a SQL
     * job; Hudi and Python take more.
     */
    static final int BESIDE_HEAP = 300;

    private static final String SETTING = "spark.driver.memory";
    private static final Pattern TEXT = Pattern.compile("(\\d{1,15})([a-z]{0,2})");
    private static final Map<String, Long> BYTES = Map.ofEntries(
            Map.entry("b", 1L),
            Map.entry("k", 1L << 10),
            Map.entry("kb", 1L << 10),
            Map.entry("", 1L << 20),
            Map.entry("m", 1L << 20),
            Map.entry("mb", 1L << 20),
            Map.entry("g", 1L << 30),
            Map.entry("gb", 1L << 30),
            Map.entry("t", 1L << 40),
            Map.entry("tb", 1L << 40));

    /** What the run asks for, as far as the limits allow. */
    static DriverMemory of(SubmitOptions options, Map<String, String> settings, int largestHeap) throws StartProblem {
        String asked = options.last("--driver-memory").orElse(settings.getOrDefault(SETTING, "1g"));
        Matcher text = TEXT.matcher(asked.strip().toLowerCase(Locale.ROOT));
        Long unit = text.matches() ? BYTES.get(text.group(2)) : null;
        if (unit == null) {
            throw new StartProblem(
                    "JobRun failed. " + SETTING + " is '" + asked + "'; give a size such as 2g or 1536m.");
        }
        double mebibytes = Double.parseDouble(text.group(1)) * unit / (1 << 20);
        return new DriverMemory((int) Math.max(LEAST_HEAP, Math.min(mebibytes, largestHeap)));
    }

    /** All that the process takes. */
    int total() {
        return heap + BESIDE_HEAP;
    }
}
