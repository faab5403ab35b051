/** What is told about a run while it is followed. */
@NullMarked
package io.emreks.event;

import org.jspecify.annotations.NullMarked;
