/** Everything wrong with a request, in one report, before any I/O. */
@NullMarked
package io.emreks.internal.validation;

import org.jspecify.annotations.NullMarked;
