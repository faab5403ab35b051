package io.emreks.spark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An EMR on EKS release label, such as {@code emr-7.5.0-latest}, {@code emr-6.15.0-java11-20231114} or
 * {@code emr-spark-8.1.0-latest}, and what is known about that release.
 *
 * <p>Labels are ordered by version, and labels of the same version by their text. Source: EMR on EKS Development Guide,
 * "Amazon EMR on EKS releases"; EMR Release Guide, application versions.
 */
public final class ReleaseLabel implements Comparable<ReleaseLabel> {
    private static final Pattern LABEL = Pattern.compile(
            "(emr-(?:spark-)?([0-9]{1,4}\\.[0-9]{1,4}\\.[0-9]{1,4}))((?:-[a-z]+[0-9]*)*)-(latest|[0-9]{8})");
    private static final Pattern VARIANT = Pattern.compile("spark-rapids|[a-z]+[0-9]*");
    private static final Pattern JAVA = Pattern.compile("java[0-9]{1,3}");
    private static final Pattern VERSION = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})\\.([0-9]{1,4})");
    private static final int JAVA_SINCE_7 = 17;
    private static final Comparator<int[]> BY_NUMBERS = Arrays::compare;

    private final String value;
    private final String release;
    private final String version;
    private final List<String> variants;
    private final int[] numbers;

    private ReleaseLabel(String value, String release, String version, List<String> variants) {
        this.value = value;
        this.release = release;
        this.version = version;
        this.variants = variants;
        this.numbers = numbers(version);
    }

    /**
     * Reads a label: {@code emr-} (or {@code emr-spark-}), a version of three numbers, variants if any, and
     * {@code -latest} or the date of a build, {@code -yyyymmdd}. That the release exists is not checked.
     *
     * @throws IllegalArgumentException if the text has not that form
     */
    public static ReleaseLabel parse(String label) {
        Matcher matcher = LABEL.matcher(label);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + label + "' is not an EMR on EKS release label; write it like"
                    + " emr-7.5.0-latest, emr-7.5.0-java11-latest or emr-7.5.0-20241113");
        }
        List<String> variants = VARIANT.matcher(matcher.group(3))
                .results()
                .map(MatchResult::group)
                .toList();
        return new ReleaseLabel(label, matcher.group(1), matcher.group(2), variants);
    }

    /** The label as it was given. */
    public String value() {
        return value;
    }

    /** The version, three numbers joined by dots, such as {@code 7.5.0}. */
    public String version() {
        return version;
    }

    /** The variants of the release in order, such as {@code java11}, {@code spark-rapids} or {@code flink}. */
    public List<String> variants() {
        return variants;
    }

    /**
     * Whether the release is that version or a newer one. The {@code emr-spark-8} line counts as newer than every 7.x.
     *
     * @param version three numbers joined by dots, such as {@code 7.10.0}
     * @throws IllegalArgumentException if the version has not that form
     */
    public boolean atLeast(String version) {
        return BY_NUMBERS.compare(numbers, numbers(version)) >= 0;
    }

    private static int[] numbers(String version) {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + version + "' is not a release version; write it like 7.10.0");
        }
        return new int[] {
            Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3))
        };
    }

    /** Whether the release can do that. Releases that this version does not know are judged by their numbers. */
    public boolean supports(ReleaseFeature feature) {
        return atLeast(feature.since())
                || (feature == ReleaseFeature.POD_TEMPLATES && numbers[0] == 5 && atLeast("5.33.0"));
    }

    /** Whether the release is of the {@code emr-spark} line, which has Spark 4. */
    public boolean isSparkLine() {
        return value.startsWith("emr-spark-");
    }

    /** Whether the release carries the RAPIDS accelerator for GPUs. */
    public boolean hasRapids() {
        return variants.contains("spark-rapids") || variants.contains("rapids");
    }

    /**
     * The Java version that the release's variant names, or 17 from 7.0.0 without one. Empty below 7.0.0 without such a
     * variant, where the default is not documented for every release.
     */
    public OptionalInt javaVersion() {
        for (String variant : variants) {
            if (JAVA.matcher(variant).matches()) {
                return OptionalInt.of(Integer.parseInt(variant.substring("java".length())));
            }
        }
        return atLeast("7.0.0") ? OptionalInt.of(JAVA_SINCE_7) : OptionalInt.empty();
    }

    /** Whether this version of the library knows the release, and so the versions inside it. */
    public boolean isKnown() {
        return Catalog.ROWS.containsKey(release);
    }

    /** The version of Spark in the release, such as {@code 3.5.2-amzn-1}, if known. */
    public Optional<String> sparkVersion() {
        return cell(Catalog.SPARK);
    }

    /** The numbers of {@link #sparkVersion()}, if known. */
    public Optional<SparkVersion> spark() {
        return sparkVersion().map(SparkVersion::parse);
    }

    /** The version of Hudi in the release, such as {@code 0.15.0-amzn-2}, if known. */
    public Optional<String> hudiVersion() {
        return cell(Catalog.HUDI);
    }

    /** The version of Iceberg in the release, if it has one and it is known. */
    public Optional<String> icebergVersion() {
        return cell(Catalog.ICEBERG);
    }

    /** The version of Delta Lake in the release, if it has one and it is known. */
    public Optional<String> deltaVersion() {
        return cell(Catalog.DELTA);
    }

    /** The version of Hadoop in the release, if known. */
    public Optional<String> hadoopVersion() {
        return cell(Catalog.HADOOP);
    }

    /** The version of Scala in the release, if known. */
    public Optional<String> scalaVersion() {
        return cell(Catalog.SCALA);
    }

    /** The versions of Python in the release's image, such as {@code 3.9} and {@code 3.11}; empty if unknown. */
    public List<String> pythonVersions() {
        return cell(Catalog.PYTHON).map(cell -> List.of(cell.split(";"))).orElse(List.of());
    }

    private Optional<String> cell(int column) {
        return Catalog.cell(release, column);
    }

    @Override
    public int compareTo(ReleaseLabel other) {
        int byVersion = BY_NUMBERS.compare(numbers, other.numbers);
        return byVersion != 0 ? byVersion : value.compareTo(other.value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ReleaseLabel label && value.equals(label.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** The label as it was given. */
    @Override
    public String toString() {
        return value;
    }

    /** The table of known releases, read once, when first asked. */
    static final class Catalog {
        private static final int SPARK = 1;
        private static final int HUDI = 2;
        private static final int ICEBERG = 3;
        private static final int DELTA = 4;
        private static final int HADOOP = 5;
        private static final int SCALA = 6;
        private static final int PYTHON = 7;
        private static final Map<String, String[]> ROWS = rows();

        private Catalog() {}

        static List<String> releases() {
            return ROWS.keySet().stream().sorted().toList();
        }

        private static Optional<String> cell(String release, int column) {
            return Optional.ofNullable(ROWS.get(release))
                    .map(row -> row[column])
                    .filter(cell -> !cell.isEmpty() && !cell.equals("-"));
        }

        private static Map<String, String[]> rows() {
            InputStream resource = Objects.requireNonNull(
                    ReleaseLabel.class.getResourceAsStream("emr-releases.csv"), "emr-releases.csv");
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
                Map<String, String[]> rows = new HashMap<>();
                lines.lines().skip(1).map(line -> line.split(",", -1)).forEach(row -> rows.put(row[0], row));
                return rows;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
