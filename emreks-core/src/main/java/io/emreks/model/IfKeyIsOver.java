package io.emreks.model;

/** What a submission does whose key's last run has ended. (While it is live, the submission always joins it.) */
public enum IfKeyIsOver {
    /** Starts a new run, which follows the last one. The default. */
    RUN_AGAIN,
    /** Starts nothing: the handle ends as the last run did. */
    RETURN_RESULT,
    /** Starts nothing and fails. */
    REFUSE
}
