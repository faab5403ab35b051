package io.emreks.spark;

/**
 * Something that is wrong with a value, said in a way that its author can act on. Never contains the value of a secret
 * setting.
 *
 * @param field what is wrong, such as {@code executors.cores}, {@code jars[2]} or {@code conf[spark.master]}
 * @param message what is wrong with it, with the limit where there is one
 * @param fix what to do instead
 */
public record Problem(String field, String message, String fix) {
    /** One line: the field, what is wrong, and the fix. */
    @Override
    public String toString() {
        return field + " " + message + "; " + fix;
    }
}
