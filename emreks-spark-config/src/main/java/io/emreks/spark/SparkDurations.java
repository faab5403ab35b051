package io.emreks.spark;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as Spark writes and reads them. */
final class SparkDurations {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,15})([a-z]*)");
    private static final Map<String, ChronoUnit> UNITS = Map.of(
            "us", ChronoUnit.MICROS,
            "ms", ChronoUnit.MILLIS,
            "", ChronoUnit.SECONDS,
            "s", ChronoUnit.SECONDS,
            "m", ChronoUnit.MINUTES,
            "min", ChronoUnit.MINUTES,
            "h", ChronoUnit.HOURS,
            "d", ChronoUnit.DAYS);

    private SparkDurations() {}

    static Optional<Duration> read(String text) {
        Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
        ChronoUnit unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
        if (unit == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(unit.getDuration().multipliedBy(Long.parseLong(matcher.group(1))));
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** The time for Spark; parts of a millisecond are dropped. */
    static String text(Duration duration) {
        return isWhole(duration, ChronoUnit.SECONDS) ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    static String exactText(Duration duration) {
        if (duration.isNegative() || !isWhole(duration, ChronoUnit.MILLIS)) {
            throw new IllegalArgumentException(
                    "a length of time cannot be negative or have parts of a millisecond: " + duration);
        }
        return text(duration);
    }

    static boolean isWhole(Duration duration, ChronoUnit unit) {
        return duration.equals(duration.truncatedTo(unit));
    }
}
