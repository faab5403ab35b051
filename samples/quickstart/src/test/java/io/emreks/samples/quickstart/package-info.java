@NullMarked
package io.emreks.samples.quickstart;

import org.jspecify.annotations.NullMarked;
