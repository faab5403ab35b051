/** What a client tells about itself as a whole, for meters and traces. */
@NullMarked
package io.emreks.metrics;

import org.jspecify.annotations.NullMarked;
