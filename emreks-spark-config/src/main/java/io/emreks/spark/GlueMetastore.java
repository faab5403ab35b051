package io.emreks.spark;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The AWS Glue Data Catalog as Spark's metastore. Source: EMR Release Guide, "Use the AWS Glue Data Catalog as the
 * metastore for Spark SQL"; EMR on EKS best practices, metastore integrations.
 *
 * @param catalogId the account whose catalog is used, 12 digits; empty for the job's own account
 */
public record GlueMetastore(Optional<String> catalogId) implements SparkPreset {
    private static final String NAME = "glue metastore";
    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

    /** The catalog of the job's own account. */
    public static GlueMetastore ofThisAccount() {
        return new GlueMetastore(Optional.empty());
    }

    /**
     * The catalog of another account, which must share it with the job's role.
     *
     * @param account 12 digits
     */
    public static GlueMetastore ofAccount(String account) {
        return new GlueMetastore(Optional.of(account));
    }

    /** {@code glue metastore}. */
    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SparkConf conf() {
        return new PresetSettings(NAME, "spark.")
                .put("sql.catalogImplementation", "hive")
                .put(
                        "hadoop.hive.metastore.client.factory.class",
                        "com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClientFactory")
                .put("hadoop.hive.metastore.glue.catalogid", catalogId)
                .conf();
    }

    @Override
    public List<Problem> problems() {
        return catalogId.filter(id -> !ACCOUNT.matcher(id).matches()).stream()
                .map(id -> new Problem(
                        "glueMetastore.catalogId", "'" + id + "' is not the number of an account", "give 12 digits"))
                .toList();
    }
}
