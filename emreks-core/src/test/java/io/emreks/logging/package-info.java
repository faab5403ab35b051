/** What SLF4J finds in these tests. */
@NullMarked
package io.emreks.logging;

import org.jspecify.annotations.NullMarked;
