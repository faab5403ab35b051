/** How often a call to AWS is made again. */
@NullMarked
@HouseStyle
package io.emreks.retry;

import org.jspecify.annotations.NullMarked;
