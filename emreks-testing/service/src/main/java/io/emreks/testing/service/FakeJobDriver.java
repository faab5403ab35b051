package io.emreks.testing.service;

/** What the {@code jobDriver} of a StartJobRun request asks for. */
public enum FakeJobDriver {
    /** {@code sparkSubmitJobDriver}: an application, as spark-submit starts it. */
    SPARK_SUBMIT,

    /** {@code sparkSqlJobDriver}: a script of SQL statements. */
    SPARK_SQL
}
