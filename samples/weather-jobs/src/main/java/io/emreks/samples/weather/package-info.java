/** Spark jobs that keep daily weather in a Hudi table. */
@NullMarked
package io.emreks.samples.weather;

import org.jspecify.annotations.NullMarked;
