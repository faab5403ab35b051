/**
 * Real Apache Spark behind the fake service: {@link io.emreks.testing.spark.LocalSparkEngine} runs each accepted job run in a
 * Java process on this machine, with S3 as a folder and images as lists of files.
 */
@NullMarked
package io.emreks.testing.spark;

import org.jspecify.annotations.NullMarked;
