package io.emreks.podtemplate;

/** The line of Spark that makes the pods, where lines differ. */
public enum SparkVersion {
    /** Spark 3.5, as in EMR 7.x. */
    V3_5,
    /** Spark 4.1, as in {@code emr-spark-8.1.0}. */
    V4_1
}
