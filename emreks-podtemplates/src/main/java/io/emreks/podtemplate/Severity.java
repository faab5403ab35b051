package io.emreks.podtemplate;

/** How bad a {@link Finding} is. */
public enum Severity {
    /** EMR, Spark or Kubernetes will refuse the template or run the wrong container: do not submit. */
    ERROR,
    /** The job can run, but not as the template's author may think. */
    WARNING,
    /** Nothing is wrong, but it has a price. */
    INFO
}
