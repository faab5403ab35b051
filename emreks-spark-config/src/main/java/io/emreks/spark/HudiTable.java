package io.emreks.spark;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.regex.Pattern;
import org.immutables.value.Value;

/**
 * What a writer of a Hudi table is told about it, as writer options of Spark ({@link #writerOptions()}), as arguments of
 * the HoodieStreamer ({@link #hoodieConfArguments()}), or as a {@code --props} file ({@link #propsFile()}). The names
 * hold for Hudi 0.11 to 1.x. Source: Apache Hudi documentation, "All Configurations". Immutable.
 */
@Value.Immutable
public abstract class HudiTable {
    private static final String KEY_GENERATORS = "org.apache.hudi.keygen.";
    private static final String GLUE_SYNC = "org.apache.hudi.aws.sync.AwsGlueCatalogSyncTool";

    private static final String RECORD_KEY = "hoodie.datasource.write.recordkey.field";
    private static final String PRECOMBINE = "hoodie.datasource.write.precombine.field";
    /** Each says by itself which of two rows of a key is newer; the last two are of Hudi 1. */
    private static final List<String> ORDERING =
            List.of(PRECOMBINE, "hoodie.record.merge.mode", "hoodie.table.ordering.fields");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");

    HudiTable() {}

    /** Starts a table; name, base path and at least one record key are required. */
    public static Builder builder() {
        return ImmutableHudiTable.builder();
    }

    /** How a table keeps its data. */
    public enum Type {
        /** Files are written anew with each change: slower to write, fast to read. */
        COPY_ON_WRITE,
        /** Changes are kept beside the files until they are compacted: fast to write, slower to read. */
        MERGE_ON_READ
    }

    /** What a write does with rows. */
    public enum Operation {
        /** Inserts new keys and updates present ones. */
        UPSERT,
        /** Inserts without looking for present keys. */
        INSERT,
        /** Inserts large amounts at first, sorted. */
        BULK_INSERT,
        /** Removes keys. */
        DELETE,
        /** Replaces the partitions that are written. */
        INSERT_OVERWRITE,
        /** Replaces the whole table. */
        INSERT_OVERWRITE_TABLE
    }

    /** How Hudi finds the file of a key. */
    public enum Index {
        /** Bloom filters of the files in the key's partition. */
        BLOOM,
        /** Bloom filters of all files, for keys that move between partitions. */
        GLOBAL_BLOOM,
        /** A join with the keys of the partition. */
        SIMPLE,
        /** A join with all keys. */
        GLOBAL_SIMPLE,
        /** A hash of the key. */
        BUCKET,
        /** An index of all keys in the metadata table, from Hudi 0.14. */
        RECORD_INDEX
    }

    /**
     * The table in the AWS Glue Data Catalog. The job needs {@code hudi-aws-bundle}, which EMR keeps at
     * {@code /usr/lib/hudi/hudi-aws-bundle.jar} (EMR Serverless guide; not verified for every image on EKS).
     *
     * @param database the database
     * @param table the table's name there
     */
    public record GlueSync(String database, String table) {}

    /** The table's name. */
    public abstract String name();

    /** Where the table is, such as {@code s3://bucket/tables/orders/}. */
    public abstract String basePath();

    /** The fields that identify a row; at least one. */
    public abstract List<String> recordKeys();

    /** The field whose larger value wins when a key comes twice. */
    public abstract Optional<String> orderingField();

    /** The fields by which the table is partitioned; none for a table without partitions. */
    public abstract List<String> partitionFields();

    /** Whether folders of partitions are named {@code field=value}; true without it. */
    @Value.Default
    public boolean hiveStylePartitioning() {
        return true;
    }

    /** How the table keeps its data; copy on write without it. */
    @Value.Default
    public Type type() {
        return Type.COPY_ON_WRITE;
    }

    /** What a write does with rows; upsert without it. */
    @Value.Default
    public Operation operation() {
        return Operation.UPSERT;
    }

    /** How Hudi finds the file of a key; Hudi's default without it. */
    public abstract Optional<Index> index();

    /**
     * After how many commits the writer compacts a merge-on-read table before it ends; without it, compaction is left
     * to Hudi.
     */
    public abstract OptionalInt inlineCompactionCommits();

    /** How many commits cleaning keeps; Hudi's default is 10. */
    public abstract OptionalInt cleanCommitsRetained();

    /** How many hours of commits cleaning keeps, instead of a number of commits. */
    public abstract OptionalInt cleanHoursRetained();

    /** The table in the AWS Glue Data Catalog, into which each write puts it. */
    public abstract Optional<GlueSync> glueSync();

    /** What keeps two writers from committing at once. */
    public abstract Optional<HudiLock> lock();

    /** How many jobs write the table at the same time; 1 without it. */
    @Value.Default
    public int writers() {
        return 1;
    }

    /** Further options by name, which win over those of the typed values. */
    public abstract Map<String, String> options();

