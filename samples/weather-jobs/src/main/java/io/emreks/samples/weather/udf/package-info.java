/** A function for Spark SQL, packaged as a jar of its own. */
@NullMarked
package io.emreks.samples.weather.udf;

import org.jspecify.annotations.NullMarked;
