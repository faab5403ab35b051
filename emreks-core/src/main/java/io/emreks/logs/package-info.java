/** Reading the logs of a run. */
@NullMarked
package io.emreks.logs;

import org.jspecify.annotations.NullMarked;
