/** Tests of the server as a process. */
@NullMarked
package io.emreks.testing.server;

import org.jspecify.annotations.NullMarked;
