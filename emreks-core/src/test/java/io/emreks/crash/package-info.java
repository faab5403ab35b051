/** What is left after processes were killed, with real processes and real time. */
@NullMarked
package io.emreks.crash;

import org.jspecify.annotations.NullMarked;
