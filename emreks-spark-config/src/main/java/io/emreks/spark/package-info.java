/**
 * Everything a Spark job on EMR on EKS is told, as values: settings and where they came from, driver and executor
 * tuning, table formats, release labels, and their rendering into the {@code sparkSubmitParameters} string and the
 * {@code spark-defaults} classification of a StartJobRun request.
 *
 * <p>Start with {@link io.emreks.spark.SparkJob}. All types are immutable and safe for use by many threads, except the
 * builders, which belong to one thread at a time. Nothing here does network or file I/O.
 */
@NullMarked
@HouseStyle
package io.emreks.spark;

import org.jspecify.annotations.NullMarked;
