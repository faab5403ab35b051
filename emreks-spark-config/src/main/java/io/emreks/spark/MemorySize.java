package io.emreks.spark;

import java.util.Locale;
import java.util.Map;

/**
 * An amount of memory in whole MiB, the unit in which Spark sizes drivers and executors.
 *
 * @param mebibytes the amount in MiB (1 MiB = 1,048,576 bytes), 0 or more
 */
public record MemorySize(long mebibytes) implements Comparable<MemorySize> {
    /** No memory. */
    public static final MemorySize ZERO = new MemorySize(0);

    private static final int MOST_DIGITS = 18;
    private static final long BYTES_PER_MEBIBYTE = 1L << 20;
    private static final long MEBIBYTES_PER_GIBIBYTE = 1024;
    private static final Map<String, Long> BYTES_PER_UNIT = Map.ofEntries(
            Map.entry("b", 1L),
            Map.entry("k", 1L << 10),
            Map.entry("kb", 1L << 10),
            Map.entry("m", BYTES_PER_MEBIBYTE),
            Map.entry("mb", BYTES_PER_MEBIBYTE),
            Map.entry("g", 1L << 30),
            Map.entry("gb", 1L << 30),
            Map.entry("t", 1L << 40),
            Map.entry("tb", 1L << 40),
            Map.entry("p", 1L << 50),
            Map.entry("pb", 1L << 50));

    /**
     * Makes a size.
     *
     * @throws IllegalArgumentException if {@code mebibytes} is negative
     */
    public MemorySize {
        if (mebibytes < 0) {
            throw new IllegalArgumentException("a memory size cannot be negative: " + mebibytes + " MiB");
        }
    }

    /**
     * A size of that many MiB.
     *
     * @throws IllegalArgumentException if {@code mebibytes} is negative
     */
    public static MemorySize ofMebibytes(long mebibytes) {
        return new MemorySize(mebibytes);
    }

    /**
     * A size of that many GiB.
     *
     * @throws IllegalArgumentException if {@code gibibytes} is negative or too large to count in MiB
     */
    public static MemorySize ofGibibytes(long gibibytes) {
        if (gibibytes < 0 || gibibytes > Long.MAX_VALUE / MEBIBYTES_PER_GIBIBYTE) {
            throw new IllegalArgumentException("a memory size cannot be negative or too large: " + gibibytes + " GiB");
        }
        return new MemorySize(gibibytes * MEBIBYTES_PER_GIBIBYTE);
    }

    /**
     * Reads a size as Spark writes and reads its memory options: a whole number and a unit, in either case, such as
     * {@code 14g}, {@code 512m}, {@code 2G}, {@code 1t} or {@code 1048576k}. Units are binary ({@code 1g} = 1024 MiB);
     * without a unit the number counts MiB.
     *
     * @throws IllegalArgumentException if the text is not a whole number with one of the units b, k, m, g, t, p (a
     *     trailing b, as in {@code mb}, is allowed), or is not a whole number of MiB, or is too large
     */
    public static MemorySize parse(String text) {
        return read(text, "m", true);
    }

    /** Reads a size like {@link #parse(String)}, but a number without a unit counts bytes. */
    static MemorySize parseBytes(String text) {
        return read(text, "b", true);
    }

    /**
     * Reads a size as Spark computes with it: parts of a MiB are dropped.
     *
     * @param defaultUnit the unit of a number without one
     */
    static MemorySize floor(String text, String defaultUnit) {
        return read(text, defaultUnit, false);
    }

    private static MemorySize read(String text, String defaultUnit, boolean exact) {
        String stripped = text.strip();
        int end = 0;
        while (end < stripped.length() && stripped.charAt(end) >= '0' && stripped.charAt(end) <= '9') {
            end++;
        }
        String suffix =
                end == stripped.length() ? defaultUnit : stripped.substring(end).toLowerCase(Locale.ROOT);
        Long unit = BYTES_PER_UNIT.get(suffix);
        if (end == 0 || end > MOST_DIGITS || unit == null) {
            throw unreadable(text, "is not a whole number followed by a unit");
        }
        long number = Long.parseLong(stripped, 0, end, 10);
        if (unit >= BYTES_PER_MEBIBYTE) {
            long mebibytesPerUnit = unit / BYTES_PER_MEBIBYTE;
            if (number > Long.MAX_VALUE / mebibytesPerUnit) {
                throw unreadable(text, "is too large");
            }
            return new MemorySize(number * mebibytesPerUnit);
        }
        long unitsPerMebibyte = BYTES_PER_MEBIBYTE / unit;
        if (exact && number % unitsPerMebibyte != 0) {
            throw unreadable(text, "is not a whole number of MiB");
        }
        return new MemorySize(number / unitsPerMebibyte);
    }

    /** This size and another one. */
    public MemorySize plus(MemorySize other) {
        return new MemorySize(Math.addExact(mebibytes, other.mebibytes));
    }

    private static IllegalArgumentException unreadable(String text, String why) {
        return new IllegalArgumentException("memory size '" + text + "' " + why + "; write it like 512m or 14g");
    }

    /** The size as Spark takes it: in GiB where that is exact ({@code 14g}), else in MiB ({@code 14337m}). */
    public String sparkValue() {
        return mebibytes > 0 && mebibytes % MEBIBYTES_PER_GIBIBYTE == 0
                ? mebibytes / MEBIBYTES_PER_GIBIBYTE + "g"
                : mebibytes + "m";
    }

    @Override
    public int compareTo(MemorySize other) {
        return Long.compare(mebibytes, other.mebibytes);
    }

    /** The same as {@link #sparkValue()}. */
    @Override
    public String toString() {
        return sparkValue();
    }
}
