@NullMarked
package io.emreks.testing.spark;

import org.jspecify.annotations.NullMarked;
