/** The one thread all engine state belongs to, and the workers that user code runs on. */
@NullMarked
package io.emreks.internal.loop;

import org.jspecify.annotations.NullMarked;
