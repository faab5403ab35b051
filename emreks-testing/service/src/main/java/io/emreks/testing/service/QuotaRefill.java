package io.emreks.testing.service;

/** How the buckets of the service's quotas refill; which of the two EMR does is not documented. */
public enum QuotaRefill {
    /** A little with every moment. */
    CONTINUOUS,
    /** By the tokens of a second at the end of each second. */
    EVERY_SECOND
}
