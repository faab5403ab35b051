@NullMarked
package io.emreks.samples.consumer;

import org.jspecify.annotations.NullMarked;
