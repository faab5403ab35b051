package io.emreks.spark;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of Apache Spark; suffixes such as EMR's {@code -amzn-1} do not count.
 *
 * @param major the first number
 * @param minor the second number
 * @param patch the third number
 */
public record SparkVersion(int major, int minor, int patch) implements Comparable<SparkVersion> {
    private static final Pattern TEXT =
            Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})\\.([0-9]{1,4})(?:[-+.].*)?", Pattern.DOTALL);
    private static final Comparator<SparkVersion> ORDER = Comparator.comparingInt(SparkVersion::major)
            .thenComparingInt(SparkVersion::minor)
            .thenComparingInt(SparkVersion::patch);

    /**
     * Makes a version.
     *
     * @throws IllegalArgumentException if a number is negative
     */
    public SparkVersion {
        if (major < 0 || minor < 0 || patch < 0) {
            throw new IllegalArgumentException("a version has no negative numbers");
        }
    }

    /**
     * Reads a version such as {@code 3.5.6} or {@code 3.5.2-amzn-1}.
     *
     * @throws IllegalArgumentException if the text does not start with three numbers joined by dots
     */
    public static SparkVersion parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a version of Spark; write it like 3.5.6");
        }
        return new SparkVersion(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)));
    }

    /** Whether this is that version or a newer one. */
    public boolean atLeast(int major, int minor) {
        return compareTo(new SparkVersion(major, minor, 0)) >= 0;
    }

    @Override
    public int compareTo(SparkVersion other) {
        return ORDER.compare(this, other);
    }

    /** The three numbers joined by dots. */
    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
