/**
 * A fake of the EMR on EKS service ({@code emr-containers}) and of the little part of S3 that job submission needs:
 * one model of the service, reached through an AWS SDK HTTP client in memory or over HTTP, in virtual or real time.
 *
 * <p>Start at {@link io.emreks.testing.service.FakeEmrEks}.
 */
@NullMarked
@HouseStyle
package io.emreks.testing.service;

import org.jspecify.annotations.NullMarked;
