package io.emreks.spark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Spark settings in the order in which they were first given, each of which knows where it came from.
 *
 * <p>Within one layer a user's own setting beats a typed tuning, and that beats a preset. Layers are put on top of each
 * other with {@link #over(SparkConf)}, such as a run's over its job's over the team's. Lists that several presets add to
 * are joined with commas: SQL extensions, Kryo registrators, plugins and listeners.
 *
 * <p>The typed accessors ({@link #flag}, {@link #number}, {@link #decimal}, {@link #memory}, {@link #duration}) read a
 * value as Spark reads it.
 *
 * <p>Immutable. {@link #toString()} hides the values of secret settings (see {@link SecretNames}).
 */
public final class SparkConf {
    static final String SQL_EXTENSIONS = "spark.sql.extensions";
    private static final String OFF_HEAP_SIZE = "spark.memory.offHeap.size";
    private static final String USER = "user";
    /** Settings whose value is a list that several presets may add to. */
    private static final Set<String> LISTS = Set.of(
            SQL_EXTENSIONS,
            "spark.kryo.registrator",
            "spark.plugins",
            "spark.extraListeners",
            "spark.sql.queryExecutionListeners");

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
            return SecretNames.isSecret(key, value) ? "***" : value;
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

    /** The setting with its origin, if it is set. */
    public Optional<Entry> entry(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    /**
     * The value of a setting that is on or off, if it is set.
     *
     * @throws IllegalArgumentException if Spark could not read it: it is neither {@code true} nor {@code false}, in
     *     either case
     */
    public Optional<Boolean> flag(String key) {
        return get(key).map(value -> switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw unreadable(key, "is neither true nor false");
        });
    }

    /**
     * The value of a setting that is a whole number, if it is set.
     *
     * @throws IllegalArgumentException if it is no whole number
     */
    public OptionalLong number(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(entry.value().strip()));
        } catch (NumberFormatException e) {
            throw unreadable(key, "is not a whole number");
        }
    }

    /**
     * The value of a setting that is a number such as {@code 0.1}, if it is set.
     *
     * @throws IllegalArgumentException if it is no number
     */
    public OptionalDouble decimal(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return OptionalDouble.empty();
        }
        try {
            return OptionalDouble.of(Double.parseDouble(entry.value().strip()));
        } catch (NumberFormatException e) {
            throw unreadable(key, "is not a number");
        }
    }

    /**
     * The value of a setting that is an amount of memory, if it is set, in whole MiB: as Spark does, parts of a MiB are
     * dropped. A value without a unit counts MiB, as for the memory of driver and executors; but
     * {@code spark.memory.offHeap.size} counts bytes (Spark documentation, "Configuration").
     *
     * @throws IllegalArgumentException if it is no amount of memory
     */
    public Optional<MemorySize> memory(String key) {
        return get(key).map(value -> {
            try {
                return MemorySize.floor(value, key.equals(OFF_HEAP_SIZE) ? "b" : "m");
            } catch (IllegalArgumentException e) {
                throw unreadable(key, "is not an amount of memory like 512m or 14g");
            }
        });
    }

    /**
     * The value of a setting that is a length of time such as {@code 60s}, {@code 5min} or {@code 500ms}, if it is set.
     * A value without a unit counts seconds, as in most of Spark's settings; a few count milliseconds then, so write the
     * unit.
     *
     * @throws IllegalArgumentException if it is no length of time
     */
    public Optional<Duration> duration(String key) {
        return get(key).map(value -> SparkDurations.read(value)
                .orElseThrow(() -> unreadable(key, "is not a length of time like 60s or 5min")));
    }

    private static IllegalArgumentException unreadable(String key, String why) {
        return new IllegalArgumentException("conf[" + key + "] " + why);
    }

    /**
     * The same settings, each of whose sources says that it belongs to that layer, so that messages tell
     * {@code team: user} from {@code run: user}.
     */
    public SparkConf named(String layer) {
        Map<String, Entry> named = new LinkedHashMap<>();
        entries.forEach((key, entry) ->
                named.put(key, new Entry(key, entry.value(), entry.origin(), layer + ": " + entry.source())));
        return new SparkConf(named);
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

    void forEach(BiConsumer<String, String> action) {
        entries.forEach((key, entry) -> action.accept(key, entry.value()));
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
        return joinable(upper) ? joined(lower, upper) : upper;
    }

    private static boolean joinable(Entry entry) {
        return entry.origin() == Origin.PRESET && LISTS.contains(entry.key());
    }

    private static Entry joined(Entry first, Entry second) {
        return new Entry(
                first.key(),
                distinctParts(",", first.value(), second.value()),
                Origin.PRESET,
                distinctParts(" + ", first.source(), second.source()));
    }

    private static String distinctParts(String separator, String... lists) {
        return Stream.of(lists)
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
        private Map<String, Entry> chosen = new LinkedHashMap<>();
        private boolean handedOver;
        private final Map<String, List<Entry>> rivals = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Sets a value by the setting's Spark name, as a user does.
         *
         * @throws IllegalArgumentException if the key is blank
         */
        public Builder set(String key, String value) {
            return user(USER, key, value);
        }

        /**
         * Sets a number by the setting's Spark name, as a user does.
         *
         * @throws IllegalArgumentException if the key is blank
         */
        public Builder set(String key, long value) {
            return set(key, Long.toString(value));
        }

        /**
         * Switches a setting on or off by its Spark name, as a user does.
         *
         * @throws IllegalArgumentException if the key is blank
         */
        public Builder set(String key, boolean value) {
            return set(key, Boolean.toString(value));
        }

        /**
         * Sets an amount of memory by the setting's Spark name, as a user does.
         *
         * @throws IllegalArgumentException if the key is blank
         */
        public Builder set(String key, MemorySize value) {
            return set(key, value.sparkValue());
        }

        /**
         * Sets a length of time by the setting's Spark name, as a user does; in whole seconds where that is exact, else
         * in milliseconds.
         *
         * @throws IllegalArgumentException if the key is blank, or the time is negative or has parts of a millisecond
         */
        public Builder set(String key, Duration value) {
            return set(key, SparkDurations.exactText(value));
        }

        /**
         * Sets a value as a user does, and says where the user wrote it, which messages about conflicts then name.
         *
         * @param source the place, such as {@code orders.properties} or {@code command line}
         * @throws IllegalArgumentException if the key is blank
         */
        public Builder user(String source, String key, String value) {
            return add(new Entry(key, value, Origin.USER, source));
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
            if (handedOver) {
                chosen = new LinkedHashMap<>(chosen);
                handedOver = false;
            }
            Entry present = chosen.putIfAbsent(entry.key(), entry);
            if (present == null || present.origin().compareTo(entry.origin()) > 0) {
                return this;
            }
            if (present.origin() != entry.origin()) {
                chosen.put(entry.key(), entry);
                rivals.remove(entry.key());
            } else if (joinable(entry)) {
                chosen.put(entry.key(), joined(present, entry));
            } else if (!present.value().equals(entry.value())) {
                rivals.computeIfAbsent(entry.key(), key -> new ArrayList<>(List.of(present)))
                        .add(entry);
            }
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
            return rivals.values().stream().map(Builder::conflict).toList();
        }

        /** The layer; where {@link #problems()} finds a conflict, the first value given. */
        SparkConf merged() {
            handedOver = true;
            return new SparkConf(chosen);
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
