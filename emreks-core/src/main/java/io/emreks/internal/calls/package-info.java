/** How a call to AWS is made: its turn in the quota, its circuit breaker, its deadline, its next try. */
@NullMarked
package io.emreks.internal.calls;

import org.jspecify.annotations.NullMarked;