    /** Everything that is wrong with the table; empty if nothing is. */
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        if (!NAME.matcher(name()).matches()) {
            problems.add(new Problem(
                    "hudi.name", "'" + name() + "' is no name of a table", "use letters, digits, '_', '-' and '.'"));
        }
        DependencyUris.check("hudi.basePath", basePath(), problems);
        if (recordKeys().isEmpty() && !options().containsKey(RECORD_KEY)) {
            problems.add(new Problem("hudi.recordKeys", "are missing", "name the fields that identify a row"));
        }
        boolean ordered = orderingField().isPresent() || ORDERING.stream().anyMatch(options()::containsKey);
        if (!ordered && operation() == Operation.UPSERT) {
            problems.add(new Problem(
                    "hudi.orderingField",
                    "is missing, and an upsert could not tell which of two rows of a key is newer",
                    "name a field that grows, such as a time of change"));
        }
        checkFields("hudi.recordKeys", recordKeys(), problems);
        checkFields("hudi.partitionFields", partitionFields(), problems);
        checkFields("hudi.orderingField", orderingField().stream().toList(), problems);
        Limits.atLeastOne(OptionalInt.of(writers()), "hudi.writers", problems);
        glueSync().ifPresent(glue -> {
            Limits.notBlank(glue.database(), "hudi.glueSync.database", problems);
            Limits.notBlank(glue.table(), "hudi.glueSync.table", problems);
        });
        lock().ifPresent(lock ->
                lock.options().forEach((key, value) -> Limits.notBlank(value, "hudi.lock[" + key + "]", problems)));
        if (writers() > 1 && !hasLock()) {
            problems.add(new Problem(
                    "hudi.lock",
                    "is missing, and " + writers() + " writers at once would damage the table",
                    "give a lock, such as HudiLock.dynamoDb(…), or write one after the other"));
        }
        if (inlineCompactionCommits().isPresent() && type() == Type.COPY_ON_WRITE) {
            problems.add(new Problem(
                    "hudi.inlineCompactionCommits",
                    "is set for a copy-on-write table, which has nothing to compact",
                    "leave it out, or make the table MERGE_ON_READ"));
        }
        if (cleanCommitsRetained().isPresent() && cleanHoursRetained().isPresent()) {
            problems.add(new Problem(
                    "hudi.cleanHoursRetained", "is set beside cleanCommitsRetained", "leave one of the two out"));
        }
        Limits.atLeastOne(inlineCompactionCommits(), "hudi.inlineCompactionCommits", problems);
        Limits.atLeastOne(cleanCommitsRetained(), "hudi.cleanCommitsRetained", problems);
        Limits.atLeastOne(cleanHoursRetained(), "hudi.cleanHoursRetained", problems);
        return List.copyOf(problems);
    }

    private static void checkFields(String field, List<String> names, List<Problem> problems) {
        for (String name : names) {
            if (name.isBlank() || name.indexOf(',') >= 0) {
                problems.add(new Problem(
                        field, "has '" + name + "', which is no name of one field", "give each field by itself"));
            }
        }
    }

    /** Whether a provider of locks is set, by {@link #lock()} or by name among the {@link #options()}. */
    public boolean hasLock() {
        return !writerOptions().getOrDefault(HudiLock.PROVIDER, "").isBlank();
    }

    /** The options for {@code DataFrameWriter.options(…)} with the format {@code hudi}. Nothing is checked. */
    public Map<String, String> writerOptions() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("hoodie.table.name", name());
        all.put(RECORD_KEY, String.join(",", recordKeys()));
        orderingField().ifPresent(field -> all.put(PRECOMBINE, field));
        all.put("hoodie.datasource.write.partitionpath.field", String.join(",", partitionFields()));
        all.put("hoodie.datasource.write.keygenerator.class", KEY_GENERATORS + keyGenerator());
        if (!partitionFields().isEmpty()) {
            all.put("hoodie.datasource.write.hive_style_partitioning", Boolean.toString(hiveStylePartitioning()));
        }
        all.put("hoodie.datasource.write.table.type", type().name());
        all.put("hoodie.datasource.write.operation", operation().name().toLowerCase(Locale.ROOT));
        index().ifPresent(index -> {
            all.put("hoodie.index.type", index.name());
            if (index == Index.RECORD_INDEX) {
                // without it Hudi goes back to another index
                all.put("hoodie.metadata.record.index.enable", "true");
            }
        });
        inlineCompactionCommits().ifPresent(n -> {
            all.put("hoodie.compact.inline", "true");
            all.put("hoodie.compact.inline.max.delta.commits", Integer.toString(n));
        });
        cleanCommitsRetained().ifPresent(n -> {
            all.put("hoodie.cleaner.policy", "KEEP_LATEST_COMMITS");
            all.put("hoodie.cleaner.commits.retained", Integer.toString(n));
        });
        cleanHoursRetained().ifPresent(n -> {
            all.put("hoodie.cleaner.policy", "KEEP_LATEST_BY_HOURS");
            all.put("hoodie.cleaner.hours.retained", Integer.toString(n));
        });
        glueSync().ifPresent(glue -> putGlue(all, glue));
        lock().ifPresent(lock -> {
            all.put("hoodie.write.concurrency.mode", "optimistic_concurrency_control");
            all.put("hoodie.cleaner.policy.failed.writes", "LAZY");
            all.putAll(lock.options());
        });
        all.putAll(options());
        return Collections.unmodifiableMap(all);
    }

    private String keyGenerator() {
        if (partitionFields().isEmpty()) {
            return "NonpartitionedKeyGenerator";
        }
        return recordKeys().size() == 1 && partitionFields().size() == 1 ? "SimpleKeyGenerator" : "ComplexKeyGenerator";
    }

    private void putGlue(Map<String, String> all, GlueSync glue) {
        all.put("hoodie.datasource.meta.sync.enable", "true");
        all.put("hoodie.meta.sync.client.tool.class", GLUE_SYNC);
        all.put("hoodie.datasource.hive_sync.database", glue.database());
        all.put("hoodie.datasource.hive_sync.table", glue.table());
        all.put("hoodie.datasource.hive_sync.partition_fields", String.join(",", partitionFields()));
        all.put(
                "hoodie.datasource.hive_sync.partition_extractor_class",
                partitionFields().isEmpty()
                        ? "org.apache.hudi.hive.NonPartitionedExtractor"
                        : "org.apache.hudi.hive.MultiPartKeysValueExtractor");
    }

    /** The options as arguments of the HoodieStreamer, {@code --hoodie-conf} and {@code name=value} in turn. */
    public List<String> hoodieConfArguments() {
        List<String> arguments = new ArrayList<>();
        writerOptions().forEach((key, value) -> {
            arguments.add("--hoodie-conf");
            arguments.add(key + "=" + value);
        });
        return List.copyOf(arguments);
    }

    /** The options as the text of a properties file for {@code --props}, one line each. */
    public String propsFile() {
        StringBuilder file = new StringBuilder();
        writerOptions().forEach((key, value) -> file.append(line(key, value)));
        return file.toString();
    }

    /** Escaped by the JDK, without the date that it writes first. */
    private static String line(String key, String value) {
        Properties one = new Properties();
        one.setProperty(key, value);
        StringWriter text = new StringWriter();
        try {
            one.store(text, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String written = text.toString();
        return written.substring(written.indexOf(System.lineSeparator())
                        + System.lineSeparator().length())
                .replace(System.lineSeparator(), "\n");
    }

    /** The name, the path and the names of the further options, whose values may be secret. */
    @Override
    public String toString() {
        return "HudiTable{" + name() + " at " + basePath() + ", " + type() + ", " + operation() + ", options="
                + options().keySet() + "}";
    }

    /** Builds a table. Not safe for use by several threads at once. */
    public abstract static class Builder {
        Builder() {}

        /** Sets the table's name. */
        public abstract Builder name(String name);

        /** Sets where the table is. */
        public abstract Builder basePath(String basePath);

        /** Adds a field that identifies a row. */
        public abstract Builder addRecordKey(String recordKey);

        /** Sets the field whose larger value wins when a key comes twice. */
        public abstract Builder orderingField(String orderingField);

        /** Adds a field by which the table is partitioned. */
        public abstract Builder addPartitionField(String partitionField);

        /** Sets whether folders of partitions are named {@code field=value}. */
        public abstract Builder hiveStylePartitioning(boolean hiveStylePartitioning);

        /** Sets how the table keeps its data. */
        public abstract Builder type(Type type);

        /** Sets what a write does with rows. */
        public abstract Builder operation(Operation operation);

        /** Sets how Hudi finds the file of a key. */
        public abstract Builder index(Index index);

        /** Sets after how many commits the writer compacts. */
        public abstract Builder inlineCompactionCommits(int inlineCompactionCommits);

        /** Sets how many commits cleaning keeps. */
        public abstract Builder cleanCommitsRetained(int cleanCommitsRetained);

        /** Sets how many hours of commits cleaning keeps. */
        public abstract Builder cleanHoursRetained(int cleanHoursRetained);

        /** Sets the table in the AWS Glue Data Catalog. */
        public abstract Builder glueSync(GlueSync glueSync);

        /** Sets the table in the AWS Glue Data Catalog. */
        public Builder glueSync(String database, String table) {
            return glueSync(new GlueSync(database, table));
        }

        /** Sets what keeps two writers from committing at once. */
        public abstract Builder lock(HudiLock lock);

        /** Sets how many jobs write the table at the same time. */
        public abstract Builder writers(int writers);

        /** Adds a further option by name. */
        public abstract Builder putOption(String name, String value);

        /**
         * The table. Whether it makes sense is told by {@link HudiTable#problems()}.
         *
         * @throws IllegalStateException if the name or the base path is not set
         */
        public abstract HudiTable build();
    }
}
