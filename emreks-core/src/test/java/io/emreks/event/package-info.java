/** Tests of what is in the package of the same name. */
@NullMarked
package io.emreks.event;

import org.jspecify.annotations.NullMarked;
