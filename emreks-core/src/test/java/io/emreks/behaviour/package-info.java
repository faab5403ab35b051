/** How the client behaves, proved against the fake service in virtual time: in memory and over HTTP. */
@NullMarked
package io.emreks.behaviour;

import org.jspecify.annotations.NullMarked;
