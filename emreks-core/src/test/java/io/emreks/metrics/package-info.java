/** Tests of what is in the package of the same name. */
@NullMarked
package io.emreks.metrics;

import org.jspecify.annotations.NullMarked;
