/** What a request needs in S3 before it can start. */
@NullMarked
package io.emreks.internal.staging;

import org.jspecify.annotations.NullMarked;
