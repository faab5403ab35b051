@NullMarked
package io.emreks.samples.weather;

import org.jspecify.annotations.NullMarked;
