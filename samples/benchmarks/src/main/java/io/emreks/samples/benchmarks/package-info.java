/** What emreks costs. */
@NullMarked
package io.emreks.samples.benchmarks;

import org.jspecify.annotations.NullMarked;
