/** Looking at runs until they end. */
@NullMarked
package io.emreks.internal.watch;

import org.jspecify.annotations.NullMarked;
