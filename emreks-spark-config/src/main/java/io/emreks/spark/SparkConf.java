package io.emreks.spark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Spark settings in the order in which they were first given, each of which knows where it came from.
 *
 * <p>Within one layer a user's own setting beats a typed tuning, and that beats a preset. Layers are put on top of each
 * other with {@link #over(SparkConf)}. The lists of SQL extensions ({@code spark.sql.extensions}) of several presets
 * are joined.
 *
 * <p>Immutable. {@link #toString()} hides the values of secret settings (see {@link SecretNames}).
 */
public final class SparkConf {
    static final String SQL_EXTENSIONS = "spark.sql.extensions";
    private static final SparkConf EMPTY = new SparkConf(new LinkedHashMap<>());

    private final Map<String, Entry> entries;

    private SparkConf(Map<String, Entry> entries) {
        this.entries = Collections.unmodifiableMap(entries);
    }

    /** Where a setting came from, in rising order of weight within one layer. */
    public enum Origin {
        /** A table format or another preset of this library. */
        PRESET,
        /** A typed value, such as the executors' memory. */
        TUNING,
        /** A setting that the user wrote by its Spark name. */
        USER
    }

    /**
     * One setting.
     *
     * @param key Spark's name of the setting; not blank
     * @param value the value, as Spark reads it
     * @param origin what kind of place it came from
     * @param source the place it came from, for messages, such as {@code hudi} or {@code executors}
     */
    public record Entry(String key, String value, Origin origin, String source) {
        /**
         * Makes an entry.
         *
         * @throws IllegalArgumentException if the key is blank
         */
        public Entry {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(source, "source");
            if (key.isBlank()) {
                throw new IllegalArgumentException("the name of a Spark setting must not be blank (" + source + ")");
            }
        }

        /** The setting and its source; the value is hidden if the setting is secret. */
        @Override
        public String toString() {
            return key + "=" + shownValue() + " (" + source + ")";
        }

        private String shownValue() {
            return SecretNames.isSecret(key) ? "***" : value;
        }
    }

    /** No settings. */
    public static SparkConf empty() {
        return EMPTY;
    }

    /** Starts a new layer of settings. */
    public static Builder builder() {
        return new Builder();
    }

    /** The value of a setting, if it is set. */
    public Optional<String> get(String key) {
        return Optional.ofNullable(entries.get(key)).map(Entry::value);
    }

    /** All settings in order. */
    public List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    /** All settings in order, as an unmodifiable map from name to value. */
    public Map<String, String> asMap() {
        Map<String, String> map = new LinkedHashMap<>();
        entries.forEach((key, entry) -> map.put(key, entry.value()));
        return Collections.unmodifiableMap(map);
    }

    /** Whether nothing is set. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /**
     * These settings on top of a lower layer, as a job's settings lie on top of a team's defaults. Where both set a
     * key, this layer's value wins, unless it is only a preset's and the lower one is not: what somebody chose beats
     * what a preset suggests, in any layer. The lower layer's keys come first.
     */
    public SparkConf over(SparkConf lower) {
        Map<String, Entry> merged = new LinkedHashMap<>(lower.entries);
        entries.forEach((key, entry) -> merged.merge(key, entry, SparkConf::stack));
        return new SparkConf(merged);
    }

    private static Entry stack(Entry lower, Entry upper) {
        if (upper.origin() != Origin.PRESET) {
            return upper;
        }
        if (lower.origin() != Origin.PRESET) {
            return lower;
        }
        return upper.key().equals(SQL_EXTENSIONS) ? joined(List.of(lower, upper)) : upper;
    }

    private static Entry joined(Collection<Entry> presets) {
        return new Entry(
                SQL_EXTENSIONS,
                distinctParts(presets.stream().map(Entry::value).toList(), ","),
                Origin.PRESET,
                distinctParts(presets.stream().map(Entry::source).toList(), " + "));
    }

    private static String distinctParts(List<String> lists, String separator) {
        return lists.stream()
                .flatMap(list -> Stream.of(list.split(Pattern.quote(separator))))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .distinct()
                .collect(Collectors.joining(separator));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SparkConf conf && entries().equals(conf.entries());
    }

    @Override
    public int hashCode() {
        return entries().hashCode();
    }

    /** The settings as {@code {name=value, …}}; the values of secret settings are hidden. */
    @Override
    public String toString() {
        return entries.values().stream()
                .map(entry -> entry.key() + "=" + entry.shownValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /** Collects one layer of settings. Not safe for use by several threads at once. */
    public static final class Builder {
        private final Map<String, List<Entry>> candidates = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Sets a value by the setting's Spark name, as a user does.
         *
         * @throws IllegalArgumentException if the key is blank
         */
        public Builder set(String key, String value) {
            return add(new Entry(key, value, Origin.USER, "user"));
        }

        /**
         * Suggests a value on behalf of a preset; tunings and users' settings of the same key win over it.
         *
         * @param source the preset's name, for messages
         * @throws IllegalArgumentException if the key is blank
         */
        public Builder preset(String source, String key, String value) {
            return add(new Entry(key, value, Origin.PRESET, source));
        }

        /**
         * Sets a value on behalf of a typed tuning; a user's setting of the same key wins over it.
         *
         * @param source where the tuning was given, for messages
         * @throws IllegalArgumentException if the key is blank
         */
        public Builder tuning(String source, String key, String value) {
            return add(new Entry(key, value, Origin.TUNING, source));
        }

        /** Adds all settings of another one to this layer; each keeps its origin. */
        public Builder addAll(SparkConf conf) {
            conf.entries.values().forEach(this::add);
            return this;
        }

        private Builder add(Entry entry) {
            candidates.computeIfAbsent(entry.key(), key -> new ArrayList<>()).add(entry);
            return this;
        }

        /**
         * The layer.
         *
         * @throws IllegalArgumentException if one key has two different values of the same origin and nothing of a
         *     weightier origin decides between them; all such keys are named, with the places that set them
         */
        public SparkConf build() {
            List<Problem> problems = problems();
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException(
                        problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
            }
            return merged();
        }

        List<Problem> problems() {
            return candidates.values().stream()
                    .filter(entries -> entries.size() > 1)
                    .map(Builder::heaviest)
                    .filter(entries -> !joinable(entries)
                            && entries.stream().map(Entry::value).distinct().count() > 1)
                    .map(Builder::conflict)
                    .toList();
        }

        /** The layer; where {@link #problems()} finds a conflict, the first value given. */
        SparkConf merged() {
            Map<String, Entry> merged = new LinkedHashMap<>();
            candidates.forEach((key, all) -> {
                List<Entry> entries = heaviest(all);
                merged.put(key, joinable(entries) ? joined(entries) : entries.get(0));
            });
            return new SparkConf(merged);
        }

        private static List<Entry> heaviest(List<Entry> entries) {
            if (entries.size() == 1) {
                return entries;
            }
            Origin origin = Collections.max(entries.stream().map(Entry::origin).toList());
            return entries.stream().filter(entry -> entry.origin() == origin).toList();
        }

        private static boolean joinable(List<Entry> entries) {
            return entries.get(0).origin() == Origin.PRESET
                    && entries.get(0).key().equals(SQL_EXTENSIONS);
        }

        private static Problem conflict(List<Entry> entries) {
            Set<String> shown = new LinkedHashSet<>();
            entries.forEach(entry -> shown.add(entry.shownValue() + " (" + entry.source() + ")"));
            return new Problem(
                    "conf[" + entries.get(0).key() + "]",
                    "has several different values: " + String.join(", ", shown),
                    "keep one of them");
        }
    }
}
