package io.emreks.samples.weather.udf;

import org.apache.spark.sql.api.java.UDF1;
import org.jspecify.annotations.Nullable;

/** Spark SQL function: wind speed in metres per second to its Beaufort number, 0 to 12; null stays null. */
public final class Beaufort implements UDF1<@Nullable Double, @Nullable Integer> {
    private static final long serialVersionUID = 1L;

    /** Lowest wind speed of the numbers 1 to 12, in metres per second. */
    private static final double[] LOWEST = {0.3, 1.6, 3.4, 5.5, 8.0, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7};

    @Override
    public @Nullable Integer call(@Nullable Double metresPerSecond) {
        if (metresPerSecond == null) {
            return null;
        }
        int number = 0;
        while (number < LOWEST.length && metresPerSecond >= LOWEST[number]) {
            number++;
        }
        return number;
    }
}
