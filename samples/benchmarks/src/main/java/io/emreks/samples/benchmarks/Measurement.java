package io.emreks.samples.benchmarks;

import java.util.Locale;

/**
 * A figure of emreks and the same figure without it.
 *
 * @param what names the measurement for good: later runs are compared by it
 * @param unit of both values
 */
record Measurement(String what, String unit, double value, double baseline, Better better, Goal goal) {
    private static final double REGRESSION = 1.3;

    /** Which way is good. */
    enum Better {
        LESS,
        MORE
    }

    /** What was hoped for. */
    sealed interface Goal {
        /** The value divided by its baseline is at most, or where more is better at least, this. */
        record Ratio(double bound) implements Goal {}

        /** The value exceeds its baseline by no more than this. */
        record Excess(double bound) implements Goal {}

        /** The value itself is at most this, whatever its baseline is. */
        record AtMost(double bound) implements Goal {}

        /** The value itself is at least this, whatever its baseline is. */
        record AtLeast(double bound) implements Goal {}

        /** Nothing; the figure is reported. */
        record None() implements Goal {}
    }

    double ratio() {
        return value / baseline;
    }

    boolean met() {
        if (goal instanceof Goal.Ratio wanted) {
            return better == Better.LESS ? ratio() <= wanted.bound() : ratio() >= wanted.bound();
        }
        if (goal instanceof Goal.AtMost wanted) {
            return value <= wanted.bound();
        }
        if (goal instanceof Goal.AtLeast wanted) {
            return value >= wanted.bound();
        }
        return !(goal instanceof Goal.Excess wanted) || value - baseline <= wanted.bound();
    }

    /** Whether the ratio is worse by more than 30 % than it was. */
    boolean worseThan(double oldRatio) {
        return better == Better.LESS ? ratio() > oldRatio * REGRESSION : ratio() < oldRatio / REGRESSION;
    }

    String goalInWords() {
        if (goal instanceof Goal.Ratio wanted) {
            return (better == Better.LESS ? "≤ " : "≥ ") + number(wanted.bound()) + " ×";
        }
        if (goal instanceof Goal.AtMost wanted) {
            return "≤ " + number(wanted.bound()) + " " + unit;
        }
        if (goal instanceof Goal.AtLeast wanted) {
            return "≥ " + number(wanted.bound()) + " " + unit;
        }
        return goal instanceof Goal.Excess wanted ? "≤ " + number(wanted.bound()) + " " + unit + " more" : "";
    }

    static String number(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }
}
