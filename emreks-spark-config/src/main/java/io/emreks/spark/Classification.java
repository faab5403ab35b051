package io.emreks.spark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Properties of one configuration file or component, as {@code configurationOverrides.applicationConfiguration} of a
 * StartJobRun request takes them; they may be nested. Immutable. {@link #toString()} hides the values of secret
 * properties (see {@link SecretNames}).
 *
 * <p>Limits of the service: 100 properties in each classification, 1 to 1,024 characters in each name and value, 100
 * classifications in a list (service model, {@code Configuration}). A name that the release does not know fails the run
 * after it was accepted, so {@link SparkJob#problems()} refuses names that no release knows (EMR on EKS Release Guide,
 * the page of each release). {@code spark-defaults} is not given here: what a job's {@link SparkJob#conf()} says is
 * rendered to it.
 *
 * @param name the classification, such as {@code core-site}
 * @param properties the properties in order
 * @param nested classifications inside this one, as {@code export} is inside {@code spark-env}
 */
public record Classification(String name, Map<String, String> properties, List<Classification> nested) {
    private static final int PROPERTIES_LIMIT = 100;
    private static final int NESTED_LIMIT = 100;
    private static final int TEXT_LIMIT = 1024;
    private static final String EXPORT = "export";
    private static final String SPARK_DEFAULTS = "spark-defaults";
    /** Documented with an empty text as its value, which tolerates every value of the taint. */
    private static final Pattern SUBMITTER_TOLERATION =
            Pattern.compile("jobsubmitter\\.node\\.toleration\\..+(?<!\\.effect|\\.tolerationSeconds)");

    private static final Set<String> KNOWN = Set.of(
            "core-site",
            "emrfs-site",
            "spark-metrics",
            "spark-env",
            "spark-hive-site",
            "spark-log4j",
            "spark-log4j2",
            EmrJobSubmitter.NAME,
            EmrContainersDefaults.NAME);

    /** Keeps unmodifiable copies. */
    public Classification {
        Objects.requireNonNull(name, "name");
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
        nested = List.copyOf(nested);
    }

    /** A classification without nested ones. */
    public static Classification of(String name, Map<String, String> properties) {
        return new Classification(name, properties, List.of());
    }

    /** Hadoop's {@code core-site.xml}. */
    public static Classification coreSite(Map<String, String> properties) {
        return of("core-site", properties);
    }

    /** Settings of EMRFS, the S3 file system of releases below 7.10.0; not in the {@code emr-spark} line. */
    public static Classification emrfsSite(Map<String, String> properties) {
        return of("emrfs-site", properties);
    }

    /** Spark's {@code hive-site.xml}. */
    public static Classification sparkHiveSite(Map<String, String> properties) {
        return of("spark-hive-site", properties);
    }

    /** Spark's {@code log4j2.properties}; see {@link #sparkLog4j(Map)} for older releases. */
    public static Classification sparkLog4j2(Map<String, String> properties) {
        return of("spark-log4j2", properties);
    }

    /** The older name of {@link #sparkLog4j2(Map)}, below release 6.8.0 (EMR Release Guide, "Configure Spark"). */
    public static Classification sparkLog4j(Map<String, String> properties) {
        return of("spark-log4j", properties);
    }

    /** Spark's {@code metrics.properties}. */
    public static Classification sparkMetrics(Map<String, String> properties) {
        return of("spark-metrics", properties);
    }

    /** Environment variables of {@code spark-env.sh}, which are nested in {@code export}. */
    public static Classification sparkEnv(Map<String, String> variables) {
        return new Classification("spark-env", Map.of(), List.of(of(EXPORT, variables)));
    }

    /** Everything that is wrong with the classification; empty if nothing is. */
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        if (name.equals(SPARK_DEFAULTS)) {
            problems.add(new Problem(field(), "is what conf is rendered to", "put its properties into conf"));
        } else if (!KNOWN.contains(name)) {
            problems.add(new Problem(
                    field(),
                    "is unknown to EMR on EKS, which would fail the run after accepting it",
                    "use one of " + String.join(", ", KNOWN.stream().sorted().toList())));
        }
        checkProperties(field(), problems);
        if (name.equals(EmrJobSubmitter.NAME)) {
            checkTolerations(problems);
        }
        return List.copyOf(problems);
    }

    private void checkTolerations(List<Problem> problems) {
        for (String key : properties.keySet()) {
            String effect = key + ".effect";
            if (SUBMITTER_TOLERATION.matcher(key).matches()
                    && !EmrJobSubmitter.Effect.TEXTS.contains(properties.getOrDefault(effect, ""))) {
                problems.add(new Problem(
                        field() + "[" + shortened(effect) + "]",
                        "is not one of " + String.join(", ", EmrJobSubmitter.Effect.TEXTS),
                        "give the effect of the taint that is tolerated"));
            }
        }
    }

    private void checkProperties(String field, List<Problem> problems) {
        if (properties.size() > PROPERTIES_LIMIT) {
            problems.add(new Problem(
                    field, "has " + properties.size() + " properties where EMR takes 100", "leave some of them out"));
        }
        properties.forEach((key, value) -> {
            checkText(field + "[" + shortened(key) + "] name", key, problems);
            if (!value.isEmpty() || !SUBMITTER_TOLERATION.matcher(key).matches()) {
                checkText(field + "[" + shortened(key) + "]", value, problems);
            }
        });
        if (nested.size() > NESTED_LIMIT) {
            problems.add(new Problem(
                    field, "has " + nested.size() + " nested ones where EMR takes 100", "leave some of them out"));
        }
        nested.forEach(inner -> inner.checkProperties(field + "." + inner.name, problems));
    }

    private static void checkText(String field, String text, List<Problem> problems) {
        if (text.isBlank()) {
            problems.add(new Problem(field, "is blank, which the service refuses", "give it a text, or leave it out"));
        } else if (text.length() > TEXT_LIMIT || !Words.isUnicode(text)) {
            problems.add(new Problem(
                    field,
                    "has " + text.length() + " characters where EMR takes 1,024, or half a character",
                    "shorten it"));
        }
    }

    private static String shortened(String key) {
        return key.length() <= 80 ? key : key.substring(0, 80) + "…";
    }

    /** Joins classifications of the same name; two different values of one property are a problem. */
    static List<Classification> merged(List<Classification> all, List<Problem> problems) {
        if (all.size() < 2) {
            return all;
        }
        Map<String, List<Classification>> byName = new LinkedHashMap<>();
        all.forEach(one ->
                byName.computeIfAbsent(one.name, name -> new ArrayList<>()).add(one));
        return byName.values().stream()
                .map(same -> same.size() == 1 ? same.get(0) : joined(same, problems))
                .toList();
    }

    private static Classification joined(List<Classification> same, List<Problem> problems) {
        Map<String, String> properties = new LinkedHashMap<>();
        List<Classification> nested = new ArrayList<>();
        String name = same.get(0).name;
        for (Classification one : same) {
            one.properties.forEach((key, value) -> {
                String present = properties.putIfAbsent(key, value);
                if (present != null && !present.equals(value)) {
                    problems.add(new Problem(
                            "applicationConfiguration[" + name + "][" + key + "]",
                            "has several different values",
                            "keep one of them"));
                }
            });
            nested.addAll(one.nested);
        }
        return new Classification(name, properties, merged(nested, problems));
    }

    private String field() {
        return "applicationConfiguration[" + name + "]";
    }

    /** The name, the properties and the nested classifications; the values of secret properties are hidden. */
    @Override
    public String toString() {
        StringBuilder shown = new StringBuilder(name).append('{');
        String separator = "";
        for (Map.Entry<String, String> property : properties.entrySet()) {
            shown.append(separator)
                    .append(property.getKey())
                    .append('=')
                    .append(SecretNames.isSecret(property.getKey()) ? "***" : property.getValue());
            separator = ", ";
        }
        return shown.append('}')
                .append(nested.isEmpty() ? "" : nested.toString())
                .toString();
    }
}
