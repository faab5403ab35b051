/**
 * How large a job is on Kubernetes: the CPU and memory that its pods request, by Spark's own formula; the EC2 nodes that
 * hold them, the executor shapes that fill a node, and the VPC addresses that nodes and pods take.
 *
 * <p>Start with {@link io.emreks.spark.size.JobSize}. All types are immutable values; what is said here is computed and
 * asks no service.
 */
@NullMarked
package io.emreks.spark.size;

import org.jspecify.annotations.NullMarked;
