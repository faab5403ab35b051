package io.emreks.spark.check;

import java.util.Objects;

/**
 * Something that a check found. Never contains the value of a secret setting.
 *
 * @param code what it is about
 * @param severity how bad it is
 * @param setting the setting or field, such as {@code spark.executor.memory} or {@code executors.cores}
 * @param message what is wrong
 * @param fix what to do instead
 */
public record Finding(FindingCode code, Severity severity, String setting, String message, String fix) {
    /** Makes a finding. */
    public Finding {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(setting, "setting");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(fix, "fix");
    }

    /** One line: severity, code, setting, what is wrong, and the fix. */
    @Override
    public String toString() {
        return severity + " " + code + " " + setting + " " + message + "; " + fix;
    }
}
