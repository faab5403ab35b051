package io.emreks.client;

/** The AWS services this library calls. */
public enum AwsService {
    /** Amazon EMR on EKS ({@code emr-containers}). */
    EMR_CONTAINERS,
    /** Amazon S3: staged pod templates, and logs. */
    S3,
    /** Amazon SQS: the queue of events, where there is one. */
    SQS
}
