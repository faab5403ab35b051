/**
 * Pod templates for the driver and the executors of a Spark job on Amazon EMR on EKS: written with typed calls or read
 * from YAML, checked against the rules of the service, and rendered to the same bytes every time.
 *
 * <p>Everything here is a pure value: no I/O, no threads, no clock. {@link io.emreks.podtemplate.PodTemplate} is where to
 * start.
 */
@NullMarked
package io.emreks.podtemplate;

import org.jspecify.annotations.NullMarked;
