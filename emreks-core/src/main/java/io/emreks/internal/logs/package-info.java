/** Finds and reads a run's logs in S3. */
@NullMarked
package io.emreks.internal.logs;

import org.jspecify.annotations.NullMarked;
