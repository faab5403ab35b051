/**
 * What a client can rely on at EMR on EKS, as JUnit classes to be run against a fake or a real account: subclass {@link
 * io.emreks.testing.contract.OperationContract}, {@link io.emreks.testing.contract.ConstraintContract} and {@link
 * io.emreks.testing.contract.ErrorContract}. The cases come from the service model (emr-containers, API version 2020-10-01)
 * and the EMR on EKS Development Guide; each name says whether a document says so ({@code verified}) or whether it is what
 * a client would expect ({@code unverified}).
 */
@NullMarked
package io.emreks.testing.contract;

import org.jspecify.annotations.NullMarked;
