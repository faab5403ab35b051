package io.emreks.spark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Decides for every setting whether it goes to the spark-submit string or to spark-defaults. */
final class Placement {
    /** Service model: SparkSubmitParameters. */
    private static final int STRING_LIMIT = 102_400;
    /** Service model: SensitivePropertiesMap. */
    private static final int PROPERTIES_LIMIT = 100;
    /** Service model: String1024, of a property's name and value. */
    private static final int TEXT_LIMIT = 1024;

    private final List<String> options = new ArrayList<>();
    private final List<Setting> settings = new ArrayList<>();
    private final Set<String> inDefaults = new HashSet<>();

    private record Setting(String key, String value) {
        boolean fitsString() {
            return key.indexOf('=') < 0 && Words.fitsString(value);
        }

        boolean fitsDefaults() {
            return Placement.fitsDefaults(key) && Placement.fitsDefaults(value);
        }

        String words() {
            return "--conf " + Words.quoted(key + "=" + value);
        }
    }

    void addOption(String words) {
        options.add(words);
    }

    void addSetting(String key, String value, List<Problem> problems) {
        Setting setting = new Setting(key, value);
        if (!Words.fitsString(key) || !Words.isUnicode(value)) {
            problems.add(new Problem(
                    Rendering.settingField(key),
                    "has control characters in its name, or half a character in its value",
                    "remove them"));
        } else if (setting.fitsString()) {
            settings.add(setting);
        } else if (setting.fitsDefaults()) {
            settings.add(setting);
            inDefaults.add(key);
        } else {
            problems.add(new Problem(
                    Rendering.settingField(key),
                    "fits neither the string (no line breaks, control characters or characters beyond U+FFFF, no '='"
                            + " in the name) nor spark-defaults (1 to 1,024 characters, no space at the ends)",
                    "shorten it, or pass the value in a file"));
        }
    }

    /** The service takes no blank text there, and Spark strips what it reads, but for line breaks. */
    private static boolean fitsDefaults(String text) {
        return !text.isBlank()
                && text.length() <= TEXT_LIMIT
                && !isStripped(text.charAt(0))
                && !isStripped(text.charAt(text.length() - 1));
    }

    private static boolean isStripped(char character) {
        return character <= ' ' && character != '\r' && character != '\n';
    }

    RenderedSparkConfig finish(List<Problem> problems) {
        shortenString();
        String string = words().collect(Collectors.joining(" "));
        if (string.length() > STRING_LIMIT) {
            problems.add(new Problem(
                    "sparkSubmitParameters",
                    "has " + string.length()
                            + " characters where EMR takes 102,400, after moving to spark-defaults what fits",
                    "shorten the lists of jars and files, or the longest settings"));
        }
        if (inDefaults.size() > PROPERTIES_LIMIT) {
            problems.add(new Problem(
                    "spark-defaults",
                    "has " + inDefaults.size() + " settings that cannot stand in the string, where EMR takes 100",
                    "pass some of the values in a file"));
        }
        Map<String, String> defaults = new LinkedHashMap<>();
        settings.stream()
                .filter(setting -> inDefaults.contains(setting.key()))
                .forEach(setting -> defaults.put(setting.key(), setting.value()));
        return new RenderedSparkConfig(string, defaults);
    }

    /** Moves the longest first, so that as few as possible leave the string. */
    private void shortenString() {
        int excess = words().mapToInt(words -> words.length() + 1).sum() - 1 - STRING_LIMIT;
        if (excess <= 0) {
            return;
        }
        List<Setting> movable = inString()
                .filter(Setting::fitsDefaults)
                .sorted(Comparator.comparingInt(
                        (Setting setting) -> -setting.words().length()))
                .toList();
        for (Setting setting : movable) {
            if (excess <= 0 || inDefaults.size() >= PROPERTIES_LIMIT) {
                return;
            }
            inDefaults.add(setting.key());
            excess -= setting.words().length() + 1;
        }
    }

    private Stream<String> words() {
        return Stream.concat(options.stream(), inString().map(Setting::words));
    }

    private Stream<Setting> inString() {
        return settings.stream().filter(setting -> !inDefaults.contains(setting.key()));
    }
}
