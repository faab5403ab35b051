@NullMarked
package io.emreks.testing.assertj;

import org.jspecify.annotations.NullMarked;
