package io.emreks.spark;

/** Where settings go that both places of a StartJobRun request could take. */
public enum SettingsPlace {
    /** The string of options, as a {@code --conf}; there, a setting wins over EMR's and over job templates. */
    SUBMIT_PARAMETERS,
    /** The {@code spark-defaults} classification, up to its 100 properties; nothing needs quotes there. */
    SPARK_DEFAULTS
}
