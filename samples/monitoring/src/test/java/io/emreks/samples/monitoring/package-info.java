/** Checks the files of this sample. */
@NullMarked
package io.emreks.samples.monitoring;

import org.jspecify.annotations.NullMarked;
