package io.emreks.spark.check;

import io.emreks.spark.SparkVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The settings that Apache Spark 3.5 and 4.1 declare, with the versions that brought and removed them. */
final class KnownSettings {
    private static final String FILE = "spark-settings.csv";

    /** Names that users, other libraries and EMR make up, and those that Spark's modules read without declaring them. */
    private static final List<String> OPEN = List.of(
            "spark.hadoop.",
            "spark.hive.",
            "spark.executorEnv.",
            "spark.kubernetes.driverEnv.",
            "spark.kubernetes.node.selector.",
            "spark.kubernetes.driver.",
            "spark.kubernetes.executor.",
            "spark.metrics.conf.",
            "spark.ssl.",
            "spark.sql.catalog.",
            "spark.sql.hive.",
            "spark.sql.iceberg.",
            "spark.databricks.",
            "spark.rapids.",
            "spark.streaming.",
            "spark.kafka.",
            "spark.connect.",
            "spark.yarn.",
            "spark.driver.resource.",
            "spark.executor.resource.",
            "spark.task.resource.",
            "spark.emr.",
            "spark.sql.emr.");

    /** Read by Spark without a declaration; the first is of EMR's own Spark (EMR on EKS Development Guide). */
    private static final Set<String> UNDECLARED = Set.of(
            "spark.dynamicAllocation.preallocateExecutors",
            "spark.master",
            "spark.remote",
            "spark.app.name",
            "spark.app.id",
            "spark.home",
            "spark.local.dir");

    private static final int LEAST_DISTANCE = 2;
    private static final int CHARACTERS_PER_MISTAKE = 8;

    private KnownSettings() {}

    record Range(SparkVersion since, Optional<SparkVersion> until) {}

    /** Whether the name is declared, or of a kind that is open. */
    static boolean isKnown(String name) {
        return Table.ROWS.containsKey(name) || UNDECLARED.contains(name) || isOpen(name);
    }

    private static boolean isOpen(String name) {
        for (String prefix : OPEN) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    static Optional<Range> range(String name) {
        return Optional.ofNullable(Table.ROWS.get(name));
    }

    /** The declared name that differs least, if it differs so little that it was probably meant. */
    static Optional<String> nearest(String name) {
        int best = Math.max(LEAST_DISTANCE, name.length() / CHARACTERS_PER_MISTAKE) + 1;
        Optional<String> nearest = Optional.empty();
        for (String candidate : Table.NAMES) {
            if (Math.abs(candidate.length() - name.length()) < best) {
                int distance = distance(name, candidate);
                if (distance < best) {
                    best = distance;
                    nearest = Optional.of(candidate);
                }
            }
        }
        return nearest;
    }

    /** How many characters have to be added, removed or changed (Levenshtein); upper and lower case are the same. */
    static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
                row[j] = Math.min(Math.min(row[j - 1], above[j]) + 1, above[j - 1] + (same ? 0 : 1));
            }
            above = row;
        }
        return above[b.length()];
    }

    static Map<String, Range> all() {
        return Table.ROWS;
    }

    /** Read once, when first asked. */
    private static final class Table {
        private static final Map<String, Range> ROWS = read();
        private static final List<String> NAMES =
                ROWS.keySet().stream().sorted().toList();

        private Table() {}

        private static Map<String, Range> read() {
            InputStream resource = Objects.requireNonNull(KnownSettings.class.getResourceAsStream(FILE), FILE);
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
                Map<String, Range> rows = new HashMap<>();
                lines.lines()
                        .skip(1)
                        .map(line -> line.split(",", -1))
                        .forEach(row -> rows.put(row[0], new Range(version(row[1]), until(row[2]))));
                return rows;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Spark leaves the version of a few out. */
        private static SparkVersion version(String cell) {
            return cell.isEmpty() ? new SparkVersion(0, 0, 0) : SparkVersion.parse(cell);
        }

        private static Optional<SparkVersion> until(String cell) {
            return cell.isEmpty() ? Optional.empty() : Optional.of(version(cell));
        }
    }
}
