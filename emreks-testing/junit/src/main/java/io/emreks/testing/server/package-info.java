/** The fake as a program of its own; README.md shows its options. */
@NullMarked
package io.emreks.testing.server;

import org.jspecify.annotations.NullMarked;
