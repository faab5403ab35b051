/** The quick start: a day in the life of a weather table, with real Spark, on one machine. */
@NullMarked
package io.emreks.samples.quickstart;

import org.jspecify.annotations.NullMarked;
