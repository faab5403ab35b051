/**
 * Looks at a Spark job for what will not work or not work well on EMR on EKS: start with
 * {@link io.emreks.spark.check.SparkChecks}. Values only; nothing is asked of any service.
 */
@NullMarked
package io.emreks.spark.check;

import org.jspecify.annotations.NullMarked;
