@NullMarked
package io.emreks.samples.weather.udf;

import org.jspecify.annotations.NullMarked;
