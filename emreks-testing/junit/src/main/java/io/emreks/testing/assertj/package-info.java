/** Assertions for AssertJ, which a host must have itself (3.20 or newer): {@link io.emreks.testing.assertj.EmrEksAssertions}. */
@NullMarked
package io.emreks.testing.assertj;

import org.jspecify.annotations.NullMarked;
