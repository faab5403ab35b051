package io.emreks.spark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private static final String CONF = "--conf ";
    private static final int NAMED_CULPRITS = 3;

    private final SettingsPlace preferred;
    private final List<Part> options = new ArrayList<>();
    private final List<Setting> settings = new ArrayList<>();
    private int inDefaults;

    Placement(SettingsPlace preferred) {
        this.preferred = preferred;
    }

    /** A piece of the string and the field that it comes from. */
    private record Part(String field, String text) {}

    private record Length(String field, int length) {}

    private static final class Setting {
        final String key;
        final String value;
        final boolean fitsDefaults;
        final boolean fitsString;
        /** Of its piece of the string. */
        final int length;

        boolean inDefaults;

        Setting(String key, String value) {
            this.key = key;
            this.value = value;
            this.fitsDefaults = Placement.fitsDefaults(key) && Placement.fitsDefaults(value);
            this.fitsString = key.indexOf('=') < 0 && Words.fitsString(value);
            this.length = CONF.length() + Words.quotedLength(key, value);
        }

        void appendTo(StringBuilder string) {
            string.append(CONF);
            Words.appendQuoted(string, key, value);
        }
    }

    void addOption(String field, String words) {
        options.add(new Part(field, words));
    }

    void addSetting(String key, String value, List<Problem> problems) {
        Setting setting = new Setting(key, value);
        if (!Words.fitsString(key) || !Words.isUnicode(value)) {
            problems.add(new Problem(
                    Rendering.settingField(key),
                    "has control characters in its name, or half a character in its value",
                    "remove them"));
        } else if (setting.fitsString || setting.fitsDefaults) {
            settings.add(setting);
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

    RenderedSparkConfig finish(List<Classification> classifications, List<Problem> problems) {
        moveWhatTheStringCannotCarry();
        if (preferred == SettingsPlace.SPARK_DEFAULTS) {
            move(settings.stream());
            if (stringLength() > STRING_LIMIT) {
                settings.forEach(setting -> setting.inDefaults = false);
                moveWhatTheStringCannotCarry();
            }
        }
        moveLongestWhileTooLong();
        int length = stringLength();
        if (length > STRING_LIMIT) {
            problems.add(new Problem(
                    "sparkSubmitParameters",
                    "has " + length + " characters where EMR takes 102,400, after moving to spark-defaults what fits;"
                            + " the longest are " + longest(),
                    "shorten the lists of jars and files, or the longest settings"));
        }
        if (inDefaults > PROPERTIES_LIMIT) {
            problems.add(new Problem(
                    "spark-defaults",
                    "has " + inDefaults + " settings that cannot stand in the string, where EMR takes 100",
                    "pass some of the values in a file"));
        }
        return new RenderedSparkConfig(string(length), defaults(), classifications);
    }

    private void moveWhatTheStringCannotCarry() {
        inDefaults = 0;
        for (Setting setting : settings) {
            if (!setting.fitsString) {
                setting.inDefaults = true;
                inDefaults++;
            }
        }
    }

    private void move(Stream<Setting> candidates) {
        candidates
                .filter(setting -> setting.fitsDefaults && !setting.inDefaults)
                .limit(Math.max(0, PROPERTIES_LIMIT - inDefaults))
                .forEach(setting -> {
                    setting.inDefaults = true;
                    inDefaults++;
                });
    }

    /** The longest first, so that as few as possible leave the string. */
    private void moveLongestWhileTooLong() {
        int excess = stringLength() - STRING_LIMIT;
        if (excess <= 0) {
            return;
        }
        List<Setting> movable = settings.stream()
                .filter(setting -> setting.fitsDefaults && !setting.inDefaults)
                .sorted(Comparator.comparingInt((Setting setting) -> -setting.length))
                .toList();
        for (Setting setting : movable) {
            if (excess <= 0 || inDefaults >= PROPERTIES_LIMIT) {
                return;
            }
            setting.inDefaults = true;
            inDefaults++;
            excess -= setting.length + 1;
        }
    }

    private int stringLength() {
        int length = -1;
        for (Part option : options) {
            length += option.text().length() + 1;
        }
        for (Setting setting : settings) {
            length += setting.inDefaults ? 0 : setting.length + 1;
        }
        return Math.max(0, length);
    }

    private String longest() {
        return Stream.concat(
                        options.stream()
                                .map(option ->
                                        new Length(option.field(), option.text().length())),
                        settings.stream()
                                .filter(setting -> !setting.inDefaults)
                                .map(setting -> new Length(Rendering.settingField(setting.key), setting.length)))
                .sorted(Comparator.comparingInt((Length part) -> -part.length()))
                .limit(NAMED_CULPRITS)
                .map(part -> part.field() + " (" + part.length() + ")")
                .collect(Collectors.joining(", "));
    }

    private String string(int length) {
        StringBuilder string = new StringBuilder(length);
        for (Part option : options) {
            string.append(string.isEmpty() ? "" : " ").append(option.text());
        }
        for (Setting setting : settings) {
            if (!setting.inDefaults) {
                string.append(string.isEmpty() ? "" : " ");
                setting.appendTo(string);
            }
        }
        return string.toString();
    }

    private Map<String, String> defaults() {
        if (inDefaults == 0) {
            return Map.of();
        }
        Map<String, String> defaults = new LinkedHashMap<>();
        for (Setting setting : settings) {
            if (setting.inDefaults) {
                defaults.put(setting.key, setting.value);
            }
        }
        return defaults;
    }
}
