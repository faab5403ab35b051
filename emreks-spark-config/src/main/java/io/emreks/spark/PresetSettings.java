package io.emreks.spark;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** The settings of one preset, in the order in which they are put; what is not set is left out. */
final class PresetSettings {
    private final String source;
    private final String prefix;
    private final SparkConf.Builder conf = SparkConf.builder();

    PresetSettings(String source, String prefix) {
        this.source = source;
        this.prefix = prefix;
    }

    PresetSettings put(String key, String value) {
        conf.preset(source, prefix + key, value);
        return this;
    }

    PresetSettings put(String key, boolean on) {
        return put(key, Boolean.toString(on));
    }

    PresetSettings put(String key, int number) {
        return put(key, Integer.toString(number));
    }

    PresetSettings put(String key, OptionalInt number) {
        return number.isPresent() ? put(key, number.getAsInt()) : this;
    }

    /** Texts, flags and sizes are written by their {@code toString}. */
    PresetSettings put(String key, Optional<?> value) {
        return value.isPresent() ? put(key, text(value.get())) : this;
    }

    private static String text(Object value) {
        return value instanceof Duration time ? SparkDurations.text(time) : value.toString();
    }

    SparkConf conf() {
        return conf.build();
    }
}
