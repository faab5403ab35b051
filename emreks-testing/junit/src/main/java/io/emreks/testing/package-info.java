/** A client wired to the fake service, for tests: with JUnit 5 or without. */
@NullMarked
package io.emreks.testing;

import org.jspecify.annotations.NullMarked;
