package io.emreks.spark;

import java.util.List;

/**
 * Settings that belong together, with values that are known to work. What it sets can be looked at with
 * {@link #conf()}, and each of its settings can be overridden: a job's own settings and typed tunings win.
 *
 * <p>The presets of this package are values. A team can write its own by implementing this interface.
 */
public interface SparkPreset {
    /** The name in lower case, which is the source of the settings in messages. */
    String name();

    /** The settings, all of origin {@link SparkConf.Origin#PRESET}. */
    SparkConf conf();

    /** Properties of classifications other than {@code spark-defaults}; usually none. */
    default List<Classification> classifications() {
        return List.of();
    }

    /** Everything that is wrong with what the preset was told; empty if nothing is. */
    default List<Problem> problems() {
        return List.of();
    }
}
