package org.apache.spark.launcher;

import java.util.List;

/** Opens Spark's own splitter of option strings, which is visible only in this package. */
public final class SparkOptionStrings {
    private SparkOptionStrings() {}

    public static List<String> parse(String options) {
        return CommandBuilderUtils.parseOptionString(options);
    }
}
