/** What a terminal state means for a handle. */
@NullMarked
package io.emreks.internal.outcome;

import org.jspecify.annotations.NullMarked;
