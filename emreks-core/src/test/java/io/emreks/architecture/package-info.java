@NullMarked
package io.emreks.architecture;

import org.jspecify.annotations.NullMarked;
