package io.emreks.spark.check;

import io.emreks.spark.HudiTable;
import io.emreks.spark.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The Hudi tables that are written, and whether their writers are kept apart. */
record HudiWriters(List<HudiTable> tables) {
    private static final String LOCK = "hudi.lock";
    private static final String LOCK_OPTIONS = "hoodie.write.lock.";

    void findings(List<Finding> findings) {
        for (HudiTable table : tables) {
            for (Problem problem : table.problems()) {
                // told below, for all writers of the table together
                if (!problem.field().equals(LOCK)) {
                    findings.add(new Finding(
                            FindingCode.INVALID, Severity.ERROR, problem.field(), problem.message(), problem.fix()));
                }
            }
        }
        tables.stream()
                .collect(
                        Collectors.groupingBy(table -> path(table.basePath()), LinkedHashMap::new, Collectors.toList()))
                .forEach((path, writers) -> {
                    if (!keptApart(writers)) {
                        findings.add(new Finding(
                                FindingCode.HUDI_WRITERS_WITHOUT_LOCK,
                                Severity.ERROR,
                                LOCK,
                                "of " + path + " is missing, or not the same for all of its writers, who at once would"
                                        + " damage the table",
                                "give all of them one lock, such as HudiLock.dynamoDb(…), or write one after the"
                                        + " other"));
                    }
                });
    }

    private static String path(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static boolean keptApart(List<HudiTable> writers) {
        boolean alone = writers.stream().mapToInt(HudiTable::writers).sum() < 2;
        return alone
                || (writers.stream().allMatch(HudiTable::hasLock)
                        && writers.stream().map(HudiWriters::lock).distinct().count() == 1);
    }

    private static Map<String, String> lock(HudiTable table) {
        Map<String, String> lock = new LinkedHashMap<>(table.writerOptions());
        lock.keySet().removeIf(name -> !name.startsWith(LOCK_OPTIONS));
        return lock;
    }
}
