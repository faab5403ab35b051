@NullMarked
package io.emreks.testing;

import org.jspecify.annotations.NullMarked;
