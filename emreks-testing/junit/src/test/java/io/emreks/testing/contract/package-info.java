/** The contracts, run against the fake and, if asked for, against a real account. */
@NullMarked
package io.emreks.testing.contract;

import org.jspecify.annotations.NullMarked;
