/** The way of one run through the rooms, and the telling of it. */
@NullMarked
package io.emreks.internal.engine;

import org.jspecify.annotations.NullMarked;
