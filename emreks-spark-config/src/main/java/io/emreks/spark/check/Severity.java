package io.emreks.spark.check;

/** How bad a finding is. */
public enum Severity {
    /** The job run fails, or does not do what it was told. */
    ERROR,
    /** The job run may fail, or cost more than it should. */
    WARNING,
    /** Worth a look. */
    INFO
}
