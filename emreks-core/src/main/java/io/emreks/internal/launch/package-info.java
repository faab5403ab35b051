/** StartJobRun with a token fixed beforehand. */
@NullMarked
package io.emreks.internal.launch;

import org.jspecify.annotations.NullMarked;
