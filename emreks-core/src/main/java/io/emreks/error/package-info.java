/** Everything this library throws or fails a future with, under one sealed root. */
@NullMarked
package io.emreks.error;

import org.jspecify.annotations.NullMarked;
